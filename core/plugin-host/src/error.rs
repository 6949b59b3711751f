//! What can go wrong, sorted by who must act: the author, the admin, the operator, or nobody but time.

use std::time::Duration;

use crate::manifest::World;

/// The host cannot start.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The folder for compiled plugins cannot be used.
    #[error("the plugin cache `{folder}` cannot be used: {error}")]
    Cache {
        /// Which folder.
        folder: String,
        /// Why.
        error: std::io::Error,
    },
    /// The engine does not take its settings on this machine.
    #[error("the plugin engine cannot start: {0}")]
    Engine(String),
}

/// A plugin file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Not wasm at all, or damaged.
    #[error("the file is not a wasm component: {0}")]
    NotWasm(String),
    /// A module without the component around it.
    #[error("the file is a core wasm module: build it with `passerelle plugin build`, which makes a component of it")]
    CoreModule,
    /// Larger than allowed.
    #[error("the file has {bytes} bytes, at most {limit} are allowed")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The manifest is not in it.
    #[error("the component has no manifest: build it with `passerelle plugin build`")]
    NoManifest,
    /// The manifest is not sound.
    #[error("the manifest is not sound: {0}")]
    Manifest(String),
    /// Built against another contract.
    #[error("the plugin targets contract version `{found}`, this host speaks `{spoken}`: build it with this SDK")]
    Contract {
        /// What it targets.
        found: String,
        /// What the host speaks.
        spoken: &'static str,
    },
    /// Wants what a plugin of its world does not get.
    #[error("a {world} cannot import {}: remove what uses them", names(.imports))]
    Imports {
        /// What it is.
        world: World,
        /// What it wants.
        imports: Vec<String>,
    },
    /// Lacks what its world must offer.
    #[error("a {world} must export {}: implement the trait and name it in the export macro", names(.exports))]
    Exports {
        /// What it is.
        world: World,
        /// What is missing.
        exports: Vec<String>,
    },
    /// The engine refuses it.
    #[error("the component cannot be compiled: {0}")]
    Compile(String),
    /// It fails when it is tried.
    #[error("the plugin failed its trial run: {0}")]
    Trial(String),
}

fn names(list: &[String]) -> String {
    list.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// An installation that does not fit its plugin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstallError {
    /// A setting is wrong.
    #[error("setting `{field}` of `{plugin}` does not fit: {reason}")]
    Settings {
        /// Which plugin.
        plugin: String,
        /// Where in the settings; `/` for all.
        field: String,
        /// Why.
        reason: String,
    },
    /// A secret is missing.
    #[error("`{plugin}` needs the secret `{name}`: set it first")]
    MissingSecret {
        /// Which plugin.
        plugin: String,
        /// Which secret.
        name: String,
    },
    /// A secret that the plugin does not know.
    #[error("`{plugin}` has no secret named `{name}`")]
    UnknownSecret {
        /// Which plugin.
        plugin: String,
        /// Which secret.
        name: String,
    },
    /// Hosts are not granted.
    #[error("`{plugin}` asks for hosts that are not granted: {}; grant them or do without the plugin", names(.hosts))]
    HostsNotGranted {
        /// Which plugin.
        plugin: String,
        /// Which hosts.
        hosts: Vec<String>,
    },
    /// A grant that is no host.
    #[error("the grant is not sound: {0}")]
    Grant(String),
}

/// A call that did not succeed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("plugin `{plugin}`, call `{call}`: {fault}")]
pub struct CallError {
    /// Which plugin.
    pub plugin: String,
    /// Which call.
    pub call: &'static str,
    /// What happened.
    pub fault: Fault,
}

/// What happened in a call. Only [`Fault::Failure`] is the plugin's own word; everything else ended it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Fault {
    /// The plugin said no.
    #[error("{0}")]
    Failure(Failure),
    /// The plugin panicked; the text is the last error it logged.
    #[error("panicked: {0}")]
    Panic(String),
    /// The engine stopped it.
    #[error("trapped: {0}")]
    Trap(String),
    /// Too much computing.
    #[error("stopped after {limit:?} of computing")]
    ComputeExceeded {
        /// The limit.
        limit: Duration,
    },
    /// Too long in all.
    #[error("stopped after {limit:?}, waiting included")]
    WallTimeout {
        /// The limit.
        limit: Duration,
    },
    /// Too much memory.
    #[error("stopped when it wanted more than {limit} bytes of memory")]
    MemoryLimit {
        /// The limit.
        limit: usize,
    },
    /// Too many calls to the host.
    #[error("stopped after {limit} calls to the host")]
    HostCallBudget {
        /// The limit.
        limit: u32,
    },
    /// Too many bytes for the host.
    #[error("stopped when {what} exceeded {limit} bytes")]
    OutputTooLarge {
        /// What was too large.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// The answer breaks the contract.
    #[error("gave an answer that breaks the contract: {field}: {reason}")]
    InvalidOutput {
        /// Which field.
        field: String,
        /// Why.
        reason: String,
    },
    /// No instance became free in time.
    #[error("no instance became free within {waited:?}: too much is going on")]
    PoolExhausted {
        /// How long the call waited.
        waited: Duration,
    },
    /// The plugin lacks the ability.
    #[error("it has no `{0}`")]
    Unsupported(&'static str),
}

impl Fault {
    /// A word for counters and for the plugin's health.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Failure(_) => "failure",
            Self::Panic(_) => "panic",
            Self::Trap(_) => "trap",
            Self::ComputeExceeded { .. } => "compute-exceeded",
            Self::WallTimeout { .. } => "wall-timeout",
            Self::MemoryLimit { .. } => "memory-limit",
            Self::HostCallBudget { .. } => "host-call-budget",
            Self::OutputTooLarge { .. } => "output-too-large",
            Self::InvalidOutput { .. } => "invalid-output",
            Self::PoolExhausted { .. } => "pool-exhausted",
            Self::Unsupported(_) => "unsupported",
        }
    }

    /// Whether the plugin is to blame, as opposed to the vendor or a busy host.
    pub fn is_plugin_fault(&self) -> bool {
        !matches!(self, Self::Failure(_) | Self::PoolExhausted { .. } | Self::Unsupported(_))
    }
}

/// A plugin's own word for why it could not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({code})")]
pub struct Failure {
    /// What kind of failure.
    pub category: FailureCategory,
    /// A short word of the plugin's own.
    pub code: String,
    /// A sentence for the operator.
    pub message: String,
    /// The earliest time to try again, from now.
    pub retry_after: Option<Duration>,
}

/// The kinds of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureCategory {
    /// The input cannot be understood.
    BadInput,
    /// The vendor refused our credentials.
    Unauthorized,
    /// The vendor asked us to slow down.
    RateLimited,
    /// The thing asked for does not exist.
    NotFound,
    /// The plugin does not offer this.
    Unsupported,
    /// It may work later.
    Temporary,
    /// It will never work.
    Permanent,
}
