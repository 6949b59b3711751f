//! Copies of files with their digest.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use anyhow::Context;
use sha2::{Digest, Sha256};

/// Copies a file, unless it is there already, and gives its SHA-256; none when there is nothing to copy.
pub(super) fn copy(from: &Path, to: &Path) -> anyhow::Result<Option<String>> {
    let Some(digest) = digest(from)? else { return Ok(None) };
    if self::digest(to)?.as_ref() == Some(&digest) {
        return Ok(Some(digest));
    }
    let unfinished = to.with_extension("part");
    let failed = || format!("`{}` cannot be copied to `{}`", from.display(), to.display());
    std::fs::copy(from, &unfinished).with_context(failed)?;
    File::open(&unfinished).and_then(|file| file.sync_all()).with_context(failed)?;
    std::fs::rename(&unfinished, to).with_context(failed)?;
    Ok(Some(digest))
}

/// The SHA-256 of a file; none when it is not there.
pub(super) fn digest(path: &Path) -> anyhow::Result<Option<String>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("`{}` cannot be read", path.display())),
    };
    let (mut hash, mut chunk) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let count = file.read(&mut chunk).with_context(|| format!("`{}` cannot be read", path.display()))?;
        if count == 0 {
            return Ok(Some(hex::encode(hash.finalize())));
        }
        hash.update(&chunk[..count]);
    }
}
