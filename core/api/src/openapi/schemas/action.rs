//! Buttons.

use passerelle_model::content::{MAX_LABEL, MAX_PAYLOAD_BYTES, MAX_URL};

use crate::openapi::schema::{Object, Schema, exactly, full_text, integer, object, one_of, text, url};

pub(super) fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("Action", action().about("A button.")),
        ("MessageAction", one_of(kinds(true)).about("A button below a message.")),
        ("CardAction", one_of(kinds(false)).about("A button on a card or below a list.")),
    ]
}

fn action() -> Schema {
    let kind = |word| object("").needs("type", exactly(word)).needs("text", full_text(MAX_LABEL));
    one_of([
        kind("link").needs("uri", address()).into(),
        kind("postback").needs("payload", full_text(MAX_PAYLOAD_BYTES)).into(),
        kind("reply").needs("payload", full_text(MAX_PAYLOAD_BYTES)).has("iconUrl", full_text(MAX_URL)).into(),
        kind("webview").needs("uri", full_text(MAX_URL)).needs("fallback", full_text(MAX_URL)).into(),
        kind("buy").needs("amount", amount()).needs("currency", currency()).into(),
        kind("locationRequest").into(),
    ])
}

fn kinds(on_message: bool) -> Vec<Schema> {
    let kind = |word| object("").needs("type", exactly(word)).needs("text", full_text(MAX_LABEL));
    let mut kinds: Vec<Object> = vec![
        kind("link").needs("uri", address()),
        kind("postback").needs("payload", full_text(MAX_PAYLOAD_BYTES)),
        kind("webview").needs("uri", url(MAX_URL)).needs("fallback", url(MAX_URL)),
        kind("buy").needs("amount", amount()).takes("currency", currency()),
    ];
    if on_message {
        kinds.push(kind("reply").needs("payload", full_text(MAX_PAYLOAD_BYTES)).takes("iconUrl", text(MAX_URL)));
        kinds.push(kind("locationRequest"));
    }
    kinds.into_iter().map(Schema::from).collect()
}

fn address() -> Schema {
    full_text(MAX_URL).rule("format", "uri".into()).rule("pattern", "^(https?://|tel:|mailto:)".into())
}

fn amount() -> Schema {
    integer(0..=1_000_000_000).about("In the smallest unit of the currency.")
}

fn currency() -> Schema {
    full_text(3).rule("pattern", "^[a-z]{3}$".into()).about("ISO 4217, lower case; `usd` when it is not said.")
}
