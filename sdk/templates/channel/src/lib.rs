//! Connects a vendor whose webhooks and API speak a little JSON. Replace `vendor.rs` and the two translations below
//! with those of your vendor; `README.md` says how.

mod vendor;

use passerelle_sdk::prelude::*;
use serde::Deserialize;

use vendor::{Accepted, NewMessage, Webhook};

/// How long the vendor's text may be, from its documentation.
const MAX_TEXT: u32 = 2000;

/// The settings of `plugin.toml`.
#[derive(Deserialize)]
struct Settings {
    api_base: String,
}

struct Adapter;

impl Channel for Adapter {
    type Settings = Settings;

    fn capabilities() -> Capabilities {
        // Text only: the host turns pictures, cards and buttons into text before `send` is called.
        Capabilities::new("@TYPE@", TextLimit::code_points(MAX_TEXT))
    }

    fn receive(_: &Context<Settings>, request: Request) -> Result<Vec<InboundEvent>, Failure> {
        let webhook: Webhook = request.json()?;
        Ok(webhook.message.map(into_event).into_iter().collect())
    }

    fn send(cx: &Context<Settings>, outbound: Outbound) -> Outcome {
        deliver(cx, &outbound).unwrap_or_else(|outcome| outcome)
    }
}

/// The vendor's message as an event. Its id makes a repeated webhook harmless.
fn into_event(message: vendor::Message) -> InboundEvent {
    let profile = Profile { display_name: message.from_name, ..Profile::unknown() };
    let sender = Sender::new(message.from).with_profile(profile);
    let said = InboundMessage::new(&message.id, message.text);
    InboundEvent::new(message.id, message.chat, sender, said).at_ms(message.sent_at_ms)
}

/// Posts the message. `?` on a request without an answer gives the right outcome: `retry` when nothing was sent,
/// `uncertain` when it may have been.
fn deliver(cx: &Context<Settings>, outbound: &Outbound) -> Result<Outcome, Outcome> {
    let message = NewMessage {
        chat: &outbound.target.conversation,
        text: outbound.content.plain().unwrap_or_default(),
        key: &outbound.key,
    };
    let response = http::post(format!("{}/messages", cx.settings.api_base))
        .header("authorization", "Bearer {{secret:token}}")
        .json(&message)
        .send()?;
    Ok(match response.status {
        200..=299 => accepted(&response),
        401 | 403 => Outcome::unauthorized("the vendor refuses the token"),
        404 => Outcome::rejected(RejectionKind::RecipientGone, "the vendor does not know this chat"),
        429 => Outcome::retry_after(wait_ms(&response), "the vendor asks to slow down"),
        status @ 500.. => Outcome::retry(format!("the vendor is in trouble (status {status})")),
        status => Outcome::rejected(RejectionKind::Content, format!("the vendor refuses it (status {status})")),
    })
}

/// The vendor took it. An answer that we cannot read must not lead to a second message.
fn accepted(response: &http::Response) -> Outcome {
    match response.json::<Accepted>() {
        Ok(accepted) => Outcome::sent(accepted.id),
        Err(failure) => Outcome::uncertain(failure.message),
    }
}

/// What `retry-after` says, in milliseconds; one second where it says nothing.
fn wait_ms(response: &http::Response) -> u64 {
    response.header("retry-after").and_then(|seconds| seconds.parse::<u64>().ok()).unwrap_or(1).saturating_mul(1000)
}

passerelle_sdk::channel!(Adapter);

#[cfg(test)]
mod tests {
    use passerelle_sdk::testing::{self, Exchange, Host};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_broken_connection_leaves_the_message_uncertain() {
        let url = "https://vendor.example/messages";
        let broken = http::Error::Uncertain("the connection broke".into());
        let host = Host::new().expect(Exchange::post(url).fails(broken));
        let cx = host.context(Settings { api_base: "https://vendor.example".into() });
        assert_eq!(Adapter::send(&cx, testing::outbound("hello")), Outcome::uncertain("the connection broke"));
    }

    #[test]
    fn a_webhook_without_a_message_is_nothing() {
        let host = Host::new();
        let cx = host.context(Settings { api_base: "https://vendor.example".into() });
        assert_eq!(Adapter::receive(&cx, testing::webhook(&json!({"ping": true}))), Ok(vec![]));
    }
}
