//! What machines ask a machine: is it alive, is it ready, how is it, which version is it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::header::CONTENT_TYPE;
use serde_json::json;

use crate::api::Api;
use crate::error::ApiError;

/// `/healthz`, `/readyz`, `/metrics`, `/version`.
pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/healthz", get(|| async { Json(json!({ "status": "ok" })) }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/version", get(version))
}

/// Ready means: not about to end, and the database takes writes.
async fn ready(State(api): State<Api>) -> Response {
    if api.draining.is_cancelled() {
        return ApiError::unavailable("Draining").into_response();
    }
    match api.store().writable().await {
        Ok(()) => Json(json!({ "status": "ready" })).into_response(),
        Err(error) => {
            tracing::error!(%error, "the database does not take writes");
            ApiError::unavailable("The database does not take writes").into_response()
        }
    }
}

async fn metrics(State(api): State<Api>) -> Response {
    if let Ok(counts) = api.store().counts(api.clock.now()).await {
        publish(&counts);
    }
    let text = (api.metrics)();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

async fn version(State(api): State<Api>) -> Response {
    Json(json!({ "version": api.version })).into_response()
}

fn publish(counts: &passerelle_store::Counts) {
    for (name, value) in [
        ("passerelle_raw_pending", counts.raw_pending),
        ("passerelle_raw_dead", counts.raw_dead),
        ("passerelle_turns_pending", counts.turns_pending),
        ("passerelle_turns_parked", counts.turns_parked),
        ("passerelle_deliveries_pending", counts.deliveries_pending),
        ("passerelle_deliveries_sending", counts.deliveries_sending),
        ("passerelle_deliveries_uncertain", counts.deliveries_uncertain),
        ("passerelle_deliveries_failed", counts.deliveries_failed),
    ] {
        metrics::gauge!(name).set(value as f64);
    }
    metrics::gauge!("passerelle_oldest_delivery_age_seconds").set(counts.oldest_delivery_age_us as f64 / 1e6);
}
