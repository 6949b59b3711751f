//! `/openapi.json` and `/docs`, for everybody: they say nothing of what is stored.
//!
//! The page is Swagger UI out of the binary. It fetches from us only, and its policy allows nothing else.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use sha2::{Digest, Sha256};

use super::document::document;
use crate::api::Api;

/// A file that does not change while we run.
struct Fixed {
    content_type: &'static str,
    etag: HeaderValue,
    bytes: Bytes,
}

/// What the page may do: run and show what we serve, and ask us. Swagger UI draws its arrows as `data:` images.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                           connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The files of the page: where they are, what they are, what is in them.
const FILES: &[(&str, &str, &[u8])] = &[
    ("/docs", "text/html; charset=utf-8", include_bytes!("page/index.html")),
    ("/docs/page.css", "text/css; charset=utf-8", include_bytes!("page/page.css")),
    ("/docs/page.js", "text/javascript; charset=utf-8", include_bytes!("page/page.js")),
    ("/docs/swagger-ui.css", "text/css; charset=utf-8", include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui.css"))),
    (
        "/docs/swagger-ui-bundle.js",
        "text/javascript; charset=utf-8",
        include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui-bundle.js")),
    ),
    ("/docs/favicon-32x32.png", "image/png", include_bytes!(concat!(env!("OUT_DIR"), "/favicon-32x32.png"))),
];

/// The description, made once, and the page that shows it.
pub(crate) fn routes(public_url: &str, version: &str) -> Router<Api> {
    let description = Bytes::from(document(public_url, version).to_string());
    let described = Router::new().route("/openapi.json", serve(Fixed::new("application/json", description)));
    FILES.iter().fold(described, |router, (path, content_type, bytes)| {
        router.route(path, serve(Fixed::new(content_type, Bytes::from_static(bytes))))
    })
}

fn serve(file: Fixed) -> axum::routing::MethodRouter<Api> {
    let file = Arc::new(file);
    get(move |headers: HeaderMap| std::future::ready(file.answer(&headers)))
}

impl Fixed {
    fn new(content_type: &'static str, bytes: Bytes) -> Self {
        let digest = hex::encode(Sha256::digest(&bytes));
        let etag = HeaderValue::try_from(format!("\"{}\"", &digest[..32])).unwrap_or(HeaderValue::from_static("\"0\""));
        Self { content_type, etag, bytes }
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
            (CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY)),
        ];
        match is_known {
            true => (StatusCode::NOT_MODIFIED, headers).into_response(),
            false => (headers, self.bytes.clone()).into_response(),
        }
    }
}
