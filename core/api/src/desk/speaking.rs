//! What agents say on tickets: to the customer where it is public and there is a conversation, beside it otherwise; and the
//! signs they give.

use passerelle_desk::{Act, note};
use passerelle_model::content::{Content, MAX_TEXT};
use passerelle_model::delivery::DeliveryState;
use passerelle_model::desk::{CommentId, MAX_NOTE};
use passerelle_model::id::{AppId, ConversationId, SwitchboardIntegrationId};
use passerelle_model::metadata::Metadata;
use passerelle_pipeline::{Command, CommandError, Destination, Done, Handing, NewAuthor, NewMessage, Stop, Together};
use passerelle_store::{Agent, Audit, AuditEvent, MediaFile, Said, Store, StoreError, Ticket};
use serde_json::Value;

use super::door::{Answer, Visit};
use super::page::ok;
use super::problem::{Problem, stop};
use super::sessions::no_content;
use super::ticket_fields::MAX_WORD;
use super::{show, uploads};
use crate::wire::activity;
use crate::wire::conversation::Seats;
use crate::wire::fields::Fields;

/// Files with one comment.
const MAX_UPLOADS: usize = 10;

/// `POST /tickets/{id}/release`: the bot answers the customer's next message, and the ticket stays to be wrapped up.
pub(super) async fn release(visit: Visit) -> Answer {
    let conversation = conversation_of(&visit.ticket().await?)?;
    let command = Command::ReleaseControl { conversation, reason: None, metadata: Metadata::default() };
    visit
        .write(move |mut all| {
            Box::pin(async move {
                all.execute(command).await?;
                Ok(String::new())
            })
        })
        .await?;
    no_content()
}

/// `POST /tickets/{id}/activity {type}`: typing, and reading.
pub(super) async fn act_out(visit: Visit) -> Answer {
    let conversation = conversation_of(&visit.ticket().await?)?;
    let activity = activity::read(&visit.fields()?.needed_text("type", MAX_WORD)?);
    let activity = activity.ok_or_else(|| Problem::invalid("type", format!("should be {}", activity::WORDS)))?;
    let command = Command::PostActivity { conversation, user: None, activity };
    visit
        .write(move |mut all| {
            Box::pin(async move {
                all.execute(command).await?;
                Ok(String::new())
            })
        })
        .await?;
    no_content()
}

/// `POST /tickets/{id}/retry {message_id}`: says once more what did not arrive.
pub(super) async fn retry(visit: Visit) -> Answer {
    let (act, ticket) = (visit.act()?, visit.ticket().await?);
    let conversation = conversation_of(&ticket)?;
    let id = visit.fields()?.needed_text("message_id", MAX_WORD)?;
    let id = id.parse().map_err(|_| Problem::invalid("message_id", "should be the id of a message"))?;
    let message = visit.api.store().message(act.app, conversation, id).await?.ok_or_else(Problem::not_found)?;
    let failed = visit.api.store().deliveries_of(std::slice::from_ref(&message)).await?;
    let has_failed = failed
        .last()
        .is_some_and(|delivery| matches!(delivery.state, DeliveryState::Failed | DeliveryState::Uncertain));
    if !has_failed {
        return Err(Problem::invalid("message_id", "names a message that did not fail"));
    }
    let agent = visit.agent()?.clone();
    visit
        .write(move |mut all| {
            Box::pin(async move {
                speak(&mut all, &act, &agent, &ticket, message.content).await?;
                Ok(String::new())
            })
        })
        .await?;
    no_content()
}

/// The conversation behind a ticket.
pub(super) fn conversation_of(ticket: &Ticket) -> Result<ConversationId, Problem> {
    ticket.conversation.ok_or_else(|| Problem::invalid("id", "is that of a ticket without a conversation"))
}

/// What shall be said on a ticket.
pub(super) struct Comment {
    /// Whether the customer reads it.
    pub(super) public: bool,
    text: Option<String>,
    files: Vec<MediaFile>,
}

impl Comment {
    /// The words, the handles of the files, and whether the customer reads it.
    pub(super) fn into_parts(self) -> (String, Vec<String>, bool) {
        let handles = self.files.into_iter().map(|file| file.handle).collect();
        (self.text.unwrap_or_default(), handles, self.public)
    }

    /// As messages: the words, and each file by itself.
    fn messages(self) -> impl Iterator<Item = Content> {
        self.text.map(Content::text).into_iter().chain(self.files.into_iter().map(|file| uploads::content(&file)))
    }
}

/// What a body's `comment` says. `is_talk`: a conversation stands behind the ticket.
pub(super) async fn comment_of(visit: &Visit, is_talk: bool, fields: &Fields<'_>) -> Result<Option<Comment>, Problem> {
    let Some(comment) = fields.inner("comment")? else { return Ok(None) };
    let text = match comment.text("body", MAX_NOTE)? {
        Some(text) => Some(text),
        None => comment.text("html_body", MAX_NOTE)?.map(|html| plain(&html)),
    };
    let public = comment.flag("public")?.unwrap_or(true);
    if public && is_talk && text.as_ref().is_some_and(|text| text.chars().count() > MAX_TEXT) {
        return Err(Problem::invalid("body", format!("needs 1 to {MAX_TEXT} characters: it is one message")));
    }
    let mut files = Vec::new();
    for token in comment.texts("uploads", MAX_UPLOADS)? {
        files.push(uploads::named(visit, &token).await?);
    }
    if text.is_none() && files.is_empty() {
        return Err(Problem::invalid("comment", "needs a body or files"));
    }
    Ok(Some(Comment { public, text, files }))
}

/// The words of a marked-up text: agents' programs send some, and nothing from outside is shown as markup.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' if inside => inside = false,
            other if !inside => text.push(other),
            _ => {}
        }
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&nbsp;", " ").replace("&amp;", "&")
}

/// Says it: to the customer where it is public and there is a conversation, beside it otherwise.
pub(super) async fn say(
    all: &mut Together<'_, '_>,
    act: &Act,
    agent: &Agent,
    ticket: &Ticket,
    comment: Comment,
) -> Result<(), Stop> {
    if !comment.public || ticket.conversation.is_none() {
        let (text, files, public) = comment.into_parts();
        return note(all.tx, act, ticket.id, Said::Files { text, files }, public).await.map_err(stop);
    }
    for part in comment.messages() {
        speak(all, act, agent, ticket, part).await?;
    }
    Ok(())
}

/// Writes to the customer in the name of the agent. The message and the comment that it is are one transaction.
async fn speak(
    all: &mut Together<'_, '_>,
    act: &Act,
    agent: &Agent,
    ticket: &Ticket,
    content: Content,
) -> Result<(), Stop> {
    let Some(conversation) = ticket.conversation else { return Err(CommandError::NotFound("the conversation").into()) };
    let author = NewAuthor::Business { display_name: Some(agent.name.clone()), avatar_url: None };
    let new = NewMessage {
        conversation,
        author,
        content,
        metadata: Metadata::default(),
        destination: Destination::LastUsed,
        files: Vec::new(),
        in_reply_to: None,
        extras: Default::default(),
        key: None,
    };
    let Done::Messages(messages) = all.execute(Command::PostMessage(new)).await? else {
        return Err(CommandError::Bug("a message was posted, and something else came".into()).into());
    };
    for message in messages {
        note(all.tx, act, ticket.id, Said::Message(message.id), true).await.map_err(stop)?;
    }
    Ok(())
}

/// The seat of the agents; none where the app has no switchboard.
pub(super) async fn desk_seat(visit: &Visit) -> Result<Option<SwitchboardIntegrationId>, Problem> {
    let seats = Seats::of(visit.api.store(), visit.app()?).await?;
    Ok(seats.desk(visit.api.desk.seat_type()).map(|seat| seat.id))
}

/// Whoever takes a ticket or answers speaks for the business from now on: a bot that has control loses it.
pub(super) async fn step_in(
    all: &mut Together<'_, '_>,
    app: AppId,
    conversation: ConversationId,
    seat: SwitchboardIntegrationId,
) -> Result<(), Stop> {
    let found = all.tx.conversation(app, conversation).await?;
    if found.is_none_or(|found| found.active == Some(seat)) {
        return Ok(());
    }
    let handing =
        Handing { conversation, target: seat.to_string(), metadata: Metadata::default(), reason: Some("taken".into()) };
    all.execute(Command::PassControl(handing)).await.map(|_| ())
}

/// `GET /tickets/{id}/comments`.
pub(super) async fn comments(visit: Visit) -> Answer {
    let (ticket, page) = (visit.ticket().await?, visit.page()?);
    let found = visit.api.store().comments(ticket.id, page).await?;
    let ids: Vec<_> = found.rows.iter().map(|comment| comment.id).collect();
    let mut files = uploads::on_comments(&visit, &ids).await?;
    let mut shown = Vec::with_capacity(found.rows.len());
    for comment in &found.rows {
        let (mut body, mut attachments) = (comment.body.clone(), files.remove(&comment.id).unwrap_or_default());
        if let (Some(message), Some(conversation)) = (comment.message, ticket.conversation)
            && let Some(message) = visit.api.store().message(ticket.app, conversation, message).await?
            && message.deleted_at.is_none()
        {
            body = Some(passerelle_model::render::plain_text(&message.content));
            for media in message.content.media() {
                attachments.push(uploads::attachment(&visit, media)?);
            }
        }
        shown.push(show::comment(comment, &body.unwrap_or_default(), attachments));
    }
    ok(visit.list("comments", &found, page, |comment| comment.id.0, shown))
}

/// Audits with the words of the notes that are among what was done.
pub(crate) async fn told(store: &Store, audits: &[Audit]) -> Result<Vec<Value>, StoreError> {
    let notes = audits.iter().flat_map(|audit| &audit.events).filter_map(|event| match event {
        AuditEvent::Comment { comment, public: false, .. } => Some(*comment),
        _ => None,
    });
    let notes: Vec<CommentId> = notes.collect();
    let texts = if notes.is_empty() { Vec::new() } else { store.texts(&notes).await? };
    let mut shown: Vec<Value> = audits.iter().map(show::audit).collect();
    for event in shown.iter_mut().flat_map(|audit| audit["events"].as_array_mut().into_iter().flatten()) {
        if let Some(text) = texts.iter().find(|text| event["comment_id"] == text.id.0) {
            event["body"] = text.body.as_deref().into();
        }
    }
    Ok(shown)
}

/// `GET /tickets/{id}/audits`.
pub(super) async fn audits(visit: Visit) -> Answer {
    let (ticket, page) = (visit.ticket().await?, visit.page()?);
    let found = visit.api.store().audits(ticket.id, page).await?;
    let shown = told(visit.api.store(), &found.rows).await?;
    ok(visit.list("audits", &found, page, |audit| audit.id.0, shown))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn of_markup_the_words_are_left() {
        assert_eq!(plain("<p>1 &lt; 2 &amp; <b>so</b></p>"), "1 < 2 & so");
        assert_eq!(plain("a > b"), "a > b");
        assert_eq!(plain("&amp;lt;script&amp;gt;"), "&lt;script&gt;");
    }
}
