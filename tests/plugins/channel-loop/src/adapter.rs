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

/// Somebody wrote, or did what one of the optional fields says instead.
#[derive(Deserialize)]
struct Written {
    id: String,
    conversation: String,
    user: String,
    #[serde(default)]
    text: String,
    /// What is told about the person; their id is their name otherwise.
    profile: Option<Person>,
    /// A picture at this URL, with the text as its caption.
    image: Option<String>,
    /// What stands in for the picture.
    alt: Option<String>,
    /// A place, north and east.
    location: Option<(f64, f64)>,
    /// The payload of a pressed button.
    postback: Option<String>,
    /// The id of the message of ours with that button.
    on: Option<String>,
    /// `typing` or `read`.
    sign: Option<String>,
    /// The id of a message of ours that reached the person.
    delivered: Option<String>,
    /// Whether the person can be reached.
    reachable: Option<bool>,
    /// A kind that nobody knows.
    other: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    given_name: Option<String>,
    surname: Option<String>,
    display_name: Option<String>,
    email: Option<String>,
    locale: Option<String>,
    avatar_url: Option<String>,
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
    let profile = written.profile.as_ref().map_or_else(
        || Profile { given_name: Some(written.user.clone()), ..Profile::unknown() },
        |person| Profile {
            given_name: person.given_name.clone(),
            surname: person.surname.clone(),
            display_name: person.display_name.clone(),
            email: person.email.clone(),
            locale: person.locale.clone(),
            avatar_url: person.avatar_url.clone(),
            ..Profile::unknown()
        },
    );
    let sender = Sender::new(written.user.clone()).with_profile(profile);
    InboundEvent::new(written.id.clone(), written.conversation.clone(), sender, kind(written))
}

fn kind(written: Written) -> InboundKind {
    if let Some(payload) = written.postback {
        return InboundPostback { message: written.on, ..InboundPostback::new(payload) }.into();
    }
    if let Some(sign) = written.sign {
        return if sign == "read" { Activity::Read.into() } else { Activity::TypingStart.into() };
    }
    if let Some(message) = written.delivered {
        return Receipt { message, status: ReceiptStatus::Delivered }.into();
    }
    if let Some(reachable) = written.reachable {
        return InboundKind::Reachable(reachable);
    }
    if let Some(name) = written.other {
        return InboundKind::Other(name);
    }
    let content = match (written.image, written.location) {
        (Some(url), _) => {
            let media = Media { alt_text: written.alt, ..Media::url(url) };
            let image = Content::image(media);
            if written.text.is_empty() { image } else { image.with_caption(written.text) }
        }
        (None, Some((north, east))) => Content::location(north, east),
        (None, None) => Content::text(written.text),
    };
    InboundMessage::new(written.id, content).into()
}

pub fn send(settings: &Settings, outbound: &Outbound) -> Outcome {
    match outbound.content.plain() {
        Some(text) => send_text(settings, outbound, text),
        None => Outcome::rejected(RejectionKind::Content, "only text is taken"),
    }
}

/// Sends this text to whom the message is for.
pub fn send_text(settings: &Settings, outbound: &Outbound, text: &str) -> Outcome {
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
