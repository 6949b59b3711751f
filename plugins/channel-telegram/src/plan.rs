//! Which calls one message takes. Pure: it plans, `send` carries out.
//!
//! Buttons stand below the last part, an answer refers to an earlier message with the first.

use passerelle_sdk::prelude::*;
use serde_json::{Value, json};

use crate::api::{Fields, Upload};
use crate::buttons::Keyboards;
use crate::keyboard::Arrangement;
use crate::limits::{CAPTION_UNITS, PHOTO_BYTES, TEXT_UNITS, UPLOAD_BYTES};
use crate::split::{split, split_first};

/// One call that makes one message.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Such as `sendMessage`.
    pub method: &'static str,
    /// All fields but the address.
    pub fields: Fields,
    /// A file of the host's.
    pub upload: Option<Upload>,
    /// What to send when Telegram cannot fetch the file: the words and the file's address.
    pub instead: Option<String>,
}

/// The parts of a message, at least one; or why Telegram will never take it.
pub fn parts(
    outbound: &Outbound,
    arranged: &Arrangement<'_>,
    keyboards: Keyboards,
    previews: bool,
) -> Result<Vec<Part>, String> {
    let with_lines = |text: &str| [&[text.to_owned()][..], &arranged.lines].concat().join("\n");
    let mut parts = match &outbound.content {
        Content::Text(text) => texts(&with_lines(&text.text)),
        Content::Template(template) => texts(&template.rendered),
        Content::Image(image) => {
            with_caption(file(&image.media, true)?, &with_lines(image.text.as_deref().unwrap_or_default()))
        }
        Content::File(document) => {
            with_caption(file(&document.media, false)?, document.text.as_deref().unwrap_or_default())
        }
        Content::Location(location) => vec![place(location)],
        Content::Carousel(_) | Content::Items(_) | Content::Form(_) | Content::FormResponse(_) => {
            return Err("telegram has no cards, lists or forms: the host sends them as text".to_owned());
        }
    };
    attach(&mut parts, arranged, keyboards);
    if !previews {
        without_previews(&mut parts);
    }
    if let Some(message) = outbound.in_reply_to.as_deref().and_then(|id| id.parse::<i64>().ok()) {
        let reply = json!({"message_id": message, "allow_sending_without_reply": true});
        parts[0].fields.insert("reply_parameters".to_owned(), reply);
    }
    Ok(parts)
}

/// Words as one message.
pub fn text(text: &str) -> Part {
    part("sendMessage", [("text", json!(text))])
}

fn part<const N: usize>(method: &'static str, fields: [(&str, Value); N]) -> Part {
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Part { method, fields, upload: None, instead: None }
}

/// Telegram takes no empty text, and a message that is nothing but buttons needs something to hang them on.
fn texts(words: &str) -> Vec<Part> {
    let pieces = split(words, TEXT_UNITS);
    if pieces.is_empty() { vec![text("…")] } else { pieces.into_iter().map(text).collect() }
}

/// The caption takes what fits; the rest follows.
fn with_caption(mut file: Part, words: &str) -> Vec<Part> {
    let (caption, rest) = split_first(words, CAPTION_UNITS);
    if !caption.is_empty() {
        file.fields.insert("caption".to_owned(), json!(caption));
        if let Some(address) = &mut file.instead {
            *address = format!("{caption}\n{address}");
        }
    }
    std::iter::once(file).chain(split(rest, TEXT_UNITS).into_iter().map(text)).collect()
}

fn file(media: &Media, picture: bool) -> Result<Part, String> {
    let size = media.size.unwrap_or(0);
    if size > UPLOAD_BYTES {
        return Err(format!("the file has {size} bytes, and telegram takes {UPLOAD_BYTES}"));
    }
    let (method, field) = method(media.media_type.as_deref().unwrap_or_default(), picture && size <= PHOTO_BYTES);
    Ok(match &media.source {
        MediaSource::Handle(handle) => {
            let upload = Upload {
                field,
                handle: handle.clone(),
                file_name: media.file_name.clone(),
                media_type: media.media_type.clone(),
            };
            Part { upload: Some(upload), ..part(method, []) }
        }
        MediaSource::Url(url) => Part { instead: Some(url.clone()), ..part(method, [(field, json!(url))]) },
        MediaSource::Vendor(file_id) => part(method, [(field, json!(file_id))]),
    })
}

/// The method for a type of file and the field that takes it. What Telegram cannot show goes as a document.
fn method(media_type: &str, picture: bool) -> (&'static str, &'static str) {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "image/gif" => ("sendAnimation", "animation"),
        "" | "image/jpeg" | "image/png" | "image/webp" if picture => ("sendPhoto", "photo"),
        "video/mp4" => ("sendVideo", "video"),
        "audio/mpeg" | "audio/mp4" => ("sendAudio", "audio"),
        _ => ("sendDocument", "document"),
    }
}

/// A place with a name is a venue, which must have an address too.
fn place(location: &passerelle_sdk::LocationContent) -> Part {
    let (latitude, longitude) = (("latitude", json!(location.latitude)), ("longitude", json!(location.longitude)));
    match (&location.name, &location.address) {
        (None, None) => part("sendLocation", [latitude, longitude]),
        (name, address) => {
            let title = name.as_ref().or(address.as_ref());
            let address = address.as_ref().or(name.as_ref());
            part("sendVenue", [latitude, longitude, ("title", json!(title)), ("address", json!(address))])
        }
    }
}

/// Both kinds of keyboards do not go together, so the keys get a message of their own, which says what they say.
fn attach(parts: &mut Vec<Part>, arranged: &Arrangement<'_>, keyboards: Keyboards) {
    let last = |parts: &mut Vec<Part>, markup: Value| {
        if let Some(part) = parts.last_mut() {
            part.fields.insert("reply_markup".to_owned(), markup);
        }
    };
    match (keyboards.inline, keyboards.keys) {
        (Some(inline), keys) => {
            last(parts, inline);
            if let (Some(keys), Some(key)) = (keys, arranged.keys.first()) {
                parts.push(text(key.label()));
                last(parts, keys);
            }
        }
        (None, Some(keys)) => last(parts, keys),
        (None, None) => {}
    }
}

fn without_previews(parts: &mut [Part]) {
    for part in parts.iter_mut().filter(|part| part.method == "sendMessage") {
        part.fields.insert("link_preview_options".to_owned(), json!({"is_disabled": true}));
    }
}

#[cfg(test)]
mod tests {
    use passerelle_sdk::testing;

    use super::*;
    use crate::keyboard::arrange;

    fn planned(content: Content) -> Vec<(&'static str, Value)> {
        let outbound = testing::outbound(content);
        let arranged = arrange(outbound.content.actions(), true);
        let inline = (!arranged.inline.is_empty()).then(|| json!("inline"));
        let keys = (!arranged.keys.is_empty()).then(|| json!("keys"));
        let parts = parts(&outbound, &arranged, Keyboards { inline, keys }, true).expect("a plan");
        parts.into_iter().map(|part| (part.method, Value::Object(part.fields))).collect()
    }

    #[test]
    fn each_kind_of_content_has_its_method() {
        let image = |media_type: &str| Content::image(Media::url("https://e.com/p").media_type(media_type));
        let file = |media_type: &str| Content::file(Media::url("https://e.com/f").media_type(media_type));
        for (content, method, fields) in [
            (Content::text("hi"), "sendMessage", json!({"text": "hi"})),
            (image("image/png"), "sendPhoto", json!({"photo": "https://e.com/p"})),
            (image("image/gif"), "sendAnimation", json!({"animation": "https://e.com/p"})),
            (image("image/svg+xml"), "sendDocument", json!({"document": "https://e.com/p"})),
            (file("application/pdf"), "sendDocument", json!({"document": "https://e.com/f"})),
            (file("image/png"), "sendDocument", json!({"document": "https://e.com/f"})),
            (file("video/mp4"), "sendVideo", json!({"video": "https://e.com/f"})),
            (file("audio/mpeg"), "sendAudio", json!({"audio": "https://e.com/f"})),
            (Content::location(1.5, 2.5), "sendLocation", json!({"latitude": 1.5, "longitude": 2.5})),
            (
                Content::location(1.5, 2.5).named(Some("Café".into()), None),
                "sendVenue",
                json!({"latitude": 1.5, "longitude": 2.5, "title": "Café", "address": "Café"}),
            ),
        ] {
            assert_eq!(planned(content), [(method, fields)]);
        }
    }

    #[test]
    fn a_large_picture_goes_as_a_file() {
        let media = Media::url("https://e.com/p").media_type("image/png").size(PHOTO_BYTES + 1);
        assert_eq!(planned(Content::image(media))[0].0, "sendDocument");
    }

    #[test]
    fn a_long_caption_goes_on_below_and_buttons_come_last() {
        let caption = format!("{} {}", "a".repeat(1000), "b".repeat(100));
        let image = Content::image(Media::url("https://e.com/p")).with_caption(&caption).with_postback("Ok", "ok");
        let planned = planned(image);
        assert_eq!(planned[0].1, json!({"photo": "https://e.com/p", "caption": "a".repeat(1000)}));
        assert_eq!(planned[1].1, json!({"text": "b".repeat(100), "reply_markup": "inline"}));
    }

    #[test]
    fn a_question_for_a_location_beside_links_gets_its_own_message() {
        let content = Content::text("Find us")
            .with_link("Map", "https://e.com")
            .with_action(Action::location_request("Where are you?"));
        let planned = planned(content);
        assert_eq!(planned[0].1, json!({"text": "Find us", "reply_markup": "inline"}));
        assert_eq!(planned[1].1, json!({"text": "Where are you?", "reply_markup": "keys"}));
    }

    #[test]
    fn what_telegram_never_takes_is_refused_with_a_reason() {
        let refusal = |content: Content| {
            parts(&testing::outbound(content), &Arrangement::default(), Keyboards::default(), true)
                .expect_err("refused")
        };
        assert!(refusal(Content::file(Media::handle("h").size(UPLOAD_BYTES + 1))).contains("52428801 bytes"));
        assert!(refusal(Content::carousel([])).contains("no cards"));
    }
}
