//! Webhooks of vendors: bytes in, and the answer of the gateway out.
//!
//! Nothing is judged here but size and shape. Whether the request is genuine is checked by the host from the plugin's
//! recipe, inside [`Gateway::ingest`](passerelle_pipeline::Gateway::ingest), which answers 2xx only after the commit.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use passerelle_model::id::IntegrationId;
use passerelle_pipeline::IngressError;
use passerelle_plugin_host::RawRequest;

use crate::api::Api;
use crate::error::ApiError;

/// The routes of vendors: `/webhooks/{integration}` and anything below it.
pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/webhooks/{integration}", get(receive).post(receive))
        .route("/webhooks/{integration}/{*rest}", get(receive_below).post(receive_below))
}

async fn receive(api: State<Api>, Path(integration): Path<String>, request: Request<Body>) -> Response {
    answer(&api, &integration, request).await
}

async fn receive_below(
    api: State<Api>,
    Path((integration, _)): Path<(String, String)>,
    request: Request<Body>,
) -> Response {
    answer(&api, &integration, request).await
}

async fn answer(api: &Api, integration: &str, request: Request<Body>) -> Response {
    let result = take(api, integration, request).await;
    let status = match &result {
        Ok(response) => response.status(),
        Err(error) => error.status(),
    };
    metrics::counter!("passerelle_webhooks_total", "status" => status.as_u16().to_string()).increment(1);
    result.unwrap_or_else(|error| {
        tracing::warn!(integration = %printable(integration), %error, "a webhook was refused");
        error.into_response()
    })
}

async fn take(api: &Api, integration: &str, request: Request<Body>) -> Result<Response, ApiError> {
    let unknown = || ApiError::not_found("integration_not_found", "Integration not found");
    let id: IntegrationId = integration.parse().map_err(|_| unknown())?;
    let (parts, body) = request.into_parts();
    let body = read(&parts.headers, body, api.max_webhook_bytes).await?;
    let whole = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let raw = RawRequest {
        method: parts.method.as_str().to_owned(),
        full_url: format!("{}{whole}", api.public_url),
        path_and_query: below(whole, integration),
        headers: headers(&parts.headers),
        body,
    };
    let reply = api.gateway.ingest(id, raw).await.map_err(ApiError::from)?;
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    Ok((status, reply.body).into_response())
}

async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Vec<u8>, ApiError> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(ApiError::too_large(limit));
    }
    let collected = Limited::new(body, limit).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            ApiError::too_large(limit)
        } else {
            ApiError::bad_request("The body could not be read")
        }
    })?;
    Ok(collected.to_bytes().to_vec())
}

/// What stands behind the integration's own address, with a slash in front.
fn below(whole: &str, integration: &str) -> String {
    let rest = whole.strip_prefix("/webhooks/").and_then(|rest| rest.strip_prefix(integration)).unwrap_or(whole);
    if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") }
}

fn headers(headers: &HeaderMap) -> Vec<(String, Vec<u8>)> {
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect()
}

/// What a stranger put into the path, safe for a log line.
fn printable(text: &str) -> String {
    text.chars().take(32).map(|c| if c.is_ascii_graphic() { c } else { '?' }).collect()
}

impl From<IngressError> for ApiError {
    fn from(error: IngressError) -> Self {
        let title = error.to_string();
        match error {
            IngressError::UnknownIntegration | IngressError::NotAChannel => {
                Self::not_found("integration_not_found", title)
            }
            IngressError::Disabled => Self::new(StatusCode::FORBIDDEN, "integration_disabled", title),
            IngressError::Forged(_) => Self::new(StatusCode::UNAUTHORIZED, "unauthorized", title),
            IngressError::TooLarge { limit } => Self::too_large(limit),
            IngressError::Full { .. } | IngressError::Unavailable(_) => Self::unavailable(title),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plugin_sees_what_stands_behind_its_own_address() {
        for (whole, expected) in [
            ("/webhooks/i", "/"),
            ("/webhooks/i?hub=1", "/?hub=1"),
            ("/webhooks/i/a/b?c=d", "/a/b?c=d"),
            ("/webhooks/i/", "/"),
        ] {
            assert_eq!(below(whole, "i"), expected, "{whole}");
        }
    }

    #[test]
    fn strangers_do_not_write_into_the_log() {
        assert_eq!(printable("ab\u{1b}[31m\nX"), "ab?[31m?X");
    }
}
