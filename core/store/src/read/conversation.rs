//! Conversations, members, messages and the log.

use passerelle_model::id::{AppId, ConversationId, MessageId, UserId};

use crate::map::participant_sql;
use crate::rows::{Conversation, Message, Page, Paged, Participant, StoredEvent};
use crate::value::{Columns as _, values};
use crate::{Store, StoreError, map};

/// One app's events after a cursor.
const EVENTS_OF_APP: &str = "SELECT * FROM events WHERE app = ? AND cursor > ? ORDER BY cursor LIMIT ?";
/// One conversation's events after a cursor. The plus keeps the app's index out: its events are everybody's.
const EVENTS_OF_CONVERSATION: &str =
    "SELECT * FROM events WHERE conversation = ? AND +app = ? AND cursor > ? ORDER BY cursor LIMIT ?";

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
                self.ask(EVENTS_OF_CONVERSATION, values![conversation, app, after_cursor, limit]).await?
            }
            None => self.ask(EVENTS_OF_APP, values![app, after_cursor, limit]).await?,
        };
        rows.iter().map(map::event).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StoreConfig;

    #[tokio::test]
    async fn a_reader_that_goes_on_behind_a_cursor_reads_what_is_its_own_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), &StoreConfig::default()).await.expect("it opens");
        for (sql, index) in [
            (EVENTS_OF_APP, "INDEX events_of_app_by_cursor (app=? AND cursor>?)"),
            (EVENTS_OF_CONVERSATION, "INDEX events_of_conversation_by_cursor (conversation=? AND cursor>?)"),
        ] {
            let plan = store.ask(format!("EXPLAIN QUERY PLAN {sql}"), []).await.expect("a plan");
            let steps: Vec<String> = plan.iter().map(|step| step.text("detail").expect("a step")).collect();
            assert_eq!(steps, [format!("SEARCH events USING {index}")], "{sql}");
        }
    }
}
