//! Conversations.

use passerelle_pipeline::{Command, ConversationChange, Done, NewConversation, UserRef};
use passerelle_store::ConversationKind;

use super::users::unexpected;
use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::wire::conversation::{self, Seats};
use crate::wire::fields::Fields;
use crate::wire::limits::{MAX_DISPLAY_NAME, MAX_EXTERNAL_ID, MAX_PARTICIPANTS};

/// Characters of a URL.
const MAX_URL: usize = 2048;

pub(super) async fn create(call: Call) -> Answer {
    let fields = call.fields()?;
    let kind = match fields.needed_text("type", MAX_DISPLAY_NAME)?.as_str() {
        "personal" => ConversationKind::Personal,
        "sdkGroup" => ConversationKind::SdkGroup,
        _ => return Err(fields.wrong("type", "should be personal or sdkGroup")),
    };
    let participants = participants(&fields)?;
    let fits = kind == ConversationKind::SdkGroup || participants.len() == 1;
    if !fits || participants.len() > MAX_PARTICIPANTS {
        let title = if participants.is_empty() { "A participant is required" } else { "Too many participants" };
        return Err(ApiError::bad_request(title));
    }
    let new = NewConversation {
        kind,
        participants,
        display_name: fields.text("displayName", MAX_DISPLAY_NAME)?,
        description: fields.text("description", MAX_DISPLAY_NAME)?,
        icon_url: fields.text("iconUrl", MAX_URL)?,
        metadata: fields.metadata("metadata")?,
    };
    match call.execute(Command::CreateConversation(new)).await? {
        Done::Conversation(made) => {
            let seats = Seats::load(&call).await?;
            Reply::created("conversation", conversation::show(&made, &seats))
        }
        other => Err(unexpected(&other)),
    }
}

pub(super) async fn list(call: Call) -> Answer {
    let (id, external_id) = (call.query.filter("userId"), call.query.filter("userExternalId"));
    let user = match (id, external_id) {
        (Some(id), None) => call.find_user(id.parse().ok(), None).await?,
        (None, Some(external_id)) => call.find_user(None, Some(external_id)).await?,
        _ => return Err(ApiError::bad_request("Invalid query parameters")),
    };
    let page = call.page()?;
    let found = stored(call.api.store().conversations_of_user(call.app()?, user.id, page).await)?;
    let seats = Seats::load(&call).await?;
    let shown = found.rows.iter().map(|row| conversation::show(row, &seats)).collect();
    call.list("conversations", shown, found.has_more, page)
}

pub(super) async fn get(call: Call) -> Answer {
    let found = call.conversation().await?;
    Reply::one("conversation", conversation::show(&found, &Seats::load(&call).await?))
}

pub(super) async fn update(call: Call) -> Answer {
    let found = call.conversation().await?;
    let fields = call.fields()?;
    let change = ConversationChange {
        display_name: fields.text_change("displayName", MAX_DISPLAY_NAME)?,
        description: fields.text_change("description", MAX_DISPLAY_NAME)?,
        icon_url: fields.text_change("iconUrl", MAX_URL)?,
        metadata: fields.metadata_changes("metadata")?.into_iter().collect(),
    };
    match call.execute(Command::UpdateConversation { conversation: found.id, change }).await? {
        Done::Conversation(now) => Reply::one("conversation", conversation::show(&now, &Seats::load(&call).await?)),
        other => Err(unexpected(&other)),
    }
}

pub(super) async fn delete(call: Call) -> Answer {
    let found = call.conversation().await?;
    if found.is_default {
        let title = format!("Conversation {} cannot be deleted because it is the default.", found.id);
        return Err(ApiError::bad_request(title));
    }
    call.execute(Command::DeleteConversation(found.id)).await?;
    Reply::done()
}

fn participants(fields: &Fields<'_>) -> Result<Vec<UserRef>, ApiError> {
    let read = |item: &Fields<'_>| user_ref(item)?.ok_or_else(|| ApiError::bad_request(NO_PARTICIPANT));
    fields.items("participants", MAX_PARTICIPANTS * 10)?.iter().map(read).collect()
}

/// Some clients send an empty object for a participant that they could not spell.
const NO_PARTICIPANT: &str = "userId or userExternalId is required";

/// A user as bodies name one; nothing when neither field is there.
pub(super) fn user_ref(fields: &Fields<'_>) -> Result<Option<UserRef>, ApiError> {
    if let Some(text) = fields.text("userId", MAX_EXTERNAL_ID)? {
        let id = text.parse().map_err(|_| ApiError::not_found("user_not_found", "User not found"))?;
        return Ok(Some(UserRef::Id(id)));
    }
    Ok(fields.text("userExternalId", MAX_EXTERNAL_ID)?.map(UserRef::ExternalId))
}
