//! What was given up until somebody acts.

use passerelle_model::id::{AppId, IntegrationId, RawInboundId};

use crate::rows::Parked;
use crate::value::{Columns as _, values};
use crate::{Store, StoreError};

/// Rows of each kind that are shown at once.
const MAX_SHOWN: u32 = 100;

impl Store {
    /// Requests and turns of an app that were given up, the oldest ones of each kind.
    pub async fn parked(&self, app: AppId) -> Result<Vec<Parked>, StoreError> {
        let sql = "SELECT r.id, r.integration, r.error, r.received_at, i.plugin FROM raw_inbound r \
                   JOIN integrations i ON i.id = r.integration WHERE r.state = 2 AND i.app = ? ORDER BY r.id LIMIT ?";
        let mut parked = Vec::new();
        for row in self.ask(sql, values![app, MAX_SHOWN]).await? {
            parked.push(Parked {
                kind: "request",
                id: row.id::<RawInboundId>("id")?.to_string(),
                plugin: row.maybe_text("plugin")?,
                integration: row.maybe_id("integration")?,
                conversation: None,
                reason: row.maybe_text("error")?,
                at: row.time("received_at")?,
            });
        }
        let sql = "SELECT t.id, t.conversation, t.error, t.not_before, i.id AS integration, i.plugin FROM turns t \
                   LEFT JOIN seats s ON s.id = t.seat LEFT JOIN integrations i ON i.id = s.integration \
                   WHERE t.state = 1 AND t.app = ? ORDER BY t.id LIMIT ?";
        for row in self.ask(sql, values![app, MAX_SHOWN]).await? {
            parked.push(Parked {
                kind: "turn",
                id: row.integer("id")?.to_string(),
                plugin: row.maybe_text("plugin")?,
                integration: row.maybe_id("integration")?,
                conversation: row.maybe_id("conversation")?,
                reason: row.maybe_text("error")?,
                at: row.time("not_before")?,
            });
        }
        Ok(parked)
    }

    /// How many requests of an integration were given up.
    pub async fn count_parked(&self, integration: IntegrationId) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) AS n FROM raw_inbound WHERE state = 2 AND integration = ?";
        self.ask(sql, values![integration]).await?.first().map_or(Ok(0), |row| row.number("n"))
    }
}
