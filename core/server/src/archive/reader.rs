//! Reading an archive into a house, a batch of lines at a time. Lines that are there already are passed over, so that an
//! import that was killed is simply started again.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, bail};
use passerelle_model::id::AppId;
use passerelle_store::{ARCHIVE_SCHEMA, ArchiveLine, Store, Taken};
use serde_json::Value;

use super::{END, FILE, HEAD, MAX_RECORD_BYTES, PROGRESS, file, file_of, lines_of};

/// Lines that become part of the house together.
const BATCH: usize = 250;

/// What an import came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Imported {
    /// Lines that are new.
    pub(crate) added: u64,
    /// Lines that were there already.
    pub(crate) same: u64,
    /// Lines that were not taken over.
    pub(crate) conflicts: u64,
    /// Whether the archive has its last line.
    pub(crate) is_complete: bool,
}

/// Reads a folder into the house; `media` is where the house keeps files. `tell` hears of every line that was not taken
/// over, and how far it is.
pub(crate) async fn import(
    store: &Store,
    media: &Path,
    folder: &Path,
    mut tell: impl FnMut(&str),
) -> anyhow::Result<Imported> {
    let path = lines_of(folder);
    let source = File::open(&path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    let mut lines = Lines { reader: BufReader::new(source), number: 0 };
    let app = head(lines.next()?)?;
    let (mut done, mut batch) = (Imported::default(), Vec::with_capacity(BATCH));
    while let Some(line) = lines.next()? {
        match line {
            Ok(line) if line.get("type").and_then(Value::as_str) == Some(END) => {
                done.is_complete = true;
                break;
            }
            Ok(mut line) => match bring_file(&mut line, folder, media)? {
                None => batch.push((lines.number, line)),
                Some(reason) => done.conflict(lines.number, &reason, &mut tell),
            },
            Err(reason) => done.conflict(lines.number, &reason, &mut tell),
        }
        if batch.len() == BATCH {
            flush(store, app, &mut batch, &mut done, &mut tell).await?;
        }
        if lines.number.is_multiple_of(PROGRESS) {
            tell(&format!("{} lines", lines.number));
        }
    }
    flush(store, app, &mut batch, &mut done, &mut tell).await?;
    Ok(done)
}

impl Imported {
    fn conflict(&mut self, number: u64, reason: &str, tell: &mut impl FnMut(&str)) {
        self.conflicts += 1;
        tell(&format!("line {number}: {reason}"));
    }
}

async fn flush(
    store: &Store,
    app: AppId,
    batch: &mut Vec<(u64, ArchiveLine)>,
    done: &mut Imported,
    tell: &mut impl FnMut(&str),
) -> anyhow::Result<()> {
    let lines = std::mem::replace(batch, Vec::with_capacity(BATCH));
    let taken = store.write(move |tx| {
        Box::pin(async move {
            let mut taken = Vec::with_capacity(lines.len());
            for (number, line) in &lines {
                taken.push((*number, tx.take_over(app, line).await?));
            }
            Ok(taken)
        })
    });
    for (number, taken) in taken.await? {
        match taken {
            Taken::Added => done.added += 1,
            Taken::Same => done.same += 1,
            Taken::Conflict(reason) => done.conflict(number, &reason, tell),
        }
    }
    Ok(())
}

/// The app of an archive that this program can read.
fn head(line: Option<Result<ArchiveLine, String>>) -> anyhow::Result<AppId> {
    let line = line.and_then(Result::ok).filter(|line| line.get("type").and_then(Value::as_str) == Some(HEAD));
    let line = line.context("the first line is not that of an archive")?;
    match line.get("schema").and_then(Value::as_u64) {
        Some(schema) if schema > ARCHIVE_SCHEMA => {
            bail!(
                "the archive was made by a newer program (schema {schema}, this one reads {ARCHIVE_SCHEMA}): update it"
            )
        }
        Some(_) => {}
        None => bail!("the first line names no schema"),
    }
    let app = line.get("app").and_then(Value::as_str).unwrap_or_default();
    app.parse().context("the first line names no app")
}

/// Puts the file of a line where the house keeps files; why not, when it cannot be. Of a file that was lost before the
/// export only the line comes.
fn bring_file(line: &mut ArchiveLine, folder: &Path, media: &Path) -> anyhow::Result<Option<String>> {
    if line.get("type").and_then(Value::as_str) != Some(FILE) {
        return Ok(None);
    }
    let Some(digest) = line.remove("digest") else { return Ok(None) };
    let handle = line.get("handle").and_then(Value::as_str).unwrap_or_default();
    let (Some(source), Some(target)) = (file_of(&folder.join("files"), handle), file_of(media, handle)) else {
        return Ok(Some("its `handle` is not sound".to_owned()));
    };
    if file::digest(&source)?.map(Value::from) != Some(digest) {
        return Ok(Some(format!("`files/{handle}` is missing or damaged")));
    }
    if target.exists() && file::digest(&target)? != file::digest(&source)? {
        return Ok(Some(format!("the house has another file `{handle}`")));
    }
    file::copy(&source, &target)?;
    Ok(None)
}

struct Lines {
    reader: BufReader<File>,
    number: u64,
}

impl Lines {
    /// The next line, or why it is none; nothing at the end.
    fn next(&mut self) -> anyhow::Result<Option<Result<ArchiveLine, String>>> {
        let mut text = Vec::new();
        let count = (&mut self.reader)
            .take(MAX_RECORD_BYTES)
            .read_until(b'\n', &mut text)
            .context("the archive cannot be read")?;
        if count == 0 {
            return Ok(None);
        }
        self.number += 1;
        if count as u64 == MAX_RECORD_BYTES && !text.ends_with(b"\n") {
            bail!("line {} is longer than {MAX_RECORD_BYTES} bytes", self.number);
        }
        let parsed = serde_json::from_slice(&text).map_err(|error| format!("it is not JSON ({error})"));
        Ok(Some(parsed))
    }
}
