//! OAuth: clients, grants, codes and tokens.

use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::time::Timestamp;

use super::Tx;
use crate::rows::{Digest, OauthClient, OauthCode, OauthGrant};
use crate::value::{json, values};
use crate::{StoreError, map};

/// Tokens of one grant; the oldest one makes room.
const MAX_TOKENS: u32 = 20;

impl Tx<'_> {
    /// Registers a client. A taken id is a duplicate.
    pub fn insert_oauth_client(&mut self, client: &OauthClient) {
        self.put(
            "INSERT INTO oauth_clients (id, display_name, redirect_uris, removal_url, secret_digest, created_at) \
             VALUES (?, ?, ?, ?, ?, ?)",
            values![
                client.id.as_str(),
                client.display_name.as_str(),
                json(&client.redirect_uris),
                client.removal_url.as_deref(),
                client.secret,
                client.created_at,
            ],
        );
    }

    /// Forgets a client with what is left of its grants.
    pub fn delete_oauth_client(&mut self, id: &str) {
        self.put("DELETE FROM oauth_clients WHERE id = ?", values![id]);
    }

    /// The grant of a client in an app.
    pub async fn oauth_grant(&mut self, client: &str, app: AppId) -> Result<Option<OauthGrant>, StoreError> {
        let rows = self.ask("SELECT * FROM oauth_grants WHERE client = ? AND app = ?", values![client, app]).await?;
        rows.first().map(map::oauth_grant).transpose()
    }

    /// Lets a client in. A second grant in the same app is a duplicate.
    pub fn insert_oauth_grant(&mut self, grant: &OauthGrant) {
        self.put(
            "INSERT INTO oauth_grants (integration, client, app, created_at) VALUES (?, ?, ?, ?)",
            values![grant.integration, grant.client.as_str(), grant.app, grant.created_at],
        );
    }

    /// Ends a grant with its codes and tokens, and with the keys and webhooks of its integration, which stays.
    pub fn delete_oauth_grant(&mut self, integration: IntegrationId) {
        self.put("DELETE FROM oauth_grants WHERE integration = ?", values![integration]);
        self.delete_doors(integration);
        self.put("DELETE FROM app_keys WHERE integration = ?", values![integration]);
        self.put("DELETE FROM webhooks WHERE integration = ?", values![integration]);
    }

    /// Adds a code, and forgets the ones that can neither give a token nor take one back.
    pub fn insert_oauth_code(&mut self, code: &OauthCode, now: Timestamp) {
        self.put(
            "DELETE FROM oauth_codes WHERE expires_at < ? AND NOT EXISTS \
             (SELECT 1 FROM oauth_tokens t WHERE t.digest = oauth_codes.token)",
            values![now],
        );
        self.put(
            "INSERT INTO oauth_codes (digest, integration, redirect_uri, challenge, expires_at) VALUES (?, ?, ?, ?, ?)",
            values![
                code.digest,
                code.integration,
                code.redirect_uri.as_str(),
                code.challenge.as_deref(),
                code.expires_at,
            ],
        );
    }

    /// A code, provided that it was made for this client.
    pub async fn oauth_code(&mut self, client: &str, digest: Digest) -> Result<Option<OauthCode>, StoreError> {
        let rows = self
            .ask(
                "SELECT c.* FROM oauth_codes c JOIN oauth_grants g ON g.integration = c.integration \
                 WHERE c.digest = ? AND g.client = ?",
                values![digest, client],
            )
            .await?;
        rows.first().map(map::oauth_code).transpose()
    }

    /// Gives a token for a code.
    pub fn spend_oauth_code(&mut self, code: Digest, integration: IntegrationId, token: Digest, now: Timestamp) {
        self.put("UPDATE oauth_codes SET token = ? WHERE digest = ?", values![token, code]);
        self.put(
            "INSERT INTO oauth_tokens (digest, integration, created_at) VALUES (?, ?, ?)",
            values![token, integration, now],
        );
        self.put(
            "DELETE FROM oauth_tokens WHERE integration = ? AND digest NOT IN (SELECT digest FROM oauth_tokens \
             WHERE integration = ? ORDER BY created_at DESC, digest = ? DESC LIMIT ?)",
            values![integration, integration, token, MAX_TOKENS],
        );
    }

    /// Takes a token back.
    pub fn delete_oauth_token(&mut self, token: Digest) {
        self.put("DELETE FROM oauth_tokens WHERE digest = ?", values![token]);
    }
}
