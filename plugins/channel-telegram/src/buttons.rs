//! What lies behind buttons. Telegram gives back 64 bytes of an inline button and nothing but the label of a key, so
//! longer payloads wait in the plugin's store until the button is pressed or too old.

use passerelle_sdk::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::keyboard::{Arrangement, Inline, Key, per_row};
use crate::limits::{BUTTON_TTL_MS, CALLBACK_DATA_BYTES, KEYBOARD_TTL_MS};

/// Begins the data of a button whose payload waits in the store. Payloads that begin so themselves wait there too.
const STORED: char = '~';

/// The keyboards of one message, as `reply_markup` wants them.
#[derive(Debug, Default, PartialEq)]
pub struct Keyboards {
    /// Below the message.
    pub inline: Option<Value>,
    /// In place of the phone's keyboard, or the order to take the earlier one away.
    pub keys: Option<Value>,
}

/// What waits behind an inline button.
#[derive(Debug, Deserialize, Serialize)]
struct Waiting {
    payload: String,
    /// The label of a reply button: pressing it is as good as writing this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply: Option<String>,
}

/// The keys that a chat shows now. Answered ones are gone, but the keyboard must still be taken away.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Keys(Vec<(String, String)>);

/// Makes the keyboards of a message and stores what waits behind them.
pub fn keyboards(chat: i64, arranged: &Arrangement<'_>) -> Result<Keyboards, kv::Error> {
    let inline = if arranged.inline.is_empty() { None } else { Some(inline_keyboard(chat, &arranged.inline)?) };
    let keys = if arranged.keys.is_empty() { removal(chat)? } else { Some(keyboard(chat, &arranged.keys)?) };
    Ok(Keyboards { inline, keys })
}

/// Forgets the keys of a chat after they were taken away.
pub fn forget_keys(chat: i64) -> Result<(), kv::Error> {
    kv::delete(&keys_name(chat))
}

/// Puts the payload behind what a person pressed into the event. Whether the button had expired.
pub fn recall(event: &mut InboundEvent) -> Result<bool, kv::Error> {
    let Some(chat) = event.conversation.split('/').next().and_then(|chat| chat.parse().ok()) else { return Ok(false) };
    match &mut event.kind {
        InboundKind::Postback(postback) if postback.payload.starts_with(STORED) => {
            let pressed = (postback.payload.clone(), postback.message.clone());
            let waiting = kv::get_json::<Waiting>(&button_name(chat, &pressed.0))?;
            let expired = waiting.is_none();
            event.kind = revealed(waiting, &event.id, pressed, postback.text.take());
            Ok(expired)
        }
        InboundKind::Message(message) => {
            if let Content::Text(text) = &mut message.content {
                text.payload = answer(chat, &text.text)?;
            }
            Ok(false)
        }
        _ => Ok(false),
    }
}

/// `pressed` is the button's data and the message that it stands below.
fn revealed(
    waiting: Option<Waiting>,
    event: &str,
    pressed: (String, Option<String>),
    text: Option<String>,
) -> InboundKind {
    match waiting {
        None => InboundKind::Other("expired-button".to_owned()),
        Some(Waiting { payload, reply: None }) => {
            InboundKind::Postback(InboundPostback { payload, text, message: pressed.1 })
        }
        Some(Waiting { payload, reply: Some(label) }) => {
            // Nothing was written, so there is no message id of Telegram's; the event's own is as unique.
            let mut message =
                InboundMessage::new(format!("pressed-{event}"), Content::text(label).with_payload(payload));
            message.in_reply_to = pressed.1;
            InboundKind::Message(message)
        }
    }
}

/// The payload of the key with this label, which may be typed by hand. Whatever was written, the keys have had their
/// turn: a later message that happens to say the same is no answer.
fn answer(chat: i64, written: &str) -> Result<Option<String>, kv::Error> {
    let name = keys_name(chat);
    let Some(Keys(keys)) = kv::get_json(&name)? else { return Ok(None) };
    if keys.is_empty() {
        return Ok(None);
    }
    kv::set_json(&name, &Keys::default(), Some(KEYBOARD_TTL_MS))?;
    let plain = |text: &str| text.trim().to_lowercase();
    let written = plain(written);
    Ok(keys.into_iter().find_map(|(label, payload)| (plain(&label) == written).then_some(payload)))
}

fn inline_keyboard(chat: i64, buttons: &[Inline<'_>]) -> Result<Value, kv::Error> {
    let made = buttons.iter().map(|button| match button {
        Inline::Link(label, url) => Ok(json!({"text": label, "url": url})),
        Inline::Postback(label, payload) => Ok(json!({"text": label, "callback_data": data(chat, payload, None)?})),
        Inline::Reply(label, payload) => Ok(json!({"text": label, "callback_data": data(chat, payload, Some(label))?})),
    });
    let made = made.collect::<Result<Vec<_>, kv::Error>>()?;
    Ok(json!({"inline_keyboard": rows(&made, per_row(buttons.iter().map(Inline::label)))}))
}

/// What a button carries: its payload where that fits and needs no explanation, otherwise a word that finds it again.
fn data(chat: i64, payload: &str, reply: Option<&str>) -> Result<String, kv::Error> {
    if reply.is_none() && payload.len() <= CALLBACK_DATA_BYTES && !payload.starts_with(STORED) {
        return Ok(payload.to_owned());
    }
    let word = format!("{STORED}{}", random::hex(12));
    let waiting = Waiting { payload: payload.to_owned(), reply: reply.map(str::to_owned) };
    kv::set_json(&button_name(chat, &word), &waiting, Some(BUTTON_TTL_MS))?;
    Ok(word)
}

fn keyboard(chat: i64, keys: &[Key<'_>]) -> Result<Value, kv::Error> {
    let answers = keys.iter().filter_map(|key| match key {
        Key::Reply(label, payload) => Some(((*label).to_owned(), (*payload).to_owned())),
        Key::Location(_) => None,
    });
    kv::set_json(&keys_name(chat), &Keys(answers.collect()), Some(KEYBOARD_TTL_MS))?;
    let made = keys.iter().map(|key| match key {
        Key::Reply(label, _) => json!({"text": label}),
        Key::Location(label) => json!({"text": label, "request_location": true}),
    });
    let rows = rows(&made.collect::<Vec<_>>(), per_row(keys.iter().map(Key::label)));
    Ok(json!({"keyboard": rows, "resize_keyboard": true, "one_time_keyboard": true}))
}

fn removal(chat: i64) -> Result<Option<Value>, kv::Error> {
    Ok(kv::get(&keys_name(chat))?.map(|_| json!({"remove_keyboard": true})))
}

fn rows(buttons: &[Value], per_row: usize) -> Value {
    buttons.chunks(per_row).collect()
}

/// The chat is part of the name, so that a button's data is of no use in another chat.
fn button_name(chat: i64, word: &str) -> String {
    format!("button:{chat}:{}", crate::content::clip(word, CALLBACK_DATA_BYTES).unwrap_or_default())
}

fn keys_name(chat: i64) -> String {
    format!("keys:{chat}")
}

#[cfg(test)]
mod tests {
    use passerelle_sdk::testing::Host;

    use super::*;
    use crate::keyboard::arrange;

    fn made(actions: &[Action]) -> Keyboards {
        keyboards(42, &arrange(actions, true)).expect("room")
    }

    fn written(text: &str) -> InboundEvent {
        InboundEvent::new("u1", "42", "7", InboundMessage::new("1", text))
    }

    fn pressed(data: &str) -> InboundEvent {
        InboundEvent::new("u2", "42", "7", InboundPostback::new(data).text("Label").on_message("5"))
    }

    fn payload(event: &InboundEvent) -> Option<&str> {
        match &event.kind {
            InboundKind::Message(InboundMessage { content: Content::Text(text), .. }) => text.payload.as_deref(),
            InboundKind::Postback(postback) => Some(&postback.payload),
            _ => None,
        }
    }

    fn first_data(keyboards: &Keyboards) -> String {
        let inline = keyboards.inline.as_ref().expect("an inline keyboard");
        inline["inline_keyboard"][0][0]["callback_data"].as_str().expect("data").to_owned()
    }

    #[test]
    fn short_payloads_travel_with_the_button() {
        let host = Host::new();
        let keyboards = made(&[Action::postback("Ok", "ok")]);
        assert_eq!(keyboards.inline, Some(json!({"inline_keyboard": [[{"text": "Ok", "callback_data": "ok"}]]})));
        assert!(host.stored().is_empty());
    }

    #[test]
    fn long_payloads_wait_and_expire() {
        let host = Host::new();
        let long = "é".repeat(40);
        let data = first_data(&made(&[Action::postback("Ok", &long)]));
        assert!(data.len() <= CALLBACK_DATA_BYTES);

        let mut event = pressed(&data);
        assert_eq!(recall(&mut event), Ok(false));
        assert_eq!(payload(&event), Some(long.as_str()));

        let mut elsewhere = InboundEvent { conversation: "43".into(), ..pressed(&data) };
        assert_eq!(recall(&mut elsewhere), Ok(true), "another chat must not use the button");

        host.set_clock(passerelle_sdk::testing::START_MS + BUTTON_TTL_MS);
        let mut late = pressed(&data);
        assert_eq!(recall(&mut late), Ok(true));
        assert_eq!(late.kind, InboundKind::Other("expired-button".into()));
    }

    #[test]
    fn a_payload_that_looks_like_a_stored_one_is_stored() {
        let _host = Host::new();
        let data = first_data(&made(&[Action::postback("Ok", "~1")]));
        assert_ne!(data, "~1");
        let mut event = pressed(&data);
        assert_eq!(recall(&mut event), Ok(false));
        assert_eq!(payload(&event), Some("~1"));
    }

    #[test]
    fn an_answer_below_the_message_counts_as_written() {
        let _host = Host::new();
        let keyboards = made(&[Action::reply("Yes", "y"), Action::link("More", "https://example.com")]);
        let mut event = pressed(&first_data(&keyboards));
        assert_eq!(recall(&mut event), Ok(false));
        let expected = InboundMessage::new("pressed-u2", Content::text("Yes").with_payload("y")).in_reply_to("5");
        assert_eq!(event.kind, InboundKind::Message(expected));
    }

    #[test]
    fn a_key_gives_its_payload_once_and_is_then_taken_away() {
        let host = Host::new();
        let keyboards = made(&[Action::reply("Yes", "y"), Action::reply("No", "n")]);
        let expected = json!({"keyboard": [[{"text": "Yes"}, {"text": "No"}]], "resize_keyboard": true, "one_time_keyboard": true});
        assert_eq!(keyboards, Keyboards { inline: None, keys: Some(expected) });

        let mut first = written(" yes");
        recall(&mut first).expect("the store is there");
        assert_eq!(payload(&first), Some("y"));
        let mut second = written("No");
        recall(&mut second).expect("the store is there");
        assert_eq!(payload(&second), None, "the question was answered before");

        assert_eq!(made(&[]).keys, Some(json!({"remove_keyboard": true})));
        forget_keys(42).expect("the store is there");
        assert!(host.stored().is_empty());
        assert_eq!(made(&[]), Keyboards::default());
    }
}
