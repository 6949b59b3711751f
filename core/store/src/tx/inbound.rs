//! What comes in: raw requests, events seen before, cursors of polls, and what plugins keep.

use passerelle_model::id::{AppId, ConversationId, IntegrationId, MessageId, RawInboundId, UserId};
use passerelle_model::time::Timestamp;

use super::Tx;
use crate::rows::{Client, Conversation, RawInbound, RawState, User};
use crate::value::{Columns as _, json, values};
use crate::{StoreError, map};

/// What is known when an event of a channel comes in.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelState {
    /// Who the sender is; none for a stranger.
    pub known: Option<(Client, User, Conversation)>,
    /// Whether a link waits for the sender.
    pub is_awaited: bool,
}

/// A value that a plugin keeps. Without a value the key is deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KvEntry {
    /// The key.
    pub key: String,
    /// The new value.
    pub value: Option<Vec<u8>>,
    /// When it vanishes.
    pub expires_at: Option<Timestamp>,
}

impl Tx<'_> {
    /// Keeps a request; false when the same bytes came before. The only write of its job.
    pub async fn accept_raw(&mut self, raw: RawInbound, digest: Vec<u8>) -> Result<bool, StoreError> {
        let rows = self
            .ask(
                "INSERT INTO raw_inbound (id, integration, digest, method, path_and_query, headers, body, state, tries, \
                 not_before, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?) \
                 ON CONFLICT (integration, digest) DO NOTHING RETURNING 1",
                values![
                    raw.id,
                    raw.integration,
                    digest,
                    raw.method,
                    raw.path_and_query,
                    json(&raw.headers),
                    raw.body,
                    raw.received_at,
                ],
            )
            .await?;
        Ok(!rows.is_empty())
    }

    /// Moves a request to its next state. `not_before` is the time of the next try of a pending one.
    pub fn set_raw(
        &mut self,
        id: RawInboundId,
        state: RawState,
        tries: u32,
        not_before: Timestamp,
        error: Option<&str>,
    ) {
        let state: i64 = match state {
            RawState::Pending => 0,
            RawState::Done => 1,
            RawState::Dead => 2,
        };
        self.put(
            "UPDATE raw_inbound SET state = ?, tries = ?, not_before = ?, error = ? WHERE id = ?",
            values![state, tries, not_before, error, id],
        );
    }

    /// Takes requests whose next try is due.
    pub async fn take_due_raw(&mut self, now: Timestamp) -> Result<Vec<RawInbound>, StoreError> {
        let rows = self
            .ask(
                "UPDATE raw_inbound SET not_before = 0 WHERE rowid IN (SELECT rowid FROM raw_inbound WHERE state = 0 \
                 AND not_before > 0 AND not_before <= ? LIMIT 256) RETURNING *",
                values![now],
            )
            .await?;
        rows.iter().map(map::raw).collect()
    }

    /// What waits for this integration is due now.
    pub fn wake_raw(&mut self, integration: IntegrationId, now: Timestamp) {
        self.put(
            "UPDATE raw_inbound SET not_before = ? WHERE state = 0 AND not_before > ? AND integration = ?",
            values![now, now, integration],
        );
    }

    /// Requests that were given up are due again, as if they had just come. Gives their number.
    pub async fn retry_dead_raw(&mut self, app: Option<AppId>, now: Timestamp) -> Result<usize, StoreError> {
        let rows = self
            .ask(
                "UPDATE raw_inbound SET state = 0, tries = 0, not_before = ? WHERE state = 2 AND \
                 (? IS NULL OR integration IN (SELECT id FROM integrations WHERE app = ?)) RETURNING 1",
                values![now, app, app],
            )
            .await?;
        Ok(rows.len())
    }

    /// Forgets finished requests that came before `limit`, at most 1000 at a time.
    pub fn prune_raw(&mut self, limit: Timestamp) {
        self.put(
            "DELETE FROM raw_inbound WHERE rowid IN \
             (SELECT rowid FROM raw_inbound WHERE state = 1 AND received_at < ? LIMIT 1000)",
            values![limit],
        );
    }

    /// Who the sender is; none at all when this event was taken before.
    pub async fn channel_state(
        &mut self,
        integration: IntegrationId,
        event: &str,
        sender: &str,
    ) -> Result<Option<ChannelState>, StoreError> {
        let rows = self
            .ask(
                "SELECT 0 AS part, NULL AS a, NULL AS b WHERE EXISTS \
                 (SELECT 1 FROM inbound_events WHERE integration = ? AND id = ?) \
                 UNION ALL SELECT 1, user, conversation FROM clients WHERE integration = ? AND external_id = ? \
                 UNION ALL SELECT 2, NULL, NULL WHERE EXISTS \
                 (SELECT 1 FROM links WHERE integration = ? AND external_id = ?)",
                values![integration, event, integration, sender, integration, sender],
            )
            .await?;
        let (mut known, mut is_awaited) = (None, false);
        for row in rows {
            match row.integer("part")? {
                0 => return Ok(None),
                1 => known = Some((row.id("a")?, row.id("b")?)),
                _ => is_awaited = true,
            }
        }
        let known = match known {
            Some((user, conversation)) => self.people_of(integration, sender, user, conversation).await?,
            None => None,
        };
        Ok(Some(ChannelState { known, is_awaited }))
    }

    /// Who the sender is by now.
    pub async fn known_sender(&mut self, integration: IntegrationId, sender: &str) -> Result<ChannelState, StoreError> {
        let known = match self.client_named(integration, sender).await? {
            Some(client) => self.people_of(integration, sender, client.user, client.conversation).await?,
            None => None,
        };
        Ok(ChannelState { known, is_awaited: false })
    }

    async fn people_of(
        &mut self,
        integration: IntegrationId,
        sender: &str,
        user: UserId,
        conversation: ConversationId,
    ) -> Result<Option<(Client, User, Conversation)>, StoreError> {
        let client = self
            .ask("SELECT * FROM clients WHERE integration = ? AND external_id = ?", values![integration, sender])
            .await?;
        let user = self.ask("SELECT * FROM users WHERE id = ?", values![user]).await?;
        let conversation = self.ask("SELECT * FROM conversations WHERE id = ?", values![conversation]).await?;
        match (client.first(), user.first(), conversation.first()) {
            (Some(client), Some(user), Some(conversation)) => {
                Ok(Some((map::client(client)?, map::stranger(user)?, map::conversation(conversation)?)))
            }
            _ => Err(StoreError::BadRow(format!("a client of integration `{integration}` has lost its user"))),
        }
    }

    /// Remembers an event of a channel for all time.
    pub fn remember_event(&mut self, integration: IntegrationId, event: &str, at: Timestamp) {
        self.put("INSERT INTO inbound_events (integration, id, at) VALUES (?, ?, ?)", values![integration, event, at]);
    }

    /// What the next poll begins with.
    pub fn set_poll_cursor(&mut self, integration: IntegrationId, cursor: &str, at: Timestamp) {
        self.put(
            "INSERT INTO poll_cursors (integration, cursor, polled_at) VALUES (?, ?, ?) \
             ON CONFLICT (integration) DO UPDATE SET cursor = excluded.cursor, polled_at = excluded.polled_at",
            values![integration, cursor, at],
        );
    }

    /// Writes what a plugin keeps.
    pub fn put_kv(&mut self, integration: IntegrationId, entries: &[KvEntry]) {
        for entry in entries {
            match &entry.value {
                Some(value) => self.put(
                    "INSERT INTO plugin_kv (integration, key, value, expires_at) VALUES (?, ?, ?, ?) \
                     ON CONFLICT (integration, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
                    values![integration, entry.key.as_str(), value.clone(), entry.expires_at],
                ),
                None => self.put(
                    "DELETE FROM plugin_kv WHERE integration = ? AND key = ?",
                    values![integration, entry.key.as_str()],
                ),
            }
        }
    }

    /// Forgets values of plugins that ran out.
    pub fn prune_kv(&mut self, now: Timestamp) {
        self.put("DELETE FROM plugin_kv WHERE expires_at < ?", values![now]);
    }

    /// The message that the vendor calls so.
    pub async fn message_named(
        &mut self,
        conversation: ConversationId,
        integration: IntegrationId,
        name: &str,
    ) -> Result<Option<MessageId>, StoreError> {
        let rows = self
            .ask(
                "SELECT message FROM message_names WHERE conversation = ? AND integration = ? AND external_id = ?",
                values![conversation, integration, name],
            )
            .await?;
        rows.first().map(|row| row.id("message")).transpose()
    }

    /// The message that the vendor calls so in any of a user's own conversations, and where: a user who was merged brings
    /// conversations along into which the channel writes no more.
    pub async fn message_named_anywhere(
        &mut self,
        user: UserId,
        integration: IntegrationId,
        name: &str,
    ) -> Result<Option<(MessageId, ConversationId)>, StoreError> {
        let rows = self
            .ask(
                "SELECT n.message, n.conversation FROM conversations c JOIN message_names n ON n.conversation = c.id \
                 AND n.integration = ? AND n.external_id = ? WHERE c.user = ? AND c.removed_at IS NULL \
                 ORDER BY c.id DESC LIMIT 1",
                values![integration, name, user],
            )
            .await?;
        rows.first().map(|row| Ok((row.id("message")?, row.id("conversation")?))).transpose()
    }

    /// What the vendor calls a message.
    pub async fn name_of(
        &mut self,
        conversation: ConversationId,
        integration: IntegrationId,
        message: MessageId,
    ) -> Result<Option<String>, StoreError> {
        let rows = self
            .ask(
                "SELECT external_id FROM message_names WHERE conversation = ? AND integration = ? AND message = ? LIMIT 1",
                values![conversation, integration, message],
            )
            .await?;
        rows.first().map(|row| row.text("external_id")).transpose()
    }

    /// Remembers what the vendor calls a message.
    pub fn name_message(
        &mut self,
        conversation: ConversationId,
        integration: IntegrationId,
        name: &str,
        message: MessageId,
    ) {
        self.put(
            "INSERT INTO message_names (conversation, integration, external_id, message) VALUES (?, ?, ?, ?) \
             ON CONFLICT DO NOTHING",
            values![conversation, integration, name, message],
        );
    }
}
