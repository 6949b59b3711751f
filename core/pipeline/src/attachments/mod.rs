//! Files of messages: taken in as a stream, checked, kept under a name that cannot be guessed, shown by links.
//!
//! `incoming` takes a file in, whoever brings it: a caller of the API, a vendor (`vendor`) or a foreign server whose
//! address stands in a message (`foreign`). `sniff` and `kind` decide what it is, `name` what it is called, `files` keeps
//! the bytes, `links` says who may read them, `sweep` clears away what nobody needs. The rows are the truth: a file
//! without a row does not exist and is cleared away.

mod config;
mod files;
mod foreign;
mod incoming;
mod kind;
mod links;
mod name;
mod sniff;
mod sweep;
mod vendor;

pub use config::AttachmentConfig;
pub use incoming::{Incoming, UploadError};
pub use kind::{Refusal, allowed_extensions, is_shown_in_place};
pub use links::{Links, Reader};

pub(crate) use files::Files;
pub(crate) use foreign::adopt;
pub(crate) use sweep::{sweep, sweep_strays};
pub(crate) use vendor::fetch_all;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use passerelle_model::id::AppId;
use passerelle_model::time::Clock;
use passerelle_store::{MediaAccess, MediaFile, Secret, Store, StoreError};
use tokio::sync::Semaphore;

use crate::config::GatewayConfig;

/// The name of the key that signs links.
const LINK_KEY: &str = "attachment-links";

/// The files of the house.
pub struct Attachments {
    pub(crate) config: AttachmentConfig,
    pub(crate) files: Files,
    links: Links,
    places: Arc<Semaphore>,
    busy: Arc<Mutex<HashMap<AppId, usize>>>,
}

/// What an upload holds while it runs.
pub(crate) struct Place {
    app: AppId,
    busy: Arc<Mutex<HashMap<AppId, usize>>>,
    _permit: tokio::sync::OwnedSemaphorePermit,
}

impl Attachments {
    /// The files of a house with this database. The key that signs links is made when it is first needed.
    pub(crate) async fn open(config: &GatewayConfig, store: &Store, clock: Clock) -> Result<Self, StoreError> {
        let key = link_key(store).await?;
        let own = config.attachments.clone();
        Ok(Self {
            files: Files::new(&config.media_dir),
            links: Links::new(&config.address, key, Duration::from_secs(own.link_life_s), clock),
            places: Arc::new(Semaphore::new(own.uploads_at_once.clamp(1, 65_536))),
            busy: Arc::default(),
            config: own,
        })
    }

    /// Makes and reads the addresses of files.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// The settings.
    pub fn config(&self) -> &AttachmentConfig {
        &self.config
    }

    /// Begins to take a file in for an app. Nothing of it is left when the answer is dropped before its end.
    pub async fn receive(&self, app: AppId, access: MediaAccess) -> Result<Incoming, UploadError> {
        let place = self.place(app)?;
        Incoming::begin(&self.files, app, access, Some(place)).await
    }

    /// The bytes of a file, read while they are sent.
    pub async fn read(
        &self,
        file: &MediaFile,
        range: Range<u64>,
    ) -> std::io::Result<BoxStream<'static, std::io::Result<Bytes>>> {
        self.files.read(&file.handle, range).await
    }

    /// Lets the bytes of a file go whose row was not written.
    pub async fn discard(&self, file: &MediaFile) {
        if let Err(error) = self.files.delete(&file.handle).await {
            tracing::warn!(%error, "a file without a row stays until the next sweep");
        }
    }

    fn place(&self, app: AppId) -> Result<Place, UploadError> {
        let permit = Arc::clone(&self.places).try_acquire_owned().map_err(|_| UploadError::Busy)?;
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let count = busy.entry(app).or_default();
        if *count >= self.config.uploads_at_once_per_app {
            return Err(UploadError::Busy);
        }
        *count += 1;
        Ok(Place { app, busy: Arc::clone(&self.busy), _permit: permit })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = busy.get_mut(&self.app) {
            *count -= 1;
            if *count == 0 {
                busy.remove(&self.app);
            }
        }
    }
}

async fn link_key(store: &Store) -> Result<Secret, StoreError> {
    if let Some(key) = store.house_secret(LINK_KEY).await? {
        return Ok(key);
    }
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Database(format!("no random bytes: {error}")))?;
    let fresh = Secret::new(hex::encode(bytes));
    store.write(move |tx| Box::pin(async move { tx.house_secret(LINK_KEY, &fresh).await })).await
}

/// A name that cannot be guessed. Its first letter says who may read the file, so that whoever shows a message need not
/// ask the database (`Links::is_open`).
fn new_handle(access: MediaAccess) -> std::io::Result<String> {
    let mut bytes = [0u8; 20];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    let letter = if access == MediaAccess::Public { links::OPEN } else { 's' };
    Ok(format!("{letter}{}", hex::encode(bytes)))
}
