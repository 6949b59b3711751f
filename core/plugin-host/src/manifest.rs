//! The manifest: what a plugin says of itself and what it asks for. It travels inside the component.
//!
//! Reading checks everything that can be known without running the plugin, so that whoever holds a [`Manifest`] holds
//! a sound one. What was *granted* is not here but in the installation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;

use crate::config::CallLimits;
use crate::egress::HostPattern;
use crate::verify::Verification;

/// Version of the contract that this host speaks, major and minor.
pub const CONTRACT: &str = "0.1";
/// Hours of the longest reply window: a year.
const MAX_REPLY_WINDOW: u32 = 24 * 366;
/// Bytes that a manifest may have.
pub const MAX_MANIFEST_BYTES: usize = 256 * 1024;

/// What a plugin says of itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Who it is.
    pub plugin: PluginSection,
    /// Only for channels.
    pub channel: Option<ChannelSection>,
    /// What it asks for.
    #[serde(default)]
    pub permissions: Permissions,
    /// The secrets that it uses, by name.
    #[serde(default)]
    pub secrets: BTreeMap<String, SecretSpec>,
    /// How the host checks the vendor's requests. Without it no request is accepted.
    pub verification: Option<Verification>,
    /// JSON Schema of its settings; without one, no setting is accepted.
    #[serde(default = "no_settings")]
    pub settings: serde_json::Value,
    /// Asks for less than the defaults.
    #[serde(default)]
    pub limits: AskedLimits,
}

/// Who the plugin is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PluginSection {
    /// 1 to 64 of `a-z`, `0-9`, `-`.
    pub id: String,
    /// For people.
    pub name: String,
    /// The plugin's own version.
    pub version: String,
    /// What it is.
    pub world: World,
    /// Major and minor version of the contract that it was built against.
    pub contract: String,
    /// One sentence.
    #[serde(default)]
    pub description: String,
}

/// What a plugin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum World {
    /// A channel adapter.
    Channel,
    /// A bot.
    Bot,
    /// A routing rule.
    Router,
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Channel => "channel",
            Self::Bot => "bot",
            Self::Router => "router",
        })
    }
}

/// How the channel appears in the API.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelSection {
    /// The type word of integrations and clients.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Fields of the API's body that makes an integration, and where they go.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldTarget>,
    /// By what a person can be addressed who has not written yet: such an address is the person's id on the channel, and
    /// the id of the conversation with that person.
    pub addressed_by: Option<Address>,
    /// Hours for which the vendor takes answers after a person has written; absent where it takes them at any time. Agents
    /// are told before the time is over; whether a message is taken still is the vendor's answer.
    pub reply_window_hours: Option<u32>,
}

/// An address that is not the channel's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Address {
    /// A phone number in E.164, with the plus.
    PhoneNumber,
    /// The digits of such a number, without the plus.
    PhoneDigits,
    /// An e-mail address in lower case.
    Email,
}

/// Where a field of the API goes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum FieldTarget {
    /// Into the secret of this name.
    Secret(String),
    /// Into the setting of this name.
    Setting(String),
}

impl TryFrom<String> for FieldTarget {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("secret", name)) => Ok(Self::Secret(name.to_owned())),
            Some(("setting", name)) => Ok(Self::Setting(name.to_owned())),
            _ => Err(format!("`{text}` is not `secret:NAME` or `setting:NAME`")),
        }
    }
}

/// What the plugin asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permissions {
    /// Hosts that it wants to reach.
    #[serde(default)]
    pub hosts: Vec<HostRef>,
}

/// A host, or the setting that holds its base URL.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum HostRef {
    /// This host.
    Host(HostPattern),
    /// Whatever the setting of this name points to.
    Setting(String),
}

impl TryFrom<String> for HostRef {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.strip_prefix("setting:") {
            Some(name) => Ok(Self::Setting(name.to_owned())),
            None => text.parse().map(Self::Host),
        }
    }
}

impl fmt::Display for HostRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(pattern) => pattern.fmt(f),
            Self::Setting(name) => write!(f, "setting:{name}"),
        }
    }
}

/// A secret that the plugin uses without ever seeing it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretSpec {
    /// For people.
    #[serde(default)]
    pub description: String,
    /// Whether an installation needs it.
    #[serde(default)]
    pub required: bool,
    /// Whether the host makes it (32 random bytes, in hex) when the installation is made.
    #[serde(default)]
    pub generate: bool,
    /// The only hosts that it may be sent to.
    #[serde(default)]
    pub hosts: Vec<HostRef>,
}

/// Asks for less than the operator's limits. What asks for more has no effect.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of `CallLimits`")]
pub struct AskedLimits {
    pub compute_ms: Option<u64>,
    pub wall_ms: Option<u64>,
    pub memory_bytes: Option<usize>,
    pub host_calls: Option<u32>,
    pub http_requests: Option<u32>,
    pub log_lines: Option<u32>,
}

impl AskedLimits {
    /// The smaller of what was asked for and what the operator gives.
    pub(crate) fn within(&self, given: &CallLimits) -> CallLimits {
        let mut limits = given.clone();
        limits.compute_ms = self.compute_ms.unwrap_or(u64::MAX).min(given.compute_ms);
        limits.wall_ms = self.wall_ms.unwrap_or(u64::MAX).min(given.wall_ms);
        limits.vendor_wall_ms = self.wall_ms.unwrap_or(u64::MAX).min(given.vendor_wall_ms);
        limits.memory_bytes = self.memory_bytes.unwrap_or(usize::MAX).min(given.memory_bytes);
        limits.host_calls = self.host_calls.unwrap_or(u32::MAX).min(given.host_calls);
        limits.http_requests = self.http_requests.unwrap_or(u32::MAX).min(given.http_requests);
        limits.log_lines = self.log_lines.unwrap_or(u32::MAX).min(given.log_lines);
        limits
    }
}

/// A manifest that is not sound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ManifestError(pub(crate) String);

impl Manifest {
    /// Reads and checks the text of a `plugin.toml`.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        if text.len() > MAX_MANIFEST_BYTES {
            return Err(ManifestError(format!("the manifest is larger than {MAX_MANIFEST_BYTES} bytes")));
        }
        let manifest: Self =
            toml::from_str(text).map_err(|error| ManifestError(error.to_string().trim().to_owned()))?;
        manifest.check().map_err(ManifestError)?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), String> {
        let plugin = &self.plugin;
        if !is_name(&plugin.id) {
            return Err(format!("plugin.id `{}` is not 1 to 64 of a-z, 0-9 and `-`", plugin.id));
        }
        if plugin.contract != CONTRACT {
            return Err(format!("plugin.contract is `{}`, this host speaks `{CONTRACT}`", plugin.contract));
        }
        self.check_channel()?;
        self.check_secrets()?;
        if plugin.world == World::Router && !self.permissions.hosts.is_empty() {
            return Err("a router has no `http`: remove permissions.hosts".into());
        }
        jsonschema::validator_for(&self.settings)
            .map_err(|error| format!("settings is not a JSON Schema: {error}"))
            .map(|_| ())
    }

    fn check_channel(&self) -> Result<(), String> {
        match (&self.channel, self.plugin.world) {
            (None, World::Channel) => Err("a channel needs a [channel] section with its `type`".into()),
            (Some(_), World::Bot | World::Router) => {
                Err(format!("only a channel has a [channel] section, and this is a {}", self.plugin.world))
            }
            (Some(channel), World::Channel) => {
                if channel.type_name.len() > 32 || !is_name(&channel.type_name) {
                    return Err(format!("channel.type `{}` is not 1 to 32 of a-z, 0-9 and `-`", channel.type_name));
                }
                if channel.reply_window_hours.is_some_and(|hours| !(1..=MAX_REPLY_WINDOW).contains(&hours)) {
                    return Err(format!("channel.reply_window_hours is not 1 to {MAX_REPLY_WINDOW}"));
                }
                channel.fields.iter().try_for_each(|(field, target)| self.check_field(field, target))
            }
            (None, _) => Ok(()),
        }
    }

    fn check_field(&self, field: &str, target: &FieldTarget) -> Result<(), String> {
        match target {
            FieldTarget::Secret(name) if !self.secrets.contains_key(name) => {
                Err(format!("channel.fields.{field} names the secret `{name}`, which [secrets] lacks"))
            }
            FieldTarget::Setting(name) if !self.has_setting(name) => {
                Err(format!("channel.fields.{field} names the setting `{name}`, which [settings] lacks"))
            }
            _ => Ok(()),
        }
    }

    fn check_secrets(&self) -> Result<(), String> {
        let asked: BTreeSet<String> = self.permissions.hosts.iter().map(ToString::to_string).collect();
        for host in &self.permissions.hosts {
            self.check_host("permissions.hosts", host)?;
        }
        for (name, secret) in &self.secrets {
            if !is_name(name) {
                return Err(format!("the secret `{name}` is not named with 1 to 64 of a-z, 0-9 and `-`"));
            }
            for host in &secret.hosts {
                self.check_host(&format!("secrets.{name}.hosts"), host)?;
                if !asked.contains(&host.to_string()) {
                    return Err(format!("secrets.{name}.hosts names `{host}`, which permissions.hosts lacks"));
                }
            }
        }
        match &self.verification {
            Some(recipe) => recipe.check(&self.secrets),
            None => Ok(()),
        }
    }

    fn check_host(&self, place: &str, host: &HostRef) -> Result<(), String> {
        match host {
            HostRef::Setting(name) if !self.has_setting(name) => {
                Err(format!("{place} names the setting `{name}`, which [settings] lacks"))
            }
            _ => Ok(()),
        }
    }

    fn has_setting(&self, name: &str) -> bool {
        self.settings.get("properties").and_then(|properties| properties.get(name)).is_some()
    }
}

fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

fn no_settings() -> serde_json::Value {
    serde_json::json!({ "type": "object", "additionalProperties": false })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"
        [plugin]
        id = "channel-pigeon"
        name = "Pigeon"
        version = "0.1.0"
        world = "channel"
        contract = "0.1"
        [channel]
        type = "pigeon"
        [channel.fields]
        token = "secret:token"
        [permissions]
        hosts = ["https://loft.example", "setting:base"]
        [secrets.token]
        required = true
        hosts = ["https://loft.example"]
        [verification]
        scheme = "shared-header"
        secret = "token"
        header = "x-token"
        [settings]
        type = "object"
        additionalProperties = false
        [settings.properties.base]
        type = "string"
    "#;

    #[test]
    fn a_sound_manifest_is_read() {
        let manifest = Manifest::parse(SOUND).unwrap();
        assert_eq!(manifest.plugin.world, World::Channel);
        assert_eq!(manifest.permissions.hosts.len(), 2);
        assert_eq!(manifest.channel.unwrap().fields["token"], FieldTarget::Secret("token".into()));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (from, to, named) in [
            ("channel-pigeon", "Channel Pigeon", "plugin.id"),
            ("contract = \"0.1\"", "contract = \"7.0\"", "this host speaks `0.1`"),
            ("type = \"pigeon\"", "type = \"Pigeon!\"", "channel.type"),
            ("type = \"pigeon\"", "type = \"pigeon\"\nreply_window_hours = 0", "channel.reply_window_hours"),
            ("world = \"channel\"", "world = \"bot\"", "only a channel"),
            ("secret:token", "secret:tokn", "the secret `tokn`"),
            ("\"setting:base\"", "\"setting:bass\"", "the setting `bass`"),
            ("hosts = [\"https://loft.example\"]", "hosts = [\"https://other.example\"]", "permissions.hosts lacks"),
            ("\"https://loft.example\", ", "\"ftp://loft.example\", ", "ftp://loft.example"),
            ("secret = \"token\"", "secret = \"tokn\"", "tokn"),
            ("header = \"x-token\"", "", "verification.header"),
            ("type = \"string\"", "type = \"strin\"", "JSON Schema"),
            ("required = true", "requird = true", "requird"),
        ] {
            let text = SOUND.replacen(from, to, 1);
            assert_ne!(text, SOUND, "{from}");
            let error = Manifest::parse(&text).unwrap_err().to_string();
            assert!(error.contains(named), "{from} → {to}: {error}");
        }
    }

    #[test]
    fn a_manifest_asks_for_less_but_never_for_more() {
        let given = CallLimits::default();
        let asked = AskedLimits { compute_ms: Some(5), memory_bytes: Some(usize::MAX), ..AskedLimits::default() };
        let limits = asked.within(&given);
        assert_eq!((limits.compute_ms, limits.memory_bytes), (5, given.memory_bytes));
    }
}
