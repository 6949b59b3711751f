//! Messages: the history, and writing.

use passerelle_model::content::Media;
use passerelle_model::id::{IntegrationId, MessageId};
use passerelle_pipeline::{Command, Destination, Done, NewAuthor, NewMessage, UserRef};
use passerelle_store::{Conversation, Message, Page};
use serde_json::Value;

use super::conversations::user_ref;
use super::users::unexpected;
use crate::call::{Answer, Call, Reply, page, stored};
use crate::error::ApiError;
use crate::wire::fields::Fields;
use crate::wire::limits::MAX_AUTHOR_NAME;
use crate::wire::{content, conversation, extras};

/// Messages of a page; callers cannot choose.
const PAGE: u32 = 100;
/// Characters of a URL.
const MAX_URL: usize = 2048;

pub(super) async fn post(call: Call) -> Answer {
    let found = call.conversation().await?;
    let fields = call.fields()?;
    let mut new = NewMessage {
        conversation: found.id,
        author: author(&fields.needed_inner("author")?)?,
        content: content::read(&fields.needed_inner("content")?)?,
        files: Vec::new(),
        metadata: fields.metadata("metadata")?,
        destination: destination(&fields)?,
        in_reply_to: extras::quoted(&fields)?,
        extras: extras::read(&fields)?,
        key: None,
    };
    new.files = call.api.gateway.adopt_files(found.app, &mut new.content).await?;
    match call.execute(Command::PostMessage(new)).await? {
        Done::Messages(messages) => Reply::created("messages", show_all(&call, &messages).await?.into()),
        other => Err(unexpected(&other)),
    }
}

pub(super) async fn list(call: Call) -> Answer {
    let found = call.conversation().await?;
    let asked = page(call.query.fixed_page(PAGE)?);
    let messages = stored(call.api.store().messages(found.app, found.id, asked).await)?;
    let shown = show_all(&call, &messages.rows).await?;
    Reply::object(with_message_cursors(&call, shown, messages.has_more, asked))
}

pub(super) async fn delete(call: Call) -> Answer {
    let found = call.conversation().await?;
    let unknown = || ApiError::not_found("not_found", "Resource not found");
    let message: MessageId = call.segment("message").parse().map_err(|_| unknown())?;
    call.execute(Command::DeleteMessage { conversation: found.id, message }).await?;
    Reply::done()
}

pub(super) async fn delete_all(call: Call) -> Answer {
    let found: Conversation = call.conversation().await?;
    call.execute(Command::DeleteAllMessages(found.id)).await?;
    Reply::done()
}

/// The newest page comes first and one goes back with `before`, so `hasMore` is about older messages unless `after`
/// was asked.
fn with_message_cursors(call: &Call, shown: Vec<Value>, has_more: bool, asked: Page) -> Value {
    let id = |item: Option<&Value>| item.and_then(|item| item["id"].as_str()).map(str::to_owned);
    let (first, last) = (id(shown.first()), id(shown.last()));
    let forwards = asked.after.is_some();
    let before = first.filter(|_| forwards || has_more);
    let after = last.filter(|_| if forwards { has_more } else { asked.before.is_some() });
    call.with_cursors("messages", shown, has_more, before, after)
}

/// Messages with the ones that they answer; those are mostly on the same page.
async fn show_all(call: &Call, messages: &[Message]) -> Result<Vec<Value>, ApiError> {
    let app = call.app()?;
    let link = |media: &Media| call.api.gateway.attachments().links().of(app, media);
    let mut all = Vec::with_capacity(messages.len());
    for message in messages {
        let mut shown = conversation::message(message, &link);
        if let Some(id) = message.in_reply_to {
            let answered = match messages.iter().find(|other| other.id == id) {
                Some(other) => Some(other.clone()),
                None => stored(call.api.store().message(app, message.conversation, id).await)?,
            };
            if let Some(answered) = answered {
                shown["quotedMessage"] = conversation::quoted(&answered, &link);
            }
        }
        all.push(shown);
    }
    Ok(all)
}

fn author(fields: &Fields<'_>) -> Result<NewAuthor, ApiError> {
    match fields.needed_text("type", MAX_AUTHOR_NAME)?.as_str() {
        "business" => Ok(NewAuthor::Business {
            display_name: fields.text("displayName", MAX_AUTHOR_NAME)?,
            avatar_url: fields.text("avatarUrl", MAX_URL)?,
        }),
        "user" => user_ref(fields)?.map(NewAuthor::User).ok_or_else(|| fields.missing("userId")),
        _ => Err(fields.wrong("type", "should be business or user")),
    }
}

/// The author of an activity: the user, or nothing for the business.
pub(super) fn activity_author(fields: &Fields<'_>) -> Result<Option<UserRef>, ApiError> {
    match author(fields)? {
        NewAuthor::User(user) => Ok(Some(user)),
        NewAuthor::Business { .. } => Ok(None),
    }
}

fn destination(fields: &Fields<'_>) -> Result<Destination, ApiError> {
    let Some(given) = fields.inner("destination")? else { return Ok(Destination::LastUsed) };
    if let Some(text) = given.text("integrationId", MAX_AUTHOR_NAME)? {
        let unknown = |_| ApiError::not_found("integration_not_found", "Integration not found");
        return text.parse::<IntegrationId>().map(Destination::Integration).map_err(unknown);
    }
    match given.text("integrationType", MAX_AUTHOR_NAME)? {
        None => Err(given.missing("integrationId")),
        Some(word) if word == "none" => Ok(Destination::Silent),
        Some(word) => Ok(Destination::Type(word)),
    }
}
