//! Integrations: installations of plugins, and API clients.

use passerelle_model::id::{AppId, IntegrationId, SwitchboardIntegrationId};
use passerelle_model::metadata::Metadata;
use passerelle_model::time::Timestamp;

/// An installation of a plugin, or an API client that takes part in the switchboard.
#[derive(Clone, Debug, PartialEq)]
pub struct Integration {
    /// Which.
    pub id: IntegrationId,
    /// Whose.
    pub app: AppId,
    /// The type word in the API: the channel's type, `custom` for API clients, `plugin` for bots and routers.
    pub kind: String,
    /// Id of the plugin; none for API clients.
    pub plugin: Option<String>,
    /// Name to show.
    pub display_name: Option<String>,
    /// Whether it works.
    pub status: IntegrationStatus,
    /// Why it does not, for the operator.
    pub status_reason: Option<String>,
    /// The plugin's settings, a JSON object that its schema has accepted.
    pub settings: serde_json::Value,
    /// What the operator granted: `scheme://host[:port]`.
    pub granted_hosts: Vec<String>,
    /// Who gets control of new conversations of this channel, instead of the switchboard's default.
    pub default_responder: Option<SwitchboardIntegrationId>,
    /// Facts of the business.
    pub metadata: Metadata,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Whether an integration works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegrationStatus {
    /// Yes.
    Active,
    /// Switched off by somebody.
    Inactive,
    /// The vendor refuses our credentials, or the plugin cannot be loaded; somebody must act.
    Error,
}

impl IntegrationStatus {
    /// The word in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Error => "error",
        }
    }
}

/// Which integrations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntegrationFilter {
    /// Only these type words; empty means all.
    pub kinds: Vec<String>,
}

/// A plugin file that was installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginInstallation {
    /// Id in its manifest.
    pub id: String,
    /// Version in its manifest.
    pub version: String,
    /// SHA-256 of the file, hex.
    pub digest: String,
    /// When.
    pub installed_at: Timestamp,
}
