//! What the operator and the API ask of integrations: making, changing and removing installations of plugins.

use std::collections::BTreeMap;

use passerelle_model::id::{AppId, SwitchboardIntegrationId};
use passerelle_model::metadata::Metadata;

use crate::command::Change;

/// An integration to make.
#[derive(Clone, Debug, PartialEq)]
pub struct NewIntegration {
    /// Whose.
    pub app: AppId,
    /// What it is.
    pub kind: NewIntegrationKind,
    /// Name to show, at most 100 characters.
    pub display_name: Option<String>,
    /// Who gets control of new conversations of this channel.
    pub default_responder: Option<SwitchboardIntegrationId>,
    /// Facts of the business.
    pub metadata: Metadata,
}

/// What an integration is.
#[derive(Clone, PartialEq)]
pub enum NewIntegrationKind {
    /// An installation of a plugin.
    Plugin {
        /// Id of an installed plugin.
        plugin: String,
        /// A JSON object that fits the manifest's schema.
        settings: serde_json::Value,
        /// By the manifest's names; the generated ones are added by us.
        secrets: BTreeMap<String, String>,
        /// What is granted of the hosts that the manifest asks for; none grants all that it asks for.
        granted_hosts: Option<Vec<String>>,
    },
    /// The house's own channel: the web widget.
    Widget {
        /// What an administrator decides, in its stored form; absent fields have their defaults.
        settings: serde_json::Value,
    },
    /// An API client that takes part in the switchboard.
    ApiClient {
        /// Where it wants to be called.
        webhooks: Vec<NewWebhook>,
    },
}

/// A webhook to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWebhook {
    /// Where to.
    pub target: String,
    /// What it wants to hear of.
    pub triggers: Vec<String>,
    /// Whether whole users are wanted.
    pub include_full_user: bool,
    /// Whether whole sources are wanted.
    pub include_full_source: bool,
    /// Whether a conversation's events must arrive one after the other.
    pub ordered: bool,
}

/// How an integration changes. Secrets that are not named stay.
#[derive(Clone, Default, PartialEq)]
pub struct IntegrationChange {
    /// Name to show.
    pub display_name: Change<String>,
    /// The whole settings object.
    pub settings: Option<serde_json::Value>,
    /// New secrets by name.
    pub secrets: BTreeMap<String, String>,
    /// The whole list of granted hosts.
    pub granted_hosts: Option<Vec<String>>,
    /// Switches it on (also out of `error`) or off.
    pub enabled: Option<bool>,
    /// Who gets control of new conversations of this channel.
    pub default_responder: Change<SwitchboardIntegrationId>,
}

impl std::fmt::Debug for NewIntegrationKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Plugin { plugin, secrets, .. } => f
                .debug_struct("Plugin")
                .field("plugin", plugin)
                .field("secrets", &secrets.keys())
                .finish_non_exhaustive(),
            Self::Widget { .. } => f.debug_struct("Widget").finish_non_exhaustive(),
            Self::ApiClient { webhooks } => f.debug_struct("ApiClient").field("webhooks", &webhooks.len()).finish(),
        }
    }
}
