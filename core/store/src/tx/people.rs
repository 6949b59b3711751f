//! Users and their identities on channels.

use passerelle_model::id::{AppId, ClientId, UserId};
use passerelle_model::people::ClientStatus;

use super::Tx;
use crate::map::user_sql;
use crate::rows::{Client, User};
use crate::value::{json, values};
use crate::{StoreError, map};

impl Tx<'_> {
    /// A user of the app.
    pub async fn user(&mut self, app: AppId, user: UserId) -> Result<Option<User>, StoreError> {
        let rows = self.ask(concat!(user_sql!(), " AND u.id = ? AND u.app = ?"), values![user, app]).await?;
        rows.first().map(map::user).transpose()
    }

    /// A user by the business's own id.
    pub async fn user_by_external_id(&mut self, app: AppId, external_id: &str) -> Result<Option<User>, StoreError> {
        let sql = concat!(user_sql!(), " AND u.app = ? AND u.external_id = ?");
        let rows = self.ask(sql, values![app, external_id]).await?;
        rows.first().map(map::user).transpose()
    }

    /// Adds a user. A taken external id is a duplicate.
    pub fn insert_user(&mut self, user: &User) {
        self.put(
            "INSERT INTO users (id, app, external_id, profile, metadata, authenticated, signed_up_at, to_be_retained, \
             created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values![
                user.id,
                user.app,
                user.external_id.as_deref(),
                json(&user.profile),
                json(&user.metadata),
                user.authenticated,
                user.signed_up_at,
                user.to_be_retained,
                user.created_at,
            ],
        );
    }

    /// Changes everything of a user but its app.
    pub fn update_user(&mut self, user: &User) {
        self.put(
            "UPDATE users SET external_id = ?, profile = ?, metadata = ?, authenticated = ?, signed_up_at = ?, \
             to_be_retained = ? WHERE id = ? AND app = ?",
            values![
                user.external_id.as_deref(),
                json(&user.profile),
                json(&user.metadata),
                user.authenticated,
                user.signed_up_at,
                user.to_be_retained,
                user.id,
                user.app,
            ],
        );
    }

    /// Adds an identity.
    pub fn insert_client(&mut self, client: &Client) {
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
                client.conversation,
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

    /// Forgets what the channels told of a user.
    pub fn wipe_clients(&mut self, user: UserId) {
        self.put("UPDATE clients SET profile = '{}' WHERE user = ?", values![user]);
    }

    /// One identity of a user.
    pub async fn client(&mut self, user: UserId, client: ClientId) -> Result<Option<Client>, StoreError> {
        let rows = self.ask("SELECT * FROM clients WHERE id = ? AND user = ?", values![client, user]).await?;
        rows.first().map(map::client).transpose()
    }

    /// Removes an identity; what waits for it is not sent any more.
    pub fn delete_client(&mut self, client: ClientId) {
        self.put(
            "UPDATE deliveries SET state = 3, reason = 'the client was removed before it was sent' \
             WHERE client = ? AND state = 0",
            values![client],
        );
        self.put("DELETE FROM clients WHERE id = ?", values![client]);
    }

    /// A user's identities, the last heard of first.
    pub async fn clients_of(&mut self, user: UserId) -> Result<Vec<Client>, StoreError> {
        let rows = self
            .ask("SELECT * FROM clients WHERE user = ? ORDER BY last_seen_at DESC, id DESC LIMIT 100", values![user])
            .await?;
        rows.iter().map(map::client).collect()
    }
}
