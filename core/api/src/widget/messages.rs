//! What a visitor writes, presses, sends and reads.

use passerelle_model::content::{Action, Content, MediaSource};
use passerelle_model::id::{ConversationId, RawId};
use passerelle_model::people::Author;
use passerelle_pipeline::{Command, Destination, Done, Incoming, NewAuthor, NewMessage, UserRef, WidgetCommand};
use passerelle_store::{MediaAccess, MediaFile, Message, Page};
use serde_json::{Value, json};
use tracing::Instrument as _;

use super::door::Visit;
use super::wire;
use crate::call::{Answer, Reply, stored};
use crate::error::ApiError;
use crate::routes::attachments::{finish, receive};
use crate::wire::content;
use crate::wire::fields::Fields;

/// Messages of a page.
const PAGE: u32 = 50;
/// Messages in which the button of an answer is looked for.
const RECENT: u32 = 100;
/// Characters of an id.
const MAX_ID: usize = 64;
/// Characters of a visitor's name for a message of its own, at least and at most.
const KEY: std::ops::RangeInclusive<usize> = 8..=64;
/// What visitors may write.
const KINDS: &[&str] = &["text", "image", "file", "location", "formResponse"];

pub(super) async fn list(visit: Visit) -> Answer {
    let conversation = visit.conversation().await?;
    let cursor = |name: &str| {
        let wrong = |_| ApiError::bad_request(format!("{name} should be the id of a message"));
        visit.query(name).map(|text| text.parse::<RawId>().map_err(wrong)).transpose()
    };
    let (before, after) = (cursor("before")?, cursor("after")?);
    if before.is_some() && after.is_some() {
        return Err(ApiError::bad_request("before and after exclude each other"));
    }
    let page = Page { before, after, size: PAGE };
    let found = stored(visit.api.store().messages(visit.app, conversation, page).await)?;
    let shown = show(&visit, conversation, &found.rows).await?;
    Reply::object(json!({ "messages": shown, "hasMore": found.has_more }))
}

pub(super) async fn post(visit: Visit) -> Answer {
    let conversation = visit.conversation().await?;
    let fields = visit.fields()?;
    let key = key(&fields)?;
    let written = fields.needed_inner("content")?;
    let kind = written.needed_text("type", MAX_ID)?;
    if !KINDS.contains(&kind.as_str()) {
        return Err(written.wrong("type", &format!("should be one of {}", KINDS.join(", "))));
    }
    let mut content = content::read(&written)?;
    let in_reply_to = match fields.text("quotedMessageId", MAX_ID)? {
        Some(text) => Some(text.parse().map_err(|_| fields.wrong("quotedMessageId", "should be the id of a message"))?),
        None => None,
    };
    check(&visit, conversation, &written, &content).await?;
    let files = visit.api.gateway.adopt_files(visit.app, &mut content).await?;
    let new = NewMessage {
        conversation,
        author: NewAuthor::User(UserRef::Id(visit.session()?.user)),
        content,
        metadata: Default::default(),
        destination: Destination::LastUsed,
        files,
        in_reply_to,
        extras: Default::default(),
        key: Some(key),
    };
    match visit.execute(Command::PostMessage(new)).await? {
        Done::Messages(messages) => {
            let shown = show(&visit, conversation, &messages).await?;
            Reply::created("message", shown.into_iter().next().unwrap_or_default())
        }
        other => Err(ApiError::internal(&format!("a message was posted, and this came: {other:?}"))),
    }
}

pub(super) async fn press(visit: Visit) -> Answer {
    let conversation = visit.conversation().await?;
    let fields = visit.fields()?;
    let text = fields.needed_text("messageId", MAX_ID)?;
    let message = text.parse().map_err(|_| fields.wrong("messageId", "should be the id of a message"))?;
    let payload = fields.needed_text("payload", passerelle_model::content::MAX_PAYLOAD_BYTES)?;
    let command = WidgetCommand::Press { conversation, message, payload, key: key(&fields)? };
    visit.execute(Command::Widget(command)).await?;
    Reply::done()
}

pub(super) async fn upload(mut visit: Visit) -> Answer {
    if !visit.settings.attachments {
        return Err(ApiError::new(http::StatusCode::FORBIDDEN, "forbidden", "This widget takes no files"));
    }
    let conversation = match visit.query("conversationId") {
        Some(text) => Some(visit.own_conversation(&text).await?),
        None => None,
    };
    let (api, app, body) = (visit.api.clone(), visit.app, visit.take_stream());
    let (incoming, name) = receive(&api, app, &visit.request.headers, body, MediaAccess::Private).await?;
    // Everything has come. A visitor who goes away now must not leave a file without its row: the rest is a task of its own.
    let kept = tokio::spawn(keep(visit, conversation, incoming, name).in_current_span());
    kept.await.map_err(|error| ApiError::internal(&error))?
}

/// Keeps the file and writes its row, or neither.
async fn keep(visit: Visit, conversation: Option<ConversationId>, incoming: Incoming, name: Option<String>) -> Answer {
    let file = MediaFile { for_message: true, conversation, ..finish(incoming, name).await? };
    let attachments = visit.api.gateway.attachments();
    let kept = visit.execute(Command::AddAttachment(file.clone())).await;
    if kept.is_err() {
        attachments.discard(&file).await;
    }
    kept?;
    let link = attachments.links().to(visit.app, &file.handle, file.file_name.as_deref());
    let shown = json!({
        "mediaUrl": link, "mediaType": file.media_type, "mediaSize": file.size, "fileName": file.file_name,
    });
    Reply::created("attachment", shown)
}

/// Messages as the visitor sees them.
async fn show(visit: &Visit, conversation: ConversationId, messages: &[Message]) -> Result<Vec<Value>, ApiError> {
    let answered = stored(visit.api.store().answered_forms(conversation, messages).await)?;
    let links = visit.api.gateway.attachments().links();
    Ok(messages.iter().map(|message| wire::message(message, visit.app, links, &answered)).collect())
}

/// A file must be one that was sent here, and the payload of an answer must be that of a button that was offered: both
/// are words of others in the visitor's mouth.
async fn check(
    visit: &Visit,
    conversation: ConversationId,
    written: &Fields<'_>,
    content: &Content,
) -> Result<(), ApiError> {
    let links = visit.api.gateway.attachments().links();
    for media in content.media() {
        let MediaSource::Url(url) = &media.source else { continue };
        let is_ours = links.parse(url).is_some_and(|(app, _)| app == visit.app);
        if !is_ours {
            return Err(written.wrong("mediaUrl", "should be one that an upload gave"));
        }
    }
    let Content::Text { text, actions, payload } = content else { return Ok(()) };
    if !actions.is_empty() {
        return Err(written.wrong("actions", "are the business's to offer"));
    }
    let Some(payload) = payload else { return Ok(()) };
    let recent = stored(visit.api.store().messages(visit.app, conversation, Page::first(RECENT)).await)?;
    let offered = recent.rows.iter().any(|message| offers(message, text, payload));
    offered.then_some(()).ok_or_else(|| written.wrong("payload", "is that of no answer that was offered"))
}

fn offers(message: &Message, said: &str, wanted: &str) -> bool {
    let Author::Business { .. } = message.author else { return false };
    let (Content::Text { actions, .. } | Content::Image { actions, .. }) = &message.content else { return false };
    actions
        .iter()
        .any(|action| matches!(action, Action::Reply { text, payload, .. } if payload == wanted && text == said))
}

/// The visitor's own name for what it does, under which a repeat is known.
fn key(fields: &Fields<'_>) -> Result<String, ApiError> {
    let key = fields.needed_text("key", *KEY.end())?;
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    match plain && KEY.contains(&key.len()) {
        true => Ok(key),
        false => Err(fields.wrong("key", "should be 8 to 64 letters, digits, `-`, `_`")),
    }
}
