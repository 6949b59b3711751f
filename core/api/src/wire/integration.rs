//! Integrations, webhooks and keys on the wire. Secrets of integrations never come back.

use passerelle_model::widget::CHANNEL;
use passerelle_plugin_host::{FieldTarget, Manifest};
use passerelle_store::{Integration, Key, Webhook};
use serde_json::{Map, Value, json};

use super::content::put;
use super::{closed, people};

/// The type word of API clients, and of everything that strict clients do not know.
pub(crate) const CUSTOM: &str = "custom";

/// An integration. `webhooks`: its own, for API clients. `manifest`: of its plugin, when it is loaded.
pub(crate) fn show(
    integration: &Integration,
    webhooks: &[Webhook],
    manifest: Option<&Manifest>,
    public_url: &str,
) -> Value {
    let is_known = closed::is_integration_type(&integration.kind);
    let mut shown = Map::new();
    put(&mut shown, "id", Some(&integration.id.to_string()));
    put(&mut shown, "type", Some(if is_known { &integration.kind } else { CUSTOM }));
    put(&mut shown, "status", Some(integration.status.as_str()));
    put(&mut shown, "displayName", integration.display_name.as_deref());
    put(&mut shown, "plugin", integration.plugin.as_deref());
    put(&mut shown, "statusReason", integration.status_reason.as_deref());
    put(&mut shown, "defaultResponderId", integration.default_responder.map(|id| id.to_string()).as_deref());
    if integration.plugin.is_some() {
        shown.insert("settings".to_owned(), integration.settings.clone());
        let url = format!("{public_url}/webhooks/{}", integration.id);
        put(&mut shown, "webhookUrl", Some(&url));
    }
    if integration.kind == CHANNEL {
        let settings = integration.settings.as_object().cloned().unwrap_or_default();
        for (name, value) in settings {
            shown.entry(name).or_insert(value);
        }
        let snippet =
            format!("<script async src=\"{public_url}/widget.js\" data-integration=\"{}\"></script>", integration.id);
        put(&mut shown, "snippet", Some(&snippet));
    }
    if !integration.metadata.is_empty() {
        shown.insert("metadata".to_owned(), people::metadata(&integration.metadata));
    }
    if !is_known {
        put(&mut shown, "channel", Some(&integration.kind));
    }
    if !is_known || integration.kind == CUSTOM {
        // Strict clients insist on exactly one webhook; the others stand under `/webhooks`.
        let first = webhooks.first().map_or_else(|| stand_in(integration, public_url), webhook);
        shown.insert("webhooks".to_owned(), json!([first]));
    }
    for (name, value) in public_fields(integration, manifest) {
        shown.entry(name).or_insert(value);
    }
    shown.into()
}

/// The fields of the API that the manifest keeps in settings. Fields that it keeps as secrets are left out.
fn public_fields(integration: &Integration, manifest: Option<&Manifest>) -> Vec<(String, Value)> {
    let Some(channel) = manifest.and_then(|manifest| manifest.channel.as_ref()) else { return Vec::new() };
    let value = |(field, target): (&String, &FieldTarget)| match target {
        FieldTarget::Setting(name) => Some((field.clone(), integration.settings.get(name)?.clone())),
        FieldTarget::Secret(_) => None,
    };
    channel.fields.iter().filter_map(value).collect()
}

/// A webhook. Its secret is shown to whoever may see the integration, because receivers check our calls with it.
pub(crate) fn webhook(webhook: &Webhook) -> Value {
    json!({
        "id": webhook.id.to_string(),
        "version": "v2",
        "target": webhook.target,
        "triggers": webhook.triggers,
        "secret": webhook.secret.reveal(),
        "includeFullUser": webhook.include_full_user,
        "includeFullSource": webhook.include_full_source,
        "ordered": webhook.ordered,
    })
}

/// A key with its secret.
pub(crate) fn key(key: &Key) -> Value {
    json!({ "id": key.id, "displayName": key.display_name, "secret": key.secret.reveal() })
}

fn stand_in(integration: &Integration, public_url: &str) -> Value {
    json!({
        "id": integration.id.to_string(),
        "version": "v2",
        "target": format!("{public_url}/webhooks/{}", integration.id),
        "triggers": [],
        "includeFullUser": false,
        "includeFullSource": false,
    })
}
