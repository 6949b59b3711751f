//! What a file shows of itself while it passes: its first bytes, names that stand in its containers, and whether it can
//! be text. Archives are never opened.

/// First bytes that are kept.
const HEAD: usize = 4096;

/// Names that tell one container from another, wherever they stand in it.
const MARKS: &[(Mark, &[u8])] = &[
    (Mark::OfficeXml, b"[Content_Types].xml"),
    (Mark::Word, b"word/document"),
    (Mark::Sheet, b"xl/workbook"),
    (Mark::Slides, b"ppt/presentation"),
    (Mark::Macros, b"vbaProject.bin"),
    (Mark::Iwork, b"Index/"),
    (Mark::Iwork, b"Index.zip"),
    (Mark::Iwork, b"index.apxl"),
    (Mark::Iwork, b"index.xml"),
    (Mark::OldWord, b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"),
    (Mark::OldSheet, b"W\0o\0r\0k\0b\0o\0o\0k\0"),
    (Mark::OldSheet, b"B\0o\0o\0k\0\0\0"),
    (Mark::OldSlides, b"P\0o\0w\0e\0r\0P\0o\0i\0n\0t\0 \0D\0o\0c\0u\0m\0e\0n\0t\0"),
];
/// The longest mark but one byte: as much is carried from one piece to the next.
const CARRIED: usize = 37;

/// Something that stands in a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Mark {
    OfficeXml,
    Word,
    Sheet,
    Slides,
    Macros,
    Iwork,
    OldWord,
    OldSheet,
    OldSlides,
}

/// What a file shows of itself.
#[derive(Debug, Default)]
pub(super) struct Sniff {
    head: Vec<u8>,
    carried: Vec<u8>,
    marks: u16,
    has_controls: bool,
}

impl Sniff {
    /// The next bytes.
    pub(super) fn see(&mut self, bytes: &[u8]) {
        let missing = HEAD - self.head.len();
        self.head.extend_from_slice(&bytes[..bytes.len().min(missing)]);
        self.has_controls |= bytes.iter().any(|byte| is_control(*byte));
        if self.is_container() {
            self.search(bytes);
        }
    }

    /// The first bytes.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    /// Whether the head is as long as it gets.
    pub(super) fn has_whole_head(&self) -> bool {
        self.head.len() == HEAD
    }

    /// Whether this stands in the file.
    pub(super) fn has(&self, mark: Mark) -> bool {
        self.marks & bit(mark) != 0
    }

    /// Whether nothing speaks against text, in any of the usual encodings.
    pub(super) fn can_be_text(&self) -> bool {
        let is_wide = self.head.starts_with(&[0xFF, 0xFE]) || self.head.starts_with(&[0xFE, 0xFF]);
        !self.head.is_empty() && (!self.has_controls || is_wide)
    }

    fn is_container(&self) -> bool {
        self.head.starts_with(b"PK") || self.head.starts_with(&[0xD0, 0xCF])
    }

    fn search(&mut self, bytes: &[u8]) {
        let mut text = std::mem::take(&mut self.carried);
        text.extend_from_slice(bytes);
        for (mark, needle) in MARKS {
            if !self.has(*mark) && memchr::memmem::find(&text, needle).is_some() {
                self.marks |= bit(*mark);
            }
        }
        text.drain(..text.len().saturating_sub(CARRIED));
        self.carried = text;
    }
}

const fn bit(mark: Mark) -> u16 {
    1 << mark as u16
}

/// Bytes that no text has; escape sequences stand in logs.
const fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_wherever_the_pieces_are_cut() {
        let text = b"PK\x03\x04................word/document.xml..........[Content_Types].xml.";
        for cut in 3..text.len() {
            let mut sniff = Sniff::default();
            sniff.see(&text[..cut]);
            sniff.see(&text[cut..]);
            assert!(sniff.has(Mark::Word) && sniff.has(Mark::OfficeXml) && !sniff.has(Mark::Sheet), "cut at {cut}");
        }
        let longest = MARKS.iter().map(|(_, needle)| needle.len()).max();
        assert_eq!(longest, Some(CARRIED + 1));
    }

    #[test]
    fn one_zero_anywhere_is_no_text() {
        let mut sniff = Sniff::default();
        sniff.see(b"all is well\n");
        assert!(sniff.can_be_text());
        sniff.see(&[b'x'; 9000]);
        sniff.see(b"\0");
        assert!(!sniff.can_be_text());
    }
}
