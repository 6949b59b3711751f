//! OAuth: who was registered, who was let in, and whose a token is.

use passerelle_model::id::{AppId, IntegrationId};

use crate::rows::{Digest, OauthClient, OauthGrant};
use crate::value::values;
use crate::{Store, StoreError, map};

impl Store {
    /// Registers a client.
    pub async fn create_oauth_client(&self, client: &OauthClient) -> Result<(), StoreError> {
        let client = client.clone();
        self.write(move |tx| {
            Box::pin(async move {
                tx.insert_oauth_client(&client);
                Ok(())
            })
        })
        .await
    }

    /// A registered client.
    pub async fn oauth_client(&self, id: &str) -> Result<Option<OauthClient>, StoreError> {
        let rows = self.ask("SELECT * FROM oauth_clients WHERE id = ?", values![id]).await?;
        rows.first().map(map::oauth_client).transpose()
    }

    /// The registered clients, at most 1000.
    pub async fn oauth_clients(&self) -> Result<Vec<OauthClient>, StoreError> {
        let rows = self.ask("SELECT * FROM oauth_clients ORDER BY created_at, id LIMIT 1000", []).await?;
        rows.iter().map(map::oauth_client).collect()
    }

    /// The apps that a client was let into, with the integrations that stand for it.
    pub async fn oauth_grants(&self, client: &str) -> Result<Vec<OauthGrant>, StoreError> {
        let rows = self.ask("SELECT * FROM oauth_grants WHERE client = ? ORDER BY app", values![client]).await?;
        rows.iter().map(map::oauth_grant).collect()
    }

    /// The client that an integration stands for; none for integrations that were made by hand.
    pub async fn oauth_client_of(
        &self,
        app: AppId,
        integration: IntegrationId,
    ) -> Result<Option<OauthClient>, StoreError> {
        let rows = self
            .ask(
                "SELECT c.* FROM oauth_grants g JOIN oauth_clients c ON c.id = g.client \
                 WHERE g.app = ? AND g.integration = ?",
                values![app, integration],
            )
            .await?;
        rows.first().map(map::oauth_client).transpose()
    }

    /// What a token opens.
    pub async fn oauth_token(&self, token: Digest) -> Result<Option<OauthGrant>, StoreError> {
        let sql = "SELECT g.* FROM oauth_tokens t JOIN oauth_grants g ON g.integration = t.integration \
                   WHERE t.digest = ?";
        self.ask(sql, values![token]).await?.first().map(map::oauth_grant).transpose()
    }
}
