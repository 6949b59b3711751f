//! Updates become events. Pure: payloads behind buttons are looked up elsewhere (`buttons`).

use passerelle_sdk::prelude::*;

use crate::address::Address;
use crate::content::{clip, content};
use crate::limits::NAME_CHARS;
use crate::wire::{CallbackQuery, Chat, Contact, DeletedMessages, MembershipChange, Message, Update, UpdateKind, User};

/// The events of one update: mostly one, none for what nobody here can be told about.
///
/// `epoch` counts how often Telegram began to number its updates anew (see `poll`), so that ids stay unique for ever.
pub fn events(update: Update, epoch: u32) -> Vec<InboundEvent> {
    let id = event_id(update.id, epoch);
    match update.kind {
        UpdateKind::Message(message) => wrote(id, &message, InboundKind::Message),
        UpdateKind::BusinessMessage(message) if is_echo(&message) => Vec::new(),
        UpdateKind::BusinessMessage(message) => wrote(id, &message, InboundKind::Message),
        UpdateKind::Edited(message) => wrote(id, &message, InboundKind::Edited),
        UpdateKind::Deleted(deleted) => removed(&id, &deleted),
        UpdateKind::Callback(query) => vec![pressed(id, &query)],
        UpdateKind::Membership(change) => vec![membership(id, &change)],
        UpdateKind::Reaction(reaction) => {
            let Some(user) = &reaction.user else { return Vec::new() };
            let kind = InboundKind::Other("message-reaction".to_owned());
            vec![at(
                InboundEvent::new(id, Address::chat(&reaction.chat).to_string(), sender(user), kind),
                reaction.date,
            )]
        }
        UpdateKind::Other(name) => {
            log::debug(format!("update `{}` of kind `{name}` is of no interest here", update.id));
            Vec::new()
        }
    }
}

/// An event's id: the update's number, and after a dot the epoch when it is not the first.
pub fn event_id(update: i64, epoch: u32) -> String {
    if epoch == 0 { format!("u{update}") } else { format!("u{update}.{epoch}") }
}

/// What the owner of a business account writes comes back to the bot as well.
fn is_echo(message: &Message) -> bool {
    message.from.as_ref().is_some_and(|from| from.id != message.chat.id)
}

fn wrote(id: String, message: &Message, kind: fn(InboundMessage) -> InboundKind) -> Vec<InboundEvent> {
    // Bots hear neither themselves nor other bots in chats; what comes nevertheless would only make loops.
    if message.from.as_ref().is_some_and(|from| from.is_bot) {
        return Vec::new();
    }
    let Some(sender) = author(message) else { return Vec::new() };
    let kind = match content(message) {
        Ok(content) => kind(inbound_message(message, content)),
        Err(word) => InboundKind::Other(word.to_owned()),
    };
    let event = InboundEvent::new(id, Address::of(message).to_string(), sender, kind);
    vec![at(event, message.edit_date.unwrap_or(message.date))]
}

/// A message's time, unless Telegram no longer knows it.
fn at(event: InboundEvent, unix_seconds: u64) -> InboundEvent {
    if unix_seconds == 0 { event } else { event.at_ms(unix_seconds.saturating_mul(1000)) }
}

/// Who wrote: a person, or the channel in whose name somebody wrote.
fn author(message: &Message) -> Option<Sender> {
    match (&message.from, &message.sender_chat) {
        (Some(user), _) => {
            let mut sender = sender(user);
            let shared = message.contact.as_ref().filter(|contact| contact.user_id == Some(user.id));
            if let (Some(contact), Some(profile)) = (shared, &mut sender.profile) {
                profile.phone = phone(contact);
            }
            Some(sender)
        }
        (None, Some(chat)) => Some(channel_sender(chat)),
        (None, None) => None,
    }
}

fn sender(user: &User) -> Sender {
    let mut profile = Profile {
        given_name: clip(&user.first_name, NAME_CHARS),
        surname: user.last_name.as_deref().and_then(|name| clip(name, NAME_CHARS)),
        locale: user.language_code.as_deref().and_then(|code| clip(code, 64)),
        ..Profile::unknown()
    };
    if let Some(username) = user.username.as_deref().and_then(|name| clip(name, NAME_CHARS)) {
        profile = profile.with_info("username", username);
    }
    Sender::new(user.id.to_string()).with_profile(profile)
}

fn channel_sender(chat: &Chat) -> Sender {
    let title = chat.title.as_deref().and_then(|title| clip(title, NAME_CHARS));
    Sender::new(chat.id.to_string()).with_profile(Profile { display_name: title, ..Profile::unknown() })
}

/// A number that its owner shared. Telegram leaves out the plus sign now and then.
fn phone(contact: &Contact) -> Option<String> {
    let digits: String = contact.phone_number.chars().filter(char::is_ascii_digit).collect();
    (7..=15).contains(&digits.len()).then(|| format!("+{digits}"))
}

fn inbound_message(message: &Message, content: Content) -> InboundMessage {
    let mut inbound = InboundMessage::new(message.message_id.to_string(), content);
    if let Some(earlier) = &message.reply_to_message {
        inbound = inbound.in_reply_to(earlier.message_id.to_string());
    }
    for (name, value) in facts(message) {
        inbound = inbound.with_metadata(name, value);
    }
    inbound
}

/// Facts beside the content that an agent or a bot may want.
fn facts(message: &Message) -> Vec<(String, Scalar)> {
    let mut facts: Vec<(String, Scalar)> = Vec::new();
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value.and_then(|value| clip(value, 256)) {
            facts.push((name.to_owned(), value.into()));
        }
    };
    add("media-group-id", message.media_group_id.as_deref());
    add("via-bot", message.via_bot.as_ref().and_then(|bot| bot.username.as_deref()));
    if !message.chat.is_private() {
        add("chat-type", Some(&message.chat.kind));
        add("chat-title", message.chat.title.as_deref());
        add("chat-username", message.chat.username.as_deref());
    }
    add("start-payload", message.text.as_deref().and_then(|text| text.strip_prefix("/start ")));
    let hidden = message.entities.iter().chain(&message.caption_entities).filter(|entity| entity.kind == "text_link");
    for (number, entity) in hidden.take(5).enumerate() {
        add(&format!("link-{}", number + 1), entity.url.as_deref());
    }
    add("contact-phone", message.contact.as_ref().map(|contact| contact.phone_number.as_str()));
    if let Some(contact) = &message.contact {
        let own = contact.user_id.is_some() && contact.user_id == message.from.as_ref().map(|from| from.id);
        facts.push(("contact-is-sender".to_owned(), own.into()));
    }
    if message.forward_origin.is_some() {
        facts.push(("forwarded".to_owned(), true.into()));
    }
    if let Some(seconds) = message.location.as_ref().and_then(|location| location.live_period) {
        facts.push(("live-location-seconds".to_owned(), (seconds as f64).into()));
    }
    facts
}

fn removed(id: &str, deleted: &DeletedMessages) -> Vec<InboundEvent> {
    let mut address = Address::chat(&deleted.chat);
    address.business.clone_from(&deleted.business_connection_id);
    // At most 100 messages are deleted in one call of the Bot API, and 100 events are what the contract takes.
    let one = |(number, message): (usize, &i64)| {
        let kind = InboundKind::Deleted(message.to_string());
        InboundEvent::new(format!("{id}-{number}"), address.to_string(), deleted.chat.id.to_string(), kind)
    };
    deleted.message_ids.iter().take(100).enumerate().map(one).collect()
}

fn pressed(id: String, query: &CallbackQuery) -> InboundEvent {
    let address = match &query.message {
        Some(message) => Address::of(message),
        // A button of a message that was sent through inline mode: nobody tells which chat it stands in.
        None => Address { chat: query.from.id, thread: None, topic: None, business: None },
    };
    let kind = match &query.data {
        Some(data) => InboundKind::Postback(InboundPostback {
            payload: data.clone(),
            text: label(query, data),
            message: query.message.as_ref().filter(|message| message.message_id != 0).map(|m| m.message_id.to_string()),
        }),
        None => InboundKind::Other("game-button".to_owned()),
    };
    InboundEvent::new(id, address.to_string(), sender(&query.from), kind)
}

fn label(query: &CallbackQuery, data: &str) -> Option<String> {
    let keyboard = query.message.as_ref()?.reply_markup.as_ref()?;
    let mut buttons = keyboard.inline_keyboard.iter().flatten();
    clip(&buttons.find(|button| button.callback_data.as_deref() == Some(data))?.text, 128)
}

/// In a private chat the bot's membership says whether the person blocked it. Groups only tell who is there.
fn membership(id: String, change: &MembershipChange) -> InboundEvent {
    let here = !matches!(change.new_chat_member.status.as_str(), "kicked" | "left");
    let kind = match (change.chat.is_private(), here) {
        (true, here) => InboundKind::Reachable(here),
        (false, true) => InboundKind::Other("bot-in-group".to_owned()),
        (false, false) => InboundKind::Other("bot-left-group".to_owned()),
    };
    at(InboundEvent::new(id, Address::chat(&change.chat).to_string(), sender(&change.from), kind), change.date)
}
