//! How long a text is, and where it may be cut. Vendors count in four different units.

use unicode_segmentation::UnicodeSegmentation;

use crate::delivery::TextUnit;

/// How long the text is in this unit.
pub fn length(text: &str, unit: TextUnit) -> usize {
    match unit {
        TextUnit::Utf16Units => text.encode_utf16().count(),
        TextUnit::CodePoints => text.chars().count(),
        TextUnit::Graphemes => text.graphemes(true).count(),
        TextUnit::Utf8Bytes => text.len(),
    }
}

/// Cuts the text into pieces of at most `max` units each: between paragraphs if it can, then lines, sentences, words,
/// and in the end between graphemes. White space around a cut is dropped. A text that fits is one piece.
///
/// A single grapheme longer than `max` is a piece of its own: half of it would be no character at all.
pub fn split(text: &str, max: usize, unit: TextUnit) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while length(rest, unit) > max {
        let head = longest_head(rest, max.max(1), unit);
        let cut = best_cut(rest, head);
        pieces.push(rest[..cut].trim_end());
        rest = rest[cut..].trim_start();
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// Bytes of the longest run of whole graphemes within `max` units; at least one grapheme.
fn longest_head(text: &str, max: usize, unit: TextUnit) -> usize {
    let mut used = 0;
    let mut end = 0;
    for grapheme in text.graphemes(true) {
        used += length(grapheme, unit);
        if used > max && end > 0 {
            break;
        }
        end += grapheme.len();
        if used > max {
            break;
        }
    }
    end
}

/// Where to cut at or before `head`: after the last good boundary, unless that would leave less than a quarter.
fn best_cut(text: &str, head: usize) -> usize {
    let window = &text[..head];
    let after = |pattern: &str| window.rfind(pattern).map(|at| at + pattern.len());
    let sentence = [". ", "! ", "? ", "。", "！", "？"].into_iter().filter_map(after).max();
    [after("\n\n"), after("\n"), sentence, after(" ")].into_iter().flatten().find(|cut| *cut > head / 4).unwrap_or(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_counts_its_own_way() {
        let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}";
        let table = [
            ("\u{e9}", [1, 1, 1, 2]),
            ("e\u{301}", [2, 2, 1, 3]),
            ("\u{1F44B}", [2, 1, 1, 4]),
            ("\u{1F44D}\u{1F3FD}", [4, 2, 1, 8]),
            (family, [11, 7, 1, 25]),
            ("\u{1F1E7}\u{1F1F7}", [4, 2, 1, 8]),
            ("\u{6F22}", [1, 1, 1, 3]),
            ("\u{2764}\u{FE0F}", [2, 2, 1, 6]),
        ];
        let units = [TextUnit::Utf16Units, TextUnit::CodePoints, TextUnit::Graphemes, TextUnit::Utf8Bytes];
        for (text, expected) in table {
            assert_eq!(units.map(|unit| length(text, unit)), expected, "{text}");
        }
    }

    #[test]
    fn cuts_fall_where_a_reader_would_pause() {
        let check = |text: &str, max, expected: &[&str]| assert_eq!(split(text, max, TextUnit::CodePoints), expected);
        check("short", 10, &["short"]);
        check("", 10, &[""]);
        check("one two three", 8, &["one two", "three"]);
        check("First one. Second one.", 14, &["First one.", "Second one."]);
        check("a paragraph\n\nanother one", 20, &["a paragraph", "another one"]);
        check("abcdefghij", 4, &["abcd", "efgh", "ij"]);
    }

    #[test]
    fn a_grapheme_is_never_cut() {
        let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}";
        let text = family.repeat(3);
        for max in 1..40 {
            let pieces = split(&text, max, TextUnit::Utf16Units);
            assert_eq!(pieces.concat(), text, "at {max}");
            assert!(pieces.iter().all(|piece| piece.len() % family.len() == 0), "at {max}");
        }
    }
}
