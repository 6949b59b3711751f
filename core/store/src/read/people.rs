//! Users and their identities.

use passerelle_model::id::{AppId, ClientId, UserId};

use crate::rows::{Client, Page, Paged, User};
use crate::value::values;
use crate::{Store, StoreError, map};

impl Store {
    /// A user by our id.
    pub async fn user(&self, app: AppId, id: UserId) -> Result<Option<User>, StoreError> {
        let rows = self.ask("SELECT * FROM users WHERE id = ? AND app = ?", values![id, app]).await?;
        rows.first().map(map::user).transpose()
    }

    /// A user by the business's own id.
    pub async fn user_by_external_id(&self, app: AppId, external_id: &str) -> Result<Option<User>, StoreError> {
        let rows = self.ask("SELECT * FROM users WHERE app = ? AND external_id = ?", values![app, external_id]).await?;
        rows.first().map(map::user).transpose()
    }

    /// The identities of a user.
    pub async fn clients(&self, app: AppId, user: UserId, page: Page) -> Result<Paged<Client>, StoreError> {
        let select = "SELECT c.* FROM clients c JOIN users u ON u.id = c.user WHERE u.app = ? AND c.user = ?";
        self.page(select, "c.id", values![app, user], page, map::client).await
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
