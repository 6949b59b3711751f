//! Files that are built for browsers and are part of the binary.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};

use crate::error::ApiError;

/// How long a file may be kept whose name changes with its content.
pub(crate) const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A built file: its path, its type, its bytes, and the same packed.
pub(crate) type Built = (&'static str, &'static str, &'static [u8], Option<&'static [u8]>);

/// The files of one folder that was built.
pub(crate) struct Files {
    /// What the folder holds, for whoever asks for it where it was not built.
    name: &'static str,
    files: HashMap<&'static str, File>,
}

struct File {
    content_type: &'static str,
    etag: HeaderValue,
    bytes: Bytes,
    packed: Option<Bytes>,
}

impl Files {
    pub(crate) fn new(name: &'static str, built: &'static [Built]) -> Self {
        let file = |&(path, content_type, bytes, packed): &Built| {
            let digest = hex::encode(Sha256::digest(bytes));
            let etag =
                HeaderValue::try_from(format!("\"{}\"", &digest[..32])).unwrap_or(HeaderValue::from_static("\"0\""));
            let packed = packed.map(Bytes::from_static);
            (path, File { content_type, etag, bytes: Bytes::from_static(bytes), packed })
        };
        Self { name, files: built.iter().map(file).collect() }
    }

    /// Answers with a file, packed where the browser takes that, or with nothing where it has the file already.
    pub(crate) fn answer(
        &self,
        asked: &HeaderMap,
        path: &str,
        cached: &'static str,
        more: &[(HeaderName, String)],
    ) -> Result<Response, ApiError> {
        let file = self.files.get(path).ok_or_else(|| self.missing())?;
        let is_known = text(asked, &IF_NONE_MATCH).split(',').any(|tag| {
            let tag = tag.trim().trim_start_matches("W/");
            tag == "*" || tag.as_bytes() == file.etag.as_bytes()
        });
        let takes_packed =
            text(asked, &ACCEPT_ENCODING).split(',').any(|word| word.trim().split(';').next() == Some("br"));
        let mut response = match (is_known, file.packed.as_ref().filter(|_| takes_packed)) {
            (true, _) => StatusCode::NOT_MODIFIED.into_response(),
            (false, Some(packed)) => ([(CONTENT_ENCODING, "br")], packed.clone()).into_response(),
            (false, None) => file.bytes.clone().into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.content_type));
        headers.insert(ETAG, file.etag.clone());
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cached));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        for (name, value) in more {
            let value = HeaderValue::try_from(value.as_str()).map_err(|error| ApiError::internal(&error))?;
            headers.insert(name.clone(), value);
        }
        Ok(response)
    }

    fn missing(&self) -> ApiError {
        if !self.files.is_empty() {
            return ApiError::no_such_route();
        }
        let title = format!("This server was built without the {}: run `make web` and build again", self.name);
        ApiError::not_found("not_found", title)
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
