//! Messages on their way out. At most one delivery of a conversation is under way on each integration, the others of that
//! integration wait behind it: an integration that is paused holds nobody up on another.

use passerelle_model::delivery::DeliveryState;
use passerelle_model::id::{AppId, ClientId, ConversationId, DeliveryId, IntegrationId, MessageId};
use passerelle_model::time::Timestamp;

use super::{Awaited, Tx};
use crate::value::{Columns as _, json, values};
use crate::{StoreError, map};

/// A delivery to make.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDelivery {
    /// Which.
    pub id: DeliveryId,
    /// Whose.
    pub app: AppId,
    /// Where.
    pub conversation: ConversationId,
    /// What.
    pub message: MessageId,
    /// To whom.
    pub client: ClientId,
    /// By which integration.
    pub integration: IntegrationId,
    /// When it is made.
    pub at: Timestamp,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryOutcome {
    /// Where it stands now.
    pub state: DeliveryState,
    /// Why.
    pub reason: Option<String>,
    /// The vendor's ids.
    pub external_ids: Vec<String>,
    /// The earliest next try of a pending one.
    pub not_before: Timestamp,
}

impl Tx<'_> {
    /// Adds a delivery. It is under way at once (see `take_sending`) when nothing of its conversation waits before it on
    /// the same integration.
    pub fn insert_delivery(&mut self, new: &NewDelivery) {
        self.put_awaited(
            "INSERT INTO deliveries (id, app, conversation, message, client, integration, state, attempts, external_ids, \
             not_before, created_at) SELECT ?, ?, ?, ?, ?, ?, w.free, w.free, '[]', 0, ? FROM (SELECT NOT EXISTS \
             (SELECT 1 FROM deliveries WHERE conversation = ? AND integration = ? AND state < 2) AS free) AS w RETURNING state",
            values![
                new.id,
                new.app,
                new.conversation,
                new.message,
                new.client,
                new.integration,
                new.at,
                new.conversation,
                new.integration,
            ], Awaited::Delivery(new.id));
    }

    /// Takes the conversation's first waiting delivery on this integration under way, if it is due and nothing else is.
    pub async fn claim_delivery(
        &mut self,
        conversation: ConversationId,
        integration: IntegrationId,
        now: Timestamp,
    ) -> Result<Option<DeliveryId>, StoreError> {
        let rows = self
            .ask(
                "UPDATE deliveries SET state = 1, attempts = attempts + 1 WHERE rowid = (SELECT rowid FROM deliveries \
                 WHERE conversation = ? AND integration = ? AND state < 2 ORDER BY id LIMIT 1) AND state = 0 \
                 AND not_before <= ? RETURNING id",
                values![conversation, integration, now],
            )
            .await?;
        rows.first().map(|row| row.id("id")).transpose()
    }

    /// Writes down what became of the delivery that is under way.
    pub fn set_delivery(&mut self, delivery: DeliveryId, outcome: &DeliveryOutcome) {
        self.put(
            "UPDATE deliveries SET state = ?, reason = ?, external_ids = ?, not_before = ? WHERE id = ? AND state < 2",
            values![
                map::delivery_number(outcome.state),
                outcome.reason.as_deref(),
                json(&outcome.external_ids),
                outcome.not_before,
                delivery,
            ],
        );
    }

    /// One more part of the delivery that is under way was taken.
    pub fn set_parts_done(&mut self, delivery: DeliveryId, parts: u32, external_ids: &[String]) {
        self.put(
            "UPDATE deliveries SET parts_done = ?, external_ids = ? WHERE id = ? AND state = 1",
            values![parts, json(external_ids), delivery],
        );
    }

    /// What waits of a conversation, or of one of its messages, is not sent any more: the message was taken back.
    pub fn cancel_deliveries(&mut self, conversation: ConversationId, message: Option<MessageId>) {
        self.put(
            "UPDATE deliveries SET state = 3, reason = 'the message was deleted before it was sent' \
             WHERE conversation = ? AND (? IS NULL OR message = ?) AND state = 0",
            values![conversation, message, message],
        );
    }

    /// Ends a delivery whose message is gone.
    pub fn drop_delivery(&mut self, delivery: DeliveryId) {
        self.put(
            "UPDATE deliveries SET state = 3, reason = 'the message was deleted before it was sent' \
             WHERE id = ? AND state < 2",
            values![delivery],
        );
    }

    /// The last delivery of a message.
    pub async fn delivery_of(&mut self, message: MessageId) -> Result<Option<DeliveryId>, StoreError> {
        let rows =
            self.ask("SELECT id FROM deliveries WHERE message = ? ORDER BY id DESC LIMIT 1", values![message]).await?;
        rows.first().map(|row| row.id("id")).transpose()
    }

    /// What waits for this integration is due now.
    pub fn wake_deliveries(&mut self, integration: IntegrationId, now: Timestamp) {
        self.put("UPDATE deliveries SET not_before = ? WHERE integration = ? AND state = 0", values![now, integration]);
    }
}
