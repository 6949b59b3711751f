//! Conversations, members, messages and the log.

use passerelle_model::id::{AppId, ConversationId, MessageId, UserId};

use crate::map::participant_sql;
use crate::rows::{Conversation, Message, Page, Paged, Participant, StoredEvent};
use crate::value::{Columns as _, values};
use crate::{Store, StoreError, map};

impl Store {
    /// The conversations that a user takes part in.
    pub async fn conversations_of_user(
        &self,
        app: AppId,
        user: UserId,
        page: Page,
    ) -> Result<Paged<Conversation>, StoreError> {
        let select = "SELECT c.* FROM participants p JOIN conversations c ON c.id = p.conversation \
                      WHERE p.user = ? AND c.app = ?";
        self.page(select, "c.id", values![user, app], page, map::conversation).await
    }

    /// One conversation of the app.
    pub async fn conversation(&self, app: AppId, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        let rows = self
            .ask("SELECT * FROM conversations WHERE id = ? AND app = ? AND removed_at IS NULL", values![id, app])
            .await?;
        rows.first().map(map::conversation).transpose()
    }

    /// The members of a conversation.
    pub async fn participants(
        &self,
        app: AppId,
        conversation: ConversationId,
        page: Page,
    ) -> Result<Paged<Participant>, StoreError> {
        let select = concat!(participant_sql!(), " WHERE p.conversation = ? AND u.app = ?");
        self.page(select, "p.id", values![conversation, app], page, map::participant).await
    }

    /// Messages, always the oldest first. Without a cursor the newest ones; with one the nearest to it.
    pub async fn messages(
        &self,
        app: AppId,
        conversation: ConversationId,
        page: Page,
    ) -> Result<Paged<Message>, StoreError> {
        let (bound, order, cursor) = match (page.after, page.before) {
            (Some(after), None) => ("AND m.seq > (SELECT seq FROM messages WHERE id = ?)", "ASC", Some(after)),
            (_, Some(before)) => ("AND m.seq < (SELECT seq FROM messages WHERE id = ?)", "DESC", Some(before)),
            (None, None) => ("", "DESC", None),
        };
        let size = page.size.clamp(1, super::MAX_PAGE);
        let sql = format!(
            "SELECT m.* FROM messages m JOIN conversations c ON c.id = m.conversation \
             WHERE c.app = ? AND m.conversation = ? AND c.removed_at IS NULL {bound} ORDER BY m.seq {order} LIMIT ?"
        );
        let values = values![app, conversation].into_iter().chain(cursor.map(Into::into)).chain(values![size + 1]);
        let rows = self.ask(sql, values).await?;
        let mut paged = super::cut(&rows, size, map::message)?;
        if order == "DESC" {
            paged.rows.reverse();
        }
        Ok(paged)
    }

    /// One message of a conversation.
    pub async fn message(
        &self,
        app: AppId,
        conversation: ConversationId,
        id: MessageId,
    ) -> Result<Option<Message>, StoreError> {
        let rows = self
            .ask(
                "SELECT m.* FROM messages m JOIN conversations c ON c.id = m.conversation \
                 WHERE m.id = ? AND m.conversation = ? AND c.app = ? AND c.removed_at IS NULL",
                values![id, conversation, app],
            )
            .await?;
        rows.first().map(map::message).transpose()
    }

    /// The name of this database's log: cursors of another one mean nothing here.
    pub async fn log_name(&self) -> Result<u32, StoreError> {
        let rows = self.ask("SELECT name FROM log_name", []).await?;
        let name = rows.first().map_or(Ok(0), |row| row.integer("name"))?;
        Ok(u32::try_from(name).unwrap_or_default())
    }

    /// The newest cursor that was ever given; 0 before the first event.
    pub async fn last_cursor(&self) -> Result<i64, StoreError> {
        let rows =
            self.ask("SELECT coalesce(max(seq), 0) AS seq FROM sqlite_sequence WHERE name = 'events'", []).await?;
        rows.first().map_or(Ok(0), |row| row.integer("seq"))
    }

    /// Events after a cursor, of one conversation or of the whole app, in commit order; at most 1000.
    pub async fn events(
        &self,
        app: AppId,
        conversation: Option<ConversationId>,
        after_cursor: i64,
        limit: u32,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let limit = limit.clamp(1, 1000);
        let rows = match conversation {
            Some(conversation) => {
                self.ask(
                    "SELECT * FROM events WHERE conversation = ? AND app = ? AND cursor > ? ORDER BY seq LIMIT ?",
                    values![conversation, app, after_cursor, limit],
                )
                .await?
            }
            None => {
                self.ask(
                    "SELECT * FROM events WHERE app = ? AND cursor > ? ORDER BY cursor LIMIT ?",
                    values![app, after_cursor, limit],
                )
                .await?
            }
        };
        rows.iter().map(map::event).collect()
    }
}
