//! Bodies of multipart/form-data (RFC 7578), with parts that the guest holds and files that it never sees.

use crate::bindings::passerelle::plugin::http::{Part, PartValue};
use crate::installation::Installation;
use crate::source::MediaSource;

pub(super) const MAX_PARTS: usize = 32;
/// Bytes of a whole multipart body: one file of the largest size and what stands beside it.
pub(super) const MAX_MULTIPART_BYTES: usize = 51 << 20;

/// A body and its content type.
pub(super) struct Multipart {
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

/// Puts the parts together. They are sent as they are: no secret is filled in.
pub(super) async fn assemble(
    parts: Vec<Part>,
    installation: &Installation,
    media: &dyn MediaSource,
) -> Result<Multipart, String> {
    let mut random = [0u8; 16];
    getrandom::fill(&mut random).map_err(|error| error.to_string())?;
    let boundary = format!("passerelle-{}", hex::encode(random));
    let mut body = Vec::new();
    for part in parts {
        let loaded = match part.value {
            PartValue::Bytes(bytes) => Loaded { bytes: bytes.into(), file_name: None, media_type: None },
            PartValue::Handle(handle) => load(&handle, installation, media).await?,
        };
        let file_name = part.file_name.or(loaded.file_name);
        let content_type = part.content_type.or(loaded.media_type);
        write_head(&mut body, &boundary, &part.name, file_name.as_deref(), content_type.as_deref())?;
        body.extend_from_slice(&loaded.bytes);
        body.extend_from_slice(b"\r\n");
        if body.len() > MAX_MULTIPART_BYTES {
            return Err(format!("the body is larger than {MAX_MULTIPART_BYTES} bytes"));
        }
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok(Multipart { content_type: format!("multipart/form-data; boundary={boundary}"), body })
}

struct Loaded {
    bytes: hyper::body::Bytes,
    file_name: Option<String>,
    media_type: Option<String>,
}

async fn load(handle: &str, installation: &Installation, media: &dyn MediaSource) -> Result<Loaded, String> {
    let file = media.open(installation.app(), handle).await.map_err(|error| error.to_string())?;
    let file = file.ok_or_else(|| format!("there is no file `{handle}`"))?;
    let file_name = file.file_name.or_else(|| Some("file".into()));
    Ok(Loaded { bytes: file.bytes, file_name, media_type: Some(file.media_type) })
}

fn write_head(
    body: &mut Vec<u8>,
    boundary: &str,
    name: &str,
    file_name: Option<&str>,
    content_type: Option<&str>,
) -> Result<(), String> {
    let mut head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(name));
    if let Some(file_name) = file_name {
        head.push_str(&format!("; filename=\"{}\"", quoted(file_name)));
    }
    head.push_str("\r\n");
    if let Some(content_type) = content_type {
        if content_type.contains(|character: char| character.is_control()) {
            return Err("a part's content type holds control characters".into());
        }
        head.push_str(&format!("Content-Type: {content_type}\r\n"));
    }
    head.push_str("\r\n");
    body.extend_from_slice(head.as_bytes());
    Ok(())
}

/// As browsers write names: the three characters that would end the name early are percent-encoded.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
