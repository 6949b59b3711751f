//! The picture in memory: read from the database at the start, and again when somebody else has written there.

use std::collections::HashSet;
use std::sync::Arc;

use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::widget::{CHANNEL, WidgetSettings};
use passerelle_plugin_host::Secrets;
use passerelle_store::{App, Integration, IntegrationStatus, StoreError};

use crate::directory::{Board, Entry};
use crate::gateway::{Gateway, Inner};
use crate::integrations::install;
use crate::{InstallPluginError, poll};

/// What a reload found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reloaded {
    /// Plugin files that loaded.
    pub plugins: usize,
    /// Integrations that are new, changed or gone.
    pub integrations: usize,
}

impl Gateway {
    /// Reads plugins, integrations, their secrets and the switchboards again, as another process may have changed them.
    /// Pollers start and stop accordingly, and vendors that were not told our address are told it.
    pub async fn reload(&self) -> Result<Reloaded, InstallPluginError> {
        let plugins = self.reload_plugins().await?;
        let integrations = self.reload_integrations().await?;
        self.read_settings().await?;
        self.register_missing().await?;
        self.0.wake.notify_one();
        Ok(Reloaded { plugins, integrations })
    }

    /// Gives the number of integrations that are not what they were.
    async fn reload_integrations(&self) -> Result<usize, StoreError> {
        let (inner, known) = (&self.0, self.0.book.now());
        let rows = inner.store.all_integrations().await?;
        let present: HashSet<IntegrationId> = rows.iter().map(|row| row.id).collect();
        let mut apps: HashSet<AppId> = known.boards.keys().copied().collect();
        apps.extend(inner.store.apps_with_switchboard().await?);
        let mut changed = 0;
        for (id, entry) in known.integrations.iter().filter(|(id, _)| !present.contains(id)) {
            self.unregister(entry).await;
            inner.forget(*id);
            changed += 1;
        }
        for row in rows {
            let same = match known.integrations.get(&row.id) {
                Some(entry) => self.is_same(entry, &row).await?,
                None => false,
            };
            if !same {
                self.read_integration(row.app, row.id).await?;
                changed += 1;
            }
        }
        for app in apps {
            inner.read_board(app).await?;
        }
        Ok(changed)
    }

    async fn is_same(&self, entry: &Entry, row: &Integration) -> Result<bool, StoreError> {
        if entry.row != *row {
            return Ok(false);
        }
        // One without a plugin has no secrets that anybody here knows; one that cannot work may now.
        let Some(installation) = &entry.installation else { return Ok(row.plugin.is_none()) };
        let secrets: Secrets = self.0.store.integration_secrets(row.id).await?.into_iter().collect();
        Ok(*installation.secrets() == secrets)
    }

    /// Reads integrations and switchboards into memory.
    pub(crate) async fn load_directory(&self) -> Result<(), StoreError> {
        for row in self.0.store.all_integrations().await? {
            let entry = self.entry(row).await?;
            self.0.book.put(entry);
        }
        for app in self.0.store.apps_with_switchboard().await? {
            self.0.read_board(app).await?;
        }
        self.read_settings().await
    }

    /// Shows the settings of a new app to everybody.
    pub fn show_app(&self, app: &App) {
        self.0.book.set_settings(app.id, app.settings.clone());
    }

    /// Reads what the apps decide for themselves.
    async fn read_settings(&self) -> Result<(), StoreError> {
        let settings = self.0.store.app_settings().await?;
        self.0.book.change(|directory| {
            directory.settings = settings.into_iter().map(|(app, settings)| (app, Arc::new(settings))).collect();
        });
        Ok(())
    }

    /// Puts an integration as it is now in everybody's sight.
    pub(crate) async fn read_integration(&self, app: AppId, id: IntegrationId) -> Result<(), StoreError> {
        // One at a time: what was read later is not covered by what was read earlier.
        let _reading = self.0.reading.lock().await;
        let Some(row) = self.0.store.integration(app, id).await? else { return Ok(()) };
        let entry = self.entry(row).await?;
        let (could, can) = (self.0.book.entry(id).is_some_and(|old| works(&old)), works(&entry));
        self.0.book.put(entry);
        poll::respawn(&self.0, id);
        if can && !could {
            self.wake_requests(id).await?;
        }
        Ok(())
    }

    /// Requests that waited for the plugin wait no longer.
    async fn wake_requests(&self, id: IntegrationId) -> Result<(), StoreError> {
        let now = self.0.clock.now();
        let woken = self.0.store.write(move |tx| {
            Box::pin(async move {
                tx.wake_raw(id, now);
                Ok(())
            })
        });
        woken.await?;
        self.0.wake.notify_one();
        Ok(())
    }

    async fn entry(&self, mut row: Integration) -> Result<Entry, StoreError> {
        let Some(name) = row.plugin.clone() else { return Ok(without_plugin(row)) };
        let secrets = self.0.store.integration_secrets(row.id).await?;
        let made = match self.plugin(&name) {
            Some(plugin) => install(&plugin, row.app, row.id, &row.settings, &secrets, &row.granted_hosts)
                .map_err(|error| error.to_string()),
            None => Err(format!("plugin `{name}` is not loaded: install its file")),
        };
        match made {
            Ok(installation) => Ok(Entry { row, installation: Some(installation), widget: None }),
            Err(reason) => {
                tracing::error!(integration = %row.id, reason, "an integration cannot work");
                // Only in memory: it works again as soon as the plugin does.
                (row.status, row.status_reason) = (IntegrationStatus::Error, Some(reason));
                Ok(Entry { row, installation: None, widget: None })
            }
        }
    }
}

/// A widget, or an API client.
fn without_plugin(mut row: Integration) -> Entry {
    if row.kind != CHANNEL {
        return Entry { row, installation: None, widget: None };
    }
    match serde_json::from_value::<WidgetSettings>(row.settings.clone()) {
        Ok(settings) => Entry { row, installation: None, widget: Some(Arc::new(settings)) },
        Err(error) => {
            tracing::error!(integration = %row.id, %error, "a widget's settings cannot be read: set them anew");
            (row.status, row.status_reason) = (IntegrationStatus::Error, Some(error.to_string()));
            Entry { row, installation: None, widget: None }
        }
    }
}

fn works(entry: &Entry) -> bool {
    entry.installation.is_some()
}

impl Inner {
    /// Takes an integration that is gone out of everybody's sight.
    pub(crate) fn forget(self: &Arc<Self>, id: IntegrationId) {
        self.book.change(|directory| {
            directory.integrations.remove(&id);
        });
        self.forget_intake(id);
        poll::respawn(self, id);
    }

    /// Reads an app's switchboard into memory.
    pub(crate) async fn read_board(&self, app: AppId) -> Result<(), StoreError> {
        let _reading = self.reading.lock().await;
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
