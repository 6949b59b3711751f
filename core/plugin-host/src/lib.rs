//! Runs plugins: the only crate that knows wasmtime, and the only one that sends anything to the outside.
//!
//! A plugin is a wasm component with its manifest inside ([`read_manifest`]). [`PluginHost::load`] makes a [`Plugin`]
//! of it, [`Installation::new`] puts it to work for one app with settings, secrets and grants, and the calls of
//! [`PluginHost`] each make a fresh instance that lives for one call. Whatever a guest does ends as a value or as a
//! [`CallError`] that names plugin, call and limit.
//!
//! Deliberately absent: the database (values are read through [`KvSource`] and writes are given back to be committed),
//! retries and pauses (the caller knows what a fault means), and any vendor.

mod ability;
mod artifact;
mod bindings;
mod cache;
mod call;
mod config;
mod convert;
mod egress;
mod engine;
mod error;
mod fetch;
mod host;
mod installation;
mod load;
mod log;
mod manifest;
mod meter;
mod plugin;
mod secrets;
mod source;
mod state;
mod verify;
mod wasi;

pub use artifact::{CONTRACT_SECTION, MANIFEST_SECTION, read_manifest};
pub use call::{CallStats, Called, Download, Outbound, Polled, Target};
pub use config::{CallLimits, EgressConfig, HostConfig, Limits};
pub use egress::{AllowedPrivate, Answer, Egress, EgressError, Exchange, Granted, HostPattern, Streamed, is_public};
pub use error::{CallError, Failure, FailureCategory, Fault, HostError, InstallError, LoadError};
pub use fetch::{FetchError, RemoteFile};
pub use host::PluginHost;
pub use installation::Installation;
pub use load::digest;
pub use manifest::{
    Address, AskedLimits, CONTRACT, ChannelSection, FieldTarget, HostRef, MAX_MANIFEST_BYTES, Manifest, ManifestError,
    Permissions, PluginSection, SecretSpec, World,
};
pub use plugin::{Abilities, Plugin};
pub use secrets::Secrets;
pub use source::{KvSource, KvUnavailable, KvWrite, MediaBytes, MediaSource, MediaUnavailable, NoSource};
pub use verify::{
    Encoding, MAX_HEADERS, RawRequest, Scheme, Signed, Verification, VerifiedRequest, VerifyError, verify,
    without_secrets,
};
