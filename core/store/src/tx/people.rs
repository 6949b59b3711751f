//! Users and their identities on channels.

use passerelle_model::id::{AppId, ClientId, ConversationId, UserId};
use passerelle_model::people::ClientStatus;

use super::Tx;
use crate::rows::{Client, User};
use crate::value::{json, values};
use crate::{StoreError, map};

impl Tx<'_> {
    /// A user of the app.
    pub async fn user(&mut self, app: AppId, user: UserId) -> Result<Option<User>, StoreError> {
        let rows = self.ask("SELECT * FROM users WHERE id = ? AND app = ?", values![user, app]).await?;
        rows.first().map(map::user).transpose()
    }

    /// A user by the business's own id.
    pub async fn user_by_external_id(&mut self, app: AppId, external_id: &str) -> Result<Option<User>, StoreError> {
        let rows = self.ask("SELECT * FROM users WHERE app = ? AND external_id = ?", values![app, external_id]).await?;
        rows.first().map(map::user).transpose()
    }

    /// Adds a user. A taken external id is a duplicate.
    pub fn insert_user(&mut self, user: &User) {
        self.put(
            "INSERT INTO users (id, app, external_id, profile, metadata, signed_up_at, created_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
            values![
                user.id,
                user.app,
                user.external_id.as_deref(),
                json(&user.profile),
                json(&user.metadata),
                user.signed_up_at,
                user.created_at,
            ],
        );
    }

    /// Changes profile, metadata and the time of signing up.
    pub fn update_user(&mut self, user: &User) {
        self.put(
            "UPDATE users SET profile = ?, metadata = ?, signed_up_at = ? WHERE id = ? AND app = ?",
            values![json(&user.profile), json(&user.metadata), user.signed_up_at, user.id, user.app],
        );
    }

    /// Forgets a user with clients, personal conversations and their messages.
    pub fn delete_user(&mut self, app: AppId, user: UserId) {
        self.put("DELETE FROM users WHERE id = ? AND app = ?", values![user, app]);
    }

    /// Adds an identity whose messages go to this conversation.
    pub fn insert_client(&mut self, client: &Client, conversation: ConversationId) {
        self.put(
            "INSERT INTO clients (id, user, integration, channel_type, external_id, address, conversation, status, \
             profile, last_seen_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values![
                client.id,
                client.user,
                client.integration,
                client.channel_type.as_str(),
                client.external_id.as_str(),
                client.address.as_str(),
                conversation,
                map::client_word(client.status),
                json(&client.profile),
                client.last_seen_at,
                client.created_at,
            ],
        );
    }

    /// Changes address, status, profile and the time when the person was last heard of.
    pub fn update_client(&mut self, client: &Client) {
        self.put(
            "UPDATE clients SET address = ?, status = ?, profile = ?, last_seen_at = ? WHERE id = ?",
            values![
                client.address.as_str(),
                map::client_word(client.status),
                json(&client.profile),
                client.last_seen_at,
                client.id,
            ],
        );
    }

    /// Whether a client can be reached.
    pub fn set_client_status(&mut self, client: ClientId, status: ClientStatus) {
        self.put("UPDATE clients SET status = ? WHERE id = ?", values![map::client_word(status), client]);
    }

    /// A user's identities, the last heard of first.
    pub async fn clients_of(&mut self, user: UserId) -> Result<Vec<Client>, StoreError> {
        let rows = self
            .ask("SELECT * FROM clients WHERE user = ? ORDER BY last_seen_at DESC, id DESC LIMIT 100", values![user])
            .await?;
        rows.iter().map(map::client).collect()
    }
}
