//! What a Telegram message says, in the words of the contract.
//!
//! Kinds without a counterpart are named, not guessed. Files stay with Telegram until the host asks for them.

use passerelle_sdk::prelude::*;

use crate::wire::{Contact, File, Message, PhotoSize, Sticker};

/// The content of a message, or the name of a kind that has none.
pub fn content(message: &Message) -> Result<Content, &'static str> {
    if let Some(text) = &message.text {
        return Ok(Content::text(text));
    }
    if let Some(media) = file(message) {
        return Ok(captioned(media, message));
    }
    if let Some(venue) = &message.venue {
        let place = Content::location(venue.location.latitude, venue.location.longitude);
        return Ok(place.named(clip(&venue.title, 128), clip(&venue.address, 512)));
    }
    if let Some(location) = &message.location {
        return Ok(Content::location(location.latitude, location.longitude));
    }
    if let Some(contact) = &message.contact {
        return Ok(Content::text(card(contact)));
    }
    Err(kind_word(message))
}

/// Cuts a text of the vendor to so many characters; none when nothing is left.
pub fn clip(text: &str, characters: usize) -> Option<String> {
    let text = text.trim();
    let end = text.char_indices().nth(characters).map_or(text.len(), |(position, _)| position);
    (end > 0).then(|| text[..end].to_owned())
}

enum Found {
    Picture(Media),
    File(Media),
}

/// The file of a message. A GIF comes as `animation` and `document` at once, so the animation is looked for first.
fn file(message: &Message) -> Option<Found> {
    if let Some(photo) = largest(&message.photo) {
        return Some(Found::Picture(known(&photo.file_id, photo.file_size).media_type("image/jpeg")));
    }
    if let Some(sticker) = &message.sticker {
        return Some(sticker_media(sticker));
    }
    let with_defaults = [
        (&message.animation, "video/mp4", "animation.mp4"),
        (&message.video, "video/mp4", "video.mp4"),
        (&message.audio, "audio/mpeg", "audio.mp3"),
        (&message.voice, "audio/ogg", "voice.ogg"),
        (&message.video_note, "video/mp4", "video-note.mp4"),
        (&message.document, "application/octet-stream", "file"),
    ];
    with_defaults
        .into_iter()
        .find_map(|(file, media_type, name)| Some(Found::File(file_media(file.as_ref()?, media_type, name))))
}

/// Sizes are in no promised order.
fn largest(sizes: &[PhotoSize]) -> Option<&PhotoSize> {
    sizes.iter().max_by_key(|size| (size.width * size.height, size.file_size))
}

fn file_media(file: &File, media_type: &str, name: &str) -> Media {
    let name = file.file_name.as_deref().and_then(safe_name).unwrap_or_else(|| name.to_owned());
    let media_type = file.mime_type.as_deref().unwrap_or(media_type);
    known(&file.file_id, file.file_size).media_type(media_type).file_name(name)
}

/// Still stickers are pictures; moving ones are files of formats that browsers do not show as pictures.
fn sticker_media(sticker: &Sticker) -> Found {
    let mut media = known(&sticker.file_id, sticker.file_size);
    media.alt_text = sticker.emoji.as_deref().and_then(|emoji| clip(emoji, 128));
    if sticker.is_animated {
        Found::File(media.media_type("application/gzip").file_name("sticker.tgs"))
    } else if sticker.is_video {
        Found::File(media.media_type("video/webm").file_name("sticker.webm"))
    } else {
        Found::Picture(media.media_type("image/webp").file_name("sticker.webp"))
    }
}

fn known(file_id: &str, size: Option<u64>) -> Media {
    Media { size, ..Media::vendor(file_id) }
}

/// A file name without separators and control characters, the ones that turn the direction of writing included.
fn safe_name(name: &str) -> Option<String> {
    let hostile = |c: char| {
        c.is_control()
            || matches!(c, '/' | '\\' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let clean: String = name.chars().map(|c| if hostile(c) { '_' } else { c }).collect();
    clip(&clean, 255).filter(|name| name != "." && name != "..")
}

fn captioned(found: Found, message: &Message) -> Content {
    let content = match found {
        Found::Picture(media) => Content::image(media),
        Found::File(media) => Content::file(media),
    };
    match message.caption.as_deref().filter(|caption| !caption.is_empty()) {
        Some(caption) => content.with_caption(caption),
        None => content,
    }
}

fn card(contact: &Contact) -> String {
    let name = [contact.first_name.as_str(), contact.last_name.as_deref().unwrap_or_default()].join(" ");
    [name.trim(), contact.phone_number.as_str()].join("\n").trim().to_owned()
}

fn kind_word(message: &Message) -> &'static str {
    let kinds = [
        (message.poll.is_some(), "poll"),
        (message.dice.is_some(), "dice"),
        (message.checklist.is_some(), "checklist"),
        (message.story.is_some(), "story"),
        (message.game.is_some(), "game"),
        (message.giveaway.is_some(), "giveaway"),
        (message.web_app_data.is_some(), "web-app-data"),
        (message.users_shared.is_some(), "users-shared"),
        (message.chat_shared.is_some(), "chat-shared"),
        (message.new_chat_members.is_some(), "new-chat-members"),
        (message.left_chat_member.is_some(), "left-chat-member"),
        (message.migrate_to_chat_id.is_some(), "migrate-to-chat"),
        (message.migrate_from_chat_id.is_some(), "migrate-from-chat"),
        (message.pinned_message.is_some(), "pinned-message"),
    ];
    kinds.into_iter().find_map(|(there, word)| there.then_some(word)).unwrap_or("unknown-message")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(fields: &str) -> Message {
        serde_json::from_str(&format!(r#"{{"message_id":1,"chat":{{"id":42}},{fields}}}"#)).expect("a message")
    }

    fn vendor(reference: &str, media_type: &str) -> Media {
        Media::vendor(reference).media_type(media_type)
    }

    #[test]
    fn every_kind_of_content_finds_its_place() {
        for (fields, expected) in [
            (r#""text":"hello""#, Content::text("hello")),
            (
                r#""photo":[{"file_id":"big","width":800,"height":600,"file_size":9},{"file_id":"small","width":90,"height":60}],"caption":"sunset""#,
                Content::image(vendor("big", "image/jpeg").size(9)).with_caption("sunset"),
            ),
            (
                r#""document":{"file_id":"d","file_name":"a/b\\c.pdf","mime_type":"application/pdf","file_size":5}"#,
                Content::file(vendor("d", "application/pdf").file_name("a_b_c.pdf").size(5)),
            ),
            (
                r#""animation":{"file_id":"a","mime_type":"video/mp4"},"document":{"file_id":"a2"}"#,
                Content::file(vendor("a", "video/mp4").file_name("animation.mp4")),
            ),
            (
                r#""voice":{"file_id":"v","mime_type":"audio/ogg","file_size":3}"#,
                Content::file(vendor("v", "audio/ogg").file_name("voice.ogg").size(3)),
            ),
            (
                r#""sticker":{"file_id":"s","emoji":"🙂"}"#,
                Content::image(vendor("s", "image/webp").file_name("sticker.webp").alt_text("🙂")),
            ),
            (
                r#""sticker":{"file_id":"s","is_video":true}"#,
                Content::file(vendor("s", "video/webm").file_name("sticker.webm")),
            ),
            (r#""location":{"latitude":48.85,"longitude":2.35}"#, Content::location(48.85, 2.35)),
            (
                r#""location":{"latitude":1,"longitude":2},"venue":{"location":{"latitude":1,"longitude":2},"title":"Café","address":"Rue 1"}"#,
                Content::location(1.0, 2.0).named(Some("Café".into()), Some("Rue 1".into())),
            ),
            (
                r#""contact":{"phone_number":"+33123","first_name":"Ada","last_name":"L"}"#,
                Content::text("Ada L\n+33123"),
            ),
        ] {
            assert_eq!(content(&parse(fields)), Ok(expected), "{fields}");
        }
    }

    #[test]
    fn what_has_no_place_is_named() {
        for (fields, expected) in [
            (r#""dice":{"value":3}"#, "dice"),
            (r#""poll":{"id":"1"}"#, "poll"),
            (r#""new_chat_members":[]"#, "new-chat-members"),
            (r#""something_new":{}"#, "unknown-message"),
        ] {
            assert_eq!(content(&parse(fields)), Err(expected), "{fields}");
        }
    }

    #[test]
    fn clips_at_characters() {
        assert_eq!(clip("  héé ", 2).as_deref(), Some("hé"));
        assert_eq!(clip("  ", 2), None);
    }
}
