//! What the installation of a fixture has stored: values and files, in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use futures_util::future::BoxFuture;
use hyper::body::Bytes;
use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::time::Clock;
use passerelle_plugin_host::{KvSource, KvUnavailable, KvWrite, MediaBytes, MediaSource, MediaUnavailable};
use serde_json::Value;

use crate::fixture::StoredFile;

/// The values and files of the one installation that a fixture has. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Stored {
    clock: Clock,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    values: BTreeMap<String, KvWrite>,
    files: BTreeMap<String, MediaBytes>,
}

impl Stored {
    /// Nothing yet.
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, kept: Arc::default() }
    }

    /// Forgets everything and keeps what this fixture says.
    pub(crate) fn reset(&self, kv: &BTreeMap<String, Value>, media: &BTreeMap<String, StoredFile>) -> Result<()> {
        let value = |(key, value): (&String, &Value)| {
            let write = KvWrite { key: key.clone(), value: Some(stored_bytes(value)), expires_at: None };
            (key.clone(), write)
        };
        let values = kv.iter().map(value).collect();
        let file = |(handle, file): (&String, &StoredFile)| {
            let bytes = file.bytes().with_context(|| format!("in the file `{handle}` of `media`"))?;
            Ok::<_, anyhow::Error>((handle.clone(), bytes))
        };
        let files = media.iter().map(file).collect::<Result<_>>()?;
        *self.lock() = Kept { values, files };
        Ok(())
    }

    /// Keeps the writes of a call.
    pub(crate) fn commit(&self, writes: &[KvWrite]) {
        let mut kept = self.lock();
        for write in writes {
            kept.values.insert(write.key.clone(), write.clone());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn live(&self, key: &str) -> Option<Vec<u8>> {
        let now = self.clock.now();
        let kept = self.lock();
        let write = kept.values.get(key).filter(|write| write.expires_at.is_none_or(|at| now < at))?;
        write.value.clone()
    }
}

/// How a fixture's value is stored: a text as it is, anything else as JSON.
fn stored_bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.clone().into_bytes(),
        json => json.to_string().into_bytes(),
    }
}

/// Stored bytes as a fixture writes them: as a text where a text is expected, as JSON otherwise.
pub(crate) fn stored_value(bytes: Option<&[u8]>, expected: &Value) -> Value {
    let Some(bytes) = bytes else { return Value::Null };
    let text = || Value::String(String::from_utf8_lossy(bytes).into_owned());
    if expected.is_string() { text() } else { serde_json::from_slice(bytes).unwrap_or_else(|_| text()) }
}

impl StoredFile {
    fn bytes(&self) -> Result<MediaBytes> {
        let bytes = match (&self.text, &self.base64) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(text)) => base64::engine::general_purpose::STANDARD.decode(text)?,
            _ => bail!("give the bytes as either `text` or `base64`"),
        };
        let (media_type, file_name) = (self.media_type.clone(), self.file_name.clone());
        Ok(MediaBytes { media_type, file_name, bytes: Bytes::from(bytes) })
    }
}

impl KvSource for Stored {
    fn get<'a>(&'a self, _: IntegrationId, key: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, KvUnavailable>> {
        Box::pin(async move { Ok(self.live(key)) })
    }

    fn used_bytes(&self, _: IntegrationId) -> BoxFuture<'_, Result<u64, KvUnavailable>> {
        let size = |write: &KvWrite| write.key.len() + write.value.as_ref().map_or(0, Vec::len);
        let used = self.lock().values.values().map(size).sum::<usize>();
        Box::pin(async move { Ok(used as u64) })
    }
}

impl MediaSource for Stored {
    fn open<'a>(&'a self, _: AppId, handle: &'a str) -> BoxFuture<'a, Result<Option<MediaBytes>, MediaUnavailable>> {
        Box::pin(async move { Ok(self.lock().files.get(handle).cloned()) })
    }

    fn read<'a>(
        &'a self,
        _: AppId,
        handle: &'a str,
        offset: u64,
        length: u32,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, MediaUnavailable>> {
        Box::pin(async move {
            let kept = self.lock();
            let Some(file) = kept.files.get(handle) else { return Ok(None) };
            let start = usize::try_from(offset).unwrap_or(usize::MAX).min(file.bytes.len());
            let end = start.saturating_add(length as usize).min(file.bytes.len());
            Ok(Some(file.bytes[start..end].to_vec()))
        })
    }
}
