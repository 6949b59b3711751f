//! Cuts a long text into messages that Telegram takes, where a reader would pause.
//!
//! Lengths are UTF-16 units. A cut never falls inside what a reader sees as one character.

use unicode_segmentation::GraphemeCursor;

/// Cuts `text` into pieces of at most `limit` UTF-16 units, without white space at their ends.
///
/// Paragraphs are preferred, then lines, sentences and words; a word that is too long is cut between characters.
/// A text of nothing but white space gives no piece.
pub fn split(text: &str, limit: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (piece, tail) = split_first(rest, limit);
        pieces.push(piece);
        rest = tail;
    }
    pieces
}

/// Cuts the first piece off; the rest is empty when all fits.
pub fn split_first(text: &str, limit: usize) -> (&str, &str) {
    let text = text.trim();
    let (piece, rest) = text.split_at(cut(text, limit));
    (piece.trim_end(), rest.trim_start())
}

/// The length of a text in UTF-16 units.
pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Where the first piece of `text` ends, in bytes; never 0.
fn cut(text: &str, limit: usize) -> usize {
    let end = fitting(text, limit);
    if end == text.len() {
        return end;
    }
    let window = &text[..end];
    // A pause in the first half would leave a stump of a message, so the finer pause wins there.
    let late = |position: &usize| *position >= end / 2;
    let after = |separator: &str| window.rfind(separator).filter(late);
    after("\n\n")
        .or_else(|| after("\n"))
        .or_else(|| sentence_end(window).filter(late))
        .or_else(|| word_end(text, end))
        .unwrap_or_else(|| character_end(text, end))
}

/// How many bytes of `text` fit into `limit` UTF-16 units.
fn fitting(text: &str, limit: usize) -> usize {
    let mut used = 0;
    for (position, character) in text.char_indices() {
        used += character.len_utf16();
        if used > limit {
            return position;
        }
    }
    text.len()
}

/// Behind the last full stop that is followed by white space, or that needs none.
fn sentence_end(window: &str) -> Option<usize> {
    let mut following = ' ';
    for (position, character) in window.char_indices().rev() {
        let stops = match character {
            '.' | '!' | '?' | '…' => following.is_whitespace(),
            '。' | '！' | '？' => true,
            _ => false,
        };
        let end = position + character.len_utf8();
        if stops && end < window.len() {
            return Some(end);
        }
        following = character;
    }
    None
}

fn word_end(text: &str, end: usize) -> Option<usize> {
    if text[end..].starts_with(char::is_whitespace) {
        return Some(end);
    }
    text[..end].rfind(char::is_whitespace).filter(|position| *position > 0)
}

/// The last boundary between visible characters at or before `end`. A single character that is longer than the limit
/// (letters under a pile of accents) is cut between code points, because it fits nowhere.
fn character_end(text: &str, end: usize) -> usize {
    let mut cursor = GraphemeCursor::new(end, text.len(), true);
    if matches!(cursor.is_boundary(text, 0), Ok(true)) {
        return end;
    }
    match cursor.prev_boundary(text, 0) {
        Ok(Some(position)) if position > 0 => position,
        _ => end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILY: &str = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}";
    const FLAG: &str = "\u{1F1E7}\u{1F1F7}";

    #[test]
    fn counts_what_telegram_counts() {
        for (text, expected) in [
            ("\u{e9}", 1),
            ("e\u{301}", 2),
            ("\u{1F44B}", 2),
            ("\u{1F44D}\u{1F3FD}", 4),
            (FAMILY, 11),
            (FLAG, 4),
            ("漢", 1),
            ("\u{2764}\u{FE0F}", 2),
        ] {
            assert_eq!(units(text), expected, "{text}");
        }
    }

    #[test]
    fn cuts_where_a_reader_pauses() {
        for (text, limit, expected) in [
            ("short", 10, vec!["short"]),
            ("", 10, vec![]),
            (" \n ", 10, vec![]),
            ("exactly ten", 11, vec!["exactly ten"]),
            ("one two\n\nthree four", 12, vec!["one two", "three four"]),
            ("one two\nthree four", 12, vec!["one two", "three four"]),
            ("It rains. It pours.", 14, vec!["It rains.", "It pours."]),
            ("costs 3.50 today", 11, vec!["costs 3.50", "today"]),
            ("雨です。晴れです。", 6, vec!["雨です。", "晴れです。"]),
            ("alpha beta gamma", 10, vec!["alpha beta", "gamma"]),
            ("alpha beta gamma", 12, vec!["alpha beta", "gamma"]),
            ("abcdefghij", 4, vec!["abcd", "efgh", "ij"]),
            ("a\n\nbcdefg hijk", 10, vec!["a\n\nbcdefg", "hijk"]),
        ] {
            assert_eq!(split(text, limit), expected, "{text:?} at {limit}");
        }
    }

    #[test]
    fn keeps_visible_characters_whole() {
        for (character, limit) in
            [(FAMILY, 15), (FLAG, 7), ("\u{1F44D}\u{1F3FD}", 6), ("e\u{301}", 3), ("\u{1F44B}", 3)]
        {
            let text = character.repeat(3);
            let pieces = split(&text, limit);
            assert_eq!(pieces.concat(), text);
            for piece in pieces {
                assert!(piece.len() % character.len() == 0, "{piece:?} holds a torn {character:?}");
            }
        }
    }

    #[test]
    fn a_character_over_the_limit_still_ends() {
        let pile = format!("e{}", "\u{301}".repeat(40));
        let pieces = split(&pile, 16);
        assert_eq!(pieces.concat(), pile);
        assert!(pieces.iter().all(|piece| units(piece) <= 16));
    }

    #[test]
    fn the_longest_message_of_the_contract_fits_into_two() {
        let text = "\u{1F600}".repeat(4096);
        let pieces = split(&text, crate::limits::TEXT_UNITS);
        assert_eq!(pieces.len(), 2);
        assert!(pieces.iter().all(|piece| units(piece) == 4096));
    }
}
