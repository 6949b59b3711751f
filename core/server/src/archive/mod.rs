//! An app as a folder: `archive.jsonl` with one record a line, and `files/` beside it.
//!
//! The store says what a line holds and takes it over; here lines become files and come back. Lines are read and written
//! one by one, so that memory stays flat however long the history is.

mod file;
mod reader;
mod writer;

pub(crate) use reader::import;
pub(crate) use writer::export;

use std::path::{Path, PathBuf};

/// The word of the first line.
const HEAD: &str = "passerelle";
/// The word of the last line; without it an archive is not complete.
const END: &str = "end";
/// The word of lines with a file beside them.
const FILE: &str = "file";
/// Bytes of a line; no record of ours is longer.
const MAX_RECORD_BYTES: u64 = 16 * 1024 * 1024;
/// Lines between two signs of life.
const PROGRESS: u64 = 10_000;

fn lines_of(folder: &Path) -> PathBuf {
    folder.join("archive.jsonl")
}

/// The place of a file; none for handles that could lead elsewhere.
fn file_of(folder: &Path, handle: &str) -> Option<PathBuf> {
    let plain = (1..=128).contains(&handle.len())
        && handle.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        && !handle.starts_with('.');
    plain.then(|| folder.join(handle))
}
