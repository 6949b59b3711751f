//! Apps, keys, integrations and plugins from the command line.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use passerelle_api::mint;
use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::metadata::Metadata;
use passerelle_pipeline::{NewIntegration, NewIntegrationKind};
use passerelle_store::{KeyScope, Page};
use serde_json::{Map, Value};

use super::visit;
use crate::cli::{ScopeWord, Where};
use crate::failure::Failure;
use crate::house::House;
use crate::terminal::say;

/// Characters of a name.
const MAX_NAME: usize = 100;

/// To whom a key belongs.
pub(super) struct Owner<'a> {
    pub(super) scope: ScopeWord,
    pub(super) app: Option<&'a str>,
    pub(super) integration: Option<&'a str>,
}

/// An integration to add.
pub(super) struct Wanted<'a> {
    pub(super) app: &'a str,
    pub(super) plugin: String,
    pub(super) name: Option<String>,
    pub(super) settings: &'a [String],
    pub(super) secrets: &'a [String],
}

pub(super) async fn create_app(place: &Where, name: &str) -> Result<(), Failure> {
    if !(1..=MAX_NAME).contains(&name.chars().count()) {
        return Err(Failure::line(format!("an app's name has 1 to {MAX_NAME} characters")));
    }
    let (_, house) = visit(place).await?;
    let app = mint::app(name, Metadata::default(), house.clock.now()).map_err(Failure::failed)?;
    house.store().create_app(&app).await.map_err(Failure::failed)?;
    say(&format!("app {}", app.id));
    close(house).await
}

pub(super) async fn list_apps(place: &Where) -> Result<(), Failure> {
    let (_, house) = visit(place).await?;
    let mut page = Page::first(100);
    loop {
        let found = house.store().apps(page).await.map_err(Failure::failed)?;
        for app in &found.rows {
            say(&format!("{}  {}", app.id, app.name));
        }
        match found.rows.last() {
            Some(last) if found.has_more => page.after = Some(raw(last.id)),
            _ => return close(house).await,
        }
    }
}

pub(super) async fn issue_key(place: &Where, owner: &Owner<'_>, name: &str) -> Result<(), Failure> {
    let (_, house) = visit(place).await?;
    let scope = scope(&house, owner).await?;
    let key = mint::key(scope, name, house.clock.now()).map_err(Failure::failed)?;
    house.store().create_key(&key).await.map_err(Failure::failed)?;
    say(&format!("key    {}", key.id));
    say(&format!("secret {}", key.secret.reveal()));
    close(house).await
}

pub(super) async fn add_integration(place: &Where, wanted: Wanted<'_>) -> Result<(), Failure> {
    let settings = settings(wanted.settings)?;
    let secrets = secrets(wanted.secrets)?;
    let (_, house) = visit(place).await?;
    let app = app(&house, wanted.app).await?;
    let kind = NewIntegrationKind::Plugin { plugin: wanted.plugin, settings, secrets, granted_hosts: None };
    let (display_name, metadata) = (wanted.name, Metadata::default());
    let new = NewIntegration { app, kind, display_name, default_responder: None, metadata };
    let made = house.gateway.create_integration(new).await.map_err(Failure::failed)?;
    say(&format!("integration {}", made.id));
    close(house).await
}

pub(super) async fn install(place: &Where, file: &Path) -> Result<(), Failure> {
    let bytes = tokio::fs::read(file).await;
    let bytes = bytes.with_context(|| format!("plugin file `{}` cannot be read", file.display()))?;
    let (_, house) = visit(place).await?;
    let plugin = house.gateway.install_plugin(bytes).await;
    let plugin = plugin.with_context(|| format!("`{}` was not installed", file.display()))?;
    let manifest = &plugin.manifest().plugin;
    say(&format!("plugin {} {} ({})", manifest.id, manifest.version, manifest.world));
    close(house).await
}

/// Lets what was written reach the disk.
async fn close(house: House) -> Result<(), Failure> {
    house.store().close().await;
    Ok(())
}

async fn scope(house: &House, owner: &Owner<'_>) -> anyhow::Result<KeyScope> {
    Ok(match owner.scope {
        ScopeWord::Account => KeyScope::Account,
        ScopeWord::App => KeyScope::App(app(house, owner.app.unwrap_or_default()).await?),
        ScopeWord::Integration => {
            let app = app(house, owner.app.unwrap_or_default()).await?;
            let text = owner.integration.unwrap_or_default();
            let id: IntegrationId = text.parse()?;
            let found = house.store().integration(app, id).await?;
            found.with_context(|| format!("app `{app}` has no integration `{text}`"))?;
            KeyScope::Integration(app, id)
        }
    })
}

async fn app(house: &House, text: &str) -> anyhow::Result<AppId> {
    let id: AppId = text.parse()?;
    let found = house.store().app(id).await?;
    Ok(found.with_context(|| format!("app `{text}` does not exist; `passerelle app list` shows those that do"))?.id)
}

fn raw(id: AppId) -> passerelle_model::id::RawId {
    passerelle_model::id::RawId::from_bytes(*id.as_bytes())
}

fn settings(pairs: &[String]) -> anyhow::Result<Value> {
    let mut settings = Map::new();
    for pair in pairs {
        let (name, text) = split(pair, "--setting")?;
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
        settings.insert(name.to_owned(), value);
    }
    Ok(settings.into())
}

fn secrets(pairs: &[String]) -> anyhow::Result<BTreeMap<String, String>> {
    pairs
        .iter()
        .map(|pair| split(pair, "--secret").and_then(|(name, text)| Ok((name.to_owned(), secret(text)?))))
        .collect()
}

/// A secret as it was given: `@FILE` (without its last line break), `env:VARIABLE` or the text itself.
fn secret(text: &str) -> anyhow::Result<String> {
    if let Some(path) = text.strip_prefix('@') {
        let read = std::fs::read_to_string(path).with_context(|| format!("secret file `{path}` cannot be read"))?;
        return Ok(read.trim_end_matches(['\n', '\r']).to_owned());
    }
    let Some(name) = text.strip_prefix("env:") else { return Ok(text.to_owned()) };
    let value = std::env::var_os(name).and_then(|value| value.into_string().ok());
    value.with_context(|| format!("environment variable `{name}` is not set"))
}

fn split<'a>(pair: &'a str, flag: &str) -> anyhow::Result<(&'a str, &'a str)> {
    match pair.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name, value)),
        // The pair itself may be a secret and is not repeated.
        _ => bail!("{flag} takes NAME=VALUE"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_are_json_where_they_can_be() {
        let pairs = ["a=1", "b=true", "c=text", "d={\"e\":[1]}", "f=x=y", "g="].map(str::to_owned);
        let expected = json!({"a": 1, "b": true, "c": "text", "d": {"e": [1]}, "f": "x=y", "g": ""});
        assert_eq!(settings(&pairs).expect("settings"), expected);
        assert!(settings(&["=x".to_owned()]).is_err());
    }

    #[test]
    fn secrets_come_from_files_and_variables_and_are_not_repeated() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("token");
        std::fs::write(&file, "s3cret\n").expect("written");
        assert_eq!(secret(&format!("@{}", file.display())).expect("read"), "s3cret");
        assert_eq!(secret("plain").expect("read"), "plain");
        assert!(secret("env:PASSERELLE_NO_SUCH_VARIABLE").is_err());
        let refusal = secrets(&["only-a-secret".to_owned()]).expect_err("refused").to_string();
        assert!(!refusal.contains("only-a-secret"), "{refusal}");
    }
}
