//! Sessions of the widget, and what its visitors have received.

use passerelle_model::event::EventKind;
use passerelle_model::id::{AppId, ClientId, ConversationId, DeviceId, IntegrationId, UserId};
use passerelle_model::time::Timestamp;

use super::Tx;
use super::outbound::NewDelivery;
use crate::rows::{Client, Conversation, Device, Digest, WidgetLabels, WidgetPage, WidgetSession};
use crate::value::{Columns as _, json, values};
use crate::{StoreError, map};

/// Sessions of one user; the ones that were heard of least lately make room.
const MAX_SESSIONS: u32 = 50;

impl Tx<'_> {
    /// A session, as long as it is known.
    pub async fn widget_session(&mut self, digest: Digest) -> Result<Option<WidgetSession>, StoreError> {
        let rows = self.ask("SELECT * FROM widget_sessions WHERE digest = ?", values![digest]).await?;
        rows.first().map(map::widget_session).transpose()
    }

    /// Begins a session.
    pub fn insert_widget_session(&mut self, session: &WidgetSession) {
        self.put(
            "INSERT INTO widget_sessions (digest, app, integration, user, page_origin, device, token_id, token_ends_at, \
             labels, page, created_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values![
                session.digest,
                session.app,
                session.integration,
                session.user,
                session.page_origin.as_str(),
                json(&session.device),
                session.token_id.as_deref(),
                session.token_ends_at,
                json(&session.labels),
                session.page.as_ref().map(json),
                session.created_at,
                session.last_seen_at,
            ],
        );
        self.put(
            "DELETE FROM widget_sessions WHERE user = ? AND digest NOT IN (SELECT digest FROM widget_sessions \
             WHERE user = ? ORDER BY digest = ? DESC, last_seen_at DESC LIMIT ?)",
            values![session.user, session.user, session.digest, MAX_SESSIONS],
        );
    }

    /// Ends a session.
    pub fn delete_widget_session(&mut self, digest: Digest) {
        self.put("DELETE FROM widget_sessions WHERE digest = ?", values![digest]);
    }

    /// What the page says by now.
    pub fn set_widget_page(&mut self, digest: Digest, labels: &WidgetLabels, page: Option<&WidgetPage>) {
        self.put(
            "UPDATE widget_sessions SET labels = ?, page = ? WHERE digest = ?",
            values![json(labels), page.map(json), digest],
        );
    }

    /// The visitor was heard of.
    pub fn touch_widget_session(&mut self, digest: Digest, at: Timestamp) {
        self.put("UPDATE widget_sessions SET last_seen_at = ? WHERE digest = ?", values![at, digest]);
    }

    /// Ends the sessions that were not heard of since then, or that began too long ago.
    pub fn prune_widget_sessions(&mut self, unheard: Timestamp, old: Timestamp, now: Timestamp) {
        self.put("DELETE FROM widget_sessions WHERE last_seen_at < ? OR created_at < ?", values![unheard, old]);
        self.put("DELETE FROM spent_tokens WHERE ends_at < ?", values![now]);
    }

    /// A signed token lets nobody in any more.
    pub fn spend_token(&mut self, app: AppId, id: &str, ends_at: Timestamp) {
        self.put(
            "INSERT INTO spent_tokens (app, id, ends_at) VALUES (?, ?, ?) ON CONFLICT (app, id) DO NOTHING",
            values![app, id, ends_at],
        );
    }

    /// Whether a signed token lets nobody in any more.
    pub async fn is_spent(&mut self, app: AppId, id: &str) -> Result<bool, StoreError> {
        let rows = self.ask("SELECT 1 FROM spent_tokens WHERE app = ? AND id = ?", values![app, id]).await?;
        Ok(!rows.is_empty())
    }

    /// The user's identity in this widget: one for all browsers.
    pub async fn widget_client(
        &mut self,
        user: UserId,
        integration: IntegrationId,
    ) -> Result<Option<Client>, StoreError> {
        let rows = self
            .ask(
                "SELECT * FROM clients WHERE user = ? AND integration = ? ORDER BY last_seen_at DESC, id DESC LIMIT 1",
                values![user, integration],
            )
            .await?;
        rows.first().map(map::client).transpose()
    }

    /// The user was heard of in the widget, which becomes the channel that answers go to.
    pub fn touch_client(&mut self, client: ClientId, at: Timestamp) {
        self.put("UPDATE clients SET last_seen_at = ?, status = 'active' WHERE id = ?", values![at, client]);
    }

    /// A browser of the user: the one of this name, or another one.
    pub fn put_device(&mut self, user: UserId, id: DeviceId, device: &Device) {
        self.put(
            "UPDATE devices SET client = ?, status = 'active', info = ?, last_seen_at = ? WHERE user = ? AND integration = ? \
             AND guid = ?",
            values![
                device.client,
                json(&device.info),
                device.last_seen_at,
                user,
                device.integration,
                device.guid.as_str()
            ],
        );
        self.put(
            "INSERT INTO devices (id, user, client, integration, kind, guid, status, push_token, info, app_version, \
             last_seen_at) SELECT ?, ?, ?, ?, ?, ?, 'active', ?, ?, ?, ? WHERE NOT EXISTS \
             (SELECT 1 FROM devices WHERE user = ? AND integration = ? AND guid = ?)",
            values![
                id,
                user,
                device.client,
                device.integration,
                device.kind.as_str(),
                device.guid.as_str(),
                device.push_token.as_deref(),
                json(&device.info),
                device.app_version.as_deref(),
                device.last_seen_at,
                user,
                device.integration,
                device.guid.as_str(),
            ],
        );
    }

    /// The user's newest personal conversation, and whether anything was written in it.
    pub async fn newest_conversation(&mut self, user: UserId) -> Result<Option<(Conversation, bool)>, StoreError> {
        let rows = self
            .ask(
                "SELECT c.*, EXISTS (SELECT 1 FROM messages m WHERE m.conversation = c.id) AS is_used \
                 FROM conversations c WHERE c.user = ? AND c.kind = 'personal' AND c.removed_at IS NULL \
                 ORDER BY c.id DESC LIMIT 1",
                values![user],
            )
            .await?;
        rows.first().map(|row| Ok((map::conversation(row)?, row.flag("is_used")?))).transpose()
    }

    /// A message reached the user's widget. False when it, or a newer one, had done so before.
    pub async fn receive_message(
        &mut self,
        conversation: ConversationId,
        user: UserId,
        seq: u64,
    ) -> Result<bool, StoreError> {
        let rows = self
            .ask(
                "UPDATE participants SET last_received = ? WHERE conversation = ? AND user = ? AND last_received < ? \
                 RETURNING 1 AS changed",
                values![seq, conversation, user, seq],
            )
            .await?;
        Ok(!rows.is_empty())
    }

    /// Notes that an event of this name was taken. False when it was before.
    pub async fn take_event(
        &mut self,
        integration: IntegrationId,
        name: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let rows = self
            .ask(
                "INSERT INTO inbound_events (integration, id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING at",
                values![integration, name, at],
            )
            .await?;
        Ok(!rows.is_empty())
    }

    /// Adds a delivery that is made with this commit, and tells of it: its reader reads the log.
    pub fn insert_made_delivery(&mut self, new: &NewDelivery, event: passerelle_model::id::EventId) {
        self.put(
            "INSERT INTO deliveries (id, app, conversation, message, client, integration, state, attempts, external_ids, \
             not_before, created_at) VALUES (?, ?, ?, ?, ?, ?, 2, 1, '[]', 0, ?)",
            values![new.id, new.app, new.conversation, new.message, new.client, new.integration, new.at],
        );
        let kind = EventKind::DeliveredToChannel {
            message: new.message,
            delivery: new.id,
            integration: new.integration,
            external_ids: Vec::new(),
            is_final: false,
        };
        self.append_event(new.app, new.conversation, event, new.at, kind);
    }
}
