//! Webhooks, the log as they read it, and what waits for them.

use std::collections::BTreeSet;

use passerelle_model::id::{AppId, IntegrationId, WebhookId};
use passerelle_model::time::Timestamp;

use crate::rows::{Attempt, Notice, Page, Paged, StoredEvent, Subscription, Webhook};
use crate::tx::ATTEMPTS;
use crate::value::{Columns as _, json, values};
use crate::{Store, StoreError, map};

const WEBHOOK: &str = "SELECT w.*, i.app, s.value FROM webhooks w JOIN integrations i ON i.id = w.integration \
                       JOIN secrets s ON s.owner = 'webhook:' || lower(hex(w.id)) AND s.name = 'secret'";

impl Store {
    /// The webhooks of an integration, the first one first.
    pub async fn webhooks(&self, app: AppId, id: IntegrationId) -> Result<Vec<Webhook>, StoreError> {
        let sql = format!("{WEBHOOK} WHERE i.app = ? AND i.id = ? ORDER BY w.id");
        self.ask(sql, values![app, id]).await?.iter().map(map::webhook).collect()
    }

    /// One webhook, for whoever delivers to it.
    pub async fn subscription(&self, id: WebhookId) -> Result<Option<Subscription>, StoreError> {
        let rows = self.ask(format!("{WEBHOOK} WHERE w.id = ?"), values![id]).await?;
        rows.first().map(map::subscription).transpose()
    }

    /// The webhooks of these apps.
    pub async fn subscriptions(&self, apps: &BTreeSet<AppId>) -> Result<Vec<Subscription>, StoreError> {
        let apps: Vec<String> = apps.iter().map(ToString::to_string).collect();
        let sql = format!("{WEBHOOK} WHERE i.app IN (SELECT unhex(value) FROM json_each(?)) ORDER BY w.id");
        self.ask(sql, [json(&apps)]).await?.iter().map(map::subscription).collect()
    }

    /// Whether there is any webhook at all.
    pub async fn has_webhooks(&self) -> Result<bool, StoreError> {
        Ok(!self.ask("SELECT 1 FROM webhooks LIMIT 1", []).await?.is_empty())
    }

    /// How far the log was handed out to webhooks.
    pub async fn webhook_cursor(&self) -> Result<i64, StoreError> {
        let rows = self.ask("SELECT cursor FROM webhook_reader", []).await?;
        rows.first().map_or(Ok(0), |row| row.integer("cursor"))
    }

    /// Events of all apps after a cursor, in commit order; for the house's own readers.
    pub async fn log(&self, after_cursor: i64, limit: u32) -> Result<Vec<StoredEvent>, StoreError> {
        let rows = self
            .ask("SELECT * FROM events WHERE cursor > ? ORDER BY cursor LIMIT ?", values![after_cursor, limit])
            .await?;
        rows.iter().map(map::event).collect()
    }

    /// The webhooks for which something is due.
    pub async fn due_webhooks(&self, now: Timestamp) -> Result<Vec<WebhookId>, StoreError> {
        let sql = "SELECT w.id FROM webhooks w WHERE EXISTS (SELECT 1 FROM webhook_outbox o WHERE o.webhook = w.id \
                   AND o.state = 0 AND o.not_before <= ?)";
        self.ask(sql, values![now]).await?.iter().map(|row| row.id("id")).collect()
    }

    /// When the next thing is due for any webhook, after this time.
    pub async fn next_notice(&self, after: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT min(not_before) AS at FROM webhook_outbox WHERE state = 0 AND not_before > ?";
        let rows = self.ask(sql, values![after]).await?;
        rows.first().map_or(Ok(None), |row| row.maybe_time("at"))
    }

    /// What is due for a webhook, in the order of the log. Of an ordered one only what no earlier event of its
    /// conversation holds up.
    pub async fn due_notices(
        &self,
        webhook: WebhookId,
        ordered: bool,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Notice>, StoreError> {
        let rows = if ordered {
            let sql = "SELECT o.* FROM webhook_outbox o WHERE o.webhook = ? AND o.state = 0 AND o.not_before <= ? \
                       AND NOT EXISTS (SELECT 1 FROM webhook_outbox e WHERE e.webhook = o.webhook \
                       AND e.conversation = o.conversation AND e.state = 0 AND e.id < o.id AND e.not_before > ?) \
                       ORDER BY o.id LIMIT ?";
            self.ask(sql, values![webhook, now, now, limit]).await?
        } else {
            let sql =
                "SELECT * FROM webhook_outbox WHERE webhook = ? AND state = 0 AND not_before <= ? ORDER BY id LIMIT ?";
            self.ask(sql, values![webhook, now, limit]).await?
        };
        rows.iter().map(map::notice).collect()
    }

    /// What was given up, the oldest first.
    pub async fn dead_notices(&self, app: AppId, webhook: WebhookId, page: Page) -> Result<Paged<Notice>, StoreError> {
        let select = "SELECT o.* FROM webhook_outbox o JOIN webhooks w ON w.id = o.webhook JOIN integrations i \
                      ON i.id = w.integration WHERE i.app = ? AND o.webhook = ? AND o.state = 1";
        self.page(select, "o.event", values![app, webhook], page, map::notice).await
    }

    /// What was asked of a receiver lately, the newest first.
    pub async fn attempts(&self, webhook: WebhookId) -> Result<Vec<Attempt>, StoreError> {
        let sql = "SELECT * FROM webhook_attempts WHERE webhook = ? ORDER BY id DESC LIMIT ?";
        self.ask(sql, values![webhook, ATTEMPTS]).await?.iter().map(map::attempt).collect()
    }

    /// How many events each webhook did not take.
    pub async fn dead_by_webhook(&self) -> Result<Vec<(WebhookId, u64)>, StoreError> {
        let sql =
            "SELECT webhook, count(*) AS count FROM webhook_outbox WHERE state = 1 GROUP BY webhook ORDER BY webhook";
        self.ask(sql, []).await?.iter().map(|row| Ok((row.id("webhook")?, row.number("count")?))).collect()
    }

    /// How many events wait for their receivers, and how many were given up.
    pub async fn count_notices(&self) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT (SELECT count(*) FROM webhook_outbox WHERE state = 0) AS waiting, \
                   (SELECT count(*) FROM webhook_outbox WHERE state = 1) AS dead";
        let rows = self.ask(sql, []).await?;
        rows.first().map_or(Ok((0, 0)), |row| Ok((row.number("waiting")?, row.number("dead")?)))
    }
}
