//! Identities that shall become a user's.

use passerelle_model::id::{ClientId, IntegrationId, UserId};
use passerelle_model::time::Timestamp;

use super::Tx;
use crate::rows::{Client, Confirmation, Link};
use crate::value::{Columns as _, json, values};
use crate::{StoreError, map};

impl Tx<'_> {
    /// Adds a link. With a message, that is due at once.
    pub fn insert_link(&mut self, link: &Link) {
        let confirmation = match link.confirmation {
            Confirmation::Immediate => "immediate",
            Confirmation::UserActivity => "userActivity",
            Confirmation::Prompt => "prompt",
        };
        self.put(
            "INSERT INTO links (id, app, user, integration, channel_type, external_id, conversation, confirmation, \
             message, is_primary, is_matched, state, attempts, not_before, created_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
            values![
                link.id,
                link.app,
                link.user,
                link.integration,
                link.channel_type.as_str(),
                link.external_id.as_str(),
                link.conversation,
                confirmation,
                link.message.as_ref().map(json),
                link.is_primary,
                link.is_matched,
                if link.message.is_some() { 0u32 } else { 2 },
                link.created_at,
                link.created_at,
            ],
        );
    }

    /// The link that waits for this identity.
    pub async fn link_of(&mut self, integration: IntegrationId, external_id: &str) -> Result<Option<Link>, StoreError> {
        let rows = self
            .ask("SELECT * FROM links WHERE integration = ? AND external_id = ?", values![integration, external_id])
            .await?;
        rows.first().map(map::link).transpose()
    }

    /// A user's link.
    pub async fn link(&mut self, user: UserId, id: ClientId) -> Result<Option<Link>, StoreError> {
        let rows = self.ask("SELECT * FROM links WHERE id = ? AND user = ?", values![id, user]).await?;
        rows.first().map(map::link).transpose()
    }

    /// How many links of the user wait.
    pub async fn count_links(&mut self, user: UserId) -> Result<u64, StoreError> {
        let rows = self.ask("SELECT count(*) AS count FROM links WHERE user = ?", values![user]).await?;
        rows.first().map_or(Ok(0), |row| row.number("count"))
    }

    /// Takes messages of links under way whose time has come.
    pub async fn take_due_links(&mut self, now: Timestamp) -> Result<Vec<Link>, StoreError> {
        let rows = self
            .ask(
                "UPDATE links SET state = 1, attempts = attempts + 1 WHERE id IN \
                 (SELECT id FROM links WHERE state = 0 AND not_before <= ? LIMIT 256) RETURNING *",
                values![now],
            )
            .await?;
        rows.iter().map(map::link).collect()
    }

    /// A link, as the channel asks for it.
    pub async fn open_link(&mut self, id: ClientId) -> Result<Option<Link>, StoreError> {
        let rows = self.ask("SELECT * FROM links WHERE id = ?", values![id]).await?;
        rows.first().map(map::link).transpose()
    }

    /// The person was told, and has the word; the channel knows the person.
    pub fn link_told(&mut self, id: ClientId) {
        self.put("UPDATE links SET state = 2, is_matched = 1 WHERE id = ?", values![id]);
    }

    /// The person could not be told yet.
    pub fn retry_link(&mut self, id: ClientId, at: Timestamp) {
        self.put("UPDATE links SET state = 0, not_before = ? WHERE id = ?", values![at, id]);
    }

    /// The link has come to its end, this way or that.
    pub fn delete_link(&mut self, id: ClientId) {
        self.put("DELETE FROM links WHERE id = ?", values![id]);
    }

    /// What the last process was about to tell is told again: channels recognise a repeat by its key, if they can.
    pub fn take_up_links(&mut self) {
        self.put("UPDATE links SET state = 0 WHERE state = 1", []);
    }

    /// The identity of this name on the channel.
    pub async fn client_named(
        &mut self,
        integration: IntegrationId,
        external_id: &str,
    ) -> Result<Option<Client>, StoreError> {
        let rows = self
            .ask("SELECT * FROM clients WHERE integration = ? AND external_id = ?", values![integration, external_id])
            .await?;
        rows.first().map(map::client).transpose()
    }
}
