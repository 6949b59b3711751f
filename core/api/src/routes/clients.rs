//! A user's identities on channels.

use passerelle_model::content::{Action, Content};
use passerelle_model::id::ClientId;
use passerelle_pipeline::{Command, Done, NewLink};
use passerelle_store::Confirmation;

use super::users::unexpected;
use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::wire::fields::Fields;
use crate::wire::limits::MAX_WORD;
use crate::wire::people::MAX_NAME;
use crate::wire::{content, people};

pub(super) async fn list(call: Call) -> Answer {
    let (user, page) = (call.user().await?, call.page()?);
    let found = stored(call.api.store().clients(call.app()?, user.id, page).await)?;
    call.list("clients", found.rows.iter().map(people::client).collect(), found.has_more, page)
}

pub(super) async fn link(call: Call) -> Answer {
    let user = call.user().await?.id;
    let link = new_link(&call.fields()?)?;
    match call.execute(Command::LinkClient { user, link }).await? {
        Done::Client(client) => Reply::created("client", people::client(&client)),
        other => Err(unexpected(&other)),
    }
}

fn new_link(fields: &Fields<'_>) -> Result<NewLink, ApiError> {
    let (criteria, confirmation) = (fields.needed_inner("matchCriteria")?, fields.needed_inner("confirmation")?);
    let (target, integration) = (fields.needed_inner("target")?, criteria.needed_text("integrationId", MAX_WORD)?);
    let no_integration = |_| ApiError::not_found("integration_not_found", "Integration not found");
    let no_conversation = |_| ApiError::not_found("conversation_not_found", "Conversation not found");
    Ok(NewLink {
        integration: integration.parse().map_err(no_integration)?,
        channel_type: criteria.needed_text("type", MAX_WORD)?,
        phone_number: criteria.text("phoneNumber", MAX_NAME)?,
        email: criteria.text("address", MAX_NAME)?,
        is_primary: criteria.flag("primary")?.unwrap_or(true),
        confirmation: match confirmation.needed_text("type", MAX_WORD)?.as_str() {
            "immediate" => Confirmation::Immediate,
            "userActivity" => Confirmation::UserActivity,
            "prompt" => Confirmation::Prompt,
            _ => return Err(confirmation.wrong("type", "should be immediate, userActivity or prompt")),
        },
        message: confirmation.inner("message")?.map(|message| words(&message)).transpose()?,
        conversation: target.needed_text("conversationId", MAX_WORD)?.parse().map_err(no_conversation)?,
    })
}

/// What the person is told: a text or a picture, with links at most.
fn words(message: &Fields<'_>) -> Result<Content, ApiError> {
    let content = content::read(&message.needed_inner("content")?)?;
    let actions = match &content {
        Content::Text { actions, .. } | Content::Image { actions, .. } => actions,
        _ => return Err(message.wrong("content.type", "should be text or image")),
    };
    match actions.iter().all(|action| matches!(action, Action::Link { .. })) {
        true => Ok(content),
        false => Err(message.wrong("content.actions", "should be links")),
    }
}

pub(super) async fn remove(call: Call) -> Answer {
    let user = call.user().await?.id;
    let unknown = || ApiError::not_found("client_not_found", "Client not found");
    let client: ClientId = call.segment("client").parse().map_err(|_| unknown())?;
    call.execute(Command::RemoveClient { user, client }).await?;
    Reply::done()
}
