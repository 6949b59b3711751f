//! A plugin put to work: for one app, with settings, secrets and grants that fit it.
//!
//! Whoever holds an [`Installation`] holds one whose settings match the schema, whose required secrets are there and
//! whose hosts are granted.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use passerelle_model::id::{AppId, IntegrationId};
use serde_json::Value;
use url::Url;

use crate::egress::HostPattern;
use crate::error::InstallError;
use crate::manifest::{HostRef, Manifest};
use crate::plugin::Plugin;
use crate::secrets::{Redactor, Secrets};

/// A plugin at work for one app. Cheap to clone.
#[derive(Clone)]
pub struct Installation(Arc<Inner>);

struct Inner {
    plugin: Arc<Plugin>,
    app: AppId,
    integration: IntegrationId,
    settings: String,
    secrets: Secrets,
    redactor: Redactor,
    hosts: Vec<HostPattern>,
    audiences: BTreeMap<String, Vec<HostPattern>>,
}

impl Installation {
    /// Puts a plugin to work. Settings that are absent take the `default` of their schema.
    ///
    /// `granted_hosts` holds what the admin agreed to, in the words of the manifest: `https://api.example.com`,
    /// `https://*.example.com`, or `setting:NAME` for whatever host that setting names.
    pub fn new(
        plugin: Arc<Plugin>,
        app: AppId,
        integration: IntegrationId,
        settings: Value,
        secrets: Secrets,
        granted_hosts: &[String],
    ) -> Result<Self, InstallError> {
        let manifest = plugin.manifest();
        let settings = with_defaults(settings, &manifest.settings);
        check_settings(&plugin, &settings)?;
        check_secrets(manifest, &secrets)?;
        let hosts = resolve_hosts(manifest, &manifest.permissions.hosts, &settings)?;
        check_grants(manifest, &hosts, granted_hosts)?;
        let hosts = hosts.into_iter().map(|(_, pattern)| pattern).collect();
        let audiences = audiences(manifest, &settings)?;
        let redactor = Redactor::new(&secrets);
        let settings = settings.to_string();
        Ok(Self(Arc::new(Inner { plugin, app, integration, settings, secrets, redactor, hosts, audiences })))
    }

    /// The plugin.
    pub fn plugin(&self) -> &Arc<Plugin> {
        &self.0.plugin
    }

    /// The app that it works for.
    pub fn app(&self) -> AppId {
        self.0.app
    }

    /// The integration that it is.
    pub fn integration(&self) -> IntegrationId {
        self.0.integration
    }

    /// The settings as JSON text, defaults included.
    pub fn settings(&self) -> &str {
        &self.0.settings
    }

    /// The secrets.
    pub fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    pub(crate) fn redactor(&self) -> &Redactor {
        &self.0.redactor
    }

    /// The hosts that it may name.
    pub(crate) fn hosts(&self) -> &[HostPattern] {
        &self.0.hosts
    }

    /// The secret, if it may be sent to this host; otherwise why not.
    pub(crate) fn secret_for(&self, name: &str, target: &HostPattern) -> Result<String, String> {
        let value = self.0.secrets.get(name).ok_or_else(|| format!("the installation has no secret `{name}`"))?;
        let audience = self.0.audiences.get(name).map_or(&[][..], Vec::as_slice);
        if audience.iter().any(|host| host.covers(target)) {
            Ok(value.to_owned())
        } else {
            Err(format!("the secret `{name}` is not meant for `{target}`"))
        }
    }
}

impl fmt::Debug for Installation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Installation({} of `{}`)", self.0.integration, self.0.plugin.id())
    }
}

fn with_defaults(mut settings: Value, schema: &Value) -> Value {
    let (Some(given), Some(properties)) = (settings.as_object_mut(), schema["properties"].as_object()) else {
        return settings;
    };
    for (name, property) in properties {
        if let (false, Some(default)) = (given.contains_key(name), property.get("default")) {
            given.insert(name.clone(), default.clone());
        }
    }
    settings
}

fn check_settings(plugin: &Plugin, settings: &Value) -> Result<(), InstallError> {
    plugin.settings_schema().validate(settings).map_err(|error| {
        let path = error.instance_path().to_string();
        InstallError::Settings {
            plugin: plugin.id().to_owned(),
            field: if path.is_empty() { "/".into() } else { path },
            // The value is left out: it may be a secret in the wrong place.
            reason: error.masked().to_string(),
        }
    })
}

fn check_secrets(manifest: &Manifest, secrets: &Secrets) -> Result<(), InstallError> {
    let plugin = || manifest.plugin.id.clone();
    for (name, spec) in &manifest.secrets {
        let given = secrets.get(name).is_some_and(|value| !value.is_empty());
        if spec.required && !given {
            return Err(InstallError::MissingSecret { plugin: plugin(), name: name.clone() });
        }
    }
    match secrets.names().find(|name| !manifest.secrets.contains_key(*name)) {
        Some(name) => Err(InstallError::UnknownSecret { plugin: plugin(), name: name.to_owned() }),
        None => Ok(()),
    }
}

/// Hosts with the words by which they were asked for. A setting that is absent asks for nothing.
fn resolve_hosts(
    manifest: &Manifest,
    asked: &[HostRef],
    settings: &Value,
) -> Result<Vec<(String, HostPattern)>, InstallError> {
    let mut hosts = Vec::new();
    for host in asked {
        match host {
            HostRef::Host(pattern) => hosts.push((host.to_string(), pattern.clone())),
            HostRef::Setting(name) => {
                let Some(text) = settings.get(name).and_then(Value::as_str) else { continue };
                let pattern = Url::parse(text)
                    .map_err(|error| format!("`{text}` is not a URL: {error}"))
                    .and_then(|url| HostPattern::of(&url));
                let settings_error = |reason| InstallError::Settings {
                    plugin: manifest.plugin.id.clone(),
                    field: format!("/{name}"),
                    reason,
                };
                hosts.push((host.to_string(), pattern.map_err(settings_error)?));
            }
        }
    }
    Ok(hosts)
}

fn check_grants(manifest: &Manifest, asked: &[(String, HostPattern)], granted: &[String]) -> Result<(), InstallError> {
    let (by_setting, by_host): (Vec<&String>, Vec<&String>) =
        granted.iter().partition(|text| text.starts_with("setting:"));
    let patterns: Vec<HostPattern> =
        by_host.into_iter().map(|text| text.parse()).collect::<Result<_, _>>().map_err(InstallError::Grant)?;
    let is_granted = |words: &String, pattern: &HostPattern| {
        by_setting.contains(&words) || patterns.iter().any(|granted| granted.covers(pattern))
    };
    let hosts: Vec<String> = asked
        .iter()
        .filter(|(words, pattern)| !is_granted(words, pattern))
        .map(|(_, pattern)| pattern.to_string())
        .collect();
    if hosts.is_empty() {
        return Ok(());
    }
    Err(InstallError::HostsNotGranted { plugin: manifest.plugin.id.clone(), hosts })
}

fn audiences(manifest: &Manifest, settings: &Value) -> Result<BTreeMap<String, Vec<HostPattern>>, InstallError> {
    let mut audiences = BTreeMap::new();
    for (name, spec) in &manifest.secrets {
        let hosts = resolve_hosts(manifest, &spec.hosts, settings)?;
        audiences.insert(name.clone(), hosts.into_iter().map(|(_, pattern)| pattern).collect());
    }
    Ok(audiences)
}
