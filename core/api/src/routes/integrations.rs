//! Integrations: channels, bots and routers (plugins), and API clients.
//!
//! A body's `type` names a channel's plugin by the type word in its manifest, and the manifest says which fields of the
//! body are secrets and which are settings. With the extra keys `plugin`, `settings`, `secrets` any plugin can be
//! installed under the type `custom`, whatever its kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use passerelle_model::id::SwitchboardIntegrationId;
use passerelle_model::widget::CHANNEL;
use passerelle_pipeline::{Change, IntegrationChange, NewIntegration, NewIntegrationKind, NewWebhook};
use passerelle_plugin_host::{FieldTarget, Manifest, Plugin};
use passerelle_store::{Integration, IntegrationFilter};
use serde_json::{Map, Value};

use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::widget::is_zone;
use crate::wire::closed;
use crate::wire::fields::Fields;
use crate::wire::integration::{self as wire, CUSTOM};
use crate::wire::limits::{MAX_DISPLAY_NAME, MAX_SECRETS, MAX_VALUE};

/// Fields of a body that are not the plugin's.
const COMMON: &[&str] =
    &["type", "displayName", "defaultResponderId", "plugin", "settings", "secrets", "grantedHosts", "metadata"];

/// Fields of a body that are not the widget's.
const WIDGET_COMMON: &[&str] = &["id", "type", "displayName", "defaultResponderId", "status", "metadata"];

pub(super) async fn create(call: Call) -> Answer {
    let fields = call.fields()?;
    let kind = fields.needed_text("type", MAX_DISPLAY_NAME)?;
    let kind = match (fields.text("plugin", MAX_DISPLAY_NAME)?, kind.as_str()) {
        (Some(plugin), _) => plugin_kind(&call, &fields, plugin)?,
        (None, CUSTOM) => NewIntegrationKind::ApiClient { webhooks: webhooks(&fields)? },
        (None, CHANNEL) => NewIntegrationKind::Widget { settings: widget_settings(&fields, Map::new())? },
        (None, word) => channel_kind(&call, &fields, word)?,
    };
    let new = NewIntegration {
        app: call.app()?,
        kind,
        display_name: fields.text("displayName", MAX_DISPLAY_NAME)?,
        default_responder: responder(&fields)?.apply(None),
        metadata: fields.metadata("metadata")?,
    };
    let (made, replayed) = call.api.gateway.create_integration_once(new, call.once()).await?;
    call.replays(replayed);
    Reply::created("integration", show(&call, &made).await?)
}

pub(super) async fn list(call: Call) -> Answer {
    let page = call.page()?;
    let kinds = call.query.filter("types").map(|words| kinds(&call, words)).unwrap_or_default();
    let found = stored(call.api.store().integrations(call.app()?, &IntegrationFilter { kinds }, page).await)?;
    let mut shown = Vec::with_capacity(found.rows.len());
    for row in &found.rows {
        shown.push(show(&call, row).await?);
    }
    call.list("integrations", shown, found.has_more, page)
}

pub(super) async fn get(call: Call) -> Answer {
    let found = find(&call).await?;
    Reply::one("integration", show(&call, &found).await?)
}

pub(super) async fn update(call: Call) -> Answer {
    let found = find(&call).await?;
    let fields = call.fields()?;
    let mut change = IntegrationChange {
        display_name: fields.text_change("displayName", MAX_DISPLAY_NAME)?,
        default_responder: responder(&fields)?,
        secrets: secrets(&fields)?,
        granted_hosts: granted_hosts(&fields)?,
        settings: fields.value("settings").cloned(),
        enabled: enabled(&fields)?,
    };
    if found.kind == CHANNEL {
        let before = found.settings.as_object().cloned().unwrap_or_default();
        change.settings = Some(widget_settings(&fields, before)?);
    }
    if let Some(plugin) = found.plugin.as_deref().and_then(|id| call.api.gateway.plugin(id)) {
        let mut settings = change.settings.clone().unwrap_or_else(|| found.settings.clone());
        if spread(&fields, plugin.manifest(), &mut settings, &mut change.secrets)? {
            change.settings = Some(settings);
        }
    }
    let now = call.api.gateway.update_integration(found.app, found.id, change).await?;
    Reply::one("integration", show(&call, &now).await?)
}

pub(super) async fn delete(call: Call) -> Answer {
    let found = find(&call).await?;
    call.api.gateway.delete_integration(found.app, found.id).await?;
    Reply::done()
}

/// The settings of a widget stand beside the other fields of a body; `null` takes one back to its default.
fn widget_settings(fields: &Fields<'_>, mut settings: Map<String, Value>) -> Result<Value, ApiError> {
    for name in fields.names().filter(|name| !WIDGET_COMMON.contains(name)) {
        match fields.value(name) {
            Some(value) => settings.insert(name.to_owned(), value.clone()),
            None => settings.remove(name),
        };
    }
    let zone = settings.get("businessHours").and_then(|hours| hours["timeZone"].as_str());
    match zone.is_none_or(is_zone) {
        true => Ok(settings.into()),
        false => Err(fields.wrong("businessHours.timeZone", "is no time zone such as Europe/Paris")),
    }
}

async fn find(call: &Call) -> Result<Integration, ApiError> {
    let found = stored(call.api.store().integration(call.app()?, call.integration_id()?).await)?;
    found.ok_or_else(|| ApiError::not_found("integration_not_found", "Integration not found"))
}

async fn show(call: &Call, integration: &Integration) -> Result<Value, ApiError> {
    let webhooks = match integration.plugin {
        Some(_) => Vec::new(),
        None => stored(call.api.store().webhooks(integration.app, integration.id).await)?,
    };
    let plugin = integration.plugin.as_deref().and_then(|id| call.api.gateway.plugin(id));
    let manifest = plugin.as_ref().map(|plugin| plugin.manifest());
    Ok(wire::show(integration, &webhooks, manifest, &call.api.public_url))
}

/// `custom` stands for API clients and for every kind that has no word in the closed list.
fn kinds(call: &Call, words: &str) -> Vec<String> {
    let mut kinds: Vec<String> = words.split(',').map(|word| word.trim().to_owned()).collect();
    if kinds.iter().any(|kind| kind == CUSTOM) {
        let channels = call.api.gateway.plugins().into_iter().filter_map(|plugin| type_of(&plugin).map(str::to_owned));
        kinds.extend(channels.filter(|word| !closed::is_integration_type(word)));
        kinds.push("plugin".to_owned());
    }
    kinds
}

fn type_of(plugin: &Plugin) -> Option<&str> {
    plugin.manifest().channel.as_ref().map(|channel| channel.type_name.as_str())
}

fn plugin_kind(call: &Call, fields: &Fields<'_>, id: String) -> Result<NewIntegrationKind, ApiError> {
    let installed = call.api.gateway.plugin(&id);
    let installed = installed.ok_or_else(|| fields.wrong("plugin", &format!("`{id}` is not installed")))?;
    let mut settings = fields.value("settings").cloned().unwrap_or_else(|| Map::new().into());
    let mut secrets = secrets(fields)?;
    spread(fields, installed.manifest(), &mut settings, &mut secrets)?;
    Ok(NewIntegrationKind::Plugin { plugin: id, settings, secrets, granted_hosts: granted_hosts(fields)? })
}

fn channel_kind(call: &Call, fields: &Fields<'_>, word: &str) -> Result<NewIntegrationKind, ApiError> {
    let installed: Vec<Arc<Plugin>> = call.api.gateway.plugins();
    match installed.iter().find(|plugin| type_of(plugin) == Some(word)) {
        Some(plugin) => plugin_kind(call, fields, plugin.id().to_owned()),
        None if closed::is_integration_type(word) => {
            Err(ApiError::bad_request(format!("No plugin for the type `{word}` is installed: install one first")))
        }
        None => Err(ApiError::bad_request("Invalid integration type")),
    }
}

/// Puts the fields that the manifest names where they belong. True when a setting changed.
fn spread(
    fields: &Fields<'_>,
    manifest: &Manifest,
    settings: &mut Value,
    secrets: &mut BTreeMap<String, String>,
) -> Result<bool, ApiError> {
    let Some(channel) = &manifest.channel else { return Ok(false) };
    let mut changed = false;
    for (field, target) in channel.fields.iter().filter(|(field, _)| !COMMON.contains(&field.as_str())) {
        let Some(value) = fields.value(field) else { continue };
        match target {
            FieldTarget::Secret(name) => {
                secrets.insert(name.clone(), fields.needed_text(field, MAX_VALUE)?);
            }
            FieldTarget::Setting(name) => {
                let object = settings.as_object_mut().ok_or_else(|| fields.wrong("settings", "should be object"))?;
                object.insert(name.clone(), value.clone());
                changed = true;
            }
        }
    }
    Ok(changed)
}

fn secrets(fields: &Fields<'_>) -> Result<BTreeMap<String, String>, ApiError> {
    let Some(given) = fields.inner("secrets")? else { return Ok(BTreeMap::new()) };
    if given.names().count() > MAX_SECRETS {
        return Err(fields.wrong("secrets", &format!("should NOT have more than {MAX_SECRETS} entries")));
    }
    given.names().map(|name| Ok((name.to_owned(), given.needed_text(name, MAX_VALUE)?))).collect()
}

fn granted_hosts(fields: &Fields<'_>) -> Result<Option<Vec<String>>, ApiError> {
    fields.value("grantedHosts").map(|_| fields.texts("grantedHosts", MAX_SECRETS)).transpose()
}

fn enabled(fields: &Fields<'_>) -> Result<Option<bool>, ApiError> {
    match fields.text("status", MAX_DISPLAY_NAME)?.as_deref() {
        None => Ok(None),
        Some("active") => Ok(Some(true)),
        Some("inactive") => Ok(Some(false)),
        Some(_) => Err(fields.wrong("status", "should be active or inactive")),
    }
}

fn responder(fields: &Fields<'_>) -> Result<Change<SwitchboardIntegrationId>, ApiError> {
    Ok(match fields.text_change("defaultResponderId", MAX_DISPLAY_NAME)? {
        Change::Keep => Change::Keep,
        Change::Unset => Change::Unset,
        Change::Set(text) => Change::Set(text.parse().map_err(|_| {
            ApiError::not_found("switchboard_integration_not_found", "SwitchboardIntegration not found")
        })?),
    })
}

fn webhooks(fields: &Fields<'_>) -> Result<Vec<NewWebhook>, ApiError> {
    let given = fields.needed_items("webhooks", 1)?;
    given.iter().map(super::webhooks::read_new).collect()
}
