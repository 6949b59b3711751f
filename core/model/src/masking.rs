//! Makes the numbers of payment cards unreadable: the last four digits stay, so that people can tell which card is meant.
//!
//! A number is 13 to 19 digits, written in one or in groups with one space or hyphen between them, that begins as cards do
//! and passes the check of its last digit (Luhn). About one in ten other numbers of that length passes it, too, and is
//! masked with them.

use std::borrow::Cow;
use std::ops::Range;

use crate::content::{Card, Content, FormValue, Media};

/// How many digits a card has.
const DIGITS: std::ops::RangeInclusive<usize> = 13..=19;
/// Digits that stay readable.
const KEPT: usize = 4;
/// What stands in place of a digit.
const MASK: char = '*';

/// The text with every card number made unreadable.
pub fn mask_cards(text: &str) -> Cow<'_, str> {
    let groups = groups(text);
    let mut masked: Option<Vec<u8>> = None;
    let mut first = 0;
    while first < groups.len() {
        match card_from(text, &groups[first..]) {
            Some(count) => {
                let bytes = masked.get_or_insert_with(|| text.as_bytes().to_vec());
                mask(bytes, &groups[first..first + count]);
                first += count;
            }
            None => first += 1,
        }
    }
    // One byte took the place of another, so that it is a text still.
    masked.and_then(|bytes| String::from_utf8(bytes).ok()).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Masks card numbers in everything of a content that a person can have written.
pub fn mask_content(content: &mut Content) {
    match content {
        Content::Text { text, .. } => mask_text(text),
        Content::Image { media, text, .. } | Content::File { media, text } => {
            mask_maybe(text);
            mask_media(media);
        }
        Content::Carousel { cards, .. } | Content::List { rows: cards, .. } => cards.iter_mut().for_each(mask_card),
        Content::FormResponse { answers } => {
            for answer in answers {
                if let FormValue::Text(text) = &mut answer.value {
                    mask_text(text);
                }
            }
        }
        Content::Location { name, address, .. } => {
            mask_maybe(name);
            mask_maybe(address);
        }
        // Forms and templates are the business's.
        Content::Form { .. } | Content::Template { .. } => {}
    }
}

/// Masks card numbers in a text.
pub fn mask_text(text: &mut String) {
    if let Cow::Owned(masked) = mask_cards(text) {
        *text = masked;
    }
}

fn mask_maybe(text: &mut Option<String>) {
    text.iter_mut().for_each(mask_text);
}

fn mask_media(media: &mut Media) {
    mask_maybe(&mut media.file_name);
    mask_maybe(&mut media.alt_text);
}

fn mask_card(card: &mut Card) {
    mask_text(&mut card.title);
    mask_maybe(&mut card.description);
    card.media.iter_mut().for_each(mask_media);
}

/// The runs of digits, as ranges of bytes.
fn groups(text: &str) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        match groups.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => groups.push(at..at + 1),
        }
    }
    groups
}

/// How many of the first groups make a card number; the most that do.
fn card_from(text: &str, groups: &[Range<usize>]) -> Option<usize> {
    let mut digits: Vec<u8> = Vec::new();
    let mut found = None;
    for (index, group) in groups.iter().enumerate() {
        let joined = index == 0 || matches!(&text[groups[index - 1].end..group.start], " " | "-" | "\u{a0}");
        digits.extend(text[group.clone()].bytes().map(|byte| byte - b'0'));
        if !joined || digits.len() > *DIGITS.end() {
            break;
        }
        if is_card(&digits) {
            found = Some(index + 1);
        }
    }
    found
}

fn is_card(digits: &[u8]) -> bool {
    DIGITS.contains(&digits.len()) && matches!(digits[0], 2..=6) && passes_luhn(digits)
}

fn passes_luhn(digits: &[u8]) -> bool {
    let weighed = digits.iter().rev().enumerate().map(|(place, digit)| match (place % 2, digit * 2) {
        (0, _) => u32::from(*digit),
        (_, doubled) if doubled > 9 => u32::from(doubled - 9),
        (_, doubled) => u32::from(doubled),
    });
    weighed.sum::<u32>() % 10 == 0
}

fn mask(bytes: &mut [u8], groups: &[Range<usize>]) {
    let places: Vec<usize> = groups.iter().cloned().flatten().collect();
    for place in &places[..places.len() - KEPT] {
        bytes[*place] = MASK as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{FormAnswer, MediaSource};

    fn check(text: &str, expected: &str) {
        assert_eq!(mask_cards(text), expected);
    }

    #[test]
    fn card_numbers_keep_their_last_four_digits() {
        check("4111111111111111", "************1111");
        check("my card: 4111 1111 1111 1111, thanks", "my card: **** **** **** 1111, thanks");
        check("5500-0000-0000-0004", "****-****-****-0004");
        check("3782 822463 10005", "**** ****** *0005");
        check("4222222222222 and 6304000000000000000", "*********2222 and ***************0000");
        check("é4111111111111111ß", "é************1111ß");
        check("4111\u{a0}1111\u{a0}1111\u{a0}1111", "****\u{a0}****\u{a0}****\u{a0}1111");
        check("order 12 4111 1111 1111 1111", "order 12 **** **** **** 1111");
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "",
            "4111111111111112",
            "411111111111111111111111",
            "1700000000000",
            "+49 30 1234567",
            "4111 1111 1111",
            "4111  1111  1111  1111",
            "4111.1111.1111.1111",
            "0000 0000 0000 0000",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn every_place_in_which_a_person_writes_is_masked() {
        let (card, masked) = ("4111 1111 1111 1111", "**** **** **** 1111");
        let media = Media {
            source: MediaSource::Url("https://e.co/4111111111111111".into()),
            media_type: None,
            file_name: Some(format!("{card}.png")),
            size: None,
            alt_text: Some(card.into()),
        };
        let answer = |value| FormAnswer { name: "n".into(), label: "Card".into(), value };
        let contents = [
            Content::text(card),
            Content::Image { media: media.clone(), text: Some(card.into()), actions: vec![] },
            Content::File { media, text: Some(card.into()) },
            Content::FormResponse { answers: vec![answer(FormValue::Text(card.into()))] },
            Content::Location { latitude: 0.0, longitude: 0.0, name: Some(card.into()), address: Some(card.into()) },
        ];
        for mut content in contents {
            mask_content(&mut content);
            let shown = format!("{content:?}");
            assert!(!shown.contains(card) && shown.contains(masked), "{shown}");
        }
    }
}
