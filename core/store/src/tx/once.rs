//! Requests that may come twice: what the first one made is remembered with what it wrote, in one transaction.

use passerelle_model::time::Timestamp;

use super::Tx;
use crate::StoreError;
use crate::rows::{Once, Repeat};
use crate::value::{Columns as _, values};

impl Tx<'_> {
    /// Whether this request was carried out before, and what it made.
    pub async fn seen(&mut self, once: &Once) -> Result<Repeat, StoreError> {
        let rows = self
            .ask(
                "SELECT digest = ? AS same, made FROM idempotency WHERE caller = ? AND key = ?",
                values![once.digest.to_vec(), once.caller.as_str(), once.key.as_str()],
            )
            .await?;
        let Some(row) = rows.first() else { return Ok(Repeat::New) };
        Ok(if row.integer("same")? == 1 { Repeat::Same(row.text("made")?) } else { Repeat::Other })
    }

    /// Remembers what the request made.
    pub fn remember(&mut self, once: &Once, made: &str, at: Timestamp) {
        self.put(
            "INSERT INTO idempotency (caller, key, digest, made, at) VALUES (?, ?, ?, ?, ?)",
            values![once.caller.as_str(), once.key.as_str(), once.digest.to_vec(), made, at],
        );
    }

    /// Forgets requests that came before `limit`, at most 1000 at a time.
    pub fn prune_remembered(&mut self, limit: Timestamp) {
        self.put(
            "DELETE FROM idempotency WHERE (caller, key) IN \
             (SELECT caller, key FROM idempotency WHERE at < ? ORDER BY at LIMIT 1000)",
            values![limit],
        );
    }
}
