//! The demo's data. Everything is looked for before it is made, so that a second start changes nothing.

use std::path::Path;

use anyhow::{Context, bail};
use passerelle_api::mint;
use passerelle_model::id::{AppId, IntegrationId, SwitchboardIntegrationId};
use passerelle_model::metadata::Metadata;
use passerelle_model::tenant::AppSettings;
use passerelle_pipeline::{
    AppChange, Caller, Change, Command, Done, IntegrationChange, NewIntegration, NewIntegrationKind, NewSeat,
    NewWebhook, SeatChange,
};
use passerelle_store::{Integration, IntegrationFilter, Key, KeyScope, Page, SeatRow, SwitchboardRow};

use super::plan::{IntegrationPlan, Plan};
use super::staff;
use crate::house::House;

/// The widget's setting that says which pages may embed it.
const ORIGINS: &str = "originWhitelist";

/// What is there after seeding.
pub(super) struct Seeded {
    pub(super) app: AppId,
    pub(super) account: Key,
    pub(super) app_key: Key,
    /// Keys of the API clients.
    pub(super) agents: Vec<Key>,
    pub(super) integrations: Vec<(String, IntegrationId)>,
    /// The one in the shop.
    pub(super) widget: IntegrationId,
}

/// Makes what is missing. `base` is our own address.
pub(super) async fn plant(
    house: &House,
    plan: &Plan,
    plugins: &Path,
    base: &str,
    seat_type: &str,
) -> anyhow::Result<Seeded> {
    install(house, plan, plugins).await?;
    let app = app(house, &plan.app.name).await?;
    let mut integrations = Vec::new();
    for planned in &plan.integrations {
        integrations.push((planned, integration(house, app, planned, base).await?));
    }
    switchboard(house, app, plan, &integrations, seat_type).await?;
    staff::plant(house, app, &plan.agents).await?;
    let mut agents = Vec::new();
    for (_, made) in integrations.iter().filter(|(planned, _)| planned.webhook.is_some()) {
        agents.push(key(house, KeyScope::Integration(app, made.id)).await?);
    }
    let widget = integrations.iter().find(|(planned, _)| planned.widget.is_some());
    Ok(Seeded {
        app,
        widget: widget.context("the demo has no widget")?.1.id,
        account: key(house, KeyScope::Account).await?,
        app_key: key(house, KeyScope::App(app)).await?,
        agents,
        integrations: integrations.iter().map(|(planned, made)| (planned.name.clone(), made.id)).collect(),
    })
}

/// Installs the built files; one that is installed already and has not changed costs nothing but reading it.
async fn install(house: &House, plan: &Plan, folder: &Path) -> anyhow::Result<()> {
    let installed = house.store().plugin_installations().await?;
    for name in &plan.plugins.files {
        let path = folder.join(name);
        let bytes = tokio::fs::read(&path)
            .await
            .with_context(|| format!("plugin file `{}` cannot be read: run `make plugins`", path.display()))?;
        let digest = passerelle_plugin_host::digest(&bytes);
        let id = name.trim_end_matches(".wasm");
        let is_known = installed.iter().any(|known| known.id == id && known.digest == digest);
        if !is_known || house.gateway.plugin(id).is_none() {
            house.gateway.install_plugin(bytes).await.with_context(|| format!("`{}`", path.display()))?;
        }
    }
    Ok(())
}

async fn app(house: &House, name: &str) -> anyhow::Result<AppId> {
    let apps = house.store().apps(Page::first(100)).await?;
    if let Some(app) = apps.rows.iter().find(|app| app.name == name) {
        return Ok(app.id);
    }
    let app = mint::app(name, Metadata::default(), house.clock.now())?;
    house.store().create_app(&app).await?;
    // As a command, so that the gateway, which runs already, hears of it.
    let settings = AppSettings { multi_convo_enabled: true, ..app.settings };
    let change = AppChange { settings: Some(settings), ..AppChange::default() };
    execute(house, app.id, Command::UpdateApp(change)).await?;
    Ok(app.id)
}

async fn key(house: &House, scope: KeyScope) -> anyhow::Result<Key> {
    if let Some(key) = house.store().keys(scope).await?.into_iter().next() {
        return Ok(key);
    }
    let key = mint::key(scope, "made by the demo", house.clock.now())?;
    house.store().create_key(&key).await?;
    Ok(key)
}

async fn integration(house: &House, app: AppId, planned: &IntegrationPlan, base: &str) -> anyhow::Result<Integration> {
    let known = house.store().integrations(app, &IntegrationFilter::default(), Page::first(100)).await?;
    if let Some(found) = known.rows.into_iter().find(|row| row.display_name.as_deref() == Some(&planned.name)) {
        return admit(house, found, planned, base).await;
    }
    let kind = match (&planned.plugin, &planned.widget) {
        (Some(plugin), _) => NewIntegrationKind::Plugin {
            plugin: plugin.clone(),
            settings: serde_json::to_value(&planned.settings)?,
            secrets: planned.secrets.clone(),
            granted_hosts: None,
        },
        (None, Some(widget)) => NewIntegrationKind::Widget { settings: widget_settings(widget, base)? },
        (None, None) => {
            NewIntegrationKind::ApiClient { webhooks: planned.webhook.iter().map(|url| webhook(url)).collect() }
        }
    };
    let new = NewIntegration {
        app,
        kind,
        display_name: Some(planned.name.clone()),
        default_responder: None,
        metadata: Metadata::default(),
    };
    house.gateway.create_integration(new).await.with_context(|| format!("the demo's integration `{}`", planned.name))
}

/// Lets the shop's page embed its widget when the demo was started at another address before. What else an
/// administrator has changed stays.
async fn admit(
    house: &House,
    found: Integration,
    planned: &IntegrationPlan,
    base: &str,
) -> anyhow::Result<Integration> {
    let Some(widget) = &planned.widget else { return Ok(found) };
    let origins = widget_settings(widget, base)?[ORIGINS].clone();
    if found.settings[ORIGINS] == origins {
        return Ok(found);
    }
    let mut settings = found.settings.clone();
    settings[ORIGINS] = origins;
    let change = IntegrationChange { settings: Some(settings), ..IntegrationChange::default() };
    Ok(house.gateway.update_integration(found.app, found.id, change).await?)
}

fn widget_settings(widget: &toml::Table, base: &str) -> anyhow::Result<serde_json::Value> {
    let text = serde_json::to_string(widget)?.replace("{base}", base);
    Ok(serde_json::from_str(&text)?)
}

fn webhook(target: &str) -> NewWebhook {
    NewWebhook {
        target: target.to_owned(),
        triggers: vec!["conversation:message".to_owned()],
        include_full_user: false,
        include_full_source: false,
        ordered: false,
    }
}

async fn switchboard(
    house: &House,
    app: AppId,
    plan: &Plan,
    integrations: &[(&IntegrationPlan, Integration)],
    seat_type: &str,
) -> anyhow::Result<()> {
    let board = board(house, app).await?;
    let mut seats = house.store().seats(app, board.id).await?;
    for (planned, made) in integrations {
        let Some(name) = &planned.seat else { continue };
        if seats.iter().all(|seat| &seat.name != name) {
            seats.push(seat(house, app, &board, name, Some(made.id), None).await?);
        }
    }
    if seats.iter().all(|seat| seat.name != plan.switchboard.desk) {
        seats.push(seat(house, app, &board, &plan.switchboard.desk, None, Some(seat_type)).await?);
    }
    for (from, to) in &plan.switchboard.next {
        let (from, next) = (find(&seats, from)?, find(&seats, to)?.id);
        if from.next != Some(next) {
            let change = SeatChange { next: Change::Set(next), ..SeatChange::default() };
            execute(house, app, Command::UpdateSeat { switchboard: board.id, seat: from.id, change }).await?;
        }
    }
    let default = find(&seats, &plan.switchboard.default)?.id;
    if board.default != Some(default) || !board.enabled {
        enable(house, app, &board, default).await?;
    }
    Ok(())
}

async fn board(house: &House, app: AppId) -> anyhow::Result<SwitchboardRow> {
    if let Some(board) = house.store().switchboards(app).await?.into_iter().next() {
        return Ok(board);
    }
    match execute(house, app, Command::CreateSwitchboard).await? {
        Done::Switchboard(board) => Ok(board),
        _ => bail!("no switchboard was made"),
    }
}

async fn seat(
    house: &House,
    app: AppId,
    board: &SwitchboardRow,
    name: &str,
    integration: Option<IntegrationId>,
    integration_type: Option<&str>,
) -> anyhow::Result<SeatRow> {
    let seat = NewSeat {
        name: name.to_owned(),
        integration,
        integration_type: integration_type.map(str::to_owned),
        deliver_standby_events: true,
        next: None,
        message_history_count: None,
    };
    match execute(house, app, Command::CreateSeat { switchboard: board.id, seat }).await? {
        Done::Seat(seat) => Ok(seat),
        _ => bail!("no seat was made"),
    }
}

async fn enable(
    house: &House,
    app: AppId,
    board: &SwitchboardRow,
    default: SwitchboardIntegrationId,
) -> anyhow::Result<()> {
    let command = Command::UpdateSwitchboard { switchboard: board.id, enabled: Some(true), default: Some(default) };
    execute(house, app, command).await.map(|_| ())
}

async fn execute(house: &House, app: AppId, command: Command) -> anyhow::Result<Done> {
    Ok(house.gateway.execute(Caller::App(app), app, command).await?)
}

fn find<'a>(seats: &'a [SeatRow], name: &str) -> anyhow::Result<&'a SeatRow> {
    seats.iter().find(|seat| seat.name == name).with_context(|| format!("the demo has no seat `{name}`"))
}
