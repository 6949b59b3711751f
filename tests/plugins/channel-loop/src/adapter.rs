//! The protocol of the tests' channel: JSON events in, JSON sends out.

use passerelle_sdk::prelude::*;
use serde::{Deserialize, Serialize};

/// The settings of the manifest.
#[derive(Deserialize)]
pub struct Settings {
    api_base: String,
}

#[derive(Deserialize)]
struct Events {
    events: Vec<Written>,
}

/// Somebody wrote.
#[derive(Deserialize)]
struct Written {
    id: String,
    conversation: String,
    user: String,
    text: String,
}

/// What `POST /send` takes.
#[derive(Serialize)]
struct Send<'a> {
    key: &'a str,
    conversation: &'a str,
    user: &'a str,
    text: &'a str,
}

/// What it answers.
#[derive(Deserialize)]
struct Taken {
    id: String,
}

pub fn capabilities(channel_type: &str) -> Capabilities {
    Capabilities::new(channel_type, TextLimit { max: 4096, unit: TextUnit::CodePoints })
}

pub fn receive(request: &Request) -> Result<Vec<InboundEvent>, Failure> {
    let Events { events } = request.json()?;
    Ok(events.into_iter().map(event).collect())
}

fn event(written: Written) -> InboundEvent {
    let message = InboundMessage::new(written.id.clone(), Content::text(written.text));
    let sender = Sender::new(written.user.clone())
        .with_profile(Profile { given_name: Some(written.user), ..Profile::unknown() });
    InboundEvent::new(written.id, written.conversation, sender, message)
}

pub fn send(settings: &Settings, outbound: &Outbound) -> Outcome {
    let Some(text) = outbound.content.plain() else {
        return Outcome::rejected(RejectionKind::Content, "only text is taken");
    };
    let body = Send {
        key: &outbound.key,
        conversation: &outbound.target.conversation,
        user: &outbound.target.user,
        text,
    };
    let answer = http::post(format!("{}/send", settings.api_base))
        .header("authorization", "Bearer {{secret:api-token}}")
        .json(&body)
        .timeout_ms(3000)
        .send();
    match answer {
        Ok(response) => outcome(&response),
        Err(error) => error.into(),
    }
}

fn outcome(response: &http::Response) -> Outcome {
    match response.status {
        200 => match response.json::<Taken>() {
            Ok(taken) => Outcome::sent(taken.id),
            Err(_) => Outcome::uncertain("the channel's answer cannot be read"),
        },
        401 => Outcome::unauthorized("the channel refused the token"),
        403 => Outcome::rejected(RejectionKind::RecipientGone, "the person blocked us"),
        429 => match response.header("retry-after").and_then(|seconds| seconds.parse::<u64>().ok()) {
            Some(seconds) => Outcome::retry_after(seconds * 1000, "the channel asks for a pause"),
            None => Outcome::retry("the channel asks for a pause"),
        },
        status => {
            // The vendor's own words, as adapters are tempted to pass on: whatever is secret in them is the host's care.
            let words: String = response.text().chars().take(200).collect();
            let reason = format!("the channel answers {status}: {words}");
            if status >= 500 { Outcome::retry(reason) } else { Outcome::rejected(RejectionKind::Content, reason) }
        }
    }
}
