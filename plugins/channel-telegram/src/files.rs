//! Where the bytes of a file are that somebody sent.

use passerelle_sdk::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::api::{Api, Fields};
use crate::fault::Fault;
use crate::limits::DOWNLOAD_BYTES;
use crate::settings::Settings;

#[derive(Deserialize)]
struct Located {
    file_path: Option<String>,
    file_size: Option<u64>,
}

/// Asks Telegram for the path of a file. The address holds the token as a placeholder and works for an hour.
pub fn locate(settings: &Settings, file_id: &str) -> Result<Download, Failure> {
    let api = Api::new(settings.base());
    let fields = Fields::from_iter([("file_id".to_owned(), json!(file_id))]);
    let file: Located = api.call("getFile", &fields).map_err(refused)?;
    if file.file_size.is_some_and(|size| size > DOWNLOAD_BYTES) {
        return Err(too_big());
    }
    let Some(path) = file.file_path.filter(|path| is_relative(path)) else {
        let advice = "the Bot API server names no path to download; run it without `--local`";
        return Err(Failure::permanent("no-path", advice));
    };
    let mut download = Download::new(api.file_url(&path));
    download.file_name = path.rsplit('/').next().map(str::to_owned);
    Ok(download)
}

fn refused(fault: Fault) -> Failure {
    match fault {
        Fault::Content(reason) if reason.to_lowercase().contains("file is too big") => too_big(),
        Fault::Content(reason) | Fault::FileRefused(reason) => Failure::not_found("file-gone", reason),
        other => other.into(),
    }
}

fn too_big() -> Failure {
    Failure::permanent("file-too-big", format!("telegram lets bots download files up to {DOWNLOAD_BYTES} bytes"))
}

/// A server of one's own may answer with a path of its disk.
fn is_relative(path: &str) -> bool {
    !path.is_empty() && !path.starts_with('/') && path.split('/').all(|segment| !matches!(segment, "" | "." | ".."))
}
