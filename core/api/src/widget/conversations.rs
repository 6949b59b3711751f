//! A visitor's conversations: the list, a new one, signs of life in them, and how it was.

use passerelle_model::id::MessageId;
use passerelle_pipeline::{Command, Done, UserRef, WidgetCommand};
use serde_json::json;

use super::door::Visit;
use super::sessions::CONVERSATIONS;
use super::wire;
use crate::call::{Answer, Reply, stored};
use crate::error::ApiError;
use crate::wire::activity;

/// Characters of the words beside a score.
const MAX_COMMENT: usize = 1000;
/// Characters of a word of ours.
const MAX_WORD: usize = 64;

pub(super) async fn list(visit: Visit) -> Answer {
    let before = match visit.query("before") {
        Some(text) => Some(visit.own_conversation(&text).await?),
        None => None,
    };
    let user = visit.session()?.user;
    let found = stored(visit.api.store().inbox(visit.app, user, before, CONVERSATIONS).await)?;
    let shown: Vec<_> = found.rows.iter().map(wire::summary).collect();
    Reply::object(json!({ "conversations": shown, "hasMore": found.has_more }))
}

pub(super) async fn begin(visit: Visit) -> Answer {
    let session = visit.session()?;
    let done = visit.execute(Command::Widget(WidgetCommand::Begin { session: session.digest })).await?;
    let Done::Conversation(made) = done else { return Err(ApiError::internal(&"no conversation was begun")) };
    let entry = stored(visit.api.store().inbox_of(visit.app, session.user, made.id).await)?;
    let entry = entry.ok_or_else(|| ApiError::not_found("conversation_not_found", "Conversation not found"))?;
    Reply::created("conversation", wire::summary(&entry))
}

pub(super) async fn activity(visit: Visit) -> Answer {
    let conversation = visit.conversation().await?;
    let fields = visit.fields()?;
    let word = fields.needed_text("type", MAX_WORD)?;
    if word == "message:received" {
        let text = fields.needed_text("messageId", MAX_WORD)?;
        let message: MessageId =
            text.parse().map_err(|_| fields.wrong("messageId", "should be the id of a message"))?;
        visit.execute(Command::Widget(WidgetCommand::Receive { conversation, message })).await?;
        return Reply::done();
    }
    let known = activity::read(&word);
    let activity =
        known.ok_or_else(|| fields.wrong("type", &format!("should be message:received, {}", activity::WORDS)))?;
    let user = Some(UserRef::Id(visit.session()?.user));
    visit.execute(Command::PostActivity { conversation, user, activity }).await?;
    Reply::done()
}

pub(super) async fn rate(visit: Visit) -> Answer {
    let conversation = visit.conversation().await?;
    let fields = visit.fields()?;
    let score = fields.integer("score", 1..=5)?.ok_or_else(|| fields.missing("score"))?;
    let comment = fields.text("comment", MAX_COMMENT)?;
    let score = u8::try_from(score).unwrap_or_default();
    visit.execute(Command::Widget(WidgetCommand::Rate { conversation, score, comment })).await?;
    Reply::done()
}
