//! Settings of the path.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::attachments::AttachmentConfig;

/// Settings of the path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GatewayConfig {
    /// Our address as vendors see it, such as `https://chat.example.com`; absent where there is none, and then no
    /// webhook is registered with vendors.
    pub public_url: Option<String>,
    /// Bytes that a webhook may bring.
    pub max_request_bytes: usize,
    /// Raw requests that may wait for the adapter of one integration; more are answered with 503.
    pub inbound_queue: usize,
    /// Adapter calls at once for one integration.
    pub inbound_parallel: usize,
    /// Conversations that may be worked on at once, for bot turns and for deliveries each.
    pub lanes: usize,
    /// Tries of a raw request or a bot turn before it is parked.
    pub plugin_tries: u32,
    /// Milliseconds before the first retry of a delivery; doubled each time, with jitter.
    pub retry_first_ms: u64,
    /// The longest wait between two tries of a delivery, milliseconds.
    pub retry_cap_ms: u64,
    /// Seconds after which a delivery that cannot be made is given up.
    pub delivery_max_age_s: u64,
    /// Seconds for which finished raw requests are kept.
    pub raw_retention_s: u64,
    /// Our address as callers are told it. Set by the server from `public_url`, or else from where it listens.
    #[serde(skip)]
    pub address: String,
    /// Settings of files. Set by the server, which has a section for them.
    #[serde(skip)]
    pub attachments: AttachmentConfig,
    /// Where media files are kept. Set by the server from its data folder.
    #[serde(skip)]
    pub media_dir: PathBuf,
    /// Where plugin files are. Set by the server from its data folder.
    #[serde(skip)]
    pub plugins_dir: PathBuf,
    /// Whether only commands are carried out and no station runs (for the command line).
    #[serde(skip)]
    pub passive: bool,
    /// The fault that the torture run must find: answers vendors before the commit.
    #[cfg(feature = "broken-ack")]
    #[serde(skip)]
    pub unsafe_ack_before_commit: bool,
    /// For fault tests: ends the process at the n-th pass of a named point, written `NAME` or `NAME:N`.
    pub failpoint: Option<String>,
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            public_url: None,
            max_request_bytes: 1024 * 1024,
            inbound_queue: 1024,
            inbound_parallel: 8,
            lanes: 256,
            plugin_tries: 3,
            retry_first_ms: 1000,
            retry_cap_ms: 300_000,
            delivery_max_age_s: 24 * 3600,
            raw_retention_s: 7 * 24 * 3600,
            address: "http://localhost".into(),
            attachments: AttachmentConfig::default(),
            media_dir: PathBuf::new(),
            plugins_dir: PathBuf::new(),
            passive: false,
            #[cfg(feature = "broken-ack")]
            unsafe_ack_before_commit: true,
            failpoint: None,
        }
    }
}
