//! The host's answers as the JSON that fixtures compare with.

use passerelle_model::bot::{BotAction, BotTurn, Handover};
use passerelle_model::delivery::{Capabilities, SendOutcome};
use passerelle_model::inbound::{InboundEvent, InboundKind, InboundMessage};
use passerelle_model::routing::Decision;
use passerelle_plugin_host::{CallError, Download, Failure, FailureCategory, Fault, Polled};
use serde::Serialize;
use serde_json::{Value, json};

/// A value that serialises by itself.
pub(crate) fn plain<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

pub(crate) fn error(error: &CallError) -> Value {
    match &error.fault {
        Fault::Failure(failure) => json!({ "failure": render_failure(failure) }),
        fault => json!({ "fault": fault.kind(), "message": fault.to_string() }),
    }
}

fn render_failure(failure: &Failure) -> Value {
    let category = match failure.category {
        FailureCategory::BadInput => "bad-input",
        FailureCategory::Unauthorized => "unauthorized",
        FailureCategory::RateLimited => "rate-limited",
        FailureCategory::NotFound => "not-found",
        FailureCategory::Unsupported => "unsupported",
        FailureCategory::Temporary => "temporary",
        FailureCategory::Permanent => "permanent",
    };
    json!({
        "category": category,
        "code": failure.code,
        "message": failure.message,
        "afterMs": failure.retry_after.map(|after| after.as_millis() as u64),
    })
}

pub(crate) fn events(events: &[InboundEvent]) -> Value {
    events.iter().map(event).collect()
}

fn event(event: &InboundEvent) -> Value {
    let (name, value) = kind(&event.kind);
    let mut out = json!({
        "id": event.id,
        "conversation": event.conversation,
        "sender": event.sender,
        "profile": event.profile,
        "occurredAtMs": event.occurred_at.map(|at| at.as_millis()),
    });
    out[name] = value;
    out
}

fn kind(kind: &InboundKind) -> (&'static str, Value) {
    match kind {
        InboundKind::Message(it) => ("message", message(it)),
        InboundKind::Edited(it) => ("edited", message(it)),
        InboundKind::Deleted(id) => ("deleted", json!(id)),
        InboundKind::Postback { payload, text, message } => {
            ("postback", json!({ "payload": payload, "text": text, "message": message }))
        }
        InboundKind::Activity(activity) => ("activity", plain(activity)),
        InboundKind::Receipt { message, status } => ("receipt", json!({ "message": message, "status": status })),
        InboundKind::Reachable(reachable) => ("reachable", json!(reachable)),
        InboundKind::Other(name) => ("other", json!(name)),
    }
}

fn message(message: &InboundMessage) -> Value {
    json!({
        "id": message.id,
        "content": message.content,
        "inReplyTo": message.in_reply_to,
        "metadata": message.metadata,
    })
}

pub(crate) fn polled(polled: &Polled) -> Value {
    json!({
        "events": events(&polled.events),
        "cursor": polled.cursor,
        "delayMs": polled.delay.as_millis() as u64,
    })
}

pub(crate) fn outcome(outcome: &SendOutcome) -> Value {
    match outcome {
        SendOutcome::Sent(ids) => json!({ "sent": ids }),
        SendOutcome::Retry { after, reason } => {
            json!({ "retry": { "afterMs": after.map(|after| after.as_millis() as u64), "reason": reason } })
        }
        SendOutcome::Uncertain(reason) => json!({ "uncertain": reason }),
        SendOutcome::Rejected { kind, reason } => json!({ "rejected": { "kind": kind, "reason": reason } }),
        SendOutcome::Unauthorized(reason) => json!({ "unauthorized": reason }),
    }
}

pub(crate) fn download(download: &Download) -> Value {
    json!({
        "url": download.url,
        "headers": download.headers,
        "mediaType": download.media_type,
        "fileName": download.file_name,
    })
}

pub(crate) fn turn(turn: &BotTurn) -> Value {
    let state = turn.state.as_ref().map(|bytes| {
        serde_json::from_slice(bytes).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned()))
    });
    json!({ "state": state, "actions": turn.actions.iter().map(action).collect::<Value>() })
}

fn action(action: &BotAction) -> Value {
    match action {
        BotAction::Reply(content) => json!({ "reply": content }),
        BotAction::Activity(activity) => json!({ "activity": activity }),
        BotAction::SetUserField { name, value } => json!({ "setUserField": { "name": name, "value": value } }),
        BotAction::SetTicketField { name, value } => json!({ "setTicketField": { "name": name, "value": value } }),
        BotAction::Tag(tag) => json!({ "tag": tag }),
        BotAction::PassControl(to) => json!({ "passControl": handover(to) }),
        BotAction::OfferControl(to) => json!({ "offerControl": handover(to) }),
        BotAction::ReleaseControl(reason) => json!({ "releaseControl": reason }),
        BotAction::WakeMe { after, note } => {
            json!({ "wakeMe": { "afterMs": after.as_millis() as u64, "note": note } })
        }
    }
}

fn handover(to: &Handover) -> Value {
    json!({ "target": to.target, "reason": to.reason, "metadata": to.metadata })
}

pub(crate) fn decision(decision: &Decision) -> Value {
    json!({
        "queue": decision.queue,
        "group": decision.group,
        "agent": decision.agent,
        "priority": decision.priority.as_str(),
        "tags": decision.tags,
        "reason": decision.reason,
    })
}

pub(crate) fn capabilities(it: &Capabilities) -> Value {
    let words = |debugged: Vec<String>| -> Vec<String> { debugged.iter().map(|name| lower_first(name)).collect() };
    json!({
        "channelType": it.channel_type,
        "native": words(it.native.iter().map(|kind| format!("{kind:?}")).collect()),
        "actions": words(it.actions.iter().map(|kind| format!("{kind:?}")).collect()),
        "maxText": it.max_text,
        "textUnit": lower_first(&format!("{:?}", it.text_unit)),
        "maxActions": it.max_actions,
        "maxCards": it.max_cards,
        "maxMediaBytes": it.max_media_bytes,
        "idempotentSend": it.idempotent_send,
        "deliveryReceipts": it.delivery_receipts,
    })
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
