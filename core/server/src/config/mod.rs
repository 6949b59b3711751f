//! Settings: what they are, and how the layers become one value.
//!
//! Embedded defaults ← file ← environment ← flags. Every setting stands in `config/passerelle.toml` with its reason; a
//! key that is not in there is refused, with the place where it was found. The only module that reads the environment.

mod audit;
mod layers;
mod unknown;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use passerelle_api::serve::ConnectionLimits;
use passerelle_api::{LimitSettings, LiveSettings, ProxyRange, WebhookConfig, WidgetConfig};
use passerelle_desk::DeskConfig;
use passerelle_desk::mail::MailConfig;
use passerelle_pipeline::{AttachmentConfig, GatewayConfig};
use passerelle_plugin_host::{EgressConfig, HostConfig, Limits};
use passerelle_store::StoreConfig;
use serde::Deserialize;

pub(crate) use layers::{ConfigError, Flags, load};

/// The documented defaults, part of the binary.
pub(crate) const DEFAULTS: &str = include_str!("../../../../config/passerelle.toml");

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) server: ServerSettings,
    pub(crate) data: DataSettings,
    pub(crate) database: StoreConfig,
    pub(crate) gateway: GatewayConfig,
    pub(crate) attachments: AttachmentConfig,
    pub(crate) limits: LimitSettings,
    pub(crate) live: LiveSettings,
    pub(crate) desk: DeskConfig,
    pub(crate) mail: MailConfig,
    pub(crate) widget: WidgetConfig,
    pub(crate) plugins: PluginSettings,
    pub(crate) webhooks: WebhookConfig,
    pub(crate) log: LogSettings,
}

/// Where we listen and how we stop.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServerSettings {
    pub(crate) listen: SocketAddr,
    pub(crate) drain_timeout_ms: u64,
    pub(crate) trusted_proxies: Vec<ProxyRange>,
    pub(crate) connections: ConnectionLimits,
}

/// Where everything is kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DataSettings {
    pub(crate) folder: PathBuf,
}

/// What plugins may use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PluginSettings {
    pub(crate) max_instances: u32,
    pub(crate) queue_ms: u64,
    pub(crate) max_plugin_bytes: usize,
    pub(crate) limits: Limits,
    pub(crate) egress: EgressConfig,
}

/// What is logged and how it looks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogSettings {
    pub(crate) level: String,
    pub(crate) format: LogFormat,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people on a terminal, JSON elsewhere.
    Auto,
    /// For people.
    Human,
    /// One JSON object per line.
    Json,
}

impl Settings {
    /// Where installed plugins are.
    pub(crate) fn plugins_folder(&self) -> PathBuf {
        self.data.folder.join("plugins")
    }

    /// The address that callers are told.
    pub(crate) fn public_url(&self) -> String {
        let local = || format!("http://{}", self.server.listen);
        self.gateway.public_url.clone().unwrap_or_else(local).trim_end_matches('/').to_owned()
    }

    /// How long a drain may take.
    pub(crate) fn drain_timeout(&self) -> Duration {
        Duration::from_millis(self.server.drain_timeout_ms)
    }

    /// The settings of the plugin host.
    pub(crate) fn plugin_host(&self) -> HostConfig {
        HostConfig {
            limits: self.plugins.limits.clone(),
            egress: self.plugins.egress.clone(),
            max_instances: self.plugins.max_instances,
            queue_ms: self.plugins.queue_ms,
            max_plugin_bytes: self.plugins.max_plugin_bytes,
            ..HostConfig::new(self.data.folder.join("cache"))
        }
    }

    /// The settings of the path, with its folders.
    pub(crate) fn gateway(&self, passive: bool) -> GatewayConfig {
        GatewayConfig {
            address: self.public_url(),
            attachments: self.attachments.clone(),
            media_dir: self.data.folder.join("media"),
            plugins_dir: self.plugins_folder(),
            passive,
            ..self.gateway.clone()
        }
    }

    /// An empty text in the file stands for "none": TOML has no other word for it.
    fn with_empty_as_none(mut self) -> Self {
        self.gateway.public_url = self.gateway.public_url.filter(|url| !url.is_empty());
        self.gateway.failpoint = self.gateway.failpoint.filter(|point| !point.is_empty());
        self
    }

    fn check(&self, origin: &Path) -> Result<(), ConfigError> {
        let refuse = |key: &'static str, reason: String| ConfigError::Value {
            key: key.to_owned(),
            origin: origin.display().to_string(),
            reason,
        };
        if let Some(url) = &self.gateway.public_url
            && !url.starts_with("https://")
            && !url.starts_with("http://")
        {
            return Err(refuse("gateway.public_url", format!("`{url}` does not begin with https:// or http://")));
        }
        if let Err(error) = self.log.level.parse::<tracing_subscriber::EnvFilter>() {
            return Err(refuse("log.level", format!("`{}` is no filter: {error}", self.log.level)));
        }
        if let Err(error) = self.mail.read() {
            return Err(refuse(error.setting(), error.reason));
        }
        if let Some(name) = self.limits.unsound() {
            return Err(refuse(name, "`per_second` and `burst` must be above zero".to_owned()));
        }
        if self.server.connections.max_connections == 0 || self.plugins.max_instances == 0 {
            return Err(refuse("server.connections.max_connections", "a limit of zero lets nobody in".to_owned()));
        }
        Ok(())
    }
}
