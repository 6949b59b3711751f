//! Integrations, which are installations of plugins or API clients: making, changing, removing and asking after them.

use std::collections::BTreeMap;
use std::sync::Arc;

use passerelle_model::id::{AppId, IntegrationId, SwitchboardIntegrationId};
use passerelle_model::metadata::Metadata;
use passerelle_model::widget::{CHANNEL, WidgetSettings};
use passerelle_plugin_host::{InstallError, Installation, Plugin, Secrets, World};
use passerelle_store::{Integration, IntegrationStatus, Once, Tx, Webhook};

use crate::command::{check_room, made_webhook};
use crate::gateway::Gateway;
use crate::installation::{IntegrationChange, NewIntegration, NewIntegrationKind};
use crate::{Change, CommandError, Stop};

/// The type word of API clients.
const CUSTOM: &str = "custom";
/// The type word of bots and routers.
const PLUGIN: &str = "plugin";

/// Control falls back to the default, so its integration stays while it is that.
const IS_DEFAULT: &str =
    "The integration is the default of the switchboard: make another switchboardIntegration the default first";

/// The rows of an integration that is about to be made.
pub(crate) struct Made {
    pub(crate) row: Integration,
    secrets: BTreeMap<String, String>,
    webhooks: Vec<Webhook>,
}

impl Made {
    /// Writes the rows.
    pub(crate) fn insert(&self, tx: &mut Tx<'_>) {
        tx.insert_integration(&self.row);
        tx.put_integration_secrets(self.row.id, &self.secrets);
        self.webhooks.iter().for_each(|webhook| tx.insert_webhook(webhook));
    }
}

impl Gateway {
    /// Makes an integration. A channel that can tells the vendor our address, when we have one.
    pub async fn create_integration(&self, new: NewIntegration) -> Result<Integration, CommandError> {
        self.create_integration_once(new, None).await.map(|(made, _)| made)
    }

    /// The same for a request that may come twice; says, too, whether an earlier one made it.
    pub async fn create_integration_once(
        &self,
        new: NewIntegration,
        once: Option<Once>,
    ) -> Result<(Integration, bool), CommandError> {
        new.metadata.check().map_err(|error| CommandError::invalid("metadata", error.to_string()))?;
        let inner = &self.0;
        if inner.store.app(new.app).await?.is_none() {
            return Err(CommandError::NotFound("the app"));
        }
        self.check_responder(new.app, new.default_responder).await?;
        let id: IntegrationId = inner.ids.next(inner.clock.now());
        let made = self.made(id, new)?;
        let app = made.row.app;
        let written = self.write_once(once, move |tx| {
            Box::pin(async move {
                if !made.webhooks.is_empty() {
                    check_room(tx.count_webhooks(made.row.app).await?)?;
                }
                made.insert(tx);
                Ok(made.row.id.to_string())
            })
        });
        let written = written.await?;
        if written.replayed {
            let id = written.made.parse().map_err(|_| CommandError::NotFound("the integration"))?;
            return Ok((self.now(app, id).await?, true));
        }
        self.read_integration(app, id).await?;
        self.register(id).await;
        Ok((self.now(app, id).await?, false))
    }

    /// A default responder sits at the app's own switchboard.
    async fn check_responder(&self, app: AppId, seat: Option<SwitchboardIntegrationId>) -> Result<(), CommandError> {
        let Some(seat) = seat else { return Ok(()) };
        let found = self.0.store.seat(app, seat).await?;
        found.map(drop).ok_or(CommandError::NotFound("the switchboard integration"))
    }

    /// The rows of a new integration, checked against its plugin.
    pub(crate) fn made(&self, id: IntegrationId, new: NewIntegration) -> Result<Made, CommandError> {
        match new.kind.clone() {
            NewIntegrationKind::ApiClient { webhooks } => {
                let now = self.0.clock.now();
                let make = |webhook| made_webhook(self.0.ids.next(now), id, webhook);
                let webhooks = webhooks.into_iter().map(make).collect::<Result<_, _>>()?;
                let row = self.row(id, &new, CUSTOM.into(), None, empty(), Vec::new());
                Ok(Made { row, secrets: BTreeMap::new(), webhooks })
            }
            NewIntegrationKind::Widget { settings } => {
                let row = self.row(id, &new, CHANNEL.into(), None, widget_settings(settings)?, Vec::new());
                Ok(Made { row, secrets: BTreeMap::new(), webhooks: Vec::new() })
            }
            NewIntegrationKind::Plugin { plugin, settings, secrets, granted_hosts } => {
                let plugin = self.plugin(&plugin).ok_or(CommandError::NotFound("the plugin"))?;
                if kind_of(&plugin) == CHANNEL {
                    let reason = format!("`{}` is the type of the house's own channel", CHANNEL);
                    return Err(CommandError::invalid("plugin", reason));
                }
                let secrets = with_generated(&plugin, secrets);
                let granted = granted_hosts.unwrap_or_else(|| asked_hosts(&plugin));
                install(&plugin, new.app, id, &settings, &secrets, &granted).map_err(refused)?;
                let row = self.row(id, &new, kind_of(&plugin), Some(plugin.id().to_owned()), settings, granted);
                Ok(Made { row, secrets, webhooks: Vec::new() })
            }
        }
    }

    /// Changes an integration; secrets that are not named stay.
    pub async fn update_integration(
        &self,
        app: AppId,
        id: IntegrationId,
        change: IntegrationChange,
    ) -> Result<Integration, CommandError> {
        let inner = &self.0;
        let mut row = inner.store.integration(app, id).await?.ok_or(CommandError::NotFound("the integration"))?;
        if let Change::Set(seat) = change.default_responder {
            self.check_responder(app, Some(seat)).await?;
        }
        let is_new_try = change.settings.is_some() || !change.secrets.is_empty() || change.granted_hosts.is_some();
        if is_new_try && row.status == IntegrationStatus::Error {
            // What did not work was its settings.
            (row.status, row.status_reason) = (IntegrationStatus::Active, None);
        }
        row.display_name = change.display_name.apply(row.display_name);
        row.default_responder = change.default_responder.apply(row.default_responder);
        row.settings = change.settings.unwrap_or(row.settings);
        row.granted_hosts = change.granted_hosts.unwrap_or(row.granted_hosts);
        if let Some(enabled) = change.enabled {
            row.status = if enabled { IntegrationStatus::Active } else { IntegrationStatus::Inactive };
            row.status_reason = None;
        }
        if let Some(name) = &row.plugin {
            let mut secrets = inner.store.integration_secrets(id).await?;
            secrets.extend(change.secrets.clone());
            let plugin = self.plugin(name).ok_or(CommandError::NotFound("the plugin"))?;
            install(&plugin, app, id, &row.settings, &secrets, &row.granted_hosts).map_err(refused)?;
        }
        if row.kind == CHANNEL {
            row.settings = widget_settings(row.settings)?;
        }
        let (written, secrets, now) = (row.clone(), change.secrets, inner.clock.now());
        let done = inner.store.write(move |tx| {
            Box::pin(async move {
                tx.update_integration(&written);
                tx.put_integration_secrets(written.id, &secrets);
                // Whoever can tells the vendor anew: we, or the server beside us.
                tx.set_registration(written.id, None);
                if written.status == IntegrationStatus::Active {
                    tx.wake_deliveries(written.id, now);
                }
                Ok(())
            })
        });
        done.await?;
        self.read_integration(app, id).await?;
        self.register(id).await;
        inner.wake.notify_one();
        self.now(app, id).await
    }

    /// Removes an integration with its clients; the vendor is told to stop calling, where the adapter can, and an OAuth
    /// client that it stood for is told that its grant ended.
    pub async fn delete_integration(&self, app: AppId, id: IntegrationId) -> Result<(), CommandError> {
        let inner = &self.0;
        inner.store.integration(app, id).await?.ok_or(CommandError::NotFound("the integration"))?;
        if inner.book.now().boards.get(&app).is_some_and(|board| board.is_default(id)) {
            return Err(CommandError::Refused(IS_DEFAULT.into()));
        }
        let client = inner.store.oauth_client_of(app, id).await?;
        if let Some(entry) = inner.book.entry(id) {
            self.unregister(&entry).await;
        }
        let deleted = self.write_once(None, move |tx| {
            Box::pin(async move {
                leave_seats(tx, app, id).await?;
                tx.delete_integration(id);
                Ok(String::new())
            })
        });
        deleted.await?;
        inner.forget(id);
        if let Some(client) = client {
            self.tell_removed(client, app, id);
        }
        inner.read_board(app).await?;
        Ok(())
    }

    /// Asks the vendor who we are; none where the adapter cannot ask.
    pub async fn check_account(&self, id: IntegrationId) -> Result<Option<Metadata>, CommandError> {
        let entry = self.0.book.entry(id).ok_or(CommandError::NotFound("the integration"))?;
        let Some(installation) = entry.installation.clone() else {
            let reason = entry.row.status_reason.clone().unwrap_or_else(|| "its plugin is not loaded".into());
            return Err(CommandError::Unavailable(reason));
        };
        if !installation.plugin().abilities().account {
            return Ok(None);
        }
        match self.0.host.check_account(&installation).await {
            Ok(called) => Ok(Some(called.value)),
            Err(error) => Err(CommandError::Unavailable(error.to_string())),
        }
    }

    /// The integration as the database has it, with what memory knows of its health.
    async fn now(&self, app: AppId, id: IntegrationId) -> Result<Integration, CommandError> {
        let mut row = self.0.store.integration(app, id).await?.ok_or(CommandError::NotFound("the integration"))?;
        if let Some(entry) = self.0.book.entry(id) {
            (row.status, row.status_reason) = (entry.row.status, entry.row.status_reason.clone());
        }
        Ok(row)
    }

    fn row(
        &self,
        id: IntegrationId,
        new: &NewIntegration,
        kind: String,
        plugin: Option<String>,
        settings: serde_json::Value,
        granted_hosts: Vec<String>,
    ) -> Integration {
        Integration {
            id,
            app: new.app,
            kind,
            plugin,
            display_name: new.display_name.clone(),
            status: IntegrationStatus::Active,
            status_reason: None,
            settings,
            granted_hosts,
            default_responder: new.default_responder,
            metadata: new.metadata.clone(),
            created_at: self.0.clock.now(),
        }
    }
}

/// An installation of the plugin, or why there can be none.
pub(crate) fn install(
    plugin: &Arc<Plugin>,
    app: AppId,
    id: IntegrationId,
    settings: &serde_json::Value,
    secrets: &BTreeMap<String, String>,
    granted: &[String],
) -> Result<Installation, InstallError> {
    let secrets: Secrets = secrets.clone().into_iter().collect();
    Installation::new(Arc::clone(plugin), app, id, settings.clone(), secrets, granted)
}

/// Conversations that the integration controls go to the default seat: nobody is stranded.
async fn leave_seats(tx: &mut Tx<'_>, app: AppId, id: IntegrationId) -> Result<(), Stop> {
    let Some(board) = tx.switchboard(app).await? else { return Ok(()) };
    for seat in tx.seats(board.id).await?.into_iter().filter(|seat| seat.integration == Some(id)) {
        if board.default == Some(seat.id) {
            return Err(CommandError::Refused(IS_DEFAULT.into()).into());
        }
        tx.delete_seat(seat.id, board.default);
    }
    Ok(())
}

fn with_generated(plugin: &Plugin, mut secrets: BTreeMap<String, String>) -> BTreeMap<String, String> {
    for (name, spec) in &plugin.manifest().secrets {
        if spec.generate {
            secrets.entry(name.clone()).or_insert_with(Secrets::generate);
        }
    }
    secrets
}

fn asked_hosts(plugin: &Plugin) -> Vec<String> {
    plugin.manifest().permissions.hosts.iter().map(ToString::to_string).collect()
}

fn kind_of(plugin: &Plugin) -> String {
    match (plugin.world(), &plugin.manifest().channel) {
        (World::Channel, Some(channel)) => channel.type_name.clone(),
        _ => PLUGIN.into(),
    }
}

/// The settings of a widget as they are stored: whole, and within every bound.
fn widget_settings(given: serde_json::Value) -> Result<serde_json::Value, CommandError> {
    let misfit = |error: serde_json::Error| CommandError::invalid("settings", error.to_string());
    let settings: WidgetSettings = serde_json::from_value(given).map_err(misfit)?;
    settings.check().map_err(|fault| CommandError::invalid(fault.field, fault.reason))?;
    serde_json::to_value(settings).map_err(|error| CommandError::Bug(error.to_string()))
}

fn empty() -> serde_json::Value {
    serde_json::Value::Object(serde_json::Map::new())
}

fn refused(error: InstallError) -> CommandError {
    match &error {
        InstallError::Settings { field, reason, .. } => {
            CommandError::invalid(format!("settings{}", field.trim_end_matches('/')), reason.clone())
        }
        InstallError::MissingSecret { name, .. } | InstallError::UnknownSecret { name, .. } => {
            CommandError::invalid(format!("secrets.{name}"), error.to_string())
        }
        InstallError::HostsNotGranted { .. } | InstallError::Grant(_) => {
            CommandError::invalid("grantedHosts", error.to_string())
        }
    }
}
