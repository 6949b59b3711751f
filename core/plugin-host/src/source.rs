//! What the host needs from the rest of the house: the plugin store's values and the bytes of files.

use futures_util::future::BoxFuture;
use hyper::body::Bytes;
use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::time::Timestamp;

/// The store cannot be reached now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the plugin store cannot be reached now")]
pub struct KvUnavailable;

/// Reads the values that plugins keep. Writes are never made here: a call gives them back, and whoever made the call
/// commits them together with the call's effects.
pub trait KvSource: Send + Sync {
    /// The value under this key, if there is one that has not run out.
    fn get<'a>(
        &'a self,
        integration: IntegrationId,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, KvUnavailable>>;

    /// Bytes of all keys and values of this installation.
    fn used_bytes(&self, integration: IntegrationId) -> BoxFuture<'_, Result<u64, KvUnavailable>>;
}

/// One write of a call, to be committed with the call's effects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KvWrite {
    /// The key, at most 512 bytes.
    pub key: String,
    /// The new value, at most 64 KiB; none deletes the key.
    pub value: Option<Vec<u8>>,
    /// When the value vanishes.
    pub expires_at: Option<Timestamp>,
}

/// The files cannot be read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored file cannot be read now")]
pub struct MediaUnavailable;

/// A file with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaBytes {
    /// MIME type.
    pub media_type: String,
    /// File name to show.
    pub file_name: Option<String>,
    /// The bytes.
    pub bytes: Bytes,
}

/// Reads the files that the house keeps, by handle and only within one app.
pub trait MediaSource: Send + Sync {
    /// The whole file, or none when the app has no such handle.
    fn open<'a>(&'a self, app: AppId, handle: &'a str) -> BoxFuture<'a, Result<Option<MediaBytes>, MediaUnavailable>>;

    /// At most `length` bytes from `offset`, fewer at the end; none when the app has no such handle.
    fn read<'a>(
        &'a self,
        app: AppId,
        handle: &'a str,
        offset: u64,
        length: u32,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, MediaUnavailable>>;
}

/// Keeps nothing and finds nothing: for tools that run plugins without a store.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSource;

impl KvSource for NoSource {
    fn get<'a>(&'a self, _: IntegrationId, _: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, KvUnavailable>> {
        Box::pin(async { Ok(None) })
    }

    fn used_bytes(&self, _: IntegrationId) -> BoxFuture<'_, Result<u64, KvUnavailable>> {
        Box::pin(async { Ok(0) })
    }
}

impl MediaSource for NoSource {
    fn open<'a>(&'a self, _: AppId, _: &'a str) -> BoxFuture<'a, Result<Option<MediaBytes>, MediaUnavailable>> {
        Box::pin(async { Ok(None) })
    }

    fn read<'a>(
        &'a self,
        _: AppId,
        _: &'a str,
        _: u64,
        _: u32,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, MediaUnavailable>> {
        Box::pin(async { Ok(None) })
    }
}
