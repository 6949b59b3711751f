//! A loaded plugin: its manifest, what it can do, and how to make instances of it.

use std::sync::OnceLock;

use passerelle_model::delivery::Capabilities;
use wasmtime::component::InstancePre;

use crate::artifact::Artifact;
use crate::bindings::exports::passerelle::plugin as exports;
use crate::config::CallLimits;
use crate::manifest::{Manifest, World};
use crate::state::CallState;

/// A plugin that can be called. Made by `PluginHost::load` alone.
pub struct Plugin {
    pub(crate) digest: String,
    pub(crate) manifest: Manifest,
    pub(crate) imports: Vec<String>,
    pub(crate) limits: CallLimits,
    pub(crate) schema: jsonschema::Validator,
    pub(crate) capabilities: OnceLock<Capabilities>,
    pub(crate) pre: InstancePre<CallState>,
    pub(crate) exports: Exports,
}

/// Which optional abilities a plugin has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the contract's interfaces")]
pub struct Abilities {
    pub polling: bool,
    pub activities: bool,
    pub native: bool,
    pub webhook_setup: bool,
    pub media_resolver: bool,
    pub account: bool,
}

impl Plugin {
    /// The id of its manifest.
    pub fn id(&self) -> &str {
        &self.manifest.plugin.id
    }

    /// SHA-256 of the file in hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What it says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What it is.
    pub fn world(&self) -> World {
        self.manifest.plugin.world
    }

    /// Which optional abilities it has.
    pub fn abilities(&self) -> Abilities {
        Abilities {
            polling: self.exports.polling.is_some(),
            activities: self.exports.activities.is_some(),
            native: self.exports.native.is_some(),
            webhook_setup: self.exports.webhook_setup.is_some(),
            media_resolver: self.exports.media_resolver.is_some(),
            account: self.exports.account.is_some(),
        }
    }

    /// What the channel can show; none for bots and routers.
    pub fn capabilities(&self) -> Option<&Capabilities> {
        self.capabilities.get()
    }

    /// The interfaces that it uses.
    pub fn imports(&self) -> &[String] {
        &self.imports
    }

    /// The limits of its calls: the smaller of what it asked for and what the operator gives.
    pub fn limits(&self) -> &CallLimits {
        &self.limits
    }

    pub(crate) fn settings_schema(&self) -> &jsonschema::Validator {
        &self.schema
    }
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plugin(`{}` {})", self.id(), self.digest)
    }
}

/// Where the component's exports are; looked up once.
pub(crate) struct Exports {
    pub(crate) channel: Option<exports::channel::GuestIndices>,
    pub(crate) polling: Option<exports::polling::GuestIndices>,
    pub(crate) activities: Option<exports::activities::GuestIndices>,
    pub(crate) native: Option<exports::native::GuestIndices>,
    pub(crate) webhook_setup: Option<exports::webhook_setup::GuestIndices>,
    pub(crate) media_resolver: Option<exports::media_resolver::GuestIndices>,
    pub(crate) account: Option<exports::account::GuestIndices>,
    pub(crate) bot: Option<exports::bot::GuestIndices>,
    pub(crate) router: Option<exports::router::GuestIndices>,
}

impl Exports {
    /// Finds the exports that are there. One that is there in another shape than the contract's is an error.
    pub(crate) fn find(artifact: &Artifact, pre: &InstancePre<CallState>) -> wasmtime::Result<Self> {
        macro_rules! optional {
            ($module:ident, $name:literal) => {
                artifact.exports($name).then(|| exports::$module::GuestIndices::new(pre)).transpose()?
            };
        }
        Ok(Self {
            channel: optional!(channel, "channel"),
            polling: optional!(polling, "polling"),
            activities: optional!(activities, "activities"),
            native: optional!(native, "native"),
            webhook_setup: optional!(webhook_setup, "webhook-setup"),
            media_resolver: optional!(media_resolver, "media-resolver"),
            account: optional!(account, "account"),
            bot: optional!(bot, "bot"),
            router: optional!(router, "router"),
        })
    }
}
