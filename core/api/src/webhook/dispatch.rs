//! Finds out for whom something is due, and sets an endpoint's work going where none is. Also clears away.

use std::sync::Arc;
use std::time::Duration;

use passerelle_model::id::WebhookId;
use passerelle_model::time::Timestamp;
use passerelle_store::StoreError;

use super::{Inner, endpoint};

/// The longest sleep: what another process made due, or a clock that was set, is seen this late at most.
const LONGEST: Duration = Duration::from_secs(2);
/// The shortest sleep, so that nothing is asked hot.
const SHORTEST: Duration = Duration::from_millis(5);
/// How often old rows are cleared away, and counted.
const CLEARING: Duration = Duration::from_secs(60);

/// Starts the look-out; ends when the house closes.
pub(super) fn spawn(inner: &Arc<Inner>) {
    let task = Arc::clone(inner);
    inner.tasks.spawn(async move {
        let mut cleared: Option<tokio::time::Instant> = None;
        while !task.stop.is_cancelled() {
            let pause = look(&task).await.unwrap_or_else(|error| {
                tracing::error!(%error, "due webhooks could not be read; it is tried again");
                LONGEST
            });
            if cleared.is_none_or(|at| at.elapsed() >= CLEARING) {
                cleared = Some(tokio::time::Instant::now());
                clear(&task).await;
            }
            tokio::select! {
                () = tokio::time::sleep(pause.clamp(SHORTEST, LONGEST)) => {}
                () = task.wake.notified() => {}
                () = task.stop.cancelled() => {}
            }
        }
    });
}

/// Sets the work of every receiver going that has something due, and says when to look again.
async fn look(inner: &Arc<Inner>) -> Result<Duration, StoreError> {
    let now = inner.clock.now();
    let mut again = inner.store().next_notice(now).await?;
    for id in inner.store().due_webhooks(now).await? {
        match begin(inner, id, now) {
            Begun::Now => endpoint::spawn(inner, id),
            Begun::Later(at) => again = Some(again.map_or(at, |sooner| sooner.min(at))),
            Begun::Busy => {}
        }
    }
    Ok(again.map_or(LONGEST, |at| now.until(at)))
}

enum Begun {
    Now,
    Later(Timestamp),
    Busy,
}

fn begin(inner: &Inner, id: WebhookId, now: Timestamp) -> Begun {
    let mut receivers = inner.receivers();
    let receiver = receivers.entry(id).or_default();
    match receiver.breaker.open_until() {
        _ if receiver.is_busy => Begun::Busy,
        Some(until) if until > now => Begun::Later(until),
        _ => {
            receiver.is_busy = true;
            Begun::Now
        }
    }
}

async fn clear(inner: &Arc<Inner>) {
    let keep = i64::try_from(inner.config.dead_retention_s).unwrap_or(i64::MAX / 2_000_000) * 1_000_000;
    let limit = Timestamp::from_micros(inner.clock.now().as_micros().saturating_sub(keep));
    let cleared = inner.store().write(move |tx| {
        Box::pin(async move {
            tx.prune_notices(limit);
            tx.prune_app_events(limit);
            Ok(())
        })
    });
    if let Err(error) = cleared.await {
        tracing::warn!(%error, "old dead letters could not be cleared away");
    }
    if let Ok((waiting, dead)) = inner.store().count_notices().await {
        metrics::gauge!("passerelle_webhook_waiting").set(waiting as f64);
        metrics::gauge!("passerelle_webhook_dead").set(dead as f64);
    }
}
