//! Vendors that are asked instead of calling us. What a poll brings takes the same path as a request, and the cursor is
//! written in the same transaction as the events.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use passerelle_model::id::IntegrationId;
use passerelle_plugin_host::{FailureCategory, Fault, Installation};
use passerelle_store::IntegrationStatus;
use tokio_util::sync::CancellationToken;

use crate::directory::Entry;
use crate::gateway::Inner;
use crate::record::{self, Origin};
use crate::{normalize, sources};

/// The longest pause between two polls.
const LONGEST: Duration = Duration::from_secs(3600);
/// The pause when the adapter asks for none: polls that wait at the vendor come back at once.
const SHORTEST: Duration = Duration::from_millis(20);

/// Starts a poller for every integration that polls.
pub(crate) fn spawn_all(inner: &Arc<Inner>) {
    for id in inner.book.now().integrations.keys() {
        respawn(inner, *id);
    }
}

/// Starts the poller of an integration anew, with its settings as they are now; ends it where it no longer polls.
pub(crate) fn respawn(inner: &Arc<Inner>, id: IntegrationId) {
    let mut pollers = inner.pollers.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(old) = pollers.remove(&id) {
        old.cancel();
    }
    let Some(entry) = inner.book.entry(id).filter(|entry| polls(entry)) else { return };
    if inner.config.passive || inner.stop.is_cancelled() {
        return;
    }
    let stop = inner.stop.child_token();
    pollers.insert(id, stop.clone());
    let task = Arc::clone(inner);
    inner.tasks.spawn(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = poll_for_ever(&task, id, entry, &stop) => {}
        }
    });
}

fn polls(entry: &Entry) -> bool {
    let Some(installation) = entry.ready() else { return false };
    // An adapter that can do both is told by its settings which one it is.
    let by_webhook = mode(installation).is_some_and(|mode| mode != "polling");
    installation.plugin().abilities().polling && !by_webhook
}

/// The setting `mode`, which adapters with both ways in offer by convention.
pub(crate) fn mode(installation: &Installation) -> Option<String> {
    let settings: serde_json::Value = serde_json::from_str(installation.settings()).ok()?;
    Some(settings.get("mode")?.as_str()?.to_owned())
}

async fn poll_for_ever(inner: &Arc<Inner>, id: IntegrationId, entry: Arc<Entry>, stop: &CancellationToken) {
    let Some(installation) = entry.installation.clone() else { return };
    let mut failures = 0;
    while !stop.is_cancelled() {
        let pause = match poll(inner, id, &entry, &installation).await {
            Ok(delay) => {
                failures = 0;
                delay.clamp(SHORTEST, LONGEST)
            }
            Err(Trouble::Credentials(reason)) => return give_up(inner, id, reason).await,
            Err(Trouble::Passing(reason, after)) => {
                failures += 1;
                tracing::warn!(integration = %id, failures, reason, "a poll failed and is made again");
                after.unwrap_or_default().max(inner.wait(failures)).min(LONGEST)
            }
        };
        tokio::time::sleep(pause).await;
    }
}

enum Trouble {
    Credentials(String),
    Passing(String, Option<Duration>),
}

async fn poll(
    inner: &Arc<Inner>,
    id: IntegrationId,
    entry: &Arc<Entry>,
    installation: &Installation,
) -> Result<Duration, Trouble> {
    let store = |error: passerelle_store::StoreError| Trouble::Passing(error.to_string(), None);
    let cursor = inner.store.poll_cursor(id).await.map_err(store)?;
    let called = inner.host.poll(installation, cursor.clone()).await.map_err(|error| match &error.fault {
        Fault::Failure(failure) if failure.category == FailureCategory::Unauthorized => {
            Trouble::Credentials(error.to_string())
        }
        Fault::Failure(failure) => Trouble::Passing(error.to_string(), failure.retry_after),
        _ => Trouble::Passing(error.to_string(), None),
    })?;
    let polled = called.value;
    if polled.events.is_empty() && called.kv_writes.is_empty() && cursor.as_deref() == Some(&polled.cursor) {
        return Ok(polled.delay);
    }
    let kv = sources::entries(called.kv_writes);
    let origin = Origin::Poll { cursor: polled.cursor };
    let normalized = normalize::complete(inner, Arc::clone(entry), installation, polled.events, kv, origin).await;
    // A poller that is stopped here polls the same events again: they are recognised by their ids.
    let submitted = record::submit(inner, normalized).await.checked().map_err(store)?;
    record::hand_on(inner, submitted).await;
    Ok(polled.delay)
}

async fn give_up(inner: &Arc<Inner>, id: IntegrationId, reason: String) {
    tracing::error!(integration = %id, reason, "the vendor refuses our credentials: renew them and enable the integration again");
    inner.book.set_status(id, IntegrationStatus::Error, Some(reason.clone()));
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            tx.set_integration_status(id, IntegrationStatus::Error, Some(&reason));
            Ok(())
        })
    });
    if let Err(error) = written.await {
        tracing::error!(integration = %id, %error, "the status of an integration could not be written");
    }
}
