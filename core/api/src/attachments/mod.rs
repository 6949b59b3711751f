//! Files of messages, for whoever may read them: `GET /attachments/v2/{app}/{handle}/{name}`.
//!
//! An open file is there for whoever was told its address, a private one for whoever holds a link that has not run out,
//! or a key of the app. Files are sent from the disk as they are read. Only pictures, sound and films are shown in place;
//! everything else is a download, and no script runs in any of them.

mod range;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{
    ACCEPT_RANGES, AUTHORIZATION, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use passerelle_model::id::AppId;
use passerelle_pipeline::{Links, Reader, is_shown_in_place};
use passerelle_store::MediaFile;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use range::Wanted;

use crate::api::Api;
use crate::auth::{Access, Scope};
use crate::call::stored;
use crate::error::ApiError;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// Seconds for which a cache may keep a file that is removed meanwhile.
const MAX_CACHED_S: u64 = 900;
/// What a name in a header may hold as it is (RFC 8187, `attr-char`).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The door of files.
pub(crate) fn routes() -> Router<Api> {
    Router::new().route("/attachments/v2/{app}/{handle}/{name}", get(read))
}

async fn read(
    State(api): State<Api>,
    Path((app, handle, _)): Path<(String, String, String)>,
    request: Request<Body>,
) -> Result<Response, ApiError> {
    let (parts, _) = request.into_parts();
    let unknown = || ApiError::not_found("not_found", "Attachment not found");
    let app: AppId = app.parse().map_err(|_| unknown())?;
    let cached = admit(&api, app, &handle, &parts).await?;
    let file = stored(api.store().media(app, &handle).await)?.ok_or_else(unknown)?;
    answer(&api, &file, &parts, &cached).await
}

/// Whether the caller may read the file, and how a cache may keep it.
async fn admit(api: &Api, app: AppId, handle: &str, parts: &Parts) -> Result<String, ApiError> {
    if Links::is_open(handle) {
        return Ok(format!("public, max-age={MAX_CACHED_S}"));
    }
    let query = parts.uri.query().unwrap_or_default();
    let query: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref());
    let forbidden = |title: &str| Err(ApiError::new(StatusCode::FORBIDDEN, "forbidden", title));
    match api.gateway.attachments().links().check(app, handle, value("expires"), value("signature")) {
        Reader::Signed(left) => Ok(private(left)),
        Reader::TooLate => forbidden("The link has run out; read the message again for a fresh one"),
        Reader::Forged => forbidden("The link is not valid"),
        Reader::Unsigned if parts.headers.contains_key(AUTHORIZATION) => {
            let anyone = &[Scope::Integration, Scope::App, Scope::Account];
            Access::check(api, parts, anyone, Some(&app.to_string())).await?;
            Ok("private, no-cache".to_owned())
        }
        Reader::Unsigned => Err(ApiError::unauthorized()),
    }
}

fn private(left: Duration) -> String {
    format!("private, max-age={}", left.as_secs().min(MAX_CACHED_S))
}

async fn answer(api: &Api, file: &MediaFile, parts: &Parts, cached: &str) -> Result<Response, ApiError> {
    let tag = format!("\"{}\"", if file.sha256.is_empty() { &file.handle } else { &file.sha256 });
    let (status, range) = match range::wanted(&parts.headers, &tag, file.size) {
        Wanted::Whole => (StatusCode::OK, 0..file.size),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Unchanged => return Ok(bare(StatusCode::NOT_MODIFIED, &[(ETAG, &tag), (CACHE_CONTROL, cached)])),
        Wanted::Changed => {
            return Err(ApiError::new(
                StatusCode::PRECONDITION_FAILED,
                "precondition_failed",
                "The file is another one",
            ));
        }
        Wanted::Unsatisfiable => {
            let title = format!("The file has {} bytes", file.size);
            let refusal = ApiError::new(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable", title);
            let mut response = refusal.into_response();
            put(response.headers_mut(), CONTENT_RANGE, &format!("bytes */{}", file.size));
            return Ok(response);
        }
    };
    let mut response = bare(status, &[(ETAG, &tag), (CACHE_CONTROL, cached), (ACCEPT_RANGES, "bytes")]);
    describe(response.headers_mut(), file);
    put(response.headers_mut(), CONTENT_LENGTH, &(range.end - range.start).to_string());
    if status == StatusCode::PARTIAL_CONTENT {
        let text = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size);
        put(response.headers_mut(), CONTENT_RANGE, &text);
    }
    if parts.method != Method::HEAD {
        let bytes = api.gateway.attachments().read(file, range).await;
        let bytes = bytes.map_err(|error| missing(file, &error))?;
        *response.body_mut() = Body::from_stream(bytes);
    }
    Ok(response)
}

/// A row whose bytes are not there: removed a moment ago, or lost.
fn missing(file: &MediaFile, error: &std::io::Error) -> ApiError {
    tracing::error!(app = %file.app, %error, "the bytes of a file cannot be read");
    if error.kind() == std::io::ErrorKind::NotFound {
        return ApiError::not_found("not_found", "Attachment not found");
    }
    ApiError::internal(error)
}

/// What the file is and what a browser may do with it.
fn describe(headers: &mut HeaderMap, file: &MediaFile) {
    let in_place = is_shown_in_place(&file.media_type);
    put(headers, CONTENT_TYPE, &file.media_type);
    put(headers, CONTENT_DISPOSITION, &disposition(in_place, file.file_name.as_deref()));
    put(headers, CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'");
    // Pictures are meant for pages of others: the widget's, the workspace's, the business's own.
    put(headers, RESOURCE_POLICY, if in_place { "cross-origin" } else { "same-origin" });
}

/// Both forms of RFC 6266: one that every client reads, and the true name.
fn disposition(in_place: bool, name: Option<&str>) -> String {
    let kind = if in_place { "inline" } else { "attachment" };
    let Some(name) = name else { return kind.to_owned() };
    let plain = |c: char| c.is_ascii_alphanumeric() || " .-_()[]+=@#!~".contains(c);
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(name, PLAIN))
}

fn bare(status: StatusCode, lines: &[(HeaderName, &str)]) -> Response {
    let mut response = status.into_response();
    for (name, value) in lines {
        put(response.headers_mut(), name.clone(), value);
    }
    response
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    let value = HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(name, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_header_stays_a_name() {
        for (in_place, name, expected) in [
            (true, None, "inline"),
            (false, None, "attachment"),
            (true, Some("a.png"), "inline; filename=\"a.png\"; filename*=UTF-8''a.png"),
            (false, Some("a b.pdf"), "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf"),
            (false, Some("ü.txt"), "attachment; filename=\"_.txt\"; filename*=UTF-8''%C3%BC.txt"),
            (
                false,
                Some("a\r\nb\"; x=\"y.txt"),
                "attachment; filename=\"a__b__ x=_y.txt\"; filename*=UTF-8''a%0D%0Ab%22%3B%20x%3D%22y.txt",
            ),
            (false, Some("100%.txt"), "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"),
            (false, Some("a\\b'c.txt"), "attachment; filename=\"a_b_c.txt\"; filename*=UTF-8''a%5Cb%27c.txt"),
        ] {
            assert_eq!(disposition(in_place, name), expected);
            assert!(HeaderValue::try_from(disposition(in_place, name)).is_ok());
        }
    }
}
