//! Keys of an app and of its API clients.

use passerelle_pipeline::CommandError;
use passerelle_store::{Key, KeyScope};

use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::mint;
use crate::wire::integration::{self, CUSTOM};
use crate::wire::limits::MAX_DISPLAY_NAME;

/// Keys of one owner.
const MAX_KEYS: u64 = 10;

pub(super) async fn create(call: Call) -> Answer {
    let scope = KeyScope::App(call.app()?);
    create_in(&call, scope).await
}

pub(super) async fn list(call: Call) -> Answer {
    list_in(&call, KeyScope::App(call.app()?)).await
}

pub(super) async fn get(call: Call) -> Answer {
    get_in(&call, KeyScope::App(call.app()?)).await
}

pub(super) async fn delete(call: Call) -> Answer {
    delete_in(&call, KeyScope::App(call.app()?)).await
}

pub(super) async fn create_for_integration(call: Call) -> Answer {
    let scope = integration_scope(&call).await?;
    create_in(&call, scope).await
}

pub(super) async fn list_of_integration(call: Call) -> Answer {
    let scope = integration_scope(&call).await?;
    list_in(&call, scope).await
}

pub(super) async fn get_of_integration(call: Call) -> Answer {
    let scope = integration_scope(&call).await?;
    get_in(&call, scope).await
}

pub(super) async fn delete_of_integration(call: Call) -> Answer {
    let scope = integration_scope(&call).await?;
    delete_in(&call, scope).await
}

async fn create_in(call: &Call, scope: KeyScope) -> Answer {
    let name = call.fields()?.needed_text("displayName", MAX_DISPLAY_NAME)?;
    let key = mint::key(scope, &name, call.api.clock.now()).map_err(|error| ApiError::internal(&error))?;
    let made = call.write(move |tx| {
        Box::pin(async move {
            if tx.count_keys(scope).await? >= MAX_KEYS {
                let reason = format!("No more than {MAX_KEYS} keys: delete one first");
                return Err(CommandError::Refused(reason).into());
            }
            tx.insert_key(&key);
            Ok(key.id)
        })
    });
    let key = stored(call.api.store().key(&made.await?).await)?.ok_or_else(ApiError::no_such_route)?;
    Reply::created("key", integration::key(&key))
}

async fn list_in(call: &Call, scope: KeyScope) -> Answer {
    let keys = stored(call.api.store().keys(scope).await)?;
    Reply::all("keys", keys.iter().map(integration::key).collect())
}

async fn get_in(call: &Call, scope: KeyScope) -> Answer {
    Reply::one("key", integration::key(&find(call, scope).await?))
}

async fn delete_in(call: &Call, scope: KeyScope) -> Answer {
    let key = find(call, scope).await?;
    stored(call.api.store().delete_key(&key.id).await)?;
    Reply::done()
}

async fn find(call: &Call, scope: KeyScope) -> Result<Key, ApiError> {
    let keys = stored(call.api.store().keys(scope).await)?;
    let found = keys.into_iter().find(|key| key.id == call.segment("key"));
    found.ok_or_else(ApiError::no_such_route)
}

async fn integration_scope(call: &Call) -> Result<KeyScope, ApiError> {
    let (app, id) = (call.app()?, call.integration_id()?);
    let unknown = || ApiError::not_found("integration_not_found", "Integration not found");
    let found = stored(call.api.store().integration(app, id).await)?.ok_or_else(unknown)?;
    if found.kind != CUSTOM {
        return Err(ApiError::bad_request("API keys are available only for custom integrations"));
    }
    Ok(KeyScope::Integration(app, id))
}
