//! `/openapi.json`, for everybody: it says nothing of what is stored.

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use sha2::{Digest, Sha256};

use super::document::document;
use crate::api::Api;

/// A file that does not change while we run.
struct Fixed {
    content_type: &'static str,
    etag: HeaderValue,
    bytes: axum::body::Bytes,
}

/// The description, made once.
pub(crate) fn routes(public_url: &str, version: &str) -> Router<Api> {
    let description = Fixed::new("application/json", document(public_url, version).to_string().into());
    Router::new().route("/openapi.json", serve(description))
}

fn serve(file: Fixed) -> axum::routing::MethodRouter<Api> {
    let file = Arc::new(file);
    get(move |headers: HeaderMap| std::future::ready(file.answer(&headers)))
}

impl Fixed {
    fn new(content_type: &'static str, bytes: Vec<u8>) -> Self {
        let digest = hex::encode(Sha256::digest(&bytes));
        let etag = HeaderValue::try_from(format!("\"{}\"", &digest[..32])).unwrap_or(HeaderValue::from_static("\"0\""));
        Self { content_type, etag, bytes: bytes.into() }
    }

    fn answer(&self, asked: &HeaderMap) -> Response {
        let known = asked.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let own = self.etag.to_str().unwrap_or_default();
        let is_known =
            known.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == own || tag == "*");
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static(self.content_type)),
            (ETAG, self.etag.clone()),
            (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        ];
        match is_known {
            true => (StatusCode::NOT_MODIFIED, headers).into_response(),
            false => (headers, self.bytes.clone()).into_response(),
        }
    }
}
