//! What goes in comes out, what cannot be read is refused, and what strict clients refuse is shown as text.

use serde_json::json;

use super::*;

fn link(media: &Media) -> String {
    match &media.source {
        MediaSource::Url(url) => url.clone(),
        MediaSource::Handle(name) | MediaSource::Vendor(name) => format!("https://gw.example.org/media/{name}"),
    }
}

fn parse(body: &Value) -> Result<Content, ApiError> {
    Fields::of(body).and_then(|fields| read(&fields))
}

#[test]
fn what_a_caller_writes_comes_back_as_written() {
    for body in [
        json!({"type": "text", "text": "Pick a day", "actions": [
            {"type": "reply", "text": "Monday", "payload": "d1"},
            {"type": "reply", "text": "Tuesday", "payload": "d2", "iconUrl": "https://x.example/i.png"}]}),
        json!({"type": "text", "text": "Go", "actions": [
            {"type": "link", "text": "Site", "uri": "https://x.example/"},
            {"type": "webview", "text": "Map", "uri": "https://x.example/m", "fallback": "https://x.example/f"},
            {"type": "buy", "text": "Pay", "amount": 1250, "currency": "eur"},
            {"type": "locationRequest", "text": "Where?"}]}),
        json!({"type": "image", "mediaUrl": "https://x.example/a.png", "altText": "a cat", "text": "look"}),
        json!({"type": "file", "mediaUrl": "https://x.example/a.pdf"}),
        json!({"type": "list", "items": [
            {"title": "One", "actions": [{"type": "postback", "text": "Take", "payload": "1"}]}]}),
        json!({"type": "form", "submitted": false, "fields": [
            {"type": "text", "name": "n", "label": "Name", "minSize": 1, "maxSize": 128},
            {"type": "select", "name": "s", "label": "Size", "options": [{"name": "l", "label": "Large"}]}]}),
    ] {
        let content = parse(&body).unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(show(&content, &link), body);
    }
}

#[test]
fn what_no_client_could_read_is_refused_with_its_reason() {
    let long = "x".repeat(4097);
    for (body, title) in [
        (json!({}), "should have required property 'type'"),
        (json!({"type": "text"}), "should have required property 'text'"),
        (json!({"type": "text", "text": ""}), "should have required property 'text'"),
        (json!({"type": "text", "text": long}), "text should NOT be longer than 4096 characters"),
        (json!({"type": "sticker"}), "type `sticker` is no content type"),
        (json!({"type": "image"}), "should have required property 'mediaUrl'"),
        (json!({"type": "image", "mediaUrl": "ftp://x"}), "mediaUrl should be a URI with scheme https, http"),
        (json!({"type": "carousel", "items": []}), "items should NOT have fewer than 1 items"),
        (json!({"type": "carousel", "items": [{"title": "t"}]}), "items[0] should have required property 'actions'"),
        (json!({"type": "location", "coordinates": {"lat": "52", "long": 4}}), "coordinates.lat should be number"),
        (json!({"type": "location", "coordinates": {"lat": 91, "long": 4}}), "coordinates should be degrees on earth"),
        (
            json!({"type": "text", "text": "t", "actions": [
                {"type": "reply", "text": "a", "payload": "a"}, {"type": "postback", "text": "b", "payload": "b"}]}),
            "actions should NOT mix reply with other types",
        ),
        (
            json!({"type": "text", "text": "t", "actions": [{"type": "link", "text": "a", "uri": "javascript:x()"}]}),
            "actions[0].uri should be a URI with scheme https, http, tel, mailto",
        ),
    ] {
        assert_eq!(parse(&body), Err(ApiError::bad_request(title)), "{body}");
    }
}

#[test]
fn content_that_strict_clients_refuse_is_shown_as_text() {
    let bare = Card { title: "Only a title".to_owned(), description: None, media: None, actions: Vec::new() };
    let shown = show(&Content::Carousel { cards: vec![bare], aspect: AspectRatio::Square }, &link);
    assert_eq!(shown["type"], "text");
    assert!(shown["text"].as_str().is_some_and(|text| text.contains("Only a title")), "{shown}");
    let image = Content::Image {
        media: Media {
            source: MediaSource::Handle("h1".to_owned()),
            media_type: Some("image/png".to_owned()),
            file_name: Some("a.png".to_owned()),
            size: Some(20480),
            alt_text: None,
        },
        text: Some(String::new()),
        actions: Vec::new(),
    };
    let expected = json!({"type": "image", "mediaUrl": "https://gw.example.org/media/h1", "mediaType": "image/png",
        "mediaSize": 20480, "altText": "a.png"});
    assert_eq!(show(&image, &link), expected);
}
