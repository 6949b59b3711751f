//! The agents' workspace: its files, out of the binary. What it shows it asks of the agents' door.
//!
//! Every path below `/workspace` is the same page, which knows its own paths. Nothing in it is inline, nobody may frame it,
//! and no script of it may turn a text into markup.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use axum::routing::get;
use http::HeaderMap;
use http::header::{CONTENT_SECURITY_POLICY, HeaderName};

use crate::api::Api;
use crate::built::{FOR_EVER, Files};
use crate::error::ApiError;
use crate::origin;

const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const PAGE: &str = "index.html";

include!(concat!(env!("OUT_DIR"), "/workspace_files.rs"));

static FILES: LazyLock<Files> = LazyLock::new(|| Files::new("workspace", BUILT));

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/workspace", get(|| async { Redirect::permanent("/workspace/") }))
        .route("/workspace/", get(page))
        .route("/workspace/{*path}", get(page))
        .route("/workspace/assets/{name}", get(asset))
}

/// The name of a file changes with its content.
async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    FILES.answer(&headers, &format!("assets/{name}"), FOR_EVER, &[])
}

async fn page(State(api): State<Api>, headers: HeaderMap) -> Result<Response, ApiError> {
    let socket = origin::own(&api.public_url).replacen("http", "ws", 1);
    // Frames are those of our own widget, which its settings page shows.
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data: blob:; \
         media-src 'self' https: blob:; connect-src 'self' {socket}; frame-src 'self'; font-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    );
    let more = [
        (CONTENT_SECURITY_POLICY, policy),
        (PERMISSIONS, "camera=(), microphone=(), geolocation=(), payment=(), usb=()".into()),
    ];
    FILES.answer(&headers, PAGE, "no-cache", &more)
}
