//! Programs of others that were let into an app: clients, grants, codes, tokens.

use std::fmt;

use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::time::Timestamp;

/// SHA-256 of a random text that is kept nowhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

/// A program that may ask administrators to let it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OauthClient {
    /// The client id.
    pub id: String,
    /// The name to show, 1 to 100 characters.
    pub display_name: String,
    /// Where the browser may be sent back to; the first one where a request names none.
    pub redirect_uris: Vec<String>,
    /// What is called when a grant ends.
    pub removal_url: Option<String>,
    /// Of the client secret.
    pub secret: Digest,
    /// When it was registered.
    pub created_at: Timestamp,
}

/// A client was let into an app; the integration stands for it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OauthGrant {
    /// Which client.
    pub client: String,
    /// Into which app.
    pub app: AppId,
    /// As which integration.
    pub integration: IntegrationId,
    /// When.
    pub created_at: Timestamp,
}

/// A code that the browser carries to the client, good for one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OauthCode {
    /// Of the code.
    pub digest: Digest,
    /// Of which grant.
    pub integration: IntegrationId,
    /// Where the browser was sent to with it.
    pub redirect_uri: String,
    /// What the client's verifier must fit, where it asked for that.
    pub challenge: Option<String>,
    /// Of the token that it gave; none as long as it is unused.
    pub token: Option<Digest>,
    /// Until when it is good.
    pub expires_at: Timestamp,
}
