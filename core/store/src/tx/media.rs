//! Files: which there are, which message shows them, which are gone.
//!
//! Removal is the database's own work (see the triggers of migration 0006): wherever the last message of a file goes,
//! the file's row goes in the same transaction.

use passerelle_model::content::{Content, MediaSource};
use passerelle_model::id::{AppId, MessageId};
use passerelle_model::time::Timestamp;

use super::Tx;
use crate::rows::{MediaFile, Secret};
use crate::value::{Columns as _, values};
use crate::{StoreError, map};

impl Tx<'_> {
    /// Remembers a file that was stored.
    pub fn insert_media(&mut self, file: &MediaFile, at: Timestamp) {
        self.put(
            "INSERT INTO media (handle, app, media_type, file_name, size, created_at, access, sha256, for_message, \
             conversation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values![
                file.handle.as_str(),
                file.app,
                file.media_type.as_str(),
                file.file_name.as_deref(),
                file.size,
                at,
                file.access.as_str(),
                file.sha256.as_str(),
                file.for_message,
                file.conversation,
            ],
        );
    }

    /// A file of the app.
    pub async fn media(&mut self, app: AppId, handle: &str) -> Result<Option<MediaFile>, StoreError> {
        let rows = self.ask("SELECT * FROM media WHERE handle = ? AND app = ?", values![handle, app]).await?;
        rows.first().map(map::media).transpose()
    }

    /// Bytes of all files of the app.
    pub async fn media_bytes(&mut self, app: AppId) -> Result<u64, StoreError> {
        let rows = self.ask("SELECT coalesce(sum(size), 0) AS used FROM media WHERE app = ?", values![app]).await?;
        rows.first().map_or(Ok(0), |row| row.number("used"))
    }

    /// Removes a file, whether or not messages show it.
    pub fn remove_media(&mut self, app: AppId, handle: &str) {
        self.put("DELETE FROM media WHERE handle = ? AND app = ?", values![handle, app]);
    }

    /// Removes files that were meant for messages, are older than this, and that nothing shows. Gives their number.
    pub async fn remove_unused_media(&mut self, before: Timestamp, limit: u32) -> Result<usize, StoreError> {
        let rows = self
            .ask(
                "DELETE FROM media WHERE handle IN (SELECT handle FROM media WHERE for_message = 1 AND created_at < ? \
                 AND NOT EXISTS (SELECT 1 FROM media_uses WHERE media_uses.handle = media.handle) \
                 AND NOT EXISTS (SELECT 1 FROM comment_files WHERE comment_files.handle = media.handle) LIMIT ?) \
                 RETURNING handle",
                values![before, limit],
            )
            .await?;
        Ok(rows.len())
    }

    /// The bytes of a removed file are gone.
    pub fn forget_removed_media(&mut self, handle: &str) {
        self.put("DELETE FROM media_removed WHERE handle = ?", values![handle]);
    }

    /// Notes that a message shows these files; one that the app does not have is passed over.
    pub(super) fn use_media(&mut self, app: AppId, message: MessageId, content: &Content) {
        for media in content.media() {
            if let MediaSource::Handle(handle) = &media.source {
                self.put(
                    "INSERT OR IGNORE INTO media_uses (handle, message) \
                     SELECT handle, ? FROM media WHERE handle = ? AND app = ?",
                    values![message, handle.as_str(), app],
                );
            }
        }
    }

    /// A secret of the house itself, such as the key that signs links: `fresh` becomes it where there is none yet.
    pub async fn house_secret(&mut self, name: &str, fresh: &Secret) -> Result<Secret, StoreError> {
        self.put(
            "INSERT INTO secrets (owner, name, value) VALUES ('house', ?, ?) ON CONFLICT (owner, name) DO NOTHING",
            values![name, fresh.reveal()],
        );
        let rows = self.ask("SELECT value FROM secrets WHERE owner = 'house' AND name = ?", values![name]).await?;
        let row = rows.first().ok_or_else(|| StoreError::Database("a secret was not kept".into()))?;
        Ok(Secret::new(row.text("value")?))
    }
}
