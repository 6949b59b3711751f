//! Writes down what became of deliveries, and what was under way when the last process ended.

use std::sync::Arc;

use passerelle_model::delivery::{DeliveryState, RejectionKind};
use passerelle_model::event::EventKind;
use passerelle_model::id::{DeliveryId, IdSource};
use passerelle_model::people::ClientStatus;
use passerelle_model::time::Timestamp;
use passerelle_store::{DeliveryOutcome, DueDelivery, KvEntry, StoreError, Tx};

use crate::deliver::Settled;
use crate::gateway::Inner;
use crate::insist::insist;

/// What is written down of one try; kept until it is written.
struct Job {
    ids: Arc<IdSource>,
    delivery: Arc<DueDelivery>,
    settled: Settled,
    kv: Vec<KvEntry>,
    now: Timestamp,
    // What is taken under way is sent: a house that closes takes nothing new.
    goes_on: bool,
}

impl Job {
    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<DeliveryId>, StoreError> {
        let (work, settled) = (&self.delivery, &self.settled);
        tx.set_delivery(work.id, &settled.outcome());
        for name in &settled.external_ids {
            tx.name_message(work.conversation, work.integration, name, work.message);
        }
        if let Some(kind) = settled.event(work) {
            self.append(tx, kind);
        }
        if settled.kind == Some(RejectionKind::RecipientGone) {
            tx.set_client_status(work.client, ClientStatus::Blocked);
            self.append(tx, EventKind::ClientReachable { client: work.client, reachable: false });
        }
        if let Some((status, reason)) = settled.status() {
            tx.set_integration_status(work.integration, status, Some(&reason));
        }
        tx.put_kv(work.integration, &self.kv);
        // What waits behind a delivery that waits keeps waiting: the order of the lane holds.
        if self.goes_on { tx.claim_delivery(work.conversation, work.integration, self.now).await } else { Ok(None) }
    }

    /// The end alone, where the whole cannot be written.
    async fn run_bare(&self, tx: &mut Tx<'_>) -> Result<Option<DeliveryId>, StoreError> {
        tx.set_delivery(self.delivery.id, &self.settled.outcome());
        let work = &self.delivery;
        if self.goes_on { tx.claim_delivery(work.conversation, work.integration, self.now).await } else { Ok(None) }
    }

    fn append(&self, tx: &mut Tx<'_>, kind: EventKind) {
        let work = &self.delivery;
        tx.append_event(work.app, work.conversation, self.ids.next(self.now), self.now, kind);
    }
}

/// Writes down what became of a try, in one transaction with the log, and takes the lane's next delivery under
/// way, if there is one and it is due. The try is never made again because the database did not take its end.
pub(crate) async fn settle(
    inner: &Arc<Inner>,
    delivery: &Arc<DueDelivery>,
    settled: Settled,
    kv: Vec<KvEntry>,
) -> Result<Option<DeliveryId>, StoreError> {
    count(&settled);
    let waits = settled.state == DeliveryState::Pending;
    let status = settled.status();
    let job = Arc::new(Job {
        ids: Arc::clone(&inner.ids),
        delivery: Arc::clone(delivery),
        settled,
        kv,
        now: inner.clock.now(),
        goes_on: !inner.stop.is_cancelled(),
    });
    let next = written(inner, &job).await?;
    if let Some((status, reason)) = status {
        tracing::error!(integration = %delivery.integration, reason, "the vendor refuses our credentials: renew them and enable the integration again");
        inner.book.set_status(delivery.integration, status, Some(reason));
    }
    if waits {
        inner.wake.notify_one();
    }
    Ok(next)
}

async fn written(inner: &Inner, job: &Arc<Job>) -> Result<Option<DeliveryId>, StoreError> {
    let whole = insist("the end of a delivery", || {
        let job = Arc::clone(job);
        inner.store.write(move |tx| Box::pin(async move { job.run(tx).await }))
    });
    match whole.await {
        Err(error) if !matches!(error, StoreError::Closed) => {
            tracing::error!(delivery = %job.delivery.id, %error, "what became of a delivery could not be written whole: only its end is kept");
            let bare = insist("the bare end of a delivery", || {
                let job = Arc::clone(job);
                inner.store.write(move |tx| Box::pin(async move { job.run_bare(tx).await }))
            });
            bare.await
        }
        ended => ended,
    }
}

/// What the adapter needs for the delivery that was taken under way. One whose message was taken back, or cannot be
/// read any more, ends here.
pub(crate) async fn under_way(inner: &Inner, id: DeliveryId) -> Result<Option<DueDelivery>, StoreError> {
    let reason = match insist("a delivery", || inner.store.due_delivery(id)).await {
        Ok(Some(due)) => return Ok(Some(due)),
        Ok(None) => "the message was deleted before it was sent".to_owned(),
        Err(StoreError::Closed) => return Err(StoreError::Closed),
        Err(error) => error.to_string(),
    };
    let ended = insist("the end of a delivery", || {
        let outcome = DeliveryOutcome {
            state: DeliveryState::Failed,
            reason: Some(reason.clone()),
            external_ids: Vec::new(),
            not_before: Timestamp::from_micros(0),
        };
        inner.store.write(move |tx| {
            Box::pin(async move {
                tx.set_delivery(id, &outcome);
                Ok(())
            })
        })
    });
    ended.await.map(|()| None)
}

/// One more part of a message was taken.
pub(crate) async fn part_done(
    inner: &Inner,
    delivery: &DueDelivery,
    parts: usize,
    external_ids: &[String],
    kv: &[KvEntry],
) -> Result<(), StoreError> {
    let (id, integration) = (delivery.id, delivery.integration);
    let parts = u32::try_from(parts).unwrap_or(u32::MAX);
    let written = insist("a part of a delivery", || {
        let (external_ids, kv) = (external_ids.to_vec(), kv.to_vec());
        inner.store.write(move |tx| {
            Box::pin(async move {
                tx.set_parts_done(id, parts, &external_ids);
                tx.put_kv(integration, &kv);
                Ok(())
            })
        })
    });
    written.await
}

/// Leaves a delivery to the server that runs: its scheduler looks for what has a time.
pub(crate) async fn leave(inner: &Inner, claimed: Option<DueDelivery>) {
    let Some(delivery) = claimed else { return };
    let now = inner.clock.now();
    let left = insist("a delivery for the server", || {
        let outcome =
            DeliveryOutcome { state: DeliveryState::Pending, reason: None, external_ids: Vec::new(), not_before: now };
        inner.store.write(move |tx| {
            Box::pin(async move {
                tx.set_delivery(delivery.id, &outcome);
                Ok(())
            })
        })
    });
    if let Err(error) = left.await {
        tracing::warn!(%error, "a delivery waits for the next start of the server");
    }
}

/// What was under way when the last process ended: sent again where the vendor drops repeats, uncertain elsewhere.
pub(crate) async fn recover(inner: &Arc<Inner>) -> Result<(), StoreError> {
    for delivery in inner.store.interrupted_deliveries().await? {
        let entry = inner.book.entry(delivery.integration);
        let idempotent = entry
            .and_then(|entry| entry.installation.as_ref()?.plugin().capabilities().map(|known| known.idempotent_send))
            .unwrap_or(false);
        let Some(due) = under_way(inner, delivery.id).await? else { continue };
        let settled = Settled {
            state: if idempotent { DeliveryState::Pending } else { DeliveryState::Uncertain },
            reason: Some("the process ended while the message was under way".into()),
            kind: None,
            external_ids: due.external_ids.clone(),
            not_before: Timestamp::from_micros(0),
            unauthorized: false,
            is_final: true,
        };
        count(&settled);
        let (ids, now) = (Arc::clone(&inner.ids), inner.clock.now());
        inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    tx.set_delivery(due.id, &settled.outcome());
                    if let Some(kind) = settled.event(&due) {
                        tx.append_event(due.app, due.conversation, ids.next(now), now, kind);
                    }
                    Ok(())
                })
            })
            .await?;
    }
    Ok(())
}

fn count(settled: &Settled) {
    let state = match settled.state {
        DeliveryState::Pending | DeliveryState::Sending => "retry",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Failed => "failed",
        DeliveryState::Uncertain => "uncertain",
    };
    metrics::counter!("passerelle_deliveries_total", "outcome" => state).increment(1);
}
