//! What the widget shows: sessions, a user's conversations, and what happened in them.

use passerelle_model::content::Content;
use passerelle_model::id::{AppId, ConversationId, MessageId, UserId};

use crate::rows::{Digest, InboxEntry, Message, Paged, StoredEvent, WidgetSession};
use crate::value::{Columns as _, values};
use crate::{Store, StoreError, map};

impl Store {
    /// A session, as long as it is known.
    pub async fn widget_session(&self, digest: Digest) -> Result<Option<WidgetSession>, StoreError> {
        let rows = self.ask("SELECT * FROM widget_sessions WHERE digest = ?", values![digest]).await?;
        rows.first().map(map::widget_session).transpose()
    }

    /// Whether a signed token lets nobody in any more.
    pub async fn is_spent(&self, app: AppId, id: &str) -> Result<bool, StoreError> {
        let rows = self.ask("SELECT 1 FROM spent_tokens WHERE app = ? AND id = ?", values![app, id]).await?;
        Ok(!rows.is_empty())
    }

    /// A user's conversations with what a list shows of each, the newest activity first; those behind `before` where that
    /// is given. At most 100.
    pub async fn inbox(
        &self,
        app: AppId,
        user: UserId,
        before: Option<ConversationId>,
        size: u32,
    ) -> Result<Paged<InboxEntry>, StoreError> {
        let size = size.clamp(1, super::MAX_PAGE);
        let sql = "SELECT c.*, p.unread_count, p.last_read FROM participants p JOIN conversations c \
                   ON c.id = p.conversation WHERE p.user = ? AND c.app = ? AND c.removed_at IS NULL AND (? IS NULL OR \
                   (c.last_updated_at, c.id) < (SELECT b.last_updated_at, b.id FROM conversations b WHERE b.id = ?)) \
                   ORDER BY c.last_updated_at DESC, c.id DESC LIMIT ?";
        let rows = self.ask(sql, values![user, app, before, before, size + 1]).await?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows.iter().take(size as usize) {
            entries.push(self.inbox_entry(row).await?);
        }
        Ok(Paged { rows: entries, has_more: rows.len() > size as usize })
    }

    /// One conversation as this member sees it in a list.
    pub async fn inbox_of(
        &self,
        app: AppId,
        user: UserId,
        conversation: ConversationId,
    ) -> Result<Option<InboxEntry>, StoreError> {
        let sql = "SELECT c.*, p.unread_count, p.last_read FROM participants p JOIN conversations c \
                   ON c.id = p.conversation WHERE p.user = ? AND c.app = ? AND c.removed_at IS NULL AND c.id = ?";
        let rows = self.ask(sql, values![user, app, conversation]).await?;
        match rows.first() {
            Some(row) => self.inbox_entry(row).await.map(Some),
            None => Ok(None),
        }
    }

    async fn inbox_entry(&self, row: &sqlx::sqlite::SqliteRow) -> Result<InboxEntry, StoreError> {
        let conversation = map::conversation(row)?;
        let last = self
            .ask(
                "SELECT * FROM messages WHERE conversation = ? AND deleted_at IS NULL ORDER BY seq DESC LIMIT 1",
                values![conversation.id],
            )
            .await?;
        Ok(InboxEntry {
            unread_count: row.number("unread_count")?,
            last_read: row.maybe_time("last_read")?,
            last_message: last.first().map(map::message).transpose()?,
            conversation,
        })
    }

    /// The members of a conversation, at most 1000.
    pub async fn members(&self, app: AppId, conversation: ConversationId) -> Result<Vec<UserId>, StoreError> {
        let rows = self
            .ask(
                "SELECT p.user FROM participants p JOIN users u ON u.id = p.user WHERE p.conversation = ? AND u.app = ? \
                 LIMIT 1000",
                values![conversation, app],
            )
            .await?;
        rows.iter().map(|row| row.id("user")).collect()
    }

    /// Whether the user is a member of the conversation.
    pub async fn is_member(&self, app: AppId, user: UserId, conversation: ConversationId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM participants p JOIN conversations c ON c.id = p.conversation WHERE p.user = ? \
                   AND c.app = ? AND c.id = ? AND c.removed_at IS NULL";
        Ok(!self.ask(sql, values![user, app, conversation]).await?.is_empty())
    }

    /// What happened in a user's conversations after a cursor, in commit order; at most 1000.
    pub async fn events_of_user(
        &self,
        app: AppId,
        user: UserId,
        after_cursor: i64,
        limit: u32,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let rows = self
            .ask(
                "SELECT e.* FROM participants p JOIN events e ON e.conversation = p.conversation AND e.cursor > ? \
                 WHERE p.user = ? AND e.app = ? ORDER BY e.cursor LIMIT ?",
                values![after_cursor, user, app, limit.clamp(1, 1000)],
            )
            .await?;
        rows.iter().map(map::event).collect()
    }

    /// The forms among these messages that somebody has answered.
    pub async fn answered_forms(
        &self,
        conversation: ConversationId,
        messages: &[Message],
    ) -> Result<Vec<MessageId>, StoreError> {
        let mut answered = Vec::new();
        for message in messages.iter().filter(|message| matches!(message.content, Content::Form { .. })) {
            let rows = self
                .ask(
                    "SELECT 1 FROM messages WHERE conversation = ? AND seq > ? AND in_reply_to = ? \
                     AND content ->> 'type' = 'formResponse' LIMIT 1",
                    values![conversation, message.seq, message.id],
                )
                .await?;
            if !rows.is_empty() {
                answered.push(message.id);
            }
        }
        Ok(answered)
    }
}
