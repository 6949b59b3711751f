//! What is on its way out, and what has become too old.

use passerelle_model::id::{AppId, ConversationId};
use passerelle_model::time::Timestamp;

use crate::rows::Removal;
use crate::value::{Columns as _, values};
use crate::{Store, StoreError, map};

impl Store {
    /// The removal that is worked off next.
    pub async fn next_removal(&self) -> Result<Option<Removal>, StoreError> {
        let rows = self.ask("SELECT * FROM removals ORDER BY id LIMIT 1", []).await?;
        rows.first().map(map::removal).transpose()
    }

    /// Conversations of an app in which nothing was written since `limit`, and that are neither empty default ones nor
    /// kept for one of their users; the oldest first. True: it is the default one, which is emptied and stays.
    pub async fn conversations_older_than(
        &self,
        app: AppId,
        limit: Timestamp,
        count: u32,
    ) -> Result<Vec<(ConversationId, bool)>, StoreError> {
        let rows = self
            .ask(
                "SELECT c.id, c.is_default FROM conversations c LEFT JOIN users u ON u.id = c.user WHERE c.app = ? \
                 AND c.removed_at IS NULL AND c.last_updated_at < ? AND coalesce(u.to_be_retained, 0) = 0 \
                 AND NOT EXISTS (SELECT 1 FROM participants p JOIN users m ON m.id = p.user \
                 WHERE p.conversation = c.id AND m.to_be_retained = 1) \
                 AND (c.is_default = 0 OR EXISTS (SELECT 1 FROM messages m WHERE m.conversation = c.id)) \
                 ORDER BY c.id LIMIT ?",
                values![app, limit, count],
            )
            .await?;
        rows.iter().map(|row| Ok((row.id("id")?, row.flag("is_default")?))).collect()
    }
}
