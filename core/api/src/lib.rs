//! The HTTP doors: webhooks of vendors in, the Conversations API under `/v2`, probes, files of messages.
//!
//! Translates between the wire and the command door; decides nothing about conversations and knows neither SQL nor
//! plugins' code. The accept loop is in [`serve`], the table of operations in `routes`.

pub mod error;
pub mod mint;
pub mod oauth;
pub mod serve;

mod api;
mod attachments;
mod auth;
mod built;
mod call;
mod desk;
mod envelope;
mod form;
mod ingress;
mod limit;
mod linger;
mod live;
mod once;
mod openapi;
mod origin;
mod probes;
mod query;
mod routes;
mod unread;
mod webhook;
mod widget;
mod wire;
mod workspace;

pub use api::{ApiParts, RenderMetrics};
pub use desk::{Sayings, agent_operations};
pub use limit::{Class, ClientAddress, LimitSettings, ProxyRange, Rate};
pub use live::LiveSettings;
pub use oauth::digest;
pub use routes::{Described, operations};
pub use webhook::{WebhookConfig, WebhookParts, Webhooks};
pub use widget::{WidgetConfig, visits};

use axum::Router;

/// Every door of the house.
pub fn router(parts: ApiParts) -> Router {
    let unknown = || async { error::ApiError::no_such_route() };
    Router::new()
        .merge(routes::routes())
        .merge(oauth::routes())
        .merge(ingress::routes())
        .merge(attachments::routes())
        .merge(widget::routes())
        .merge(desk::routes())
        .merge(workspace::routes())
        .merge(probes::routes())
        .merge(openapi::routes(&parts.public_url, parts.version))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(api::Api::new(parts))
}
