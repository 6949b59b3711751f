//! Which bytes of a file a request wants (RFC 9110, sections 13 and 14).
//!
//! One range is answered as asked. Several are answered with the whole file, which the standard allows and which leaves
//! no room for abuse. Dates are not kept, so only entity tags are compared.

use std::ops::Range;

use http::HeaderMap;
use http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH, IF_RANGE, RANGE};

/// What a request wants of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// These bytes; not empty.
    Part(Range<u64>),
    /// Bytes that the file does not have.
    Unsatisfiable,
    /// Nothing: the caller has it.
    Unchanged,
    /// Nothing: the caller means another file.
    Changed,
}

/// What these headers want of a file of this size with this tag.
pub(super) fn wanted(headers: &HeaderMap, tag: &str, size: u64) -> Wanted {
    if headers.contains_key(IF_MATCH) && !matches_any(headers, IF_MATCH, tag, false) {
        return Wanted::Changed;
    }
    if headers.contains_key(IF_NONE_MATCH) && matches_any(headers, IF_NONE_MATCH, tag, true) {
        return Wanted::Unchanged;
    }
    // A date, or a tag that is weak or another, does not name this very file.
    if headers.get(IF_RANGE).is_some_and(|given| given.as_bytes() != tag.as_bytes()) {
        return Wanted::Whole;
    }
    let mut lines = headers.get_all(RANGE).iter();
    match (lines.next().and_then(|line| line.to_str().ok()), lines.next()) {
        (Some(line), None) => range(line, size),
        _ => Wanted::Whole,
    }
}

/// A range that cannot be read is as good as none.
fn range(line: &str, size: u64) -> Wanted {
    let Some((unit, list)) = line.split_once('=') else { return Wanted::Whole };
    let mut ranges = list.split(',').map(str::trim).filter(|range| !range.is_empty());
    let (Some(one), None, true) = (ranges.next(), ranges.next(), unit.trim().eq_ignore_ascii_case("bytes")) else {
        return Wanted::Whole;
    };
    match one.split_once('-') {
        Some(("", last)) => number(last).map_or(Wanted::Whole, |count| part(size.saturating_sub(count), size, size)),
        Some((first, "")) => number(first).map_or(Wanted::Whole, |first| part(first, size, size)),
        Some((first, last)) => match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => part(first, last.saturating_add(1), size),
            _ => Wanted::Whole,
        },
        None => Wanted::Whole,
    }
}

fn part(first: u64, end: u64, size: u64) -> Wanted {
    if first < size { Wanted::Part(first..end.min(size)) } else { Wanted::Unsatisfiable }
}

/// Digits and nothing else; a number that is too large is larger than any file.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

fn matches_any(headers: &HeaderMap, name: HeaderName, tag: &str, weakly: bool) -> bool {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).any(|given| {
        let strong = given.strip_prefix("W/").filter(|_| weakly).unwrap_or(given);
        given == "*" || strong == tag
    })
}

#[cfg(test)]
mod tests {
    use super::Wanted::{Changed, Part, Unchanged, Unsatisfiable, Whole};
    use super::*;

    const TAG: &str = "\"abc\"";

    fn check(lines: &[(&'static str, &str)], size: u64, expected: &Wanted) {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().expect("a value"));
        }
        assert_eq!(wanted(&headers, TAG, size), *expected, "{lines:?} of {size} bytes");
    }

    #[test]
    fn ranges_are_answered_as_the_standard_says() {
        let overlapping = format!("bytes={}", "0-,".repeat(1000));
        let table: &[(&str, u64, Wanted)] = &[
            ("bytes=0-0", 10, Part(0..1)),
            ("bytes=0-9", 10, Part(0..10)),
            ("bytes=0-", 10, Part(0..10)),
            ("bytes=3-5", 10, Part(3..6)),
            ("bytes=9-9", 10, Part(9..10)),
            ("bytes=5-99", 10, Part(5..10)),
            ("bytes=5-", 10, Part(5..10)),
            ("bytes=-1", 10, Part(9..10)),
            ("bytes=-10", 10, Part(0..10)),
            ("bytes=-99", 10, Part(0..10)),
            ("bytes=-0", 10, Unsatisfiable),
            ("bytes=10-", 10, Unsatisfiable),
            ("bytes=10-20", 10, Unsatisfiable),
            ("bytes=99999999999999999999999-", 10, Unsatisfiable),
            ("bytes=0-99999999999999999999999", 10, Part(0..10)),
            ("bytes=0-18446744073709551615", 10, Part(0..10)),
            ("bytes=-99999999999999999999999", 10, Part(0..10)),
            ("bytes=0-", 0, Unsatisfiable),
            ("bytes=-1", 0, Unsatisfiable),
            ("BYTES=0-1", 10, Part(0..2)),
            ("bytes= 0-1 ", 10, Part(0..2)),
            ("bytes=0-1,", 10, Part(0..2)),
            ("bytes=,0-1", 10, Part(0..2)),
            ("bytes=5-3", 10, Whole),
            ("bytes=", 10, Whole),
            ("bytes=-", 10, Whole),
            ("bytes=a-b", 10, Whole),
            ("bytes=0x1-2", 10, Whole),
            ("bytes=+1-2", 10, Whole),
            ("bytes=1 -2", 10, Whole),
            ("bytes=--1", 10, Whole),
            ("bytes=1-2-3", 10, Whole),
            ("bytes 0-1", 10, Whole),
            ("0-1", 10, Whole),
            ("items=0-1", 10, Whole),
            ("bytes=0-1,3-4", 10, Whole),
            ("bytes=0-1, 3-4", 10, Whole),
            ("bytes=0-1,99-", 10, Whole),
            (&overlapping, 10, Whole),
            ("none", 10, Whole),
        ];
        assert!(table.len() >= 40);
        for (line, size, expected) in table {
            check(&[("range", line)], *size, expected);
        }
        check(&[], 10, &Whole);
        check(&[("range", "bytes=0-1"), ("range", "bytes=2-3")], 10, &Whole);
    }

    #[test]
    fn a_condition_comes_before_the_range() {
        for (lines, expected) in [
            (vec![("if-none-match", TAG)], Unchanged),
            (vec![("if-none-match", "W/\"abc\"")], Unchanged),
            (vec![("if-none-match", "*")], Unchanged),
            (vec![("if-none-match", "\"x\", \"abc\"")], Unchanged),
            (vec![("if-none-match", "\"x\"")], Whole),
            (vec![("if-none-match", TAG), ("range", "bytes=0-1")], Unchanged),
            (vec![("if-none-match", "\"x\""), ("range", "bytes=0-1")], Part(0..2)),
            (vec![("if-match", TAG)], Whole),
            (vec![("if-match", "*")], Whole),
            (vec![("if-match", "\"x\"")], Changed),
            (vec![("if-match", "W/\"abc\"")], Changed),
            (vec![("if-range", TAG), ("range", "bytes=0-1")], Part(0..2)),
            (vec![("if-range", "\"x\""), ("range", "bytes=0-1")], Whole),
            (vec![("if-range", "W/\"abc\""), ("range", "bytes=0-1")], Whole),
            (vec![("if-range", "Wed, 21 Oct 2015 07:28:00 GMT"), ("range", "bytes=0-1")], Whole),
            (vec![("if-range", "\"x\""), ("range", "bytes=99-")], Whole),
            (vec![("if-range", TAG)], Whole),
        ] {
            check(&lines, 10, &expected);
        }
    }
}
