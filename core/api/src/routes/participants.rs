//! Who takes part, and the passing signs they give.

use passerelle_model::inbound::Activity;
use passerelle_pipeline::{Command, Done, MemberRef};
use passerelle_store::{Conversation, ConversationKind};

use super::conversations::user_ref;
use super::messages::activity_author;
use super::users::unexpected;
use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::wire::{activity, people};

pub(super) async fn list(call: Call) -> Answer {
    let (found, page) = (call.conversation().await?, call.page()?);
    let participants = stored(call.api.store().participants(found.app, found.id, page).await)?;
    let shown = participants.rows.iter().map(people::participant).collect();
    call.list("participants", shown, participants.has_more, page)
}

pub(super) async fn activity(call: Call) -> Answer {
    let found = call.conversation().await?;
    let fields = call.fields()?;
    let word = fields.needed_text("type", people::MAX_NAME)?;
    let known = activity::read(&word);
    let activity = known.ok_or_else(|| fields.wrong("type", &format!("should be {}", activity::WORDS)))?;
    let user = activity_author(&fields.needed_inner("author")?)?;
    if user.is_some() && activity != Activity::Read {
        return Err(fields.wrong("type", "should be conversation:read for a user"));
    }
    call.execute(Command::PostActivity { conversation: found.id, user, activity }).await?;
    Reply::done()
}

pub(super) async fn join(call: Call) -> Answer {
    let found = group(&call).await?;
    let user = user_ref(&call.fields()?)?.ok_or_else(|| ApiError::bad_request(NOBODY))?;
    match call.execute(Command::Join { conversation: found.id, user }).await? {
        Done::Participant(member) => Reply::created("participant", people::participant(&member)),
        other => Err(unexpected(&other)),
    }
}

pub(super) async fn leave(call: Call) -> Answer {
    let found = group(&call).await?;
    let fields = call.fields()?;
    let member = match fields.text("participantId", people::MAX_NAME)? {
        Some(id) => MemberRef::Participant(id.parse().map_err(|_| no_member())?),
        None => MemberRef::User(user_ref(&fields)?.ok_or_else(|| ApiError::bad_request(NOBODY))?),
    };
    call.execute(Command::Leave { conversation: found.id, member }).await?;
    Reply::done()
}

/// The conversation of the path, as a group: only those are joined and left.
async fn group(call: &Call) -> Result<Conversation, ApiError> {
    let found = call.conversation().await?;
    match found.kind {
        ConversationKind::SdkGroup => Ok(found),
        ConversationKind::Personal => {
            Err(ApiError::bad_request("Only conversations of type sdkGroup can be joined and left"))
        }
    }
}

/// Some clients send an empty object for a user that they could not spell.
const NOBODY: &str = "userId or userExternalId is required";

fn no_member() -> ApiError {
    ApiError::not_found("not_found", "User is not a member of the conversation")
}
