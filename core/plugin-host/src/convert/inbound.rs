//! Events from a channel.

use std::time::Duration;

use passerelle_model::content::{MAX_LABEL, MAX_PAYLOAD_BYTES, MAX_TEXT};
use passerelle_model::delivery::TextUnit;
use passerelle_model::inbound::{
    Activity, InboundEvent, InboundKind, InboundMessage, MAX_EVENTS, MAX_EXTERNAL_ID_BYTES, ReceiptStatus,
};
use passerelle_model::text::split;
use passerelle_model::time::Timestamp;

use super::check::{At, Invalid, bytes, list, metadata, optional, text};
use super::content::{VendorMedia, content};
use super::person::profile;
use crate::bindings::exports::passerelle::plugin::{channel as wit, polling};
use crate::bindings::passerelle::plugin::types;
use crate::call::Polled;
use crate::plugin::Plugin;

const MAX_CURSOR_BYTES: usize = 4096;
const MAX_DELAY_MS: u64 = 3_600_000;
const MAX_REASON: usize = 1024;

/// Events of a request, at most 100. A text that is too long for a message becomes several messages.
pub(crate) fn inbound_events(plugin: &Plugin, events: Vec<wit::InboundEvent>) -> Result<Vec<InboundEvent>, Invalid> {
    let vendor = match plugin.abilities().media_resolver {
        true => VendorMedia::Allowed,
        false => VendorMedia::Refused,
    };
    let events = list(events, 0, MAX_EVENTS, |event| {
        pieces(event).into_iter().map(|piece| inbound_event(piece, vendor)).collect::<Result<Vec<_>, _>>()
    });
    Ok(events.at("events")?.into_iter().flatten().collect())
}

/// An event with a text that fits. Vendors bring whole mails; a mail in several messages is better than none. The first
/// piece keeps the vendor's ids, the next ones count behind them, so that a repeat is still recognised.
fn pieces(event: wit::InboundEvent) -> Vec<wit::InboundEvent> {
    let wit::InboundKind::Message(wit::InboundMessage { content: types::Content::Text(words), .. }) = &event.kind
    else {
        return vec![event];
    };
    if words.text.len() <= MAX_TEXT {
        return vec![event];
    }
    let texts: Vec<_> = split(&words.text, MAX_TEXT, TextUnit::CodePoints).into_iter().flat_map(chunks).collect();
    if texts.is_empty() {
        return vec![event];
    }
    texts.into_iter().enumerate().map(|(index, text)| piece(&event, index, text)).collect()
}

/// A single character may be drawn with any number of marks: then only their number can be cut.
fn chunks(text: &str) -> Vec<String> {
    let letters: Vec<_> = text.chars().collect();
    let chunks = letters.chunks(MAX_TEXT).map(|chunk| chunk.iter().collect::<String>());
    chunks.filter(|chunk| !chunk.trim().is_empty()).collect()
}

fn piece(event: &wit::InboundEvent, index: usize, text: String) -> wit::InboundEvent {
    let mut piece = event.clone();
    let wit::InboundKind::Message(message) = &mut piece.kind else { return piece };
    if let types::Content::Text(words) = &mut message.content {
        words.text = text;
    }
    if index > 0 {
        message.id = format!("{}#{}", message.id, index + 1);
        piece.id = format!("{}#{}", piece.id, index + 1);
    }
    piece
}

/// What a poll brought.
pub(crate) fn polled(plugin: &Plugin, polled: polling::Polled) -> Result<Polled, Invalid> {
    let events = inbound_events(plugin, polled.events)?;
    if polled.cursor.len() > MAX_CURSOR_BYTES {
        return Err(Invalid::because(format!("has more than {MAX_CURSOR_BYTES} bytes"))).at("cursor");
    }
    if polled.delay_ms > MAX_DELAY_MS {
        return Err(Invalid::because("is more than an hour")).at("delay-ms");
    }
    Ok(Polled { events, cursor: polled.cursor, delay: Duration::from_millis(polled.delay_ms) })
}

fn inbound_event(event: wit::InboundEvent, vendor: VendorMedia) -> Result<InboundEvent, Invalid> {
    Ok(InboundEvent {
        id: external(event.id).at("id")?,
        occurred_at: event.occurred_at_ms.map(timestamp).transpose().at("occurred-at-ms")?,
        conversation: external(event.conversation).at("conversation")?,
        sender: external(event.sender.id).at("sender.id")?,
        profile: event.sender.profile.map(profile),
        kind: kind(event.kind, vendor).at("kind")?,
    })
}

fn kind(kind: wit::InboundKind, vendor: VendorMedia) -> Result<InboundKind, Invalid> {
    Ok(match kind {
        wit::InboundKind::Message(item) => InboundKind::Message(message(item, vendor).at("message")?),
        wit::InboundKind::Edited(item) => InboundKind::Edited(message(item, vendor).at("edited")?),
        wit::InboundKind::Deleted(id) => InboundKind::Deleted(external(id).at("deleted")?),
        wit::InboundKind::Postback(item) => postback(item).at("postback")?,
        wit::InboundKind::Activity(activity) => InboundKind::Activity(activity_of(activity)),
        wit::InboundKind::Receipt(item) => receipt(item).at("receipt")?,
        wit::InboundKind::Reachable(reachable) => InboundKind::Reachable(reachable),
        wit::InboundKind::Other(name) => InboundKind::Other(text(name, 1, MAX_LABEL).at("other")?),
    })
}

fn message(message: wit::InboundMessage, vendor: VendorMedia) -> Result<InboundMessage, Invalid> {
    Ok(InboundMessage {
        id: external(message.id).at("id")?,
        content: content(message.content, vendor).at("content")?,
        in_reply_to: message.in_reply_to.map(external).transpose().at("in-reply-to")?,
        metadata: metadata(message.metadata).at("metadata")?,
    })
}

fn postback(postback: wit::InboundPostback) -> Result<InboundKind, Invalid> {
    Ok(InboundKind::Postback {
        payload: bytes(postback.payload, MAX_PAYLOAD_BYTES).at("payload")?,
        text: optional(postback.text, MAX_LABEL).at("text")?,
        message: postback.message.map(external).transpose().at("message")?,
    })
}

fn receipt(receipt: wit::Receipt) -> Result<InboundKind, Invalid> {
    let status = match receipt.status {
        wit::ReceiptStatus::Delivered => ReceiptStatus::Delivered,
        wit::ReceiptStatus::Read => ReceiptStatus::Read,
        wit::ReceiptStatus::Failed(reason) => ReceiptStatus::Failed(text(reason, 0, MAX_REASON).at("status")?),
    };
    Ok(InboundKind::Receipt { message: external(receipt.message).at("message")?, status })
}

pub(super) fn activity_of(activity: types::Activity) -> Activity {
    match activity {
        types::Activity::TypingStart => Activity::TypingStart,
        types::Activity::TypingStop => Activity::TypingStop,
        types::Activity::Read => Activity::Read,
    }
}

fn external(id: String) -> Result<String, Invalid> {
    bytes(id, MAX_EXTERNAL_ID_BYTES)
}

fn timestamp(ms: u64) -> Result<Timestamp, Invalid> {
    // The year 9999 is the last that the API can write.
    const LAST: u64 = 253_402_300_799_999;
    let fits = i64::try_from(ms).ok().filter(|_| ms <= LAST);
    fits.map(Timestamp::from_millis).ok_or_else(|| Invalid::because("lies after the year 9999"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> wit::InboundEvent {
        let content =
            types::Content::Text(types::TextContent { text: text.to_owned(), actions: vec![], payload: None });
        let message = wit::InboundMessage { id: "m".to_owned(), content, in_reply_to: None, metadata: vec![] };
        wit::InboundEvent {
            id: "e".to_owned(),
            occurred_at_ms: None,
            conversation: "c".to_owned(),
            sender: wit::Sender { id: "u".to_owned(), profile: None },
            kind: wit::InboundKind::Message(message),
        }
    }

    #[test]
    fn a_text_is_split_until_every_piece_is_a_message() {
        let table = [
            ("short".to_owned(), 1),
            ("é".repeat(MAX_TEXT), 1),
            ("é".repeat(MAX_TEXT + 1), 2),
            ("a line of a long mail\n".repeat(100_000 / 22), 25),
            (format!("z{}", "\u{301}".repeat(MAX_TEXT * 2)), 3),
            (format!("{}end", " ".repeat(MAX_TEXT * 2)), 1),
        ];
        for (text, expected) in table {
            let pieces = pieces(written(&text));
            assert_eq!(pieces.len(), expected, "{} bytes", text.len());
            let events: Result<Vec<_>, _> =
                pieces.into_iter().map(|piece| inbound_event(piece, VendorMedia::Refused)).collect();
            assert!(events.is_ok(), "{events:?}");
        }
    }

    #[test]
    fn every_piece_has_an_id_of_its_own_and_the_same_one_again() {
        let ids = |events: Vec<wit::InboundEvent>| events.into_iter().map(|event| event.id).collect::<Vec<_>>();
        let long = "word ".repeat(2000);
        assert_eq!(ids(pieces(written(&long))), ["e", "e#2", "e#3"]);
        assert_eq!(ids(pieces(written(&long))), ids(pieces(written(&long))));
    }
}
