//! Buttons on the wire.

use passerelle_model::content::{Action, MAX_LABEL, MAX_PAYLOAD_BYTES, MAX_URL};
use serde_json::{Value, json};

use super::fields::Fields;
use crate::error::ApiError;

/// The words of buttons below a message.
pub(crate) const ON_MESSAGES: &[&str] = &["link", "postback", "reply", "webview", "buy", "locationRequest"];
/// The words of buttons on a card or below a list.
pub(crate) const ON_CARDS: &[&str] = &["link", "postback", "webview", "buy"];

/// A button as the API shows it.
pub(crate) fn show(action: &Action) -> Value {
    match action {
        Action::Link { text, uri } => json!({ "type": "link", "text": text, "uri": uri }),
        Action::Postback { text, payload } => json!({ "type": "postback", "text": text, "payload": payload }),
        Action::Reply { text, payload, icon_url: None } => json!({ "type": "reply", "text": text, "payload": payload }),
        Action::Reply { text, payload, icon_url: Some(icon) } => {
            json!({ "type": "reply", "text": text, "payload": payload, "iconUrl": icon })
        }
        Action::Webview { text, uri, fallback } => {
            json!({ "type": "webview", "text": text, "uri": uri, "fallback": fallback })
        }
        Action::Buy { text, amount, currency } => {
            json!({ "type": "buy", "text": text, "amount": amount, "currency": currency })
        }
        Action::LocationRequest { text } => json!({ "type": "locationRequest", "text": text }),
    }
}

/// The buttons of a list, each of an allowed kind. Quick replies and other buttons exclude each other, because channels
/// cannot show both.
pub(crate) fn read_many(
    fields: &Fields<'_>,
    name: &str,
    max: usize,
    allowed: &[&str],
) -> Result<Vec<Action>, ApiError> {
    let items = fields.items(name, max)?;
    let actions: Vec<Action> = items.iter().map(|item| read(item, allowed)).collect::<Result<_, _>>()?;
    let replies = actions.iter().filter(|action| matches!(action, Action::Reply { .. })).count();
    if replies > 0 && replies < actions.len() {
        return Err(fields.wrong(name, "should NOT mix reply with other types"));
    }
    Ok(actions)
}

/// Refuses a URI that is relative or of a scheme that nobody should be sent to.
pub(crate) fn check_uri(fields: &Fields<'_>, name: &str, uri: &str, schemes: &[&str]) -> Result<(), ApiError> {
    let parsed = url::Url::parse(uri).ok();
    let fits = parsed.is_some_and(|parsed| schemes.contains(&parsed.scheme()));
    fits.then_some(()).ok_or_else(|| fields.wrong(name, &format!("should be a URI with scheme {}", schemes.join(", "))))
}

fn read(fields: &Fields<'_>, allowed: &[&str]) -> Result<Action, ApiError> {
    let kind = fields.needed_text("type", MAX_LABEL)?;
    if !allowed.contains(&kind.as_str()) {
        return Err(fields.wrong("type", &format!("should be one of {}", allowed.join(", "))));
    }
    let text = fields.needed_text("text", MAX_LABEL)?;
    match kind.as_str() {
        "link" => Ok(Action::Link { text, uri: uri(fields, "uri", &["https", "http", "tel", "mailto"])? }),
        "postback" => Ok(Action::Postback { text, payload: payload(fields)? }),
        "reply" => Ok(Action::Reply { text, payload: payload(fields)?, icon_url: fields.text("iconUrl", MAX_URL)? }),
        "webview" => Ok(Action::Webview {
            text,
            uri: uri(fields, "uri", &["https", "http"])?,
            fallback: uri(fields, "fallback", &["https", "http"])?,
        }),
        "buy" => Ok(Action::Buy { text, amount: amount(fields)?, currency: currency(fields)? }),
        _ => Ok(Action::LocationRequest { text }),
    }
}

fn uri(fields: &Fields<'_>, name: &str, schemes: &[&str]) -> Result<String, ApiError> {
    let uri = fields.needed_text(name, MAX_URL)?;
    check_uri(fields, name, &uri, schemes)?;
    Ok(uri)
}

fn payload(fields: &Fields<'_>) -> Result<String, ApiError> {
    let payload = fields.needed_text("payload", MAX_PAYLOAD_BYTES)?;
    if payload.len() > MAX_PAYLOAD_BYTES {
        return Err(fields.wrong("payload", &format!("should NOT be longer than {MAX_PAYLOAD_BYTES} bytes")));
    }
    Ok(payload)
}

fn amount(fields: &Fields<'_>) -> Result<u64, ApiError> {
    fields.integer("amount", 0..=1_000_000_000)?.ok_or_else(|| fields.missing("amount"))
}

fn currency(fields: &Fields<'_>) -> Result<String, ApiError> {
    let currency = fields.text("currency", 3)?.unwrap_or_else(|| "usd".to_owned());
    let fits = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_lowercase());
    fits.then_some(currency).ok_or_else(|| fields.wrong("currency", "should be a lower-case ISO 4217 code"))
}
