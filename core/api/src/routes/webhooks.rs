//! Webhooks of an API client, for reading. They are kept with their integration; calling them is a later part.

use passerelle_store::Webhook;

use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::wire::integration;

pub(super) async fn list(call: Call) -> Answer {
    let found = of_integration(&call).await?;
    Reply::all("webhooks", found.iter().map(integration::webhook).collect())
}

pub(super) async fn get(call: Call) -> Answer {
    let found = of_integration(&call).await?;
    let found = found.iter().find(|webhook| webhook.id.to_string() == call.segment("webhook"));
    Reply::one("webhook", integration::webhook(found.ok_or_else(ApiError::no_such_route)?))
}

async fn of_integration(call: &Call) -> Result<Vec<Webhook>, ApiError> {
    let (app, id) = (call.app()?, call.integration_id()?);
    let unknown = || ApiError::not_found("integration_not_found", "Integration not found");
    stored(call.api.store().integration(app, id).await)?.ok_or_else(unknown)?;
    stored(call.api.store().webhooks(app, id).await)
}
