//! Writes down what became of deliveries, and what was under way when the last process ended.

use std::sync::Arc;

use passerelle_model::delivery::{DeliveryState, RejectionKind};
use passerelle_model::event::EventKind;
use passerelle_model::id::DeliveryId;
use passerelle_model::people::ClientStatus;
use passerelle_model::time::Timestamp;
use passerelle_store::{DueDelivery, KvEntry, StoreError};

use crate::deliver::Settled;
use crate::gateway::Inner;

/// Writes down what became of a try, in one transaction with the log, and takes the conversation's next delivery under
/// way, if there is one and it is due.
pub(crate) async fn settle(
    inner: &Arc<Inner>,
    delivery: &DueDelivery,
    settled: Settled,
    kv: Vec<KvEntry>,
) -> Result<Option<DeliveryId>, StoreError> {
    count(&settled);
    let waits = settled.state == DeliveryState::Pending;
    let status = settled.status();
    let (integration, now) = (delivery.integration, inner.clock.now());
    let (ids, work) = (Arc::clone(&inner.ids), delivery.clone());
    let recorded_status = status.clone();
    // What is taken under way is sent: a house that closes takes nothing new.
    let goes_on = !inner.stop.is_cancelled();
    let next = inner
        .store
        .write(move |tx| {
            Box::pin(async move {
                tx.set_delivery(work.id, &settled.outcome());
                for name in &settled.external_ids {
                    tx.name_message(work.conversation, work.integration, name, work.message);
                }
                if let Some(kind) = settled.event(&work) {
                    tx.append_event(work.app, work.conversation, ids.next(now), now, kind);
                }
                if settled.kind == Some(RejectionKind::RecipientGone) {
                    tx.set_client_status(work.client, ClientStatus::Blocked);
                    let kind = EventKind::ClientReachable { client: work.client, reachable: false };
                    tx.append_event(work.app, work.conversation, ids.next(now), now, kind);
                }
                if let Some((status, reason)) = &recorded_status {
                    tx.set_integration_status(work.integration, *status, Some(reason));
                }
                tx.put_kv(work.integration, &kv);
                // What waits behind a delivery that waits keeps waiting: the order of the conversation holds.
                if goes_on { tx.claim_delivery(work.conversation, now).await } else { Ok(None) }
            })
        })
        .await?;
    if let Some((status, reason)) = status {
        tracing::error!(%integration, reason, "the vendor refuses our credentials: renew them and enable the integration again");
        inner.book.set_status(integration, status, Some(reason));
    }
    if waits {
        inner.wake.notify_one();
    }
    Ok(next)
}

/// What the adapter needs for the delivery that was taken under way. One whose message was taken back ends here.
pub(crate) async fn under_way(inner: &Arc<Inner>, id: DeliveryId) -> Result<Option<DueDelivery>, StoreError> {
    let due = inner.store.due_delivery(id).await?;
    if due.is_none() {
        let ended = inner.store.write(move |tx| {
            Box::pin(async move {
                tx.drop_delivery(id);
                Ok(())
            })
        });
        ended.await?;
    }
    Ok(due)
}

/// One more part of a message was taken.
pub(crate) async fn part_done(
    inner: &Arc<Inner>,
    delivery: &DueDelivery,
    parts: usize,
    external_ids: Vec<String>,
    kv: Vec<KvEntry>,
) -> Result<(), StoreError> {
    let (id, integration) = (delivery.id, delivery.integration);
    let parts = u32::try_from(parts).unwrap_or(u32::MAX);
    inner
        .store
        .write(move |tx| {
            Box::pin(async move {
                tx.set_parts_done(id, parts, &external_ids);
                tx.put_kv(integration, &kv);
                Ok(())
            })
        })
        .await
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
