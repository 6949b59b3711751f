//! What every door needs to know of the house.

use std::sync::Arc;
use std::time::Duration;

use http::request::Parts;
use passerelle_desk::Desk;
use passerelle_model::time::Clock;
use passerelle_pipeline::Gateway;
use passerelle_store::Store;
use tokio_util::sync::CancellationToken;

use crate::desk::{Counts, Viewers};
use crate::limit::{ClientAddress, LimitSettings, Limits, ProxyRange};
use crate::live::{Live, LiveSettings};
use crate::widget::{Crowds, WidgetConfig};

/// Renders the current metrics in the Prometheus text format.
pub type RenderMetrics = Arc<dyn Fn() -> String + Send + Sync>;

/// What the doors are made of.
pub struct ApiParts {
    /// Carries out what callers ask for.
    pub gateway: Gateway,
    /// Tells the time.
    pub clock: Clock,
    /// Our address as callers see it, without a slash at the end.
    pub public_url: String,
    /// For how long dead letters that are sent again are tried.
    pub webhook_retry_for: Duration,
    /// Bytes that a vendor's webhook may bring.
    pub max_webhook_bytes: usize,
    /// How often callers may call.
    pub limits: LimitSettings,
    /// Proxies whose word on a client's address is taken.
    pub trusted_proxies: Vec<ProxyRange>,
    /// What live readers may take.
    pub live: LiveSettings,
    /// The agents' side of the house.
    pub desk: Desk,
    /// What visitors of the widget may take.
    pub widget: WidgetConfig,
    /// Set when the process is about to end.
    pub draining: CancellationToken,
    /// The content of `/metrics`.
    pub metrics: RenderMetrics,
    /// The content of `/version`.
    pub version: &'static str,
}

/// A cheap handle to [`ApiParts`].
#[derive(Clone)]
pub(crate) struct Api(Arc<Shared>);

struct Shared {
    limits: Limits,
    live: Live,
    crowds: Crowds,
    viewers: Viewers,
    counts: Counts,
    parts: ApiParts,
}

impl Api {
    pub(crate) fn new(parts: ApiParts) -> Self {
        Self(Arc::new(Shared {
            limits: Limits::new(parts.limits.clone()),
            live: Live::new(&parts.live),
            crowds: Crowds::new(&parts.widget),
            viewers: Viewers::default(),
            counts: Counts::default(),
            parts,
        }))
    }

    pub(crate) fn store(&self) -> &Store {
        self.gateway.store()
    }

    /// The budgets of callers.
    pub(crate) fn budgets(&self) -> &Limits {
        &self.0.limits
    }

    /// Live readers.
    pub(crate) fn live(&self) -> &Live {
        &self.0.live
    }

    /// Visitors of the widget who listen.
    pub(crate) fn crowds(&self) -> &Crowds {
        &self.0.crowds
    }

    /// Agents who look at tickets.
    pub(crate) fn viewers(&self) -> &Viewers {
        &self.0.viewers
    }

    /// How many tickets views have.
    pub(crate) fn counts(&self) -> &Counts {
        &self.0.counts
    }

    /// Where a request comes from.
    pub(crate) fn client_of(&self, request: &Parts) -> ClientAddress {
        let peer = request.extensions.get::<ClientAddress>().copied().unwrap_or(ClientAddress::NOWHERE);
        ClientAddress::find(peer.0, &request.headers, &self.trusted_proxies)
    }
}

impl std::ops::Deref for Api {
    type Target = ApiParts;

    fn deref(&self) -> &ApiParts {
        &self.0.parts
    }
}
