//! What every door needs to know of the house.

use std::sync::Arc;

use passerelle_model::time::Clock;
use passerelle_pipeline::Gateway;
use passerelle_store::Store;
use tokio_util::sync::CancellationToken;

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
    /// Bytes that a vendor's webhook may bring.
    pub max_webhook_bytes: usize,
    /// Set when the process is about to end.
    pub draining: CancellationToken,
    /// The content of `/metrics`.
    pub metrics: RenderMetrics,
    /// The content of `/version`.
    pub version: &'static str,
}

/// A cheap handle to [`ApiParts`].
#[derive(Clone)]
pub(crate) struct Api(Arc<ApiParts>);

impl Api {
    pub(crate) fn new(parts: ApiParts) -> Self {
        Self(Arc::new(parts))
    }

    pub(crate) fn store(&self) -> &Store {
        self.0.gateway.store()
    }
}

impl std::ops::Deref for Api {
    type Target = ApiParts;

    fn deref(&self) -> &ApiParts {
        &self.0
    }
}
