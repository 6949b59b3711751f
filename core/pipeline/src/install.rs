//! Plugins and their installations: loading, swapping while the house runs, making, changing and removing.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use passerelle_model::id::{AppId, IntegrationId, WebhookId};
use passerelle_model::metadata::Metadata;
use passerelle_plugin_host::{Fault, InstallError, Installation, LoadError, Plugin, Secrets, World};
use passerelle_store::{Integration, IntegrationStatus, PluginInstallation, Secret, StoreError, Webhook};

use crate::directory::{Board, Entry};
use crate::gateway::{Gateway, Inner, StartError};
use crate::installation::{IntegrationChange, NewIntegration, NewIntegrationKind, NewWebhook};
use crate::{CommandError, poll};

/// The type word of API clients.
const CUSTOM: &str = "custom";
/// The type word of bots and routers.
const PLUGIN: &str = "plugin";

/// Why a plugin file was not installed. The version that runs goes on.
#[derive(Debug, thiserror::Error)]
pub enum InstallPluginError {
    /// The file is no sound plugin.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The file cannot be read or written.
    #[error("`{}` cannot be read or written: {reason}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Gateway {
    /// Installs a plugin file: checks it, keeps it in the plugins' folder, and puts every installation on it.
    pub async fn install_plugin(&self, bytes: Vec<u8>) -> Result<Arc<Plugin>, InstallPluginError> {
        let plugin = self.0.host.load(bytes.clone()).await?;
        let path = self.0.config.plugins_dir.join(format!("{}.wasm", plugin.id()));
        let unfinished = path.with_extension("part");
        let written = match tokio::fs::write(&unfinished, &bytes).await {
            Ok(()) => tokio::fs::rename(&unfinished, &path).await,
            Err(error) => Err(error),
        };
        written.map_err(|error| InstallPluginError::File { path, reason: error.to_string() })?;
        self.put_to_work(&plugin).await?;
        Ok(plugin)
    }

    /// Reads the plugins' folder again and puts installations on what has changed. Gives the number of files that
    /// loaded; the others are named in the log, and what ran before goes on.
    pub async fn reload_plugins(&self) -> Result<usize, InstallPluginError> {
        let (mut good, known) = (0, self.0.book.now());
        for plugin in self.load_folder().await {
            good += 1;
            let same = known.plugins.get(plugin.id()).is_some_and(|old| old.digest() == plugin.digest());
            if !same {
                self.put_to_work(&plugin).await?;
            }
        }
        Ok(good)
    }

    /// Makes an integration. A channel that can tells the vendor our address, when we have one.
    pub async fn create_integration(&self, new: NewIntegration) -> Result<Integration, CommandError> {
        new.metadata.check().map_err(|error| CommandError::invalid("metadata", error.to_string()))?;
        let inner = &self.0;
        if inner.store.app(new.app).await?.is_none() {
            return Err(CommandError::NotFound("the app"));
        }
        let id: IntegrationId = inner.ids.next(inner.clock.now());
        let (row, secrets, webhooks) = match new.kind.clone() {
            NewIntegrationKind::ApiClient { webhooks } => {
                let made = webhooks.into_iter().map(|webhook| self.webhook(id, webhook)).collect();
                (self.row(id, &new, CUSTOM.into(), None, empty(), Vec::new()), BTreeMap::new(), made)
            }
            NewIntegrationKind::Plugin { plugin, settings, secrets, granted_hosts } => {
                let plugin = self.plugin(&plugin).ok_or(CommandError::NotFound("the plugin"))?;
                let secrets = with_generated(&plugin, secrets);
                let granted = granted_hosts.unwrap_or_else(|| asked_hosts(&plugin));
                install(&plugin, new.app, id, &settings, &secrets, &granted).map_err(refused)?;
                (
                    self.row(id, &new, kind_of(&plugin), Some(plugin.id().to_owned()), settings, granted),
                    secrets,
                    Vec::new(),
                )
            }
        };
        let (written, kept) = (row.clone(), secrets.clone());
        let done = inner.store.write(move |tx| {
            Box::pin(async move {
                tx.insert_integration(&written);
                tx.put_integration_secrets(written.id, &kept);
                webhooks.iter().for_each(|webhook| tx.insert_webhook(webhook));
                Ok(())
            })
        });
        done.await?;
        self.read_integration(&row).await?;
        self.register(id).await;
        self.now(new.app, id).await
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
        let (written, secrets, now) = (row.clone(), change.secrets, inner.clock.now());
        let done = inner.store.write(move |tx| {
            Box::pin(async move {
                tx.update_integration(&written);
                tx.put_integration_secrets(written.id, &secrets);
                if written.status == IntegrationStatus::Active {
                    tx.wake_deliveries(written.id, now);
                }
                Ok(())
            })
        });
        done.await?;
        self.read_integration(&row).await?;
        self.register(id).await;
        inner.wake.notify_one();
        self.now(app, id).await
    }

    /// Removes an integration with its clients; the vendor is told to stop calling, where the adapter can.
    pub async fn delete_integration(&self, app: AppId, id: IntegrationId) -> Result<(), CommandError> {
        let inner = &self.0;
        inner.store.integration(app, id).await?.ok_or(CommandError::NotFound("the integration"))?;
        self.unregister(id).await;
        inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    tx.delete_integration(id);
                    Ok(())
                })
            })
            .await?;
        inner.book.change(|directory| {
            directory.integrations.remove(&id);
        });
        inner.forget_intake(id);
        poll::respawn(inner, id);
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

    /// Loads every plugin file of the folder; what does not load is named in the log.
    pub(crate) async fn load_folder(&self) -> Vec<Arc<Plugin>> {
        let mut loaded = Vec::new();
        for path in wasm_files(&self.0.config.plugins_dir) {
            let read = tokio::fs::read(&path).await.map_err(|error| error.to_string());
            let result = match read {
                Ok(bytes) => self.0.host.load(bytes).await.map_err(|error| error.to_string()),
                Err(error) => Err(error),
            };
            match result {
                Ok(plugin) => loaded.push(plugin),
                Err(error) => tracing::error!(file = %path.display(), error, "a plugin file was not loaded"),
            }
        }
        let first = self.0.book.now().plugins.is_empty();
        if first {
            let plugins = loaded.iter().map(|plugin| (plugin.id().to_owned(), Arc::clone(plugin))).collect();
            self.0.book.change(|directory| directory.plugins = plugins);
        }
        loaded
    }

    /// Reads integrations and switchboards into memory.
    pub(crate) async fn load_directory(&self) -> Result<(), StartError> {
        let mut apps = HashMap::new();
        for row in self.0.store.all_integrations().await? {
            apps.insert(row.app, ());
            let entry = self.entry(row).await?;
            self.0.book.change(|directory| {
                directory.integrations.insert(entry.row.id, Arc::new(entry));
            });
        }
        for app in apps.into_keys() {
            self.0.read_board(app).await?;
        }
        Ok(())
    }

    async fn put_to_work(&self, plugin: &Arc<Plugin>) -> Result<(), InstallPluginError> {
        let inner = &self.0;
        let installed = PluginInstallation {
            id: plugin.id().to_owned(),
            version: plugin.manifest().plugin.version.clone(),
            digest: plugin.digest().to_owned(),
            installed_at: inner.clock.now(),
        };
        let done = inner.store.write(move |tx| {
            Box::pin(async move {
                tx.set_plugin(&installed);
                Ok(())
            })
        });
        done.await?;
        inner.book.change(|directory| {
            directory.plugins.insert(plugin.id().to_owned(), Arc::clone(plugin));
        });
        let users: Vec<Integration> = inner
            .book
            .now()
            .integrations
            .values()
            .filter(|entry| entry.row.plugin.as_deref() == Some(plugin.id()))
            .map(|entry| entry.row.clone())
            .collect();
        for row in users {
            self.read_integration(&row).await?;
        }
        Ok(())
    }

    /// Puts an integration's new state in everybody's sight.
    async fn read_integration(&self, row: &Integration) -> Result<(), StoreError> {
        let entry = Arc::new(self.entry(row.clone()).await?);
        self.0.book.change(|directory| {
            directory.integrations.insert(row.id, entry);
        });
        poll::respawn(&self.0, row.id);
        Ok(())
    }

    async fn entry(&self, mut row: Integration) -> Result<Entry, StoreError> {
        let Some(name) = row.plugin.clone() else { return Ok(Entry { row, installation: None }) };
        let secrets = self.0.store.integration_secrets(row.id).await?;
        let made = match self.plugin(&name) {
            Some(plugin) => install(&plugin, row.app, row.id, &row.settings, &secrets, &row.granted_hosts)
                .map_err(|error| error.to_string()),
            None => Err(format!("plugin `{name}` is not loaded: install its file")),
        };
        match made {
            Ok(installation) => Ok(Entry { row, installation: Some(installation) }),
            Err(reason) => {
                tracing::error!(integration = %row.id, reason, "an integration cannot work");
                // Only in memory: it works again as soon as the plugin does.
                (row.status, row.status_reason) = (IntegrationStatus::Error, Some(reason));
                Ok(Entry { row, installation: None })
            }
        }
    }

    async fn register(&self, id: IntegrationId) {
        let inner = &self.0;
        let (Some(entry), Some(base), false) = (inner.book.entry(id), &inner.config.public_url, inner.config.passive)
        else {
            return;
        };
        let Some(installation) = entry.ready().filter(|ready| registers(ready)) else { return };
        let url = format!("{}/webhooks/{id}", base.trim_end_matches('/'));
        match inner.host.register_webhook(installation, &url).await {
            Ok(_) => tracing::info!(integration = %id, "the vendor calls us from now on"),
            Err(error) => self.registration_failed(id, &error).await,
        }
    }

    async fn registration_failed(&self, id: IntegrationId, error: &passerelle_plugin_host::CallError) {
        tracing::error!(integration = %id, %error, "the webhook could not be registered: enable the integration again when the cause is gone");
        let (reason, inner) = (error.to_string(), &self.0);
        inner.book.set_status(id, IntegrationStatus::Error, Some(reason.clone()));
        let written = inner.store.write(move |tx| {
            Box::pin(async move {
                tx.set_integration_status(id, IntegrationStatus::Error, Some(&reason));
                Ok(())
            })
        });
        if let Err(error) = written.await {
            tracing::error!(integration = %id, %error, "the status of an integration could not be written");
        }
    }

    async fn unregister(&self, id: IntegrationId) {
        let Some(entry) = self.0.book.entry(id) else { return };
        let Some(installation) = entry.installation.as_ref().filter(|ready| registers(ready)) else { return };
        if self.0.config.public_url.is_none() || self.0.config.passive {
            return;
        }
        if let Err(error) = self.0.host.unregister_webhook(installation).await
            && !matches!(error.fault, Fault::Unsupported(_))
        {
            tracing::warn!(integration = %id, %error, "the vendor could not be told to stop calling");
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

    fn webhook(&self, integration: IntegrationId, new: NewWebhook) -> Webhook {
        let id: WebhookId = self.0.ids.next(self.0.clock.now());
        Webhook {
            id,
            integration,
            target: new.target,
            triggers: new.triggers,
            include_full_user: new.include_full_user,
            include_full_source: new.include_full_source,
            secret: Secret::new(Secrets::generate()),
        }
    }
}

impl Inner {
    /// Reads an app's switchboard into memory.
    pub(crate) async fn read_board(&self, app: AppId) -> Result<(), StoreError> {
        let board = match self.store.switchboards(app).await?.pop() {
            Some(row) => {
                let seats = self.store.seats(app, row.id).await?;
                Some(Arc::new(Board::new(&row, seats)))
            }
            None => None,
        };
        self.book.change(|directory| {
            match board {
                Some(board) => directory.boards.insert(app, board),
                None => directory.boards.remove(&app),
            };
        });
        Ok(())
    }
}

fn install(
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

fn registers(installation: &Installation) -> bool {
    let polls = poll::mode(installation).is_some_and(|mode| mode == "polling");
    installation.plugin().abilities().webhook_setup && !polls
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

fn wasm_files(folder: &std::path::Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"))
        .collect();
    files.sort();
    files
}
