//! Where a reader stands in the log: 24 hex characters that mean nothing to the caller.

use std::fmt;

/// A place in the log of one database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Which database, so that a cursor of another one is recognised.
    pub(crate) log: u32,
    /// The last event that was read.
    pub(crate) at: i64,
}

impl Cursor {
    /// Reads what [`fmt::Display`] wrote.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        if text.len() != 24 || !text.bytes().all(is_hex) {
            return None;
        }
        let (log, at) = text.split_at(8);
        let at = u64::from_str_radix(at, 16).ok()?;
        Some(Self { log: u32::from_str_radix(log, 16).ok()?, at: i64::try_from(at).ok()? })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}{:016x}", self.log, self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is() {
        for cursor in [Cursor { log: 0, at: 0 }, Cursor { log: u32::MAX, at: i64::MAX }, Cursor { log: 7, at: 4711 }] {
            let text = cursor.to_string();
            assert_eq!((text.len(), Cursor::parse(&text)), (24, Some(cursor)));
        }
        for odd in ["", "1", "ffffffffffffffffffffffff", "0000000000000000000000G0", "00000000 000000000000001"] {
            assert_eq!(Cursor::parse(odd), None, "{odd}");
        }
    }
}
