//! What an OAuth client may do with its token: ask which app it opens, and give it back.

use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::wire::app;

pub(super) async fn token_info(call: Call) -> Answer {
    let unknown = || ApiError::not_found("app_not_found", "App not found");
    let bound = call.access.bound_to().ok_or_else(unknown)?;
    let found = stored(call.api.store().app(bound).await)?.ok_or_else(unknown)?;
    let mut shown = app::show(&found);
    // Hosted gateways have a host per account; ours has one, and the app's id tells its apps apart.
    shown["subdomain"] = found.id.to_string().into();
    Reply::one("app", shown)
}

/// Ends the caller's own grant: its tokens, webhooks and keys go with the integration that stands for it.
pub(super) async fn revoke(call: Call) -> Answer {
    let unknown = || ApiError::not_found("not_found", "Resource not found");
    let (app, integration) = call.access.bound_to().zip(call.access.integration()).ok_or_else(unknown)?;
    stored(call.api.store().oauth_client_of(app, integration).await)?.ok_or_else(unknown)?;
    call.api.gateway.end_grant(app, integration).await?;
    Reply::done()
}
