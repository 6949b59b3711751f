//! Plugins as an administrator sees them: what is installed, what it asks for, how it fares, and what it gave up on.
//!
//! Plugins belong to the house, and administrators to an app. So one that other apps stand on is changed by the operator
//! only, and of all others an administrator sees his own app's use.

use axum::body::Body;
use http::StatusCode;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use passerelle_desk::Deed;
use passerelle_model::id::{AppId, IntegrationId};
use passerelle_pipeline::InstallPluginError;
use passerelle_plugin_host::{LoadError, Plugin};
use passerelle_store::{Integration, IntegrationStatus, PluginInstallation};
use serde_json::{Value, json};

use super::door::{Answer, Visit};
use super::page::{ok, whole};
use super::problem::Problem;
use super::show::stamp;
use crate::call::Reply;
use crate::error::ApiError;

/// `GET /plugins`.
pub(super) async fn list(visit: Visit) -> Answer {
    let app = visit.app()?;
    let installed = visit.api.store().plugin_installations().await?;
    let shown = visit.api.gateway.plugins().iter().map(|plugin| show(&visit, app, plugin, &installed)).collect();
    ok(whole("plugins", shown))
}

/// `POST /plugins`: the body is the component. With `?dry_run=true` it is only looked at.
pub(super) async fn install(mut visit: Visit) -> Answer {
    let (act, gateway) = (visit.act()?, visit.api.gateway.clone());
    let bytes = collect(visit.take_stream(), gateway.max_plugin_bytes()).await?;
    let plugin = gateway.try_plugin(bytes.clone()).await.map_err(unsound)?;
    let before = gateway.plugin(plugin.id());
    let difference = difference(before.as_deref(), &plugin);
    if visit.query("dry_run") == Some("true") {
        let shown = show(&visit, act.app, &plugin, &[]);
        return ok(json!({ "plugin": shown, "difference": difference, "installed": false }));
    }
    if gateway.serves_others(act.app, plugin.id()) {
        let reason = format!("`{}` serves other apps too: the operator installs it", plugin.id());
        return Err(Problem::forbidden(reason));
    }
    let plugin = gateway.install_plugin(bytes).await.map_err(not_installed)?;
    let was = before.map_or_else(|| "new".to_owned(), |old| format!("was {}", old.manifest().plugin.version));
    let manifest = plugin.manifest().plugin.clone();
    let description = format!("version {} ({was}), {}", manifest.version, plugin.digest());
    visit
        .write_each(move |all| {
            Box::pin(async move {
                act.log(all.tx, deed("install", "plugin", &manifest.id, &description));
                Ok(String::new())
            })
        })
        .await?;
    let installed = visit.api.store().plugin_installations().await?;
    let shown = show(&visit, visit.app()?, &plugin, &installed);
    Ok(Reply::Json(StatusCode::CREATED, json!({ "plugin": shown, "difference": difference, "installed": true })))
}

async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let collected = Limited::new(body, limit).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            Problem::from(ApiError::too_large(limit))
        } else {
            Problem::unreadable("The file could not be read")
        }
    })?;
    Ok(collected.to_bytes().to_vec())
}

fn unsound(error: LoadError) -> Problem {
    Problem::invalid("plugin", format!("is not one that can be installed: {error}"))
}

fn not_installed(error: InstallPluginError) -> Problem {
    match error {
        InstallPluginError::Load(error) => unsound(error),
        InstallPluginError::Store(error) => error.into(),
        // The path is the operator's.
        error @ InstallPluginError::File { .. } => ApiError::internal(&error).into(),
    }
}

/// A plugin, and what the app has of it.
fn show(visit: &Visit, app: AppId, plugin: &Plugin, installed: &[PluginInstallation]) -> Value {
    let manifest = plugin.manifest();
    let users = visit.api.gateway.users_of(app, plugin.id());
    let row = installed.iter().find(|row| row.id == plugin.id() && row.digest == plugin.digest());
    let mut granted: Vec<&String> = users.iter().flat_map(|user| &user.granted_hosts).collect();
    granted.sort();
    granted.dedup();
    json!({
        "id": plugin.id(),
        "name": manifest.plugin.name,
        "description": manifest.plugin.description,
        "version": manifest.plugin.version,
        "world": manifest.plugin.world.to_string(),
        "contract": manifest.plugin.contract,
        "digest": plugin.digest(),
        "installed_at": row.map(|row| stamp(row.installed_at)),
        "channel": manifest.channel.as_ref().map(|channel| json!({
            "type": channel.type_name, "reply_window_hours": channel.reply_window_hours,
        })),
        "hosts": { "asked": hosts(plugin), "granted": granted },
        "secrets": secrets(plugin),
        "settings_schema": manifest.settings,
        "integrations": users.iter().map(|user| user.id.to_string()).collect::<Vec<_>>(),
        "health": health(&users),
    })
}

fn hosts(plugin: &Plugin) -> Vec<String> {
    plugin.manifest().permissions.hosts.iter().map(ToString::to_string).collect()
}

fn secrets(plugin: &Plugin) -> Vec<Value> {
    let secrets = plugin.manifest().secrets.iter();
    let one = |(name, secret): (&String, &passerelle_plugin_host::SecretSpec)| {
        json!({
            "name": name,
            "description": secret.description,
            "required": secret.required,
            "generated": secret.generate,
            "hosts": secret.hosts.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    };
    secrets.map(one).collect()
}

/// How the app's integrations on a plugin fare.
fn health(users: &[Integration]) -> Value {
    let is_broken = |user: &&Integration| user.status == IntegrationStatus::Error;
    let working = users.iter().filter(|user| user.status == IntegrationStatus::Active).count();
    let broken: Vec<Value> = users
        .iter()
        .filter(is_broken)
        .map(|user| json!({ "integration_id": user.id.to_string(), "reason": user.status_reason }))
        .collect();
    let status = match (users.len(), broken.len()) {
        (0, _) => "unused",
        (_, 0) => "ok",
        _ => "needs_attention",
    };
    json!({ "status": status, "working": working, "broken": broken })
}

/// What a new version asks for that the installed one does not, and the other way round.
fn difference(before: Option<&Plugin>, after: &Plugin) -> Value {
    let names = |plugin: &Plugin| plugin.manifest().secrets.keys().cloned().collect::<Vec<_>>();
    let (old_hosts, old_secrets) = before.map_or_else(Default::default, |old| (hosts(old), names(old)));
    json!({
        "version": { "from": before.map(|old| &old.manifest().plugin.version), "to": after.manifest().plugin.version },
        "same_file": before.is_some_and(|old| old.digest() == after.digest()),
        "hosts": compared(&old_hosts, &hosts(after)),
        "secrets": compared(&old_secrets, &names(after)),
        "settings_changed": before.is_some_and(|old| old.manifest().settings != after.manifest().settings),
    })
}

fn compared(before: &[String], after: &[String]) -> Value {
    let lacks =
        |list: &[String], other: &[String]| list.iter().filter(|one| !other.contains(one)).cloned().collect::<Vec<_>>();
    json!({ "added": lacks(after, before), "removed": lacks(before, after) })
}

/// `GET /integrations/{id}/health`: whether it works, why not, and what it gave up on.
pub(super) async fn health_of(visit: Visit) -> Answer {
    let id: IntegrationId = visit.segment("id").parse().map_err(|_| Problem::not_found())?;
    let row = visit.api.gateway.integration_now(visit.app()?, id).ok_or_else(Problem::not_found)?;
    let parked = visit.api.store().count_parked(id).await?;
    ok(json!({ "health": {
        "integration_id": id.to_string(),
        "status": row.status.as_str(),
        "reason": row.status_reason,
        "plugin": row.plugin,
        "parked_requests": parked,
    } }))
}

/// `GET /parked`: what was given up until somebody acts.
pub(super) async fn parked(visit: Visit) -> Answer {
    let parked = visit.api.store().parked(visit.app()?).await?;
    let shown = parked.into_iter().map(|parked| {
        json!({
            "id": parked.id,
            "kind": parked.kind,
            "plugin": parked.plugin,
            "integration_id": parked.integration.map(|id| id.to_string()),
            "conversation_id": parked.conversation.map(|id| id.to_string()),
            "reason": parked.reason,
            "created_at": stamp(parked.at),
        })
    });
    ok(whole("parked", shown.collect()))
}

/// `POST /parked/retry`: all of the app's, once more.
pub(super) async fn retry_parked(visit: Visit) -> Answer {
    let act = visit.act()?;
    let count = visit.api.gateway.retry_parked(Some(act.app)).await?;
    visit
        .write_each(move |all| {
            Box::pin(async move {
                act.log(all.tx, deed("retry", "parked", "", &format!("{count} requests and turns are tried again")));
                Ok(String::new())
            })
        })
        .await?;
    ok(json!({ "retried": count }))
}

fn deed<'a>(action: &'a str, source_type: &'a str, label: &'a str, description: &'a str) -> Deed<'a> {
    Deed { action, source_type, source_id: None, label, description, address: None }
}
