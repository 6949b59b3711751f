//! Who may make the first admin.

use passerelle_store::{Digest, StoreError, Tx};

/// Tokens of one agent.
pub const MAX_TOKENS: u64 = 50;
/// How the one-time permission to make the first admin begins.
pub const SETUP_KIND: &str = "pst";

/// Uses up the one-time permission to make the first admin. False when it is another one, or when there is an admin
/// already: then the permission is void.
pub async fn may_set_up(tx: &mut Tx<'_>, digest: Digest) -> Result<bool, StoreError> {
    let fits = tx.take_agent_setup(digest).await?;
    Ok(fits && !tx.has_admin().await?)
}
