//! What the plugin host reads from us: values that plugins keep, and the files of messages.

use std::path::Path;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::time::Clock;
use passerelle_plugin_host::{KvSource, KvUnavailable, KvWrite, MediaBytes, MediaSource, MediaUnavailable};
use passerelle_store::{KvEntry, Store};

use crate::attachments::Files;

/// The values that plugins keep, out of the store.
pub fn kv_source(store: &Store, clock: Clock) -> Arc<dyn KvSource> {
    Arc::new(Kv { store: store.clone(), clock })
}

/// The files of messages, out of this folder.
pub fn media_source(store: &Store, media_dir: &Path) -> Arc<dyn MediaSource> {
    Arc::new(Media { store: store.clone(), files: Files::new(media_dir) })
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
    files: Files,
}

impl MediaSource for Media {
    fn open<'a>(&'a self, app: AppId, handle: &'a str) -> BoxFuture<'a, Result<Option<MediaBytes>, MediaUnavailable>> {
        Box::pin(async move {
            let Some(file) = self.store.media(app, handle).await.map_err(|_| MediaUnavailable)? else {
                return Ok(None);
            };
            let bytes = self.files.read_part(&file.handle, 0..file.size).await.map_err(|_| MediaUnavailable)?;
            Ok(Some(MediaBytes { media_type: file.media_type, file_name: file.file_name, bytes }))
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
            let end = offset.saturating_add(u64::from(length)).min(file.size);
            if offset >= end {
                return Ok(Some(Vec::new()));
            }
            let read = self.files.read_part(&file.handle, offset..end).await.map_err(|_| MediaUnavailable)?;
            Ok(Some(read.into()))
        })
    }
}
