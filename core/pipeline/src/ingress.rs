//! Station 1, ingress: a vendor's request is checked, kept, and only then answered.
//!
//! Nothing else is on the way to the answer: no plugin, no other service.

use std::sync::Arc;
use std::time::Duration;

use passerelle_model::id::IntegrationId;
use passerelle_plugin_host::{RawRequest, VerifiedRequest, World, verify, without_secrets};
use passerelle_store::{IntegrationStatus, RawInbound, StoreError};
use sha2::{Digest, Sha256};

use crate::gateway::Inner;

/// What the vendor is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IngressReply {
    /// HTTP status.
    pub status: u16,
    /// Body, mostly empty.
    pub body: Vec<u8>,
    /// Whether the same bytes came before.
    pub duplicate: bool,
}

/// Why a request was not taken. Its text is the one line for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IngressError {
    /// Nobody has this id.
    #[error("no integration has this id: look at the address that the vendor calls")]
    UnknownIntegration,
    /// A bot, a router or an API client.
    #[error("this integration is no channel: look at the address that the vendor calls")]
    NotAChannel,
    /// Somebody switched it off.
    #[error("integration is disabled: enable it, or remove the webhook at the vendor")]
    Disabled,
    /// The proof is missing or wrong.
    #[error("the request is not the vendor's: {0}")]
    Forged(String),
    /// Too many bytes.
    #[error("the request has more than {limit} bytes")]
    TooLarge {
        /// Bytes that are taken.
        limit: usize,
    },
    /// Too much waits already.
    #[error("too many requests wait for the adapter; the vendor should try again in {} s", .retry_after.as_secs())]
    Full {
        /// When to try again.
        retry_after: Duration,
    },
    /// The database, or the plugin, is not there now.
    #[error("{0}; the vendor should try again")]
    Unavailable(String),
}

impl IngressError {
    /// HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::UnknownIntegration | Self::NotAChannel => 404,
            Self::Disabled => 403,
            Self::Forged(_) => 401,
            Self::TooLarge { .. } => 413,
            Self::Full { .. } | Self::Unavailable(_) => 503,
        }
    }
}

impl From<StoreError> for IngressError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// Takes a request of a vendor. When this returns, it is kept.
pub(crate) async fn ingest(
    inner: &Arc<Inner>,
    integration: IntegrationId,
    request: RawRequest,
) -> Result<IngressReply, IngressError> {
    let entry = inner.book.entry(integration).ok_or(IngressError::UnknownIntegration)?;
    if entry.row.plugin.is_none() || entry.world().is_some_and(|world| world != World::Channel) {
        return Err(IngressError::NotAChannel);
    }
    if entry.row.status == IntegrationStatus::Inactive {
        return Err(IngressError::Disabled);
    }
    if request.body.len() > inner.config.max_request_bytes {
        return Err(IngressError::TooLarge { limit: inner.config.max_request_bytes });
    }
    let installation =
        entry.installation.as_ref().ok_or_else(|| IngressError::Unavailable("the plugin is not loaded".into()))?;
    let now = inner.clock.now();
    let recipe = installation.plugin().manifest().verification.as_ref();
    let recipe = recipe.ok_or_else(|| IngressError::Forged("its plugin takes no webhooks".into()))?;
    verify(recipe, installation.secrets(), &request, now).map_err(|error| IngressError::Forged(error.to_string()))?;
    let request = without_secrets(recipe, request, now);
    keep(inner, integration, request).await
}

async fn keep(
    inner: &Arc<Inner>,
    integration: IntegrationId,
    request: VerifiedRequest,
) -> Result<IngressReply, IngressError> {
    let full = IngressError::Full { retry_after: Duration::from_secs(2) };
    // The place is taken before the commit, so that what was promised also has a place to wait.
    let place = inner.intake(integration).and_then(|queue| queue.try_reserve_owned().ok()).ok_or(full)?;
    let digest = digest(&request);
    let raw = RawInbound {
        id: inner.ids.next(request.received_at),
        integration,
        method: request.method,
        path_and_query: request.path_and_query,
        headers: request.headers,
        body: request.body,
        tries: 0,
        received_at: request.received_at,
    };
    #[cfg(feature = "broken-ack")]
    if inner.config.unsafe_ack_before_commit {
        return Ok(broken_ack(inner, raw, digest, place));
    }
    let kept = raw.clone();
    let fresh = inner.store.write(move |tx| Box::pin(async move { tx.accept_raw(kept, digest).await })).await?;
    inner.failpoint.hit("after-raw-commit");
    if fresh {
        place.send(raw);
    }
    inner.failpoint.hit("before-ack");
    Ok(IngressReply { status: 200, body: Vec::new(), duplicate: !fresh })
}

/// The fault that the torture run must find: answers before the commit.
#[cfg(feature = "broken-ack")]
fn broken_ack(
    inner: &Arc<Inner>,
    raw: RawInbound,
    digest: Vec<u8>,
    place: tokio::sync::mpsc::OwnedPermit<RawInbound>,
) -> IngressReply {
    let store = inner.store.clone();
    inner.tasks.spawn(async move {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let kept = raw.clone();
        let fresh = store.write(move |tx| Box::pin(async move { tx.accept_raw(kept, digest).await })).await;
        if fresh.is_ok_and(|fresh| fresh) {
            place.send(raw);
        }
    });
    IngressReply { status: 200, body: Vec::new(), duplicate: false }
}

/// The same bytes at the same address are the same request, whatever the headers say.
fn digest(request: &VerifiedRequest) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in [request.method.as_bytes(), request.path_and_query.as_bytes()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.update(&request.body);
    hash.finalize().to_vec()
}
