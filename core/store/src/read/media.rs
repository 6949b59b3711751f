//! Files.

use passerelle_model::id::AppId;

use crate::rows::{MediaFile, Secret};
use crate::value::{Columns as _, values};
use crate::{Store, StoreError, map};

impl Store {
    /// A file that we keep.
    pub async fn media(&self, app: AppId, handle: &str) -> Result<Option<MediaFile>, StoreError> {
        let rows = self.ask("SELECT * FROM media WHERE handle = ? AND app = ?", values![handle, app]).await?;
        rows.first().map(map::media).transpose()
    }

    /// Whether any app has this file: for the sweep of the folder, which belongs to no app.
    pub async fn is_media(&self, handle: &str) -> Result<bool, StoreError> {
        Ok(!self.ask("SELECT 1 FROM media WHERE handle = ?", values![handle]).await?.is_empty())
    }

    /// Files whose rows are gone and whose bytes may still be there.
    pub async fn removed_media(&self, limit: u32) -> Result<Vec<String>, StoreError> {
        let rows = self.ask("SELECT handle FROM media_removed LIMIT ?", values![limit]).await?;
        rows.iter().map(|row| row.text("handle")).collect()
    }

    /// A secret of the house itself, where it has been made.
    pub async fn house_secret(&self, name: &str) -> Result<Option<Secret>, StoreError> {
        let rows = self.ask("SELECT value FROM secrets WHERE owner = 'house' AND name = ?", values![name]).await?;
        rows.first().map(|row| Ok(Secret::new(row.text("value")?))).transpose()
    }
}
