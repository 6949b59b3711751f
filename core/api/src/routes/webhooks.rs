//! Webhooks of an API client, for reading. They are kept with their integration; calling them is a later part.

use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::wire::integration;

pub(super) async fn list(call: Call) -> Answer {
    let found = stored(call.api.store().webhooks(call.app()?, call.integration_id()?).await)?;
    Reply::all("webhooks", found.iter().map(integration::webhook).collect())
}

pub(super) async fn get(call: Call) -> Answer {
    let found = stored(call.api.store().webhooks(call.app()?, call.integration_id()?).await)?;
    let found = found.iter().find(|webhook| webhook.id.to_string() == call.segment("webhook"));
    Reply::one("webhook", integration::webhook(found.ok_or_else(ApiError::no_such_route)?))
}
