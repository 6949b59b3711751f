//! Work that waits, and what the stations need to do it.

use passerelle_model::event::{Event, EventKind};
use passerelle_model::extras::MessageExtras;
use passerelle_model::id::{AppId, ConversationId, DeliveryId, IntegrationId, MessageId, RawInboundId};
use passerelle_model::time::Timestamp;
use sqlx::sqlite::SqliteRow;

use crate::rows::{
    Conversation, Counts, Delivery, DeliveryFilter, DueDelivery, DueTurn, Message, RawInbound, TurnTrigger, User,
};
use crate::value::{Columns as _, Value, values};
use crate::{Store, StoreError, map};

/// What a bot may see of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct BotView {
    /// The conversation.
    pub conversation: Conversation,
    /// Its user.
    pub user: User,
    /// What the bot remembers.
    pub state: Option<Vec<u8>>,
}

/// A bot turn with everything that the bot is told.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnView {
    /// What the bot may see.
    pub bot: BotView,
    /// The event that it is called for; none for a wake-up.
    pub event: Option<Event>,
    /// The message of that event.
    pub message: Option<Message>,
}

impl Store {
    /// Everything that a due turn needs; none when the conversation is gone.
    pub async fn turn_view(&self, turn: &DueTurn) -> Result<Option<TurnView>, StoreError> {
        let seq: Value = match turn.trigger {
            TurnTrigger::Event(seq) => seq.into(),
            TurnTrigger::WakeUp(_) => Value::Null,
        };
        let seq_again: Value = match turn.trigger {
            TurnTrigger::Event(seq) => seq.into(),
            TurnTrigger::WakeUp(_) => Value::Null,
        };
        // Five questions in one exchange; every row says by its columns whose it is.
        let rows = self
            .ask(
                "SELECT 1 AS part, * FROM conversations WHERE id = ? AND removed_at IS NULL; \
                 SELECT 2 AS part, u.* FROM conversations c JOIN users u ON u.id = c.user WHERE c.id = ?; \
                 SELECT 3 AS part, state FROM bot_states WHERE conversation = ? AND seat = ?; \
                 SELECT 4 AS part, * FROM events WHERE conversation = ? AND seq = ?; \
                 SELECT 5 AS part, * FROM messages WHERE conversation = ? AND seq = ?",
                [
                    turn.conversation.into(),
                    turn.conversation.into(),
                    turn.conversation.into(),
                    turn.seat.into(),
                    turn.conversation.into(),
                    seq,
                    turn.conversation.into(),
                    seq_again,
                ],
            )
            .await?;
        view(&rows)
    }

    /// Turns that wait for no time, the oldest first, after this one. For the start of the house.
    pub async fn waiting_turns(&self, after: i64, limit: u32) -> Result<Vec<DueTurn>, StoreError> {
        let rows = self
            .ask(
                "SELECT * FROM turns WHERE state = 0 AND not_before = 0 AND id > ? ORDER BY id LIMIT ?",
                values![after, limit],
            )
            .await?;
        rows.iter().map(map::turn).collect()
    }

    /// Requests that wait for their adapter, the oldest first, after this one. For the start of the house.
    pub async fn waiting_raw(&self, after: RawInboundId, limit: u32) -> Result<Vec<RawInbound>, StoreError> {
        let rows = self
            .ask(
                "SELECT * FROM raw_inbound WHERE state = 0 AND not_before = 0 AND id > ? ORDER BY id LIMIT ?",
                values![after, limit],
            )
            .await?;
        rows.iter().map(map::raw).collect()
    }

    /// The last id that was given to anything that waits to be worked off.
    pub async fn last_id(&self) -> Result<Option<passerelle_model::id::RawId>, StoreError> {
        let rows = self
            .ask(
                "SELECT id FROM (SELECT max(id) AS id FROM raw_inbound UNION ALL SELECT max(id) FROM messages \
                 UNION ALL SELECT max(id) FROM deliveries) WHERE id IS NOT NULL ORDER BY id DESC LIMIT 1",
                [],
            )
            .await?;
        rows.first().map(|row| row.id("id")).transpose()
    }

    /// Conversations and integrations whose first waiting delivery there is due.
    pub async fn due_lanes(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(ConversationId, IntegrationId)>, StoreError> {
        let rows = self
            .ask(
                "SELECT conversation, integration FROM deliveries d WHERE state = 0 AND not_before <= ? AND NOT EXISTS \
                 (SELECT 1 FROM deliveries e WHERE e.conversation = d.conversation AND e.integration = d.integration \
                 AND e.state < 2 AND e.id < d.id) LIMIT ?",
                values![now, limit],
            )
            .await?;
        rows.iter().map(|row| Ok((row.id("conversation")?, row.id("integration")?))).collect()
    }

    /// The earliest time after `now` at which a request, a turn or a delivery becomes due.
    pub async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let rows = self
            .ask(
                "SELECT min(at) AS at FROM (\
                 SELECT min(not_before) AS at FROM raw_inbound WHERE state = 0 AND not_before > ? UNION ALL \
                 SELECT min(not_before) FROM turns WHERE state = 0 AND not_before > ? UNION ALL \
                 SELECT min(not_before) FROM links WHERE state = 0 AND not_before > ? UNION ALL \
                 SELECT min(not_before) FROM deliveries WHERE state = 0 AND not_before > ?)",
                values![now, now, now, now],
            )
            .await?;
        rows.first().map_or(Ok(None), |row| row.maybe_time("at"))
    }

    /// A delivery with everything that its adapter needs; none when its message was taken back.
    pub async fn due_delivery(&self, id: DeliveryId) -> Result<Option<DueDelivery>, StoreError> {
        let rows = self
            .ask(
                "SELECT d.id, d.app, d.conversation, d.message, d.client, d.integration, d.attempts, d.parts_done, \
                 d.external_ids, d.created_at, \
                 c.address, c.external_id, c.channel_type, m.content, m.extras, (SELECT n.external_id FROM message_names n WHERE n.message = \
                 m.in_reply_to AND n.conversation = d.conversation AND n.integration = d.integration LIMIT 1) AS reply \
                 FROM deliveries d JOIN clients c ON c.id = d.client JOIN messages m ON m.id = d.message \
                 WHERE d.id = ? AND m.deleted_at IS NULL",
                values![id],
            )
            .await?;
        rows.first().map(due_delivery).transpose()
    }

    /// Deliveries that were under way when the last process ended.
    pub async fn interrupted_deliveries(&self) -> Result<Vec<Delivery>, StoreError> {
        self.ask("SELECT * FROM deliveries WHERE state = 1 ORDER BY id", []).await?.iter().map(map::delivery).collect()
    }

    /// Deliveries of an app, the newest first; at most 1000.
    pub async fn deliveries(
        &self,
        app: AppId,
        filter: &DeliveryFilter,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let state = filter.state.map(map::delivery_number);
        let rows = self
            .ask(
                "SELECT * FROM deliveries WHERE app = ? AND (? IS NULL OR conversation = ?) AND (? IS NULL OR message = ?) \
                 AND (? IS NULL OR state = ?) ORDER BY id DESC LIMIT ?",
                values![
                    app,
                    filter.conversation,
                    filter.conversation,
                    filter.message,
                    filter.message,
                    state,
                    state,
                    limit.clamp(1, 1000),
                ],
            )
            .await?;
        rows.iter().map(map::delivery).collect()
    }

    /// The message that was sent under this vendor's id, with its delivery.
    pub async fn deliveries_of_message(&self, message: MessageId) -> Result<Vec<Delivery>, StoreError> {
        let rows = self.ask("SELECT * FROM deliveries WHERE message = ? ORDER BY id", values![message]).await?;
        rows.iter().map(map::delivery).collect()
    }

    /// What the next poll begins with.
    pub async fn poll_cursor(&self, integration: IntegrationId) -> Result<Option<String>, StoreError> {
        let rows = self.ask("SELECT cursor FROM poll_cursors WHERE integration = ?", values![integration]).await?;
        rows.first().map(|row| row.text("cursor")).transpose()
    }

    /// A value that a plugin keeps.
    pub async fn kv_get(
        &self,
        integration: IntegrationId,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let rows = self
            .ask(
                "SELECT value FROM plugin_kv WHERE integration = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)",
                values![integration, key, now],
            )
            .await?;
        rows.first().map(|row| row.bytes("value")).transpose()
    }

    /// Bytes of all keys and values of an integration.
    pub async fn kv_used(&self, integration: IntegrationId) -> Result<u64, StoreError> {
        let rows = self
            .ask(
                "SELECT coalesce(sum(length(CAST(key AS BLOB)) + length(value)), 0) AS used FROM plugin_kv WHERE integration = ?",
                values![integration],
            )
            .await?;
        rows.first().map_or(Ok(0), |row| row.number("used"))
    }

    /// Numbers for `/metrics` and `doctor`.
    pub async fn counts(&self, now: Timestamp) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        let rows = self
            .ask(
                "SELECT 'r' || state AS what, count(*) AS n FROM raw_inbound WHERE state <> 1 GROUP BY state UNION ALL \
                 SELECT 't' || state, count(*) FROM turns GROUP BY state UNION ALL \
                 SELECT 'd' || state, count(*) FROM deliveries WHERE state <> 2 GROUP BY state UNION ALL \
                 SELECT 'age', coalesce(max(? - created_at), 0) FROM deliveries WHERE state = 0",
                values![now],
            )
            .await?;
        for row in rows {
            let n = u64::try_from(row.integer("n")?).unwrap_or(0);
            match row.text("what")?.as_str() {
                "r0" => counts.raw_pending = n,
                "r2" => counts.raw_dead = n,
                "t0" => counts.turns_pending = n,
                "t1" => counts.turns_parked = n,
                "d0" => counts.deliveries_pending = n,
                "d1" => counts.deliveries_sending = n,
                "d3" => counts.deliveries_failed = n,
                "d4" => counts.deliveries_uncertain = n,
                "age" => counts.oldest_delivery_age_us = n,
                _ => {}
            }
        }
        Ok(counts)
    }

    /// What is wrong with the file or between its rows; empty when it is sound.
    pub async fn integrity(&self) -> Result<Vec<String>, StoreError> {
        let mut wrong = Vec::new();
        for row in self.ask("SELECT integrity_check AS text FROM pragma_integrity_check", []).await? {
            wrong.push(row.text("text")?);
        }
        wrong.retain(|line| line != "ok");
        for (sql, what) in INVARIANTS {
            let rows = self.ask(*sql, []).await?;
            let count = rows.first().map_or(Ok(0), |row| row.number("n"))?;
            if count > 0 {
                wrong.push(format!("{count} {what}"));
            }
        }
        Ok(wrong)
    }
}

/// What must hold between rows; each counts the exceptions.
const INVARIANTS: &[(&str, &str)] = &[
    (
        "SELECT count(*) AS n FROM conversations c WHERE c.last_seq <> \
         (SELECT count(*) FROM events e WHERE e.conversation = c.id) AND c.removed_at IS NULL",
        "conversations with a gap in their log",
    ),
    ("SELECT count(*) AS n FROM pragma_foreign_key_check", "rows that point to nothing"),
    (
        "SELECT count(*) AS n FROM deliveries d WHERE NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = d.conversation)",
        "deliveries of conversations that are gone",
    ),
    (
        "SELECT count(*) AS n FROM (SELECT conversation FROM deliveries WHERE state = 1 GROUP BY conversation, integration \
         HAVING count(*) > 1)",
        "conversations with two deliveries under way on one integration",
    ),
];

fn view(rows: &[SqliteRow]) -> Result<Option<TurnView>, StoreError> {
    let (mut conversation, mut user, mut state, mut event, mut message) = (None, None, None, None, None);
    for row in rows {
        match row.integer("part")? {
            1 => conversation = Some(map::conversation(row)?),
            2 => user = Some(map::stranger(row)?),
            3 => state = Some(row.bytes("state")?),
            4 => event = Some(map::event(row)?.event),
            _ => message = Some(map::message(row)?),
        }
    }
    let (Some(conversation), Some(user)) = (conversation, user) else { return Ok(None) };
    // A message that was deleted before the bot's turn is told to nobody.
    let message = message.filter(|message: &Message| message.deleted_at.is_none());
    let event = event.filter(|event| !matches!(event.kind, EventKind::MessageAdded { .. }) || message.is_some());
    Ok(Some(TurnView { bot: BotView { conversation, user, state }, event, message }))
}

fn due_delivery(row: &SqliteRow) -> Result<DueDelivery, StoreError> {
    let mut extras = row.maybe_document::<MessageExtras>("extras")?.unwrap_or_default();
    Ok(DueDelivery {
        id: row.id("id")?,
        app: row.id("app")?,
        conversation: row.id("conversation")?,
        message: row.id("message")?,
        client: row.id("client")?,
        integration: row.id("integration")?,
        address: row.text("address")?,
        user: row.text("external_id")?,
        content: row.document("content")?,
        native: extras.overrides.remove(&row.text("channel_type")?),
        in_reply_to: row.maybe_text("reply")?,
        attempts: u32::try_from(row.number("attempts")?).unwrap_or(u32::MAX),
        parts_done: u32::try_from(row.number("parts_done")?).unwrap_or(u32::MAX),
        external_ids: row.document("external_ids")?,
        created_at: row.time("created_at")?,
    })
}
