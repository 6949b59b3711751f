//! Asks for updates, for hosts that Telegram cannot reach.
//!
//! The cursor is the next update's number, and after a dot how often the numbering has begun anew: it does so after
//! a week of silence. Both are part of an event's id, so an update is recognised however often it comes.

use std::fmt;
use std::str::FromStr;

use passerelle_sdk::prelude::*;
use serde::Deserialize as _;
use serde_json::{Value, json};

use crate::api::Api;
use crate::fault::Fault;
use crate::limits::UPDATES_PER_POLL;
use crate::settings::{Mode, Settings};
use crate::setup::ALLOWED_UPDATES;
use crate::wire::Update;
use crate::{inbound, receive};

/// Events in one answer, as the contract bounds them.
const MAX_EVENTS: usize = 100;
/// Between polls when there is nothing to poll for.
const IDLE_MS: u64 = 3_600_000;
/// Between polls of a server that answers at once without news: it does not wait as it was asked to.
const HASTY_MS: u64 = 250;
/// After somebody else polled with our token.
const CONFLICT_MS: u64 = 30_000;

/// Where to go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cursor {
    /// The first update that we have not seen.
    next: Option<i64>,
    /// How often the numbering has begun anew.
    epoch: u32,
}

/// One poll.
pub fn poll(settings: &Settings, cursor: Option<String>) -> Result<Polled, Failure> {
    let text = cursor.unwrap_or_default();
    if settings.mode == Mode::Webhook {
        return Ok(Polled::new(Vec::new(), text).delay_ms(IDLE_MS));
    }
    let cursor: Cursor = text.parse()?;
    let begun = clock::now_ms();
    let updates = match fetch(settings, cursor) {
        Ok(updates) => updates,
        Err(Fault::Conflict(reason)) => return conflict(settings, text, &reason),
        // Asking again is harmless, and a host that allows less time than we wait for news is no fault of Telegram's.
        Err(Fault::NoAnswer(reason)) => {
            log::warn(format!("{reason}; is `poll_timeout_s` longer than the host lets a request take?"));
            return Ok(Polled::new(Vec::new(), text).delay_ms(HASTY_MS));
        }
        Err(fault) => return Err(fault.into()),
    };
    let hasty = updates.is_empty() && clock::now_ms().saturating_sub(begun) < 1000;
    let (events, cursor) = translate(settings, updates, cursor)?;
    Ok(Polled::new(events, cursor.to_string()).delay_ms(if hasty { HASTY_MS } else { 0 }))
}

fn fetch(settings: &Settings, cursor: Cursor) -> Result<Vec<Value>, Fault> {
    let seconds = settings.poll_seconds();
    let mut fields = json!({"timeout": seconds, "limit": UPDATES_PER_POLL, "allowed_updates": ALLOWED_UPDATES});
    if let Some(next) = cursor.next {
        fields["offset"] = json!(next);
    }
    Api::new(settings.base()).call_patiently("getUpdates", &fields, (seconds + 2) * 1000)
}

/// As many updates as one answer holds; the others come with the next poll.
fn translate(
    settings: &Settings,
    updates: Vec<Value>,
    mut cursor: Cursor,
) -> Result<(Vec<InboundEvent>, Cursor), Failure> {
    let mut events = Vec::new();
    let mut courteous = true;
    for value in updates {
        // Asked before the update is looked at, because looking may use up a keyboard's answers.
        if events.len() == MAX_EVENTS {
            break;
        }
        let Some(id) = value["update_id"].as_i64() else {
            return Err(Failure::temporary("odd-update", "an update without `update_id` came; check `api_base`"));
        };
        let epoch = cursor.epoch + u32::from(cursor.next.is_some_and(|next| id < next));
        let found = match Update::deserialize(&value) {
            Ok(update) => receive::events(settings, update, epoch, &mut courteous)?,
            Err(error) => malformed(&value, id, epoch, &error),
        };
        // Only deletions come in numbers, and they use up nothing.
        if events.len() + found.len() > MAX_EVENTS {
            break;
        }
        events.extend(found);
        cursor = Cursor { next: Some(id.saturating_add(1)), epoch };
    }
    Ok((events, cursor))
}

/// An update that does not fit must not hold up the ones behind it, so it is named and passed by.
fn malformed(value: &Value, id: i64, epoch: u32, error: &serde_json::Error) -> Vec<InboundEvent> {
    log::warn(format!("update `{id}` does not fit the Bot API and is passed by: {error}"));
    let message = value.as_object().and_then(|update| update.values().find(|value| value.is_object()));
    let number = |pointer: &str| message?.pointer(pointer)?.as_i64().map(|id| id.to_string());
    let (Some(chat), Some(from)) = (number("/chat/id"), number("/from/id")) else { return Vec::new() };
    let kind = InboundKind::Other("malformed-update".to_owned());
    vec![InboundEvent::new(inbound::event_id(id, epoch), chat, from, kind)]
}

/// A webhook that is still set makes polling impossible. The operator chose polling, so it is taken away; another
/// poller is somebody else's doing and only reported.
fn conflict(settings: &Settings, cursor: String, reason: &str) -> Result<Polled, Failure> {
    if reason.to_lowercase().contains("webhook") {
        log::warn("a webhook was set for this bot and is removed, because the setting `mode` says polling");
        crate::setup::unregister(settings)?;
        return Ok(Polled::new(Vec::new(), cursor).delay_ms(HASTY_MS));
    }
    let advice = format!("{reason}; stop the other program that polls with this token");
    Err(Failure::temporary("conflict", advice).after_ms(CONFLICT_MS))
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(next) = self.next else { return Ok(()) };
        if self.epoch == 0 { write!(f, "{next}") } else { write!(f, "{next}.{}", self.epoch) }
    }
}

impl FromStr for Cursor {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let (next, epoch) = text.split_once('.').unwrap_or((text, "0"));
        match (next.parse(), epoch.parse()) {
            (Ok(next), Ok(epoch)) => Ok(Self { next: Some(next), epoch }),
            _ => Err(Failure::bad_input("cursor", format!("the cursor `{text}` was not written by this plugin"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use passerelle_sdk::testing::{Exchange, Host};

    use super::*;

    const API: &str = "https://api.telegram.org/bot{{secret:bot-token}}";

    fn settings() -> Settings {
        Settings { mode: Mode::Polling, ..Settings::default() }
    }

    fn updates(offset: Option<i64>, updates: Value) -> Exchange {
        let mut body = json!({"timeout": 8, "limit": 100, "allowed_updates": ALLOWED_UPDATES});
        if let Some(offset) = offset {
            body["offset"] = json!(offset);
        }
        Exchange::post(format!("{API}/getUpdates")).json(body).answers(200, json!({"ok": true, "result": updates}))
    }

    fn message(update: i64, text: &str) -> Value {
        let from = json!({"id": 42, "is_bot": false, "first_name": "Ada"});
        let chat = json!({"id": 42, "type": "private"});
        json!({"update_id": update, "message": {"message_id": update, "date": 1, "from": from, "chat": chat, "text": text}})
    }

    fn ids(polled: &Polled) -> Vec<&str> {
        polled.events.iter().map(|event| event.id.as_str()).collect()
    }

    #[test]
    fn a_poll_goes_on_where_the_last_one_ended() {
        let _host = Host::new()
            .expect(updates(None, json!([message(7, "a"), message(8, "b")])))
            .expect(updates(Some(9), json!([])));
        let first = poll(&settings(), None).expect("a poll");
        assert_eq!((ids(&first), first.cursor.as_str(), first.delay_ms), (vec!["u7", "u8"], "9", 0));
        let second = poll(&settings(), Some(first.cursor)).expect("a poll");
        assert_eq!((ids(&second), second.cursor.as_str(), second.delay_ms), (vec![], "9", HASTY_MS));
    }

    #[test]
    fn a_numbering_that_begins_anew_gives_new_ids() {
        let _host = Host::new()
            .expect(updates(Some(500), json!([message(3, "a"), message(4, "b")])))
            .expect(updates(Some(5), json!([message(5, "c")])));
        let first = poll(&settings(), Some("500".into())).expect("a poll");
        assert_eq!((ids(&first), first.cursor.as_str()), (vec!["u3.1", "u4.1"], "5.1"));
        let second = poll(&settings(), Some(first.cursor)).expect("a poll");
        assert_eq!((ids(&second), second.cursor.as_str()), (vec!["u5.1"], "6.1"));
    }

    #[test]
    fn an_update_that_does_not_fit_holds_up_nobody() {
        let odd = json!({"update_id": 2, "message": {"message_id": "two", "chat": {"id": 42}, "from": {"id": 42}}});
        let _host = Host::new().expect(updates(None, json!([message(1, "a"), odd, message(3, "c")])));
        let polled = poll(&settings(), None).expect("a poll");
        assert_eq!(ids(&polled), ["u1", "u2", "u3"]);
        assert_eq!(polled.events[1].kind, InboundKind::Other("malformed-update".into()));
    }

    #[test]
    fn more_events_than_the_contract_takes_wait_for_the_next_poll() {
        let chat = json!({"id": 42, "type": "private"});
        let deleted = |update: i64| json!({"update_id": update, "deleted_business_messages": {"business_connection_id": "b", "chat": chat, "message_ids": (0..60).collect::<Vec<_>>()}});
        let _host = Host::new().expect(updates(None, json!([deleted(1), deleted(2)])));
        let polled = poll(&settings(), None).expect("a poll");
        assert_eq!((polled.events.len(), polled.cursor.as_str()), (60, "2"));
    }

    #[test]
    fn a_webhook_in_the_way_is_removed_and_another_poller_reported() {
        let conflict = |description: &str| json!({"ok": false, "error_code": 409, "description": description});
        let get = || Exchange::post(format!("{API}/getUpdates"));
        let webhook = "Conflict: can't use getUpdates method while webhook is active";
        let other = "Conflict: terminated by other getUpdates request";
        let _host = Host::new()
            .expect(get().answers(409, conflict(webhook)))
            .expect(Exchange::post(format!("{API}/deleteWebhook")).answers(200, json!({"ok": true, "result": true})))
            .expect(get().answers(409, conflict(other)));
        assert_eq!(poll(&settings(), Some("9".into())).expect("a poll").cursor, "9");
        let failure = poll(&settings(), Some("9".into())).expect_err("a conflict");
        assert_eq!((failure.code.as_str(), failure.retry_after_ms), ("conflict", Some(CONFLICT_MS)));
    }

    #[test]
    fn a_poll_without_an_answer_is_asked_again() {
        let cut = http::Error::Uncertain("time ran out".into());
        let host = Host::new().expect(Exchange::post(format!("{API}/getUpdates")).fails(cut));
        let polled = poll(&settings(), Some("9".into())).expect("a poll");
        assert_eq!((polled.cursor.as_str(), polled.events.len()), ("9", 0));
        assert!(host.logs()[0].1.contains("poll_timeout_s"), "{:?}", host.logs());
    }

    #[test]
    fn webhook_mode_polls_nobody() {
        let _host = Host::new();
        let polled = poll(&Settings::default(), Some("9".into())).expect("a poll");
        assert_eq!((polled.cursor.as_str(), polled.delay_ms), ("9", IDLE_MS));
    }

    #[test]
    fn cursors_come_back_as_they_were_written() {
        for text in ["", "9", "9.2", "-3"] {
            assert_eq!(text.parse::<Cursor>().map(|cursor| cursor.to_string()), Ok(text.to_owned()));
        }
        assert!("x".parse::<Cursor>().is_err() && "1.x".parse::<Cursor>().is_err());
    }
}
