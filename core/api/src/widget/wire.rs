//! What a visitor is shown: its conversations and their messages, and nothing of how the house works.

use passerelle_model::content::Media;
use passerelle_model::id::{AppId, MessageId};
use passerelle_model::render::plain_text;
use passerelle_model::widget::CHANNEL;
use passerelle_pipeline::Links;
use passerelle_store::{InboxEntry, Message, User};
use serde_json::{Map, Value, json};

use crate::wire::content::{self, put};
use crate::wire::{extras, people, time};

/// Characters of a preview.
const PREVIEW: usize = 140;

/// A message. `answered`: the forms that somebody has answered.
pub(super) fn message(message: &Message, app: AppId, links: &Links, answered: &[MessageId]) -> Value {
    let link = |media: &Media| links.of(app, media);
    let mut shown = json!({
        "id": message.id.to_string(),
        "seq": message.seq,
        "received": time::show(message.received_at),
        "author": people::author(&message.author),
        "content": content::show(&message.content, &link),
        "source": { "type": message.source.kind },
    });
    extras::show(&message.extras, &mut shown);
    let own = message.source.original_id.as_deref().filter(|_| message.source.kind == CHANNEL);
    for (name, text) in [
        ("key", own.map(str::to_owned)),
        ("editedAt", message.edited_at.map(time::show)),
        ("quotedMessageId", message.in_reply_to.map(|id| id.to_string())),
    ] {
        if let Some(text) = text {
            shown[name] = text.into();
        }
    }
    if answered.contains(&message.id) {
        shown["answered"] = true.into();
    }
    if message.deleted_at.is_some() {
        shown["deleted"] = true.into();
        shown["content"] = json!({ "type": "text", "text": "" });
    }
    shown
}

/// A conversation in a list.
pub(super) fn summary(entry: &InboxEntry) -> Value {
    let found = &entry.conversation;
    let mut shown = Map::new();
    put(&mut shown, "id", Some(&found.id.to_string()));
    shown.insert("isDefault".to_owned(), found.is_default.into());
    put(&mut shown, "displayName", found.display_name.as_deref());
    put(&mut shown, "description", found.description.as_deref());
    put(&mut shown, "iconUrl", found.icon_url.as_deref());
    put(&mut shown, "createdAt", Some(&time::show(found.created_at)));
    put(&mut shown, "lastUpdatedAt", Some(&time::show(found.last_updated_at)));
    shown.insert("unreadCount".to_owned(), entry.unread_count.into());
    put(&mut shown, "lastRead", entry.last_read.map(time::show).as_deref());
    put(&mut shown, "businessLastRead", found.business_last_read.map(time::show).as_deref());
    if let Some(last) = &entry.last_message {
        let last = json!({
            "id": last.id.to_string(),
            "received": time::show(last.received_at),
            "author": people::author(&last.author),
            "preview": preview(last),
        });
        shown.insert("lastMessage".to_owned(), last);
    }
    shown.into()
}

/// The visitor.
pub(super) fn user(user: &User) -> Value {
    let mut shown = Map::new();
    put(&mut shown, "id", Some(&user.id.to_string()));
    put(&mut shown, "externalId", user.external_id.as_deref().filter(|_| user.authenticated));
    shown.insert("authenticated".to_owned(), user.authenticated.into());
    put(&mut shown, "givenName", user.profile.given_name.as_deref());
    put(&mut shown, "surname", user.profile.surname.as_deref());
    put(&mut shown, "email", user.profile.email.as_deref());
    shown.into()
}

/// The first words on one line.
fn preview(message: &Message) -> String {
    let text = plain_text(&message.content);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(PREVIEW) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
