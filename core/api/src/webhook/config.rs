//! Settings of outgoing webhooks.

use std::time::Duration;

use passerelle_plugin_host::{AllowedPrivate, EgressConfig};
use serde::Deserialize;

/// Settings of outgoing webhooks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    /// Seconds for which an event is tried before it becomes a dead letter.
    pub retry_for_s: u64,
    /// Seconds for which dead letters are kept.
    pub dead_retention_s: u64,
    /// Milliseconds that a receiver may take for its answer.
    pub timeout_ms: u64,
    /// Events of one request at most.
    pub batch: usize,
    /// Requests at once.
    pub parallel: usize,
    /// Requests at once to one receiver.
    pub parallel_per_endpoint: usize,
    /// Addresses that are not public and that webhooks may reach all the same.
    pub allow_private: Vec<AllowedPrivate>,
}

impl Default for WebhookConfig {
    fn default() -> Self {
        Self {
            retry_for_s: 900,
            dead_retention_s: 30 * 24 * 3600,
            timeout_ms: 20_000,
            batch: 10,
            parallel: 512,
            parallel_per_endpoint: 4,
            allow_private: Vec::new(),
        }
    }
}

impl WebhookConfig {
    /// For how long an event is tried.
    pub fn retry_for(&self) -> Duration {
        Duration::from_secs(self.retry_for_s)
    }

    /// The guarded client's settings: no redirects, no internal addresses, small answers.
    pub(super) fn egress(&self) -> EgressConfig {
        /// Bytes of an answer that are read; nobody needs them.
        const ANSWER: usize = 64 * 1024;
        EgressConfig {
            allow_private: self.allow_private.clone(),
            timeout_ms: self.timeout_ms,
            connect_timeout_ms: self.timeout_ms.min(5000),
            max_response_bytes: ANSWER,
            idle_per_host: self.parallel_per_endpoint,
            ..EgressConfig::default()
        }
    }
}
