//! Station 2, normalize: the adapter turns a kept request into events, which the host has checked.
//!
//! One ordered stream per integration: adapters run side by side, what they gave is recorded in the order of arrival.
//! A fault parks the request after its last try; the stream goes on.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use passerelle_model::id::{IntegrationId, RawInboundId};
use passerelle_model::inbound::{InboundEvent, InboundKind};
use passerelle_model::time::Timestamp;
use passerelle_plugin_host::{CallError, FailureCategory, Fault, Installation, VerifiedRequest};
use passerelle_store::{KvEntry, MediaFile, RawInbound, RawState};
use tokio::sync::mpsc;

use crate::directory::Entry;
use crate::gateway::Inner;
use crate::insist::insist;
use crate::record::Origin;
use crate::{attachments, record, sources};

/// Records that may be on their way to the writer at once, per integration.
const RECORDS_AT_ONCE: usize = 64;
/// The wait of a request whose plugin is not loaded; its loading ends the wait.
const NOT_LOADED: Duration = Duration::from_secs(60);

/// What an adapter made of one request or one poll. Made here alone.
pub(crate) struct Normalized {
    pub(crate) entry: Arc<Entry>,
    pub(crate) events: Vec<InboundEvent>,
    /// Files that came with them and are kept by now.
    pub(crate) files: Vec<MediaFile>,
    pub(crate) kv: Vec<KvEntry>,
    pub(crate) origin: Origin,
}

/// Starts the stream of an integration; it ends when the queue's last sender is gone.
pub(crate) fn spawn(inner: &Arc<Inner>, queue: mpsc::Receiver<RawInbound>) {
    let stream_inner = Arc::clone(inner);
    inner.tasks.spawn(async move {
        let inner = stream_inner;
        let raws = stream::unfold(queue, |mut queue| async { queue.recv().await.map(|raw| (raw, queue)) });
        raws.map(|raw| on_own_task(&inner, raw))
            .buffered(inner.config.inbound_parallel.clamp(1, 64))
            .filter_map(|normalized| async { normalized })
            .map(|normalized| record::submit(&inner, normalized))
            .buffered(RECORDS_AT_ONCE)
            .for_each(|recorded| record::hand_on(&inner, recorded))
            .await;
    });
}

/// A call may take a whole processor; a panic of ours ends one request and not the stream.
fn on_own_task(inner: &Arc<Inner>, raw: RawInbound) -> impl Future<Output = Option<Normalized>> + use<> {
    let inner = Arc::clone(inner);
    let (id, integration, tries) = (raw.id, raw.integration, raw.tries + 1);
    let task = {
        let inner = Arc::clone(&inner);
        tokio::spawn(async move { normalize(&inner, raw).await })
    };
    async move {
        match task.await {
            Ok(normalized) => normalized,
            Err(error) => {
                failed(&inner, id, integration, tries, &format!("the gateway failed, which is a bug: {error}")).await;
                None
            }
        }
    }
}

async fn normalize(inner: &Arc<Inner>, mut raw: RawInbound) -> Option<Normalized> {
    let entry = inner.book.entry(raw.integration)?;
    let Some(installation) = entry.installation.clone() else {
        postpone(inner, raw.id, raw.integration, raw.tries, NOT_LOADED, "the plugin is not loaded").await;
        return None;
    };
    let request = VerifiedRequest {
        method: std::mem::take(&mut raw.method),
        path_and_query: std::mem::take(&mut raw.path_and_query),
        headers: std::mem::take(&mut raw.headers),
        body: std::mem::take(&mut raw.body),
        received_at: raw.received_at,
    };
    match inner.host.receive(&installation, request).await {
        Ok(called) => {
            let kv = sources::entries(called.kv_writes);
            let origin = Origin::Request { raw: raw.id, tries: raw.tries, received_at: raw.received_at };
            Some(complete(inner, entry, &installation, called.value, kv, origin).await)
        }
        Err(error) => {
            refuse(inner, &raw, &error).await;
            None
        }
    }
}

/// Fetches the vendor's files before anybody sees the message.
pub(crate) async fn complete(
    inner: &Arc<Inner>,
    entry: Arc<Entry>,
    installation: &Installation,
    mut events: Vec<InboundEvent>,
    kv: Vec<KvEntry>,
    origin: Origin,
) -> Normalized {
    let mut files = Vec::new();
    for event in &mut events {
        if let InboundKind::Message(message) | InboundKind::Edited(message) = &mut event.kind {
            attachments::fetch_all(inner, installation, &mut message.content, &mut files).await;
        }
    }
    Normalized { entry, events, files, kv, origin }
}

async fn refuse(inner: &Inner, raw: &RawInbound, error: &CallError) {
    let tries = match &error.fault {
        Fault::PoolExhausted { .. } => raw.tries,
        Fault::Failure(failure) => match failure.category {
            FailureCategory::RateLimited | FailureCategory::Temporary | FailureCategory::Unauthorized => raw.tries + 1,
            _ => inner.config.plugin_tries,
        },
        _ => raw.tries + 1,
    };
    failed(inner, raw.id, raw.integration, tries, &error.to_string()).await;
}

/// A request failed on its own account: again later, or parked after its last try.
pub(crate) async fn failed(inner: &Inner, raw: RawInboundId, integration: IntegrationId, tries: u32, error: &str) {
    if tries < inner.config.plugin_tries {
        return postpone(inner, raw, integration, tries, inner.wait(tries.max(1)), error).await;
    }
    tracing::error!(%raw, %integration, tries, error, "a request is parked: mend the cause, then retry what is parked");
    metrics::counter!("passerelle_raw_parked_total").increment(1);
    set(inner, raw, RawState::Dead, tries, inner.clock.now(), error).await;
}

async fn postpone(
    inner: &Inner,
    raw: RawInboundId,
    integration: IntegrationId,
    tries: u32,
    wait: Duration,
    error: &str,
) {
    tracing::warn!(%raw, %integration, tries, error, "a request is tried again later");
    let at = inner.clock.now().plus(wait);
    set(inner, raw, RawState::Pending, tries, at, error).await;
    inner.wake.notify_one();
}

async fn set(inner: &Inner, raw: RawInboundId, state: RawState, tries: u32, at: Timestamp, error: &str) {
    let written = insist("the state of a request", || {
        let error = error.to_owned();
        inner.store.write(move |tx| {
            Box::pin(async move {
                tx.set_raw(raw, state, tries, at, Some(&error));
                Ok(())
            })
        })
    });
    if let Err(error) = written.await {
        tracing::error!(%raw, %error, "the state of a request could not be written; it is tried again after a restart");
    }
}
