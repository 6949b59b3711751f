//! What the plugin host reads from us: values that plugins keep, and the files of messages.

use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::time::Clock;
use passerelle_plugin_host::{KvSource, KvUnavailable, KvWrite, MediaBytes, MediaSource, MediaUnavailable};
use passerelle_store::{KvEntry, Store};

/// The values that plugins keep, out of the store.
pub fn kv_source(store: &Store, clock: Clock) -> Arc<dyn KvSource> {
    Arc::new(Kv { store: store.clone(), clock })
}

/// The files of messages, out of this folder.
pub fn media_source(store: &Store, media_dir: &Path) -> Arc<dyn MediaSource> {
    Arc::new(Media { store: store.clone(), folder: media_dir.to_owned() })
}

/// What a call wants to keep, in the store's words.
pub(crate) fn entries(writes: Vec<KvWrite>) -> Vec<KvEntry> {
    writes
        .into_iter()
        .map(|write| KvEntry { key: write.key, value: write.value, expires_at: write.expires_at })
        .collect()
}

struct Kv {
    store: Store,
    clock: Clock,
}

impl KvSource for Kv {
    fn get<'a>(
        &'a self,
        integration: IntegrationId,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, KvUnavailable>> {
        Box::pin(async move { self.store.kv_get(integration, key, self.clock.now()).await.map_err(|_| KvUnavailable) })
    }

    fn used_bytes(&self, integration: IntegrationId) -> BoxFuture<'_, Result<u64, KvUnavailable>> {
        Box::pin(async move { self.store.kv_used(integration).await.map_err(|_| KvUnavailable) })
    }
}

struct Media {
    store: Store,
    folder: PathBuf,
}

impl MediaSource for Media {
    fn open<'a>(&'a self, app: AppId, handle: &'a str) -> BoxFuture<'a, Result<Option<MediaBytes>, MediaUnavailable>> {
        Box::pin(async move {
            let Some(file) = self.store.media(app, handle).await.map_err(|_| MediaUnavailable)? else {
                return Ok(None);
            };
            // The handle comes out of the database here, so that it cannot lead out of the folder.
            let bytes = tokio::fs::read(self.folder.join(&file.handle)).await.map_err(|_| MediaUnavailable)?;
            Ok(Some(MediaBytes { media_type: file.media_type, file_name: file.file_name, bytes: bytes.into() }))
        })
    }

    fn read<'a>(
        &'a self,
        app: AppId,
        handle: &'a str,
        offset: u64,
        length: u32,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, MediaUnavailable>> {
        Box::pin(async move {
            let Some(file) = self.store.media(app, handle).await.map_err(|_| MediaUnavailable)? else {
                return Ok(None);
            };
            let path = self.folder.join(&file.handle);
            let read = tokio::task::spawn_blocking(move || part(&path, offset, length)).await;
            read.map_err(|_| MediaUnavailable)?.map(Some).map_err(|_| MediaUnavailable)
        })
    }
}

fn part(path: &Path, offset: u64, length: u32) -> std::io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(u64::from(length)).read_to_end(&mut bytes)?;
    Ok(bytes)
}
