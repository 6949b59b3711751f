//! The widget's own files, out of the binary: the loader, the frame, and what the frame is made of.
//!
//! The frame's page is the same for every widget; what differs is who may embed it, which its policy says. Nothing in it
//! is inline, and no script of it may turn a text into markup.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName,
    IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use passerelle_model::id::IntegrationId;
use passerelle_model::widget::frame_ancestors;
use sha2::{Digest as _, Sha256};

use crate::api::Api;
use crate::error::ApiError;
use crate::origin;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
/// What the loader is called, and the page of the frame, in the folder that is built.
const LOADER: &str = "widget.js";
const FRAME: &str = "frame.html";

/// A built file: its path, its type, its bytes, and the same packed.
type Built = (&'static str, &'static str, &'static [u8], Option<&'static [u8]>);

include!(concat!(env!("OUT_DIR"), "/widget_files.rs"));

struct File {
    content_type: &'static str,
    etag: HeaderValue,
    bytes: Bytes,
    packed: Option<Bytes>,
}

static FILES: LazyLock<HashMap<&'static str, File>> = LazyLock::new(|| {
    let file = |&(path, content_type, bytes, packed): &Built| {
        let digest = hex::encode(Sha256::digest(bytes));
        let etag = HeaderValue::try_from(format!("\"{}\"", &digest[..32])).unwrap_or(HeaderValue::from_static("\"0\""));
        let packed = packed.map(Bytes::from_static);
        (path, File { content_type, etag, bytes: Bytes::from_static(bytes), packed })
    };
    BUILT.iter().map(file).collect()
});

pub(super) fn routes() -> Router<Api> {
    Router::new()
        .route("/widget.js", get(loader))
        .route("/widget/assets/{name}", get(asset))
        .route("/widget/{integration}/frame", get(frame))
}

/// Pages ask again after a few minutes, so that a new version is everywhere soon.
async fn loader(headers: HeaderMap) -> Result<Response, ApiError> {
    answer(&headers, LOADER, "public, max-age=300", &[(RESOURCE_POLICY, "cross-origin".into())])
}

/// The name of a file changes with its content.
async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let path = format!("assets/{name}");
    answer(&headers, &path, "public, max-age=31536000, immutable", &[(RESOURCE_POLICY, "cross-origin".into())])
}

async fn frame(State(api): State<Api>, Path(id): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let unknown = || ApiError::not_found("integration_not_found", "Integration not found");
    let id: IntegrationId = id.parse().map_err(|_| unknown())?;
    let (_, settings) = api.gateway.widget(id).ok_or_else(unknown)?;
    let own = origin::own(&api.public_url);
    let socket = own.replacen("http", "ws", 1);
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data: blob:; \
         media-src 'self' https: blob:; connect-src 'self' {socket}; frame-src https:; font-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors {}; require-trusted-types-for 'script'; trusted-types 'none'",
        frame_ancestors(&settings)
    );
    let more = [
        (CONTENT_SECURITY_POLICY, policy),
        (RESOURCE_POLICY, "cross-origin".into()),
        (PERMISSIONS, "camera=(), microphone=(), payment=(), usb=()".into()),
    ];
    answer(&headers, FRAME, "no-cache", &more)
}

fn answer(
    asked: &HeaderMap,
    path: &str,
    cached: &'static str,
    more: &[(HeaderName, String)],
) -> Result<Response, ApiError> {
    let missing = || match BUILT.is_empty() {
        true => {
            ApiError::not_found("not_found", "This server was built without the widget: run `make web` and build again")
        }
        false => ApiError::no_such_route(),
    };
    let file = FILES.get(path).ok_or_else(missing)?;
    let is_known = text(asked, &IF_NONE_MATCH).split(',').any(|tag| {
        let tag = tag.trim().trim_start_matches("W/");
        tag == "*" || tag.as_bytes() == file.etag.as_bytes()
    });
    let takes_packed = text(asked, &ACCEPT_ENCODING).split(',').any(|word| word.trim().split(';').next() == Some("br"));
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

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
