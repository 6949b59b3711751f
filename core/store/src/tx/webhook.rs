//! Webhooks and their outbox.

use passerelle_model::id::{AppId, EventId, WebhookId};
use passerelle_model::time::Timestamp;

use super::Tx;
use crate::rows::{Attempt, NewNotice, NoticeFailure, Webhook};
use crate::value::{Columns as _, json, values};
use crate::{StoreError, map};

/// Requests that the delivery log of a webhook keeps.
pub(crate) const ATTEMPTS: u32 = 100;

impl Tx<'_> {
    /// Adds a webhook, which hears what happens from now on; its secret goes to the table of secrets.
    pub fn insert_webhook(&mut self, webhook: &Webhook) {
        self.put(
            "INSERT INTO webhooks (id, integration, target, triggers, include_full_user, include_full_source, ordered, \
             since) VALUES (?, ?, ?, ?, ?, ?, ?, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0))",
            values![
                webhook.id,
                webhook.integration,
                webhook.target.as_str(),
                json(&webhook.triggers),
                webhook.include_full_user,
                webhook.include_full_source,
                webhook.ordered,
            ],
        );
        self.put_secret(&format!("webhook:{}", webhook.id), "secret", webhook.secret.reveal());
    }

    /// A webhook of the app.
    pub async fn webhook(&mut self, app: AppId, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        let rows = self
            .ask(
                "SELECT w.*, s.value FROM webhooks w JOIN integrations i ON i.id = w.integration JOIN secrets s \
                 ON s.owner = 'webhook:' || lower(hex(w.id)) AND s.name = 'secret' WHERE w.id = ? AND i.app = ?",
                values![id, app],
            )
            .await?;
        rows.first().map(map::webhook).transpose()
    }

    /// How many webhooks the app has.
    pub async fn count_webhooks(&mut self, app: AppId) -> Result<u64, StoreError> {
        let rows = self
            .ask(
                "SELECT count(*) AS count FROM webhooks w JOIN integrations i ON i.id = w.integration WHERE i.app = ?",
                values![app],
            )
            .await?;
        rows.first().map_or(Ok(0), |row| row.number("count"))
    }

    /// Changes target, triggers and options of a webhook.
    pub fn update_webhook(&mut self, webhook: &Webhook) {
        self.put(
            "UPDATE webhooks SET target = ?, triggers = ?, include_full_user = ?, include_full_source = ?, ordered = ? \
             WHERE id = ?",
            values![
                webhook.target.as_str(),
                json(&webhook.triggers),
                webhook.include_full_user,
                webhook.include_full_source,
                webhook.ordered,
                webhook.id,
            ],
        );
    }

    /// Removes a webhook with its secret and with what it has not taken yet.
    pub fn delete_webhook(&mut self, id: WebhookId) {
        self.put("DELETE FROM secrets WHERE owner = ?", values![format!("webhook:{id}")]);
        self.put("DELETE FROM webhooks WHERE id = ?", values![id]);
    }

    /// Hands an event out to a webhook. One that was handed out before, or whose webhook is gone, changes nothing.
    pub fn insert_notice(&mut self, notice: &NewNotice, now: Timestamp) {
        self.put(
            "INSERT INTO webhook_outbox (webhook, event, conversation, body, state, tries, not_before, give_up_at, \
             created_at) SELECT id, ?, ?, ?, 0, 0, ?, ?, ? FROM webhooks WHERE id = ? ON CONFLICT DO NOTHING",
            values![
                notice.event,
                notice.conversation,
                notice.body.as_str(),
                now,
                notice.give_up_at,
                now,
                notice.webhook,
            ],
        );
    }

    /// The log was handed out up to here.
    pub fn set_webhook_cursor(&mut self, cursor: i64) {
        self.put("UPDATE webhook_reader SET cursor = max(cursor, ?)", values![cursor]);
    }

    /// The receiver took these.
    pub fn take_notices(&mut self, ids: &[i64]) {
        self.put("DELETE FROM webhook_outbox WHERE id IN (SELECT value FROM json_each(?))", [json(ids)]);
    }

    /// The receiver did not take this one.
    pub fn fail_notice(&mut self, id: i64, failure: &NoticeFailure) {
        self.put(
            "UPDATE webhook_outbox SET tries = tries + 1, state = ?, not_before = ?, status = ?, reason = ? WHERE id = ?",
            values![
                failure.next.is_none(),
                failure.next.unwrap_or(Timestamp::from_micros(0)),
                failure.status.map(u32::from),
                failure.reason.as_str(),
                id,
            ],
        );
    }

    /// Writes requests into the delivery log of a webhook, and forgets those that are too many.
    pub fn log_attempts(&mut self, webhook: WebhookId, attempts: &[Attempt]) {
        for attempt in attempts {
            self.put(
                "INSERT INTO webhook_attempts (webhook, request, events, outcome, status, reason, took_us, at) \
                 SELECT id, ?, ?, ?, ?, ?, ?, ? FROM webhooks WHERE id = ?",
                values![
                    attempt.request.as_str(),
                    json(&attempt.events),
                    attempt.outcome.name(),
                    attempt.status.map(u32::from),
                    attempt.reason.as_deref(),
                    u64::try_from(attempt.took.as_micros()).unwrap_or(u64::MAX),
                    attempt.at,
                    webhook,
                ],
            );
        }
        self.put(
            "DELETE FROM webhook_attempts WHERE webhook = ? AND id <= (SELECT id FROM webhook_attempts \
             WHERE webhook = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
            values![webhook, webhook, ATTEMPTS],
        );
    }

    /// Gives up what waits for this webhook and is too old.
    pub fn give_up_notices(&mut self, webhook: WebhookId, now: Timestamp, reason: &str) {
        self.put(
            "UPDATE webhook_outbox SET state = 1, reason = coalesce(reason, ?) WHERE webhook = ? AND state = 0 \
             AND give_up_at <= ?",
            values![reason, webhook, now],
        );
    }

    /// Makes what was given up due again: these events, or all where none is named. Gives their number.
    pub async fn replay_notices(
        &mut self,
        webhook: WebhookId,
        events: &[EventId],
        now: Timestamp,
        give_up_at: Timestamp,
    ) -> Result<u64, StoreError> {
        let named: Vec<String> = events.iter().map(ToString::to_string).collect();
        let rows = self
            .ask(
                "UPDATE webhook_outbox SET state = 0, tries = 0, not_before = ?, give_up_at = ? WHERE webhook = ? \
                 AND state = 1 AND (? OR lower(hex(event)) IN (SELECT value FROM json_each(?))) RETURNING id",
                [now.into(), give_up_at.into(), webhook.into(), named.is_empty().into(), json(&named)],
            )
            .await?;
        Ok(rows.len() as u64)
    }

    /// Forgets what was given up before this time.
    pub fn prune_notices(&mut self, before: Timestamp) {
        self.put("DELETE FROM webhook_outbox WHERE state = 1 AND created_at < ?", values![before]);
    }

    /// Forgets what happened to users and clients before this time: it stands in no conversation that would take it along.
    pub fn prune_app_events(&mut self, before: Timestamp) {
        self.put("DELETE FROM events WHERE conversation IS NULL AND at < ?", values![before]);
    }
}
