//! The bytes of files, in one folder, by handle.
//!
//! A file appears under its handle when it is whole and on the disk, folder entry included (`with_fsync`), or not at all.
//! Knows neither apps nor rows.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Location;
use object_store::{GetOptions, GetRange, MultipartUpload, ObjectStore as _, ObjectStoreExt as _};
use passerelle_model::time::Timestamp;

/// Between a handle and the number of an unfinished file.
const UNFINISHED: char = '#';

/// Where the bytes of files are. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Files {
    store: Arc<LocalFileSystem>,
    folder: PathBuf,
}

impl Files {
    /// The files of this folder.
    pub(crate) fn new(folder: &Path) -> Self {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        Self { store: Arc::new(LocalFileSystem::new().with_fsync(true)), folder }
    }

    /// Begins a file. Dropped before its end, it leaves nothing.
    pub(crate) async fn begin(&self, handle: &str) -> io::Result<Box<dyn MultipartUpload>> {
        let (store, location) = (Arc::clone(&self.store), self.location(handle)?);
        // The disk works on another thread. Whoever waits for it may go away; the task then drops what was begun.
        let begun = tokio::spawn(async move { store.put_multipart(&location).await });
        begun.await.map_err(io::Error::other)?.map_err(io::Error::from)
    }

    /// A part of a file, read while it is consumed.
    pub(crate) async fn read(
        &self,
        handle: &str,
        range: Range<u64>,
    ) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
        if range.is_empty() {
            return Ok(futures_util::stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.store.get_opts(&self.location(handle)?, options).await?;
        Ok(found.into_stream().map(|chunk| chunk.map_err(io::Error::from)).boxed())
    }

    /// A small part of a file, whole.
    pub(crate) async fn read_part(&self, handle: &str, range: Range<u64>) -> io::Result<Bytes> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        self.store.get_range(&self.location(handle)?, range).await.map_err(io::Error::from)
    }

    /// Removes a file; one that is not there is removed already.
    pub(crate) async fn delete(&self, handle: &str) -> io::Result<()> {
        match self.store.delete(&self.location(handle)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Names of the files that are older than this, finished ones by their handle. Unfinished ones of that age are left
    /// behind by a process that ended: they are removed.
    pub(crate) async fn old(&self, now: Timestamp, age: Duration) -> io::Result<Vec<String>> {
        let folder = self.folder.clone();
        tokio::task::spawn_blocking(move || old(&folder, now, age)).await.map_err(io::Error::other)?
    }

    fn location(&self, handle: &str) -> io::Result<Location> {
        // A handle is letters and digits: it cannot lead out of the folder.
        if handle.is_empty() || !handle.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(io::ErrorKind::NotFound.into());
        }
        Location::from_absolute_path(self.folder.join(handle)).map_err(io::Error::other)
    }
}

fn old(folder: &Path, now: Timestamp, age: Duration) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let modified = entry.metadata()?.modified()?;
        let since = modified.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let modified = Timestamp::from_micros(0).plus(since);
        let Ok(name) = entry.file_name().into_string() else { continue };
        if modified.until(now) < age {
            continue;
        }
        if name.contains(UNFINISHED) || name.ends_with(".part") {
            std::fs::remove_file(entry.path())?;
        } else {
            found.push(name);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use object_store::PutPayload;

    use super::*;

    async fn kept(files: &Files, handle: &str, bytes: &'static [u8]) {
        let mut upload = files.begin(handle).await.expect("begun");
        upload.put_part(PutPayload::from_static(bytes)).await.expect("written");
        upload.complete().await.expect("kept");
    }

    #[tokio::test]
    async fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = Files::new(folder.path());
        let mut upload = files.begin("s1").await.expect("begun");
        upload.put_part(PutPayload::from_static(b"half")).await.expect("written");
        assert!(files.read_part("s1", 0..1).await.is_err(), "an unfinished file cannot be read");
        upload.abort().await.expect("given up");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
        kept(&files, "s1", b"whole").await;
        assert_eq!(&files.read_part("s1", 1..4).await.expect("there")[..], b"hol");
        files.delete("s1").await.expect("removed");
        files.delete("s1").await.expect("twice is once");
        assert!(files.read_part("s1", 0..1).await.is_err());
    }

    #[tokio::test]
    async fn a_name_that_is_no_handle_finds_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = Files::new(&folder.path().join("media"));
        std::fs::write(folder.path().join("secret"), "x").expect("written");
        for name in ["../secret", "", ".", "a/b", "a%2fb", "a#1", "/etc/passwd"] {
            assert!(files.read_part(name, 0..1).await.is_err(), "{name}");
            assert!(files.begin(name).await.is_err(), "{name}");
        }
    }

    #[tokio::test]
    async fn what_a_dead_process_left_is_removed_after_its_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = Files::new(folder.path());
        for name in ["s1", "s2#1", "s3.part"] {
            std::fs::write(folder.path().join(name), "x").expect("written");
        }
        let now = passerelle_model::time::Clock::system().now();
        let hour = Duration::from_secs(3600);
        assert!(files.old(now, hour).await.expect("read").is_empty());
        assert_eq!(files.old(now.plus(hour * 2), hour).await.expect("read"), ["s1"]);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
