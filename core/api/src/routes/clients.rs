//! A user's identities on channels.

use passerelle_model::id::ClientId;
use passerelle_pipeline::Command;

use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::wire::people;

pub(super) async fn list(call: Call) -> Answer {
    let (user, page) = (call.user().await?, call.page()?);
    let found = stored(call.api.store().clients(call.app()?, user.id, page).await)?;
    call.list("clients", found.rows.iter().map(people::client).collect(), found.has_more, page)
}

pub(super) async fn remove(call: Call) -> Answer {
    let user = call.user().await?.id;
    let unknown = || ApiError::not_found("client_not_found", "Client not found");
    let client: ClientId = call.segment("client").parse().map_err(|_| unknown())?;
    call.execute(Command::RemoveClient { user, client }).await?;
    Reply::done()
}
