//! What the operator may set: limits per world, how much runs at once, and what leaves the house.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::egress::AllowedPrivate;
use crate::manifest::World;

/// Settings of the plugin host.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostConfig {
    /// Folder for compiled plugins. Only this process may write to it.
    pub cache_dir: PathBuf,
    /// Limits of one call.
    #[serde(default)]
    pub limits: Limits,
    /// What plugins may reach.
    #[serde(default)]
    pub egress: EgressConfig,
    /// Calls that may run at once; further calls wait.
    #[serde(default = "default_max_instances")]
    pub max_instances: u32,
    /// How long a call waits for a free instance before it fails as "pool exhausted".
    #[serde(default = "default_queue_ms")]
    pub queue_ms: u64,
    /// Largest plugin file in bytes.
    #[serde(default = "default_max_plugin_bytes")]
    pub max_plugin_bytes: usize,
}

impl HostConfig {
    /// The defaults, with this folder for compiled plugins.
    pub fn new(cache_dir: impl Into<PathBuf>) -> Self {
        Self {
            cache_dir: cache_dir.into(),
            limits: Limits::default(),
            egress: EgressConfig::default(),
            max_instances: default_max_instances(),
            queue_ms: default_queue_ms(),
            max_plugin_bytes: default_max_plugin_bytes(),
        }
    }
}

fn default_max_instances() -> u32 {
    1000
}

fn default_queue_ms() -> u64 {
    5_000
}

fn default_max_plugin_bytes() -> usize {
    40 * 1024 * 1024
}

/// Limits of one call, by world. A manifest may ask for less, never for more.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Channel adapters.
    pub channel: CallLimits,
    /// Bots.
    pub bot: CallLimits,
    /// Routers.
    pub router: CallLimits,
}

impl Limits {
    /// The limits of this world.
    pub fn of(&self, world: World) -> &CallLimits {
        match world {
            World::Channel => &self.channel,
            World::Bot => &self.bot,
            World::Router => &self.router,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let channel = CallLimits::default();
        let bot = CallLimits { compute_ms: 500, wall_ms: 30_000, memory_bytes: 64 << 20, ..channel.clone() };
        let router = CallLimits {
            compute_ms: 10,
            // A router waits for nothing, so this only bounds how long it may stand in line on a busy machine.
            wall_ms: 1_000,
            memory_bytes: 16 << 20,
            host_calls: 64,
            transfer_bytes: 256 << 10,
            http_requests: 0,
            log_lines: 32,
            log_line_bytes: 1 << 10,
            ..channel.clone()
        };
        Self { channel, bot, router }
    }
}

/// Limits of one call.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CallLimits {
    /// Processor time of the guest; waiting for the host is not counted.
    pub compute_ms: u64,
    /// Time of the whole call, waiting included.
    pub wall_ms: u64,
    /// Time of a whole `send` or `poll`, which wait for vendors, when that is longer than `wall_ms`.
    pub vendor_wall_ms: u64,
    /// All linear memories of the instance together.
    pub memory_bytes: usize,
    /// Calls from the guest to the host.
    pub host_calls: u32,
    /// Bytes that one host call or one answer may carry out of the guest.
    pub transfer_bytes: usize,
    /// Requests to the outside.
    pub http_requests: u32,
    /// Log lines; further ones are counted and dropped.
    pub log_lines: u32,
    /// Bytes of one log line; longer ones are cut.
    pub log_line_bytes: usize,
    /// Bytes that the installation may keep in its store.
    pub kv_bytes: u64,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            compute_ms: 100,
            wall_ms: 10_000,
            vendor_wall_ms: 30_000,
            memory_bytes: 32 << 20,
            host_calls: 1000,
            transfer_bytes: 2 << 20,
            http_requests: 20,
            log_lines: 256,
            log_line_bytes: 4 << 10,
            kv_bytes: 16 << 20,
        }
    }
}

impl CallLimits {
    /// Processor time of the guest.
    pub fn compute(&self) -> Duration {
        Duration::from_millis(self.compute_ms)
    }
}

/// What may leave the house.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EgressConfig {
    /// Addresses that are not public and may be reached all the same, such as `127.0.0.1:9001`, `10.0.0.0/8` or
    /// `10.0.0.0/8:8080`.
    pub allow_private: Vec<AllowedPrivate>,
    /// Time for one exchange, connecting included.
    pub timeout_ms: u64,
    /// Time for connecting.
    pub connect_timeout_ms: u64,
    /// Largest answer in bytes.
    pub max_response_bytes: usize,
    /// Idle connections kept per installation and host.
    pub idle_per_host: usize,
    /// How long an idle connection is kept.
    pub idle_ms: u64,
    /// Every connection goes here, in the clear, after the allow-list was checked: for a scripted vendor. No file can
    /// set it.
    #[serde(skip)]
    pub connect_instead: Option<SocketAddr>,
}

impl Default for EgressConfig {
    fn default() -> Self {
        Self {
            allow_private: Vec::new(),
            timeout_ms: 10_000,
            connect_timeout_ms: 5_000,
            max_response_bytes: 1 << 20,
            idle_per_host: 16,
            idle_ms: 30_000,
            connect_instead: None,
        }
    }
}
