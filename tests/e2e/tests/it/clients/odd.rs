//! Inputs that nobody would write down in a specification, as a channel and as API callers bring them.

use serde_json::{Value, json};

/// Texts that programs get wrong: beyond the basic plane, right to left, marks without end, controls, nothing to see.
pub(super) fn texts() -> Vec<String> {
    vec![
        "👩‍👩‍👧‍👦 family".to_owned(),
        "\u{202E}right to left override".to_owned(),
        "שלום עולם — مرحبا بالعالم".to_owned(),
        format!("z{}", "\u{301}".repeat(5000)),
        "a\u{0}b".to_owned(),
        "\u{200B}\u{FEFF}\u{2028}\u{2029}".to_owned(),
        "\u{10FFFF}\u{E000}\u{FFFD}".to_owned(),
        " \n\t ".to_owned(),
        "%shorthand((not))% &((text))&".to_owned(),
        "<script>alert(1)</script>".to_owned(),
        "x".repeat(4096),
        "𝒳".repeat(4097),
        "A line of a very long mail.\r\n".repeat(100_000 / 29),
    ]
}

/// What a channel may bring: a name for the test's report, and the fields of the loop channel's event.
pub(super) fn from_the_channel() -> Vec<(String, Value)> {
    let long = "ü".repeat(300);
    let address = format!("{}@example.org", "m".repeat(200));
    let people = [
        ("no name", json!({})),
        ("empty names", json!({ "givenName": "", "surname": "", "email": "", "avatarUrl": "", "locale": "" })),
        ("long names", json!({ "givenName": long, "surname": long, "displayName": long, "locale": long })),
        (
            "a long address",
            json!({ "email": address, "avatarUrl": format!("https://example.org/{}", "a".repeat(3000)) }),
        ),
        ("odd letters", json!({ "givenName": "\u{0}\u{202E}😀", "surname": "\u{301}", "email": "no address" })),
    ];
    let kinds = [
        ("a picture", json!({ "image": "https://example.org/a.png", "alt": "", "text": "" })),
        ("a long caption", json!({ "image": "https://example.org/a.png", "alt": long, "text": "c".repeat(4096) })),
        ("a place", json!({ "location": [90.0, -180.0] })),
        ("a press", json!({ "postback": "p".repeat(1024) })),
        ("typing", json!({ "sign": "typing" })),
        ("reading", json!({ "sign": "read" })),
        ("an unknown kind", json!({ "other": "sticker" })),
        ("blocked", json!({ "reachable": false })),
        ("unblocked", json!({ "reachable": true })),
    ];
    let mut all = Vec::new();
    for (name, profile) in people {
        all.push((name.to_owned(), json!({ "text": "hello", "profile": profile })));
    }
    for (index, text) in texts().into_iter().enumerate() {
        all.push((format!("text {index}"), json!({ "text": text })));
    }
    all.extend(kinds.map(|(name, fields)| (name.to_owned(), fields)));
    all
}

/// What an API caller may post as a message: every content and action type, at its limits and beyond them.
pub(super) fn messages() -> Vec<Value> {
    let link = json!({ "type": "link", "text": "Look", "uri": "https://example.org" });
    let actions = json!([
        link,
        { "type": "postback", "text": "Press", "payload": "p", "metadata": { "n": 1 } },
        { "type": "webview", "text": "Open", "uri": "https://example.org", "fallback": "https://example.org", "size": "tall" },
        { "type": "buy", "text": "Buy", "amount": 1000, "currency": "eur" },
    ]);
    let replies =
        json!([{ "type": "reply", "text": "Yes", "payload": "y" }, { "type": "locationRequest", "text": "Where?" }]);
    let item = |title: &str| json!({ "title": title, "description": title, "actions": [link] });
    let title = "t".repeat(128);
    let mut all = vec![
        json!({ "type": "text", "text": "buttons", "actions": actions }),
        json!({ "type": "text", "text": "replies", "actions": replies }),
        json!({ "type": "text", "actions": actions }),
        json!({ "type": "text", "htmlText": "<b>bold</b>" }),
        json!({ "type": "text", "markdownText": "**bold**", "blockChatInput": true }),
        json!({ "type": "image", "mediaUrl": "https://example.org/a.png", "text": "c".repeat(9000) }),
        json!({ "type": "image", "mediaUrl": "https://example.org/a.png", "altText": "a".repeat(129) }),
        json!({ "type": "image", "mediaUrl": "https://example.org/a.png", "actions": actions }),
        json!({ "type": "file", "mediaUrl": "https://example.org/a.pdf", "altText": title }),
        json!({ "type": "carousel", "items": [item("One"), item(&title)], "displaySettings": { "imageAspectRatio": "square" } }),
        json!({ "type": "carousel", "items": vec![item("Many"); 11] }),
        json!({ "type": "carousel", "items": [] }),
        json!({ "type": "list", "items": [item("One")], "actions": [link] }),
        json!({ "type": "list", "items": [item("One")], "actions": [] }),
        json!({ "type": "list", "items": vec![item("Ten"); 10] }),
        json!({ "type": "form", "fields": [
            { "type": "text", "name": "a", "label": "A", "placeholder": "…", "minSize": 1, "maxSize": 256 },
            { "type": "email", "name": "b", "label": "B" },
            { "type": "select", "name": "c", "label": "C", "options": [{ "name": "1", "label": "One" }] },
        ] }),
        json!({ "type": "form", "fields": [{ "type": "text", "name": "", "label": "" }] }),
        json!({ "type": "location", "coordinates": { "lat": 52.37, "long": 4.9 }, "location": { "name": "Here", "address": "" } }),
        json!({ "type": "location", "coordinates": { "lat": "52", "long": null } }),
        json!({ "type": "template", "template": { "name": "hello", "language": { "code": "en" } } }),
        json!({ "type": "sticker", "mediaUrl": "https://example.org/a.webp" }),
        json!({ "text": "no type" }),
        Value::Null,
    ];
    all.extend(texts().into_iter().map(|text| json!({ "type": "text", "text": text })));
    all
}

/// Whom an API caller may create.
pub(super) fn users() -> Vec<Value> {
    let long = "n".repeat(129);
    let address = format!("{}@example.org", "m".repeat(200));
    let fitting = format!("{}@example.org", "m".repeat(100));
    vec![
        json!({ "externalId": "odd-1", "profile": { "givenName": "\u{202E}😀", "surname": "שלום", "email": fitting } }),
        json!({ "externalId": "odd-2", "profile": { "givenName": "", "surname": null, "email": "", "avatarUrl": "" } }),
        json!({ "externalId": "odd-3", "profile": { "givenName": long } }),
        json!({ "externalId": "odd-4", "profile": { "email": address } }),
        json!({ "externalId": "x".repeat(1024), "metadata": { "a": "𝒳", "b": 1.5, "c": false } }),
        json!({ "externalId": "x".repeat(1025) }),
        json!({ "externalId": "" }),
        json!({ "externalId": "a/b c@d%e\u{0}", "signedUpAt": "2025-03-01T08:00:00.000Z" }),
        json!({ "externalId": "odd-5", "metadata": { "nested": { "not": "flat" } } }),
    ]
}
