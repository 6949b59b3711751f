//! Users and their identities.

use passerelle_model::id::{AppId, ClientId, DeviceId, UserId};
use passerelle_model::time::Timestamp;

use crate::map::user_sql;
use crate::rows::{Client, Device, Page, Paged, User};
use crate::value::{Columns as _, values};
use crate::{Store, StoreError, map};

impl Store {
    /// A user by our id.
    pub async fn user(&self, app: AppId, id: UserId) -> Result<Option<User>, StoreError> {
        let rows = self.ask(concat!(user_sql!(), " AND u.id = ? AND u.app = ?"), values![id, app]).await?;
        rows.first().map(map::user).transpose()
    }

    /// A user by the business's own id.
    pub async fn user_by_external_id(&self, app: AppId, external_id: &str) -> Result<Option<User>, StoreError> {
        let sql = concat!(user_sql!(), " AND u.app = ? AND u.external_id = ?");
        let rows = self.ask(sql, values![app, external_id]).await?;
        rows.first().map(map::user).transpose()
    }

    /// Users who are known under this e-mail address, by the business or by a channel; at most 100.
    pub async fn users_by_email(&self, app: AppId, email: &str) -> Result<Vec<User>, StoreError> {
        let sql = concat!(
            user_sql!(),
            " AND u.app = ? AND u.id IN (SELECT id FROM users WHERE app = ? AND lower(profile ->> 'email') = lower(?) \
             AND profile ->> 'email' IS NOT NULL UNION SELECT user FROM clients WHERE lower(profile ->> 'email') = \
             lower(?) AND profile ->> 'email' IS NOT NULL) ORDER BY u.id LIMIT 100"
        );
        self.ask(sql, values![app, app, email, email]).await?.iter().map(map::user).collect()
    }

    /// The browsers and phones of a user, the last heard of first; at most 100.
    pub async fn devices(&self, app: AppId, user: UserId) -> Result<Vec<Device>, StoreError> {
        let rows = self
            .ask(
                "SELECT d.* FROM devices d JOIN users u ON u.id = d.user WHERE u.app = ? AND d.user = ? \
                 ORDER BY d.last_seen_at DESC LIMIT 100",
                values![app, user],
            )
            .await?;
        rows.iter().map(map::device).collect()
    }

    /// One browser or phone of a user.
    pub async fn device(&self, app: AppId, user: UserId, id: DeviceId) -> Result<Option<Device>, StoreError> {
        let rows = self
            .ask(
                "SELECT d.* FROM devices d JOIN users u ON u.id = d.user WHERE u.app = ? AND d.user = ? AND d.id = ?",
                values![app, user, id],
            )
            .await?;
        rows.first().map(map::device).transpose()
    }

    /// The identities of a user, with those that wait for a confirmation.
    pub async fn clients(&self, app: AppId, user: UserId, page: Page) -> Result<Paged<Client>, StoreError> {
        let select = "SELECT c.* FROM (SELECT id, user, integration, channel_type, external_id, address, conversation, \
                      status, profile, last_seen_at, created_at FROM clients WHERE user = ? UNION ALL \
                      SELECT id, user, integration, channel_type, external_id, external_id, conversation, 'pending', \
                      '{}', created_at, created_at FROM links WHERE user = ? AND confirmation <> 'immediate') c \
                      JOIN users u ON u.id = c.user WHERE u.app = ?";
        self.page(select, "c.id", values![user, user, app], page, map::client).await
    }

    /// A user's identities, the last heard of first, as answers look for their way; at most 100.
    pub async fn clients_by_use(&self, app: AppId, user: UserId) -> Result<Vec<Client>, StoreError> {
        let sql = "SELECT c.* FROM clients c JOIN users u ON u.id = c.user WHERE c.user = ? AND u.app = ? \
                   ORDER BY c.last_seen_at DESC, c.id DESC LIMIT 100";
        self.ask(sql, values![user, app]).await?.iter().map(map::client).collect()
    }

    /// When a person last wrote by this identity.
    pub async fn last_written(&self, client: &Client) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT received_at FROM messages WHERE conversation = ? AND source_client = ? \
                   AND author ->> 'type' = 'user' ORDER BY seq DESC LIMIT 1";
        let rows = self.ask(sql, values![client.conversation, client.id]).await?;
        rows.first().map(|row| row.time("received_at")).transpose()
    }

    /// One identity.
    pub async fn client(&self, app: AppId, id: ClientId) -> Result<Option<Client>, StoreError> {
        let rows = self
            .ask(
                "SELECT c.* FROM clients c JOIN users u ON u.id = c.user WHERE c.id = ? AND u.app = ?",
                values![id, app],
            )
            .await?;
        rows.first().map(map::client).transpose()
    }
}
