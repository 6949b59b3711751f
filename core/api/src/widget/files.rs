//! The widget's own files, out of the binary: the loader, the frame, and what the frame is made of.
//!
//! The frame's page is the same for every widget; what differs is who may embed it, which its policy says. Nothing in it
//! is inline, and no script of it may turn a text into markup.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use http::header::{CONTENT_SECURITY_POLICY, HeaderName};
use passerelle_model::id::IntegrationId;
use passerelle_model::widget::frame_ancestors;

use crate::api::Api;
use crate::built::{FOR_EVER, Files};
use crate::error::ApiError;
use crate::origin;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
/// What the loader is called, and the page of the frame, in the folder that is built.
const LOADER: &str = "widget.js";
const FRAME: &str = "frame.html";

include!(concat!(env!("OUT_DIR"), "/widget_files.rs"));

static FILES: LazyLock<Files> = LazyLock::new(|| Files::new("widget", BUILT));

pub(super) fn routes() -> Router<Api> {
    Router::new()
        .route("/widget.js", get(loader))
        .route("/widget/assets/{name}", get(asset))
        .route("/widget/{integration}/frame", get(frame))
}

/// Pages ask again after a few minutes, so that a new version is everywhere soon.
async fn loader(headers: HeaderMap) -> Result<Response, ApiError> {
    FILES.answer(&headers, LOADER, "public, max-age=300", &[(RESOURCE_POLICY, "cross-origin".into())])
}

/// The name of a file changes with its content.
async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let path = format!("assets/{name}");
    FILES.answer(&headers, &path, FOR_EVER, &[(RESOURCE_POLICY, "cross-origin".into())])
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
    FILES.answer(&headers, FRAME, "no-cache", &more)
}
