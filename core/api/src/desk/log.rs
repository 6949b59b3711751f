//! The conversation log: what customer, bot and agents said, what was noted beside it, and what was done, in one line.
//!
//! A page is cut by messages, because there are most of them; notes and audits stand between the messages of their time.

use std::collections::HashMap;

use passerelle_model::content::Media;
use passerelle_model::delivery::DeliveryState;
use passerelle_model::desk::{CommentId, PersonId};
use passerelle_model::id::{MessageId, RawId};
use passerelle_model::people::Author;
use passerelle_model::render::plain_text;
use passerelle_model::time::Timestamp;
use passerelle_store::{Audit, AuditEvent, Comment, Delivery, Mail, MailIn, MailState, Message, Page, Stretch, Ticket};
use serde_json::{Value, json};

use super::door::{Answer, Visit};
use super::page::ok;
use super::problem::Problem;
use super::{show, uploads, users};
use crate::wire::content;
use crate::wire::people::metadata;
use crate::wire::time;

/// Messages of a page.
const PAGE: u32 = 50;

/// `GET /tickets/{id}/conversation_log`: the newest page, or with `page[before]` the one before a message.
pub(super) async fn list(visit: Visit) -> Answer {
    let ticket = visit.ticket().await?;
    let page = page(&visit)?;
    let (messages, has_more) = messages(&visit, &ticket, page).await?;
    let stretch = stretch(&visit, &ticket, page, &messages, has_more).await?;
    let texts = visit.api.store().texts_beside(&ticket, stretch).await?;
    let audits = visit.api.store().audits_beside(&ticket, stretch).await?;
    let log = Log::of(&visit, &ticket, &messages, &texts).await?;
    let mut entries: Vec<(Timestamp, u8, Value)> = Vec::new();
    for message in &messages {
        entries.push((message.received_at, 0, log.message(message).await?));
    }
    for text in &texts {
        entries.push((text.created_at, 1, log.text(text).await?));
    }
    for audit in audits {
        let events = audit.events.into_iter().filter(is_shown).collect();
        let audit = Audit { events, ..audit };
        if !audit.events.is_empty() {
            entries.push((audit.created_at, 2, log.audit(&audit).await?));
        }
    }
    entries.sort_by_key(|(at, kind, _)| (*at, *kind));
    let events: Vec<Value> = entries.into_iter().map(|(_, _, entry)| entry).collect();
    let before = messages.first().map(|message| message.id.to_string()).filter(|_| has_more);
    let link = before.as_ref().map(|before| {
        format!("{}/api/v2/tickets/{}/conversation_log?page[before]={before}", visit.api.public_url, ticket.id)
    });
    ok(json!({
        "events": events,
        "meta": { "has_more": has_more, "before_cursor": before, "after_cursor": null },
        "links": { "prev": link, "next": null },
    }))
}

/// What was said stands in the log as itself.
fn is_shown(event: &AuditEvent) -> bool {
    !matches!(event, AuditEvent::Comment { .. })
}

fn page(visit: &Visit) -> Result<Page, Problem> {
    let wrong = |name| Problem::invalid(name, "should be one that the log gave");
    let before = visit.query("page[before]").map(|text| text.parse::<RawId>().map_err(|_| wrong("page")));
    let size = visit.query("page[size]").map(|text| text.parse().map_err(|_| wrong("page"))).transpose()?;
    Ok(Page { after: None, before: before.transpose()?, size: size.unwrap_or(PAGE).clamp(1, PAGE) })
}

/// The messages of the page, the oldest first, and whether there are older ones.
async fn messages(visit: &Visit, ticket: &Ticket, page: Page) -> Result<(Vec<Message>, bool), Problem> {
    let Some(conversation) = ticket.conversation else { return Ok((Vec::new(), false)) };
    let found = visit.api.store().messages(ticket.app, conversation, page).await?;
    Ok((found.rows, found.has_more))
}

/// The time that the page is about: from its first message on, before the message that it was asked to end at.
async fn stretch(
    visit: &Visit,
    ticket: &Ticket,
    page: Page,
    messages: &[Message],
    has_more: bool,
) -> Result<Stretch, Problem> {
    let until = match (page.before, ticket.conversation) {
        (Some(id), Some(conversation)) => {
            let end = visit.api.store().message(ticket.app, conversation, MessageId::from(id)).await?;
            Some(end.ok_or_else(Problem::not_found)?.received_at)
        }
        _ => None,
    };
    Ok(Stretch { from: messages.first().map(|message| message.received_at).filter(|_| has_more), until })
}

/// What the entries of one page need to know.
struct Log<'a> {
    visit: &'a Visit,
    requester: PersonId,
    authors: HashMap<MessageId, PersonId>,
    deliveries: HashMap<MessageId, Delivery>,
    receipts: HashMap<MessageId, bool>,
    read_until: Option<Timestamp>,
    /// The letters that comments are: ours, and those that came in.
    mails: HashMap<CommentId, Mail>,
    mails_in: HashMap<CommentId, MailIn>,
    /// The files of comments that are no message.
    files: HashMap<CommentId, Vec<Value>>,
    names: std::sync::Mutex<HashMap<PersonId, String>>,
}

impl<'a> Log<'a> {
    async fn of(visit: &'a Visit, ticket: &Ticket, messages: &[Message], texts: &[Comment]) -> Result<Self, Problem> {
        let store = visit.api.store();
        let (mut receipts, mut read_until) = (HashMap::new(), None);
        if let (Some(conversation), Some(first)) = (ticket.conversation, messages.first()) {
            for (message, read) in store.receipts(conversation, first.seq).await? {
                *receipts.entry(message).or_default() |= read;
            }
            let user = store.person(ticket.app, ticket.requester).await?.and_then(|person| person.user);
            if let Some(user) = user {
                read_until = store.read_until(conversation, user).await?;
            }
        }
        let deliveries = store.deliveries_of(messages).await?;
        let by_mail = texts.iter().filter(|text| text.via == "email");
        let by_mail: Vec<CommentId> = by_mail.map(|text| text.id).collect();
        let (mut mails, mut mails_in) = (Vec::new(), Vec::new());
        if !by_mail.is_empty() {
            (mails, mails_in) = (store.mails_of(&by_mail).await?, store.mails_in_of(&by_mail).await?);
        }
        let ids: Vec<CommentId> = texts.iter().map(|text| text.id).collect();
        Ok(Self {
            visit,
            files: uploads::on_comments(visit, &ids).await?,
            mails: mails.into_iter().map(|mail| (mail.comment, mail)).collect(),
            mails_in: mails_in.into_iter().map(|mail| (mail.comment, mail)).collect(),
            requester: ticket.requester,
            authors: store.authors_of(messages).await?.into_iter().collect(),
            deliveries: deliveries.into_iter().map(|delivery| (delivery.message, delivery)).collect(),
            receipts,
            read_until,
            names: std::sync::Mutex::default(),
        })
    }

    async fn message(&self, message: &Message) -> Result<Value, Problem> {
        let is_gone = message.deleted_at.is_some();
        let app = self.visit.app()?;
        let links = self.visit.api.gateway.attachments().links();
        let address = |media: &Media| links.of(app, media);
        let shown = if is_gone { Vec::new() } else { message.content.media() };
        let attachments: Result<Vec<Value>, Problem> =
            shown.into_iter().map(|media| uploads::attachment(self.visit, media)).collect();
        let (kind, id) = match (&message.author, self.authors.get(&message.id)) {
            (Author::User { .. }, _) => ("user", Some(&self.requester)),
            (Author::Business { bot: None, .. }, Some(id)) => ("agent", Some(id)),
            (Author::Business { .. }, _) => ("bot", None),
        };
        let name = match (&message.author, id) {
            (Author::User { display_name, .. } | Author::Business { display_name, .. }, _)
                if display_name.is_some() =>
            {
                display_name.clone()
            }
            (_, Some(id)) => Some(self.name(*id).await?),
            _ => None,
        };
        let avatar = match &message.author {
            Author::Business { avatar_url, .. } => avatar_url.clone(),
            Author::User { .. } => None,
        };
        Ok(json!({
            "id": format!("m:{}", message.id),
            "type": "Messaging::ConversationMessage",
            "created_at": time::show(message.received_at),
            "author": { "type": kind, "id": id, "display_name": name, "avatar_url": avatar },
            "content": (!is_gone).then(|| content::show(&message.content, &address)),
            "text": if is_gone { String::new() } else { plain_text(&message.content) },
            "public": true,
            "attachments": attachments?,
            "metadata": metadata(&message.metadata),
            "source": { "type": message.source.kind },
            "reference": { "message_id": message.id.to_string(), "seq": message.seq },
            "delivery": self.delivery(message),
            "deleted": is_gone,
            "edited": message.edited_at.is_some(),
        }))
    }

    /// What became of a message of ours; none for what customers wrote.
    fn delivery(&self, message: &Message) -> Option<Value> {
        let Author::Business { .. } = message.author else { return None };
        let delivery = self.deliveries.get(&message.id);
        let was_read = self.read_until.is_some_and(|at| at >= message.received_at);
        let status = match (self.receipts.get(&message.id), delivery.map(|delivery| delivery.state)) {
            (Some(true), _) => "read",
            _ if was_read => "read",
            (Some(false), _) => "delivered",
            (None, Some(DeliveryState::Pending | DeliveryState::Sending)) => "pending",
            (None, Some(DeliveryState::Failed)) => "failed",
            (None, Some(DeliveryState::Uncertain)) => "uncertain",
            (None, Some(DeliveryState::Delivered) | None) => "sent",
        };
        Some(json!({ "status": status, "reason": delivery.and_then(|delivery| delivery.reason.as_deref()) }))
    }

    async fn text(&self, comment: &Comment) -> Result<Value, Problem> {
        let name = match comment.author {
            Some(id) => Some(self.name(id).await?),
            None => None,
        };
        Ok(json!({
            "id": format!("c:{}", comment.id),
            "type": "Comment",
            "created_at": time::show(comment.created_at),
            "author": { "type": self.who(comment), "id": comment.author, "display_name": name, "avatar_url": null },
            "content": null,
            "via": { "channel": comment.via },
            "text": comment.body,
            "public": comment.public,
            "attachments": self.files.get(&comment.id).map_or(&[][..], Vec::as_slice),
            "metadata": self.facts(comment),
            "reference": { "comment_id": comment.id, "ticket_id": comment.ticket },
            "delivery": self.mails.get(&comment.id).map(mail_delivery),
            "deleted": false,
            "edited": false,
        }))
    }

    /// A letter that came in was written by a customer, or by a program of one; everything else by an agent.
    fn who(&self, comment: &Comment) -> &'static str {
        match (comment.author, self.mails_in.contains_key(&comment.id)) {
            (Some(author), _) if author == self.requester => "user",
            (Some(_), true) => "user",
            (None, _) => "system",
            (Some(_), false) => "agent",
        }
    }

    /// What stands on the letter that a comment is, or of the call that it is about.
    fn facts(&self, comment: &Comment) -> Value {
        if let Some(mail) = self.mails.get(&comment.id) {
            return json!({ "email": { "to": mail.recipient, "subject": mail.subject } });
        }
        if let Some(mail) = self.mails_in.get(&comment.id) {
            return json!({ "email": { "from": mail.sender, "subject": mail.subject } });
        }
        comment.call.as_ref().map_or(json!({}), |call| json!({ "call": call }))
    }

    async fn audit(&self, audit: &Audit) -> Result<Value, Problem> {
        let (kind, name) = match audit.author {
            Some(id) if id == self.requester => ("user", Some(self.name(id).await?)),
            Some(id) => ("agent", Some(self.name(id).await?)),
            None => ("system", None),
        };
        Ok(json!({
            "id": format!("a:{}", audit.id),
            "type": "Audit",
            "created_at": time::show(audit.created_at),
            "author": { "type": kind, "id": audit.author, "display_name": name, "avatar_url": null },
            "content": null,
            "text": "",
            "public": false,
            "attachments": [],
            "metadata": {},
            "reference": { "ticket_id": audit.ticket },
            "delivery": null,
            "deleted": false,
            "edited": false,
            "events": show::audit(audit)["events"],
        }))
    }

    async fn name(&self, id: PersonId) -> Result<String, Problem> {
        if let Some(name) = self.names.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(&id) {
            return Ok(name.clone());
        }
        let name = users::name(&self.visit.api, self.visit.app()?, id).await?;
        self.names.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(id, name.clone());
        Ok(name)
    }
}

/// What became of a letter of ours.
fn mail_delivery(mail: &Mail) -> Value {
    let status = if mail.state == MailState::Sending { MailState::Pending } else { mail.state };
    json!({ "status": status.as_str(), "reason": mail.reason, "channel": "email" })
}
