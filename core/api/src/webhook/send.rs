//! One request to a receiver: the envelope, its signature, and what the answer means.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method};
use passerelle_model::time::Timestamp;
use passerelle_plugin_host::{Answer, Egress, EgressError, Exchange, Granted};
use passerelle_store::Subscription;
use sha2::{Digest, Sha256};

/// Statuses after which the same request is never sent again.
const FINAL: &[u16] = &[400, 401, 403, 404, 406];

/// What a receiver made of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Any 2xx.
    Taken(u16),
    /// It will never take it.
    Refused(u16),
    /// Perhaps later.
    Failed {
        /// What it answered, if it did.
        status: Option<u16>,
        /// Why, for the operator.
        reason: String,
        /// For how long it wants to be left alone.
        retry_after: Option<Duration>,
    },
}

/// Sends these events, each with its id, to the receiver.
pub(super) async fn send(egress: &Egress, to: &Subscription, events: &[(String, &str)], now: Timestamp) -> Outcome {
    let exchange = match request(to, events, now) {
        Ok(exchange) => exchange,
        Err(reason) => return Outcome::Failed { status: None, reason, retry_after: None },
    };
    match egress.exchange(to.webhook.integration, Granted::AnyPublic, exchange).await {
        Ok(answer) => read(&answer),
        Err(error) => Outcome::Failed { status: None, reason: reason(&error), retry_after: None },
    }
}

fn request(to: &Subscription, events: &[(String, &str)], now: Timestamp) -> Result<Exchange, String> {
    let url = url::Url::parse(&to.webhook.target).map_err(|error| format!("the target is no URL: {error}"))?;
    let body = envelope(to, events);
    let mut exchange = Exchange::new(Method::POST, url);
    exchange.headers = headers(to, &message_id(events), now, &body)?;
    exchange.body = body.into();
    Ok(exchange)
}

fn envelope(to: &Subscription, events: &[(String, &str)]) -> String {
    let bodies: Vec<&str> = events.iter().map(|(_, body)| *body).collect();
    format!(
        r#"{{"app":{{"id":"{}"}},"webhook":{{"id":"{}","version":"v2"}},"events":[{}]}}"#,
        to.app,
        to.webhook.id,
        bodies.join(",")
    )
}

/// The id of the request: of one event its own, of several one that only the same events have.
pub(super) fn message_id(events: &[(String, &str)]) -> String {
    match events {
        [(id, _)] => id.clone(),
        several => {
            let mut digest = Sha256::new();
            several.iter().for_each(|(id, _)| digest.update(id.as_bytes()));
            format!("batch_{}", &hex::encode(digest.finalize())[..24])
        }
    }
}

fn headers(to: &Subscription, id: &str, now: Timestamp, body: &str) -> Result<HeaderMap, String> {
    let secret = to.webhook.secret.reveal();
    let seconds = now.as_millis() / 1000;
    let signature = format!("v1,{}", sign(secret, id, seconds, body)?);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, HeaderValue::from_static(concat!("passerelle/", env!("CARGO_PKG_VERSION"))));
    for (name, value) in [
        ("x-api-key", secret.to_owned()),
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signature),
    ] {
        let value = HeaderValue::try_from(value).map_err(|_| format!("`{name}` cannot be sent"))?;
        headers.insert(name, value);
    }
    Ok(headers)
}

/// HMAC-SHA256 over id, time and body, as Standard Webhooks has it. The key is the secret as the API shows it.
fn sign(secret: &str, id: &str, seconds: u64, body: &str) -> Result<String, String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|error| error.to_string())?;
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    Ok(STANDARD.encode(mac.finalize().into_bytes()))
}

fn read(answer: &Answer) -> Outcome {
    match answer.status {
        status @ 200..=299 => Outcome::Taken(status),
        status if FINAL.contains(&status) => Outcome::Refused(status),
        status => {
            let asked = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
            let retry_after = asked.filter(|_| matches!(status, 429 | 503)).map(Duration::from_secs);
            let reason =
                if (300..400).contains(&status) { "redirects are not followed" } else { "the receiver failed" };
            Outcome::Failed { status: Some(status), reason: format!("{reason}: status {status}"), retry_after }
        }
    }
}

/// Answers of strangers and internal addresses stay out of what administrators see.
fn reason(error: &EgressError) -> String {
    match error {
        EgressError::Denied(_) => "denied: the target leads to an address that is not public".into(),
        EgressError::Unreachable(_) => "the receiver cannot be reached".into(),
        EgressError::Uncertain(_) => "the receiver did not answer in time, or the connection broke".into(),
        EgressError::TooLarge { .. } => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_standard_webhooks() {
        // Worked out by hand with openssl: printf 'msg_1.1614265330.{"a":1}' | openssl dgst -sha256 -hmac secret -binary | base64
        let signed = sign("secret", "msg_1", 1_614_265_330, r#"{"a":1}"#);
        assert_eq!(signed.as_deref(), Ok(EXPECTED));
    }

    const EXPECTED: &str = "s7VEx+z6YbFcbhg0YyFXcjGBJCBNsJjhisuFxLOHzrw=";

    #[test]
    fn a_batch_has_an_id_of_its_own() {
        let one = [("a".to_owned(), "{}")];
        let two = [("a".to_owned(), "{}"), ("b".to_owned(), "{}")];
        assert_eq!(message_id(&one), "a");
        assert_eq!(message_id(&two), message_id(&two));
        assert_ne!(message_id(&two), message_id(&[("a".to_owned(), "{}"), ("c".to_owned(), "{}")]));
    }

    #[test]
    fn what_a_status_means() {
        let answer = |status: u16, after: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(after) = after {
                headers.insert(RETRY_AFTER, after.parse().unwrap());
            }
            read(&Answer { status, headers, body: Default::default() })
        };
        assert_eq!(answer(204, None), Outcome::Taken(204));
        for status in FINAL {
            assert_eq!(answer(*status, None), Outcome::Refused(*status));
        }
        for (status, after, expected) in [
            (429, Some("7"), Some(7)),
            (503, Some("x"), None),
            (500, Some("7"), None),
            (302, None, None),
            (410, None, None),
        ] {
            let Outcome::Failed { retry_after, .. } = answer(status, after) else { panic!("{status}") };
            assert_eq!(retry_after, expected.map(Duration::from_secs), "{status}");
        }
    }
}
