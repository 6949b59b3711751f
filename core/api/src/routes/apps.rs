//! Apps, the tenants.

use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::mint;
use crate::wire::integration;
use crate::wire::limits::MAX_DISPLAY_NAME;

pub(super) async fn create(call: Call) -> Answer {
    let fields = call.fields()?;
    let (name, metadata) = (fields.needed_text("displayName", MAX_DISPLAY_NAME)?, fields.metadata("metadata")?);
    let app = mint::app(&name, metadata, call.api.clock.now()).map_err(|error| ApiError::internal(&error))?;
    let made = call.write(move |tx| {
        Box::pin(async move {
            tx.insert_app(&app);
            Ok(app.id.to_string())
        })
    });
    let unknown = || ApiError::not_found("app_not_found", "App not found");
    let id = made.await?.parse().map_err(|_| unknown())?;
    let app = stored(call.api.store().app(id).await)?.ok_or_else(unknown)?;
    Reply::created("app", integration::app(&app))
}

pub(super) async fn list(call: Call) -> Answer {
    let page = call.page()?;
    let found = stored(call.api.store().apps(page).await)?;
    call.list("apps", found.rows.iter().map(integration::app).collect(), found.has_more, page)
}

pub(super) async fn get(call: Call) -> Answer {
    Reply::one("app", integration::app(call.access.app()?))
}
