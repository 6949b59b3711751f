//! What is on its way out: gone for everybody with one commit, cleared away in batches by later ones.

use passerelle_model::id::{AppId, ConversationId, IntegrationId, UserId};
use passerelle_model::time::Timestamp;

use super::Tx;
use crate::rows::{Conversation, Removal, RemovalTarget, User};
use crate::value::{Columns as _, Value, values};
use crate::{StoreError, map};

/// What one step of a removal did.
#[derive(Clone, Debug, PartialEq)]
pub enum Purged {
    /// It goes on.
    More,
    /// A conversation is gone; the removal may go on with others.
    Conversation(Box<Conversation>),
    /// The user is gone, and with it the removal.
    User(Box<User>),
    /// The files of these handles go before their rows do: see [`Tx::delete_media`].
    Files(Vec<String>),
    /// The removal is at its end.
    Done,
}

/// A statement that deletes at most as many rows as its last value says, and answers with one row for each.
type Batch = (&'static str, Vec<Value>);

impl Tx<'_> {
    /// From now on the conversation is gone for everybody. Clients that wrote there write to their user's default one.
    pub fn remove_conversation(&mut self, app: AppId, conversation: ConversationId, at: Timestamp) {
        self.put("UPDATE conversations SET removed_at = ? WHERE id = ? AND app = ?", values![at, conversation, app]);
        self.put(
            "UPDATE clients SET conversation = (SELECT c.id FROM conversations c WHERE c.user = clients.user \
             AND c.is_default = 1) WHERE conversation = ?",
            values![conversation],
        );
        self.put("DELETE FROM participants WHERE conversation = ?", values![conversation]);
        self.put("DELETE FROM links WHERE conversation = ?", values![conversation]);
        self.put("DELETE FROM turns WHERE conversation = ?", values![conversation]);
        self.cancel_deliveries(conversation, None);
        self.queue_removal(app, "conversation", conversation.into(), None);
    }

    /// From now on the user is gone for everybody: whoever writes from one of its channels is a stranger, and the
    /// external id is free.
    pub fn remove_user(&mut self, user: &User, at: Timestamp) {
        let id = user.id;
        self.put("DELETE FROM turns WHERE conversation IN (SELECT id FROM conversations WHERE user = ?)", values![id]);
        self.put(
            "UPDATE deliveries SET state = 3, reason = 'the user was deleted before it was sent' WHERE state = 0 \
             AND conversation IN (SELECT id FROM conversations WHERE user = ?)",
            values![id],
        );
        self.put("UPDATE conversations SET removed_at = ? WHERE user = ? AND removed_at IS NULL", values![at, id]);
        self.put("DELETE FROM participants WHERE user = ?", values![id]);
        self.put("DELETE FROM links WHERE user = ?", values![id]);
        self.put(
            "UPDATE clients SET external_id = 'removed:' || hex(id), status = 'inactive' WHERE user = ?",
            values![id],
        );
        self.put("UPDATE users SET external_id = NULL, removed_at = ? WHERE id = ?", values![at, id]);
        self.queue_removal(user.app, "user", id.into(), user.external_id.as_deref());
    }

    /// From now on the app is gone for everybody, and none of its keys opens anything.
    pub fn remove_app(&mut self, app: AppId, at: Timestamp) {
        self.put("UPDATE apps SET removed_at = ? WHERE id = ? AND removed_at IS NULL", values![at, app]);
        self.put("DELETE FROM secrets WHERE owner IN (SELECT 'key:' || id FROM app_keys WHERE app = ?)", values![app]);
        self.put("DELETE FROM app_keys WHERE app = ?", values![app]);
        self.put("DELETE FROM turns WHERE app = ?", values![app]);
        self.put("DELETE FROM links WHERE app = ?", values![app]);
        self.put(
            "UPDATE deliveries SET state = 3, reason = 'the app was deleted before it was sent' \
             WHERE app = ? AND state = 0",
            values![app],
        );
        self.queue_removal(app, "app", app.into(), None);
    }

    fn queue_removal(&mut self, app: AppId, kind: &'static str, target: Value, external_id: Option<&str>) {
        self.put(
            "INSERT INTO removals (app, kind, target, external_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            values![app, kind, target, external_id],
        );
    }

    /// Clears away at most about `limit` rows of what is removed.
    pub async fn purge(&mut self, removal: &Removal, limit: u32) -> Result<Purged, StoreError> {
        let purged = match removal.target {
            RemovalTarget::Conversation(id) => self.purge_conversation(id, limit).await?,
            RemovalTarget::User(id) => self.purge_user(id, limit).await?,
            RemovalTarget::App(id) => self.purge_app(id, limit).await?,
        };
        let ended = matches!(
            (&purged, removal.target),
            (Purged::Done | Purged::User(_), _) | (Purged::Conversation(_), RemovalTarget::Conversation(_))
        );
        if ended {
            self.put("DELETE FROM removals WHERE id = ?", values![removal.id]);
        }
        Ok(purged)
    }

    /// Forgets files; they must be gone from the disk already.
    pub fn delete_media(&mut self, app: AppId, handles: &[String]) {
        let handles = crate::value::json(handles);
        self.put(
            "DELETE FROM media WHERE app = ? AND handle IN (SELECT value FROM json_each(?))",
            [app.into(), handles],
        );
    }

    async fn purge_conversation(&mut self, id: ConversationId, limit: u32) -> Result<Purged, StoreError> {
        self.put(
            "DELETE FROM deliveries WHERE message IN (SELECT id FROM messages WHERE conversation = ? ORDER BY seq LIMIT ?)",
            values![id, limit],
        );
        let batches: [Batch; 3] = [
            (
                "DELETE FROM messages WHERE id IN \
                 (SELECT id FROM messages WHERE conversation = ? ORDER BY seq LIMIT ?) RETURNING 1",
                values![id, limit].into(),
            ),
            (
                "DELETE FROM message_names WHERE conversation = ? AND (integration, external_id) IN \
                 (SELECT integration, external_id FROM message_names WHERE conversation = ? LIMIT ?) RETURNING 1",
                values![id, id, limit].into(),
            ),
            (
                "DELETE FROM events WHERE cursor IN (SELECT cursor FROM events WHERE conversation = ? LIMIT ?) RETURNING 1",
                values![id, limit].into(),
            ),
        ];
        if self.any_of(batches).await? {
            return Ok(Purged::More);
        }
        self.put("DELETE FROM deliveries WHERE conversation = ? AND state < 2", values![id]);
        let rows = self.ask("DELETE FROM conversations WHERE id = ? RETURNING *", values![id]).await?;
        Ok(match rows.first() {
            Some(row) => Purged::Conversation(Box::new(map::conversation(row)?)),
            None => Purged::Done,
        })
    }

    async fn purge_user(&mut self, user: UserId, limit: u32) -> Result<Purged, StoreError> {
        let rows = self.ask("SELECT id FROM conversations WHERE user = ? ORDER BY id LIMIT 1", values![user]).await?;
        if let Some(row) = rows.first() {
            return self.purge_conversation(row.id("id")?, limit).await;
        }
        let batches: [Batch; 1] = [(
            "DELETE FROM clients WHERE id IN (SELECT id FROM clients WHERE user = ? LIMIT ?) RETURNING 1",
            values![user, limit].into(),
        )];
        if self.any_of(batches).await? {
            return Ok(Purged::More);
        }
        let rows = self.ask("DELETE FROM users WHERE id = ? RETURNING *", values![user]).await?;
        Ok(match rows.first() {
            Some(row) => Purged::User(Box::new(map::stranger(row)?)),
            None => Purged::Done,
        })
    }

    async fn purge_app(&mut self, app: AppId, limit: u32) -> Result<Purged, StoreError> {
        let rows = self.ask("SELECT id FROM conversations WHERE app = ? ORDER BY id LIMIT 1", values![app]).await?;
        if let Some(row) = rows.first() {
            return self.purge_conversation(row.id("id")?, limit).await;
        }
        let rows = self.ask("SELECT handle FROM media WHERE app = ? LIMIT ?", values![app, limit]).await?;
        if !rows.is_empty() {
            return rows.iter().map(|row| row.text("handle")).collect::<Result<_, _>>().map(Purged::Files);
        }
        let batches: [Batch; 2] = [
            (
                "DELETE FROM users WHERE id IN (SELECT id FROM users WHERE app = ? LIMIT ?) RETURNING 1",
                values![app, limit].into(),
            ),
            (
                "DELETE FROM events WHERE cursor IN (SELECT cursor FROM events WHERE app = ? AND conversation IS NULL LIMIT ?) RETURNING 1",
                values![app, limit].into(),
            ),
        ];
        if self.any_of(batches).await? {
            return Ok(Purged::More);
        }
        let rows = self.ask("SELECT id FROM integrations WHERE app = ? ORDER BY id LIMIT 1", values![app]).await?;
        if let Some(row) = rows.first() {
            return self.purge_integration(row.id("id")?, limit).await;
        }
        self.put("DELETE FROM removals WHERE app = ?", values![app]);
        self.put("DELETE FROM apps WHERE id = ?", values![app]);
        Ok(Purged::Done)
    }

    async fn purge_integration(&mut self, id: IntegrationId, limit: u32) -> Result<Purged, StoreError> {
        let batches: [Batch; 3] = [
            (
                "DELETE FROM raw_inbound WHERE rowid IN (SELECT rowid FROM raw_inbound WHERE integration = ? LIMIT ?) RETURNING 1",
                values![id, limit].into(),
            ),
            (
                "DELETE FROM inbound_events WHERE integration = ? AND id IN \
                 (SELECT id FROM inbound_events WHERE integration = ? LIMIT ?) RETURNING 1",
                values![id, id, limit].into(),
            ),
            (
                "DELETE FROM plugin_kv WHERE integration = ? AND key IN \
                 (SELECT key FROM plugin_kv WHERE integration = ? LIMIT ?) RETURNING 1",
                values![id, id, limit].into(),
            ),
        ];
        if !self.any_of(batches).await? {
            self.delete_integration(id);
        }
        Ok(Purged::More)
    }

    /// Runs the batches; true when any of them deleted something.
    async fn any_of<const N: usize>(&mut self, batches: [Batch; N]) -> Result<bool, StoreError> {
        let mut deleted = false;
        for (sql, values) in batches {
            deleted |= !self.ask(sql, values).await?.is_empty();
        }
        Ok(deleted)
    }
}
