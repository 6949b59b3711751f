//! Writing an archive. What a killed export left is continued behind its last whole line.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, bail};
use passerelle_model::id::AppId;
use passerelle_store::{ARCHIVE_SCHEMA, ArchiveLine, Store};
use serde_json::{Value, json};

use super::{END, FILE, HEAD, PROGRESS, file, file_of, lines_of};

/// What an export came to.
pub(crate) struct Exported {
    /// Lines in the archive, without the first and the last one.
    pub(crate) lines: u64,
    /// Lines that an earlier export had written.
    pub(crate) found: u64,
    /// Files that are not on the disk any more.
    pub(crate) missing: u64,
    /// Whether an earlier export had come to its end, so that nothing was written.
    pub(crate) was_complete: bool,
}

/// Writes an app into a folder; `media` is where the house keeps files. `tell` hears how far it is.
pub(crate) async fn export(
    store: &Store,
    app: AppId,
    media: &Path,
    folder: &Path,
    mut tell: impl FnMut(&str) + Send,
) -> anyhow::Result<Exported> {
    let (from, to) = (media.to_owned(), folder.join("files"));
    std::fs::create_dir_all(&to).with_context(|| format!("`{}` cannot be made", to.display()))?;
    let found = begin(&lines_of(folder), app)?;
    let (found_lines, was_complete) = (found.lines, found.is_complete);
    let mut done = Exported { lines: found_lines, found: found_lines, missing: 0, was_complete };
    if was_complete {
        return Ok(done);
    }
    let mut out = BufWriter::new(found.file);
    let written = store.export(app, found.last.as_ref(), |mut line| {
        if line.get("type").and_then(Value::as_str) == Some(FILE) {
            done.missing += u64::from(!take_file(&mut line, &from, &to)?);
        }
        serde_json::to_writer(&mut out, &line)?;
        out.write_all(b"\n")?;
        done.lines += 1;
        if done.lines.is_multiple_of(PROGRESS) {
            tell(&format!("{} lines", done.lines));
        }
        anyhow::Ok(())
    });
    written.await?;
    writeln!(out, "{}", json!({ "type": END, "lines": done.lines }))?;
    out.into_inner().map_err(|error| error.into_error())?.sync_all()?;
    Ok(done)
}

/// Copies the file of a line and notes its digest. False when the house has lost it.
fn take_file(line: &mut ArchiveLine, from: &Path, to: &Path) -> anyhow::Result<bool> {
    let handle = line.get("handle").and_then(Value::as_str).unwrap_or_default();
    let (Some(source), Some(target)) = (file_of(from, handle), file_of(to, handle)) else { return Ok(false) };
    let Some(digest) = file::copy(&source, &target)? else { return Ok(false) };
    line.insert("digest".to_owned(), digest.into());
    Ok(true)
}

/// A file that lines can be appended to.
struct Begun {
    file: File,
    lines: u64,
    last: Option<ArchiveLine>,
    is_complete: bool,
}

fn begin(path: &Path, app: AppId) -> anyhow::Result<Begun> {
    let failed = || format!("`{}` cannot be written", path.display());
    let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    let mut file = options.with_context(failed)?;
    let (mut whole, mut lines, mut last) = (0, 0, None);
    let mut reader = BufReader::new(&file);
    let mut text = Vec::new();
    loop {
        text.clear();
        let count = reader.read_until(b'\n', &mut text).with_context(failed)?;
        let Some(line) = text.strip_suffix(b"\n").and_then(|text| serde_json::from_slice::<ArchiveLine>(text).ok())
        else {
            break;
        };
        let word = line.get("type").and_then(Value::as_str).unwrap_or_default();
        if whole == 0 {
            check_head(&line, word, app).with_context(failed)?;
        } else if word == END {
            return Ok(Begun { file, lines, last, is_complete: true });
        } else {
            (lines, last) = (lines + 1, Some(line));
        }
        whole += count as u64;
    }
    file.set_len(whole).with_context(failed)?;
    file.seek(SeekFrom::End(0)).with_context(failed)?;
    if whole == 0 {
        let head = json!({ "type": HEAD, "schema": ARCHIVE_SCHEMA, "app": app, "version": env!("CARGO_PKG_VERSION") });
        writeln!(file, "{head}").with_context(failed)?;
    }
    Ok(Begun { file, lines, last, is_complete: false })
}

fn check_head(line: &ArchiveLine, word: &str, app: AppId) -> anyhow::Result<()> {
    let is_same = word == HEAD
        && line.get("schema").and_then(Value::as_u64) == Some(ARCHIVE_SCHEMA)
        && line.get("app").and_then(Value::as_str) == Some(&app.to_string());
    if !is_same {
        bail!("it is the archive of another app or of another version: choose another folder");
    }
    Ok(())
}
