//! Sends one message: all its parts, in their order, each once.
//!
//! Telegram knows no idempotency key. When a later part fails, the parts before it are remembered under the message's
//! key, so that the next try goes on behind them instead of repeating them.

use passerelle_sdk::prelude::*;
use serde_json::json;

use crate::address::Address;
use crate::api::{Api, Fields};
use crate::fault::Fault;
use crate::keyboard::arrange;
use crate::limits::PROGRESS_TTL_MS;
use crate::plan::{self, Part};
use crate::settings::Settings;
use crate::wire::MessageRef;
use crate::{buttons, plan::parts};

/// How often a part may be changed and sent again at once: a moved chat, a missing reply, a file out of reach.
const REPAIRS: usize = 3;

/// Sends a message.
pub fn send(settings: &Settings, outbound: &Outbound) -> Outcome {
    deliver(settings, outbound).unwrap_or_else(|outcome| outcome)
}

/// Shows that somebody writes. Telegram has no other sign.
pub fn send_activity(settings: &Settings, target: &Target, activity: Activity) -> Outcome {
    if activity != Activity::TypingStart {
        return Outcome::rejected(RejectionKind::Content, "telegram shows no other sign than typing");
    }
    let Ok(address) = target.conversation.parse::<Address>() else { return not_ours(target) };
    let mut fields = addressed(Fields::new(), &address);
    fields.insert("action".to_owned(), json!("typing"));
    match Api::new(settings.base()).call::<bool>("sendChatAction", &fields) {
        Ok(_) => Outcome::sent("typing"),
        Err(fault) => fault.into(),
    }
}

fn deliver(settings: &Settings, outbound: &Outbound) -> Result<Outcome, Outcome> {
    let mut address: Address = outbound.target.conversation.parse().map_err(|_| not_ours(&outbound.target))?;
    let chat = address.chat;
    let arranged = arrange(outbound.content.actions(), address.is_private());
    let keyboards = buttons::keyboards(chat, &arranged)?;
    let clears_keys = arranged.keys.is_empty() && arranged.inline.is_empty() && keyboards.keys.is_some();
    let parts = parts(outbound, &arranged, keyboards, settings.link_previews)
        .map_err(|reason| Outcome::rejected(RejectionKind::Content, reason))?;

    let mut sent = progress(outbound)?;
    let api = Api::new(settings.base());
    for (number, part) in parts.iter().enumerate().skip(sent.len()) {
        match post(api, part, &mut address) {
            Ok(id) => sent.push(id),
            Err(fault) => return Err(stopped(outbound, &sent, (number, parts.len()), fault)),
        }
    }
    if clears_keys {
        buttons::forget_keys(chat)?;
    }
    Ok(Outcome::Sent(sent))
}

/// Sends one part, changed where Telegram says how. Gives the message's id.
fn post(api: Api<'_>, part: &Part, address: &mut Address) -> Result<String, Fault> {
    let mut part = part.clone();
    for _ in 0..REPAIRS {
        match once(api, &part, address) {
            Err(Fault::Migrated(chat)) if chat != address.chat => {
                log::warn(format!("group `{}` has become supergroup `{chat}`", address.chat));
                address.chat = chat;
            }
            Err(Fault::ReplyMissing(_)) if part.fields.remove("reply_parameters").is_some() => {}
            Err(Fault::FileRefused(reason)) if part.instead.is_some() => {
                log::warn(format!("a file is sent as a link: {reason}"));
                part = as_link(part);
            }
            end => return end,
        }
    }
    once(api, &part, address)
}

fn once(api: Api<'_>, part: &Part, address: &Address) -> Result<String, Fault> {
    let fields = addressed(part.fields.clone(), address);
    let message: MessageRef = match &part.upload {
        Some(upload) => api.upload(part.method, &fields, upload)?,
        None => api.call(part.method, &fields)?,
    };
    Ok(message.message_id.to_string())
}

fn addressed(mut fields: Fields, address: &Address) -> Fields {
    fields.insert("chat_id".to_owned(), json!(address.chat));
    if let Some(thread) = address.thread {
        fields.insert("message_thread_id".to_owned(), json!(thread));
    }
    if let Some(topic) = address.topic {
        fields.insert("direct_messages_topic_id".to_owned(), json!(topic));
    }
    if let Some(business) = &address.business {
        fields.insert("business_connection_id".to_owned(), json!(business));
    }
    fields
}

/// The same message with the file's address in place of the file.
fn as_link(part: Part) -> Part {
    let mut link = plan::text(part.instead.as_deref().unwrap_or_default());
    for name in ["reply_markup", "reply_parameters"] {
        if let Some(value) = part.fields.get(name) {
            link.fields.insert(name.to_owned(), value.clone());
        }
    }
    link
}

/// The ids of the parts that an earlier try has sent.
fn progress(outbound: &Outbound) -> Result<Vec<String>, kv::Error> {
    if outbound.attempt <= 1 {
        return Ok(Vec::new());
    }
    Ok(kv::get_json(&progress_name(outbound))?.unwrap_or_default())
}

/// Remembers what was sent, and says what is to be done about the rest.
fn stopped(outbound: &Outbound, sent: &[String], (number, all): (usize, usize), fault: Fault) -> Outcome {
    if !sent.is_empty() {
        log::warn(format!("part {} of {all} was not sent, the ones before it were", number + 1));
        if kv::set_json(&progress_name(outbound), sent, Some(PROGRESS_TTL_MS)).is_err() {
            return Outcome::uncertain("some parts were sent, and the store that would remember them is out of reach");
        }
    }
    fault.into()
}

fn progress_name(outbound: &Outbound) -> String {
    format!("sent:{}", outbound.key)
}

fn not_ours(target: &Target) -> Outcome {
    let reason = format!("conversation `{}` is not one of telegram's", target.conversation);
    Outcome::rejected(RejectionKind::Other, reason)
}

#[cfg(test)]
mod tests {
    use passerelle_sdk::testing::{self, Exchange, Host};
    use serde_json::Value;

    use super::*;

    const SEND_MESSAGE: &str = "https://api.telegram.org/bot{{secret:bot-token}}/sendMessage";

    fn outbound(content: impl Into<Content>) -> Outbound {
        let target = Target { conversation: "42".into(), user: "42".into() };
        Outbound { target, ..testing::outbound(content) }
    }

    fn text(text: &str) -> Exchange {
        Exchange::post(SEND_MESSAGE).json(json!({"chat_id": 42, "text": text}))
    }

    fn taken(id: i64) -> Value {
        json!({"ok": true, "result": {"message_id": id, "chat": {"id": 42}}})
    }

    fn refused(code: u16, description: &str) -> Value {
        json!({"ok": false, "error_code": code, "description": description})
    }

    fn send(outbound: &Outbound) -> Outcome {
        super::send(&Settings::default(), outbound)
    }

    #[test]
    fn each_answer_has_its_outcome() {
        let limited = json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 5", "parameters": {"retry_after": 5}});
        let word = |outcome: &Outcome| format!("{outcome:?}").to_lowercase();
        for (status, body, expected) in [
            (200, taken(9), "sent([\"9\"])"),
            (429, limited, "5000"),
            (403, refused(403, "Forbidden: bot was blocked by the user"), "recipientgone"),
            (400, refused(400, "Bad Request: chat not found"), "recipientgone"),
            (400, refused(400, "Bad Request: message is too long"), "content"),
            (401, refused(401, "Unauthorized"), "unauthorized("),
            (404, refused(404, "Not Found"), "unauthorized("),
            (502, json!("<html>"), "retry("),
            (200, json!("<html>"), "uncertain("),
        ] {
            let _host = Host::new().expect(text("hi").answers(status, body));
            let outcome = send(&outbound("hi"));
            assert!(word(&outcome).replace(['-', '_'], "").contains(expected), "{status}: {outcome:?}");
        }
    }

    #[test]
    fn no_answer_tells_whether_it_may_have_been_sent() {
        for (error, expected) in [
            (http::Error::Unreachable("no route".into()), "Retry"),
            (http::Error::Uncertain("time ran out".into()), "Uncertain"),
            (http::Error::Denied("host not granted".into()), "Unauthorized"),
            (http::Error::TooLarge, "Uncertain"),
        ] {
            let _host = Host::new().expect(text("hi").fails(error));
            let outcome = format!("{:?}", send(&outbound("hi")));
            assert!(outcome.contains(expected), "{outcome}");
        }
    }

    #[test]
    fn a_retry_goes_on_behind_the_parts_that_were_sent() {
        let (first, second) = ("a".repeat(4000), "b".repeat(99));
        let host = Host::new()
            .expect(text(&first).answers(200, taken(1)))
            .expect(text(&second).answers(502, json!({})))
            .expect(text(&second).answers(200, taken(2)));
        let mut message = outbound(format!("{first} {second}"));
        assert!(matches!(send(&message), Outcome::Retry(_)));
        message.attempt = 2;
        assert_eq!(send(&message), Outcome::Sent(vec!["1".into(), "2".into()]));
        assert_eq!(host.requests().len(), 3);
    }

    #[test]
    fn a_moved_group_is_followed_at_once() {
        let moved = json!({"ok": false, "error_code": 400, "description": "Bad Request: group chat was upgraded to a supergroup chat", "parameters": {"migrate_to_chat_id": -1009}});
        let _host = Host::new()
            .expect(Exchange::post(SEND_MESSAGE).json(json!({"chat_id": -9, "text": "hi"})).answers(400, moved))
            .expect(Exchange::post(SEND_MESSAGE).json(json!({"chat_id": -1009, "text": "hi"})).answers(200, taken(3)));
        let mut message = outbound("hi");
        message.target.conversation = "-9".into();
        assert_eq!(send(&message), Outcome::sent("3"));
    }

    #[test]
    fn an_answer_to_a_missing_message_is_sent_without_the_reference() {
        let reply = json!({"message_id": 8, "allow_sending_without_reply": true});
        let with_reply = json!({"chat_id": 42, "text": "hi", "reply_parameters": reply});
        let missing = refused(400, "Bad Request: message to be replied not found");
        let _host = Host::new()
            .expect(Exchange::post(SEND_MESSAGE).json(with_reply).answers(400, missing))
            .expect(text("hi").answers(200, taken(3)));
        let message = Outbound { in_reply_to: Some("8".into()), ..outbound("hi") };
        assert_eq!(send(&message), Outcome::sent("3"));
    }

    #[test]
    fn a_file_that_telegram_cannot_fetch_is_sent_as_a_link() {
        let photo = "https://api.telegram.org/bot{{secret:bot-token}}/sendPhoto";
        let _host = Host::new()
            .expect(Exchange::post(photo).answers(400, refused(400, "Bad Request: failed to get HTTP URL content")))
            .expect(text("Sunset\nhttps://example.com/sunset.jpg").answers(200, taken(4)));
        let image = Content::image(Media::url("https://example.com/sunset.jpg")).with_caption("Sunset");
        assert_eq!(send(&outbound(image)), Outcome::sent("4"));
    }

    #[test]
    fn a_file_of_the_hosts_is_uploaded() {
        let document = "https://api.telegram.org/bot{{secret:bot-token}}/sendDocument";
        let host = Host::new().expect(Exchange::post(document).answers(200, taken(5)));
        let file = Media::handle("m1").file_name("offer.pdf").media_type("application/pdf");
        assert_eq!(send(&outbound(Content::file(file).with_caption("Our offer"))), Outcome::sent("5"));
        let http::Body::Multipart(parts) = &host.requests()[0].body else { panic!("not a form") };
        let names: Vec<_> = parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["caption", "chat_id", "document"]);
        assert_eq!(parts[2].file_name.as_deref(), Some("offer.pdf"));
    }

    #[test]
    fn typing_is_the_only_sign() {
        let action = "https://api.telegram.org/bot{{secret:bot-token}}/sendChatAction";
        let body = json!({"chat_id": -1, "message_thread_id": 7, "action": "typing"});
        let answer = json!({"ok": true, "result": true});
        let _host = Host::new().expect(Exchange::post(action).json(body).answers(200, answer));
        let target = Target { conversation: "-1/t7".into(), user: "42".into() };
        let sign = |activity| send_activity(&Settings::default(), &target, activity);
        assert_eq!(sign(Activity::TypingStart), Outcome::sent("typing"));
        assert!(matches!(sign(Activity::Read), Outcome::Rejected(_)));
    }
}
