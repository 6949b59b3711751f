//! OAuth, so that programs of others come in without anybody handing a key over: registering a client, the consent page,
//! codes and tokens.
//!
//! An administrator decides on a page of ours, signed in with a key of the account or of the app. What a token opens is
//! decided where every other caller is checked; ending a grant is an operation of the table.

mod authorize;
mod page;
mod register;
mod request;
mod session;
mod token;
mod words;

pub use register::{RegisterError, register};

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use http_body_util::{BodyExt, Limited};
use passerelle_store::Digest;
use sha2::{Digest as _, Sha256};

use crate::api::Api;

/// Bytes of a form or of a token request.
const MAX_BODY_BYTES: usize = 16 * 1024;

/// `/oauth/authorize` and `/oauth/token`.
pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/oauth/authorize", get(authorize::show).post(authorize::decide))
        .route("/oauth/token", post(token::exchange))
}

/// What is kept of a random text.
pub fn digest(text: &str) -> Digest {
    Digest(Sha256::digest(text.as_bytes()).into())
}

/// The body, when it is small enough.
async fn read_body(body: Body) -> Option<Vec<u8>> {
    let collected = Limited::new(body, MAX_BODY_BYTES).collect().await.ok()?;
    Some(collected.to_bytes().to_vec())
}
