//! Events from a channel.

use std::time::Duration;

use passerelle_model::content::{MAX_LABEL, MAX_PAYLOAD_BYTES};
use passerelle_model::inbound::{
    Activity, InboundEvent, InboundKind, InboundMessage, MAX_EVENTS, MAX_EXTERNAL_ID_BYTES, ReceiptStatus,
};
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

/// Events of a request, at most 100.
pub(crate) fn inbound_events(plugin: &Plugin, events: Vec<wit::InboundEvent>) -> Result<Vec<InboundEvent>, Invalid> {
    let vendor = match plugin.abilities().media_resolver {
        true => VendorMedia::Allowed,
        false => VendorMedia::Refused,
    };
    list(events, 0, MAX_EVENTS, |event| inbound_event(event, vendor)).at("events")
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
