//! Apps, keys, plugins, integrations, switchboards.

use std::collections::{BTreeMap, HashMap};

use passerelle_model::id::{AppId, IntegrationId, SwitchboardId, SwitchboardIntegrationId};

use passerelle_model::tenant::AppSettings;

use crate::rows::{
    App, Integration, IntegrationFilter, Key, KeyScope, Page, Paged, PluginInstallation, SeatRow, SwitchboardRow,
};
use crate::value::{Columns as _, values};
use crate::{Store, StoreError, map};

const KEY: &str =
    "SELECT k.*, s.value FROM app_keys k JOIN secrets s ON s.owner = 'key:' || k.id AND s.name = 'secret'";

impl Store {
    /// Every app.
    pub async fn apps(&self, page: Page) -> Result<Paged<App>, StoreError> {
        self.page("SELECT * FROM apps WHERE removed_at IS NULL", "id", [], page, map::app).await
    }

    /// One app.
    pub async fn app(&self, app: AppId) -> Result<Option<App>, StoreError> {
        let rows = self.ask("SELECT * FROM apps WHERE id = ? AND removed_at IS NULL", values![app]).await?;
        rows.first().map(map::app).transpose()
    }

    /// The settings of every app that changed any.
    pub async fn app_settings(&self) -> Result<Vec<(AppId, AppSettings)>, StoreError> {
        let rows = self.ask("SELECT id, settings FROM apps WHERE settings <> '{}' AND removed_at IS NULL", []).await?;
        rows.iter().map(|row| Ok((row.id("id")?, row.document("settings")?))).collect()
    }

    /// The apps that have a switchboard.
    pub async fn apps_with_switchboard(&self) -> Result<Vec<AppId>, StoreError> {
        self.ask("SELECT app FROM switchboards ORDER BY app", []).await?.iter().map(|row| row.id("app")).collect()
    }

    /// Adds an app.
    pub async fn create_app(&self, app: &App) -> Result<(), StoreError> {
        let app = app.clone();
        self.write(move |tx| {
            Box::pin(async move {
                tx.insert_app(&app);
                Ok(())
            })
        })
        .await
    }

    /// Changes name, settings and metadata of an app.
    pub async fn update_app(&self, app: &App) -> Result<(), StoreError> {
        let app = app.clone();
        self.write(move |tx| {
            Box::pin(async move {
                tx.update_app(&app);
                Ok(())
            })
        })
        .await
    }

    /// A key by its id, with its secret.
    pub async fn key(&self, id: &str) -> Result<Option<Key>, StoreError> {
        let rows = self.ask(format!("{KEY} WHERE k.id = ?"), values![id]).await?;
        rows.first().map(map::key).transpose()
    }

    /// The keys of exactly this scope, at most 100.
    pub async fn keys(&self, scope: KeyScope) -> Result<Vec<Key>, StoreError> {
        let integration = match scope {
            KeyScope::Integration(_, integration) => Some(integration),
            _ => None,
        };
        let sql = format!("{KEY} WHERE k.app IS ? AND k.integration IS ? ORDER BY k.created_at, k.id LIMIT 100");
        self.ask(sql, values![scope.app(), integration]).await?.iter().map(map::key).collect()
    }

    /// Adds a key.
    pub async fn create_key(&self, key: &Key) -> Result<(), StoreError> {
        let key = key.clone();
        self.write(move |tx| {
            Box::pin(async move {
                tx.insert_key(&key);
                Ok(())
            })
        })
        .await
    }

    /// Removes a key; false when there was none.
    pub async fn delete_key(&self, id: &str) -> Result<bool, StoreError> {
        let known = self.key(id).await?.is_some();
        let id = id.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                tx.delete_key(&id);
                Ok(known)
            })
        })
        .await
    }

    /// The plugins that were installed.
    pub async fn plugin_installations(&self) -> Result<Vec<PluginInstallation>, StoreError> {
        self.ask("SELECT * FROM plugins ORDER BY id", []).await?.iter().map(map::plugin).collect()
    }

    /// The integrations of an app.
    pub async fn integrations(
        &self,
        app: AppId,
        filter: &IntegrationFilter,
        page: Page,
    ) -> Result<Paged<Integration>, StoreError> {
        if filter.kinds.is_empty() {
            return self
                .page("SELECT * FROM integrations WHERE app = ?", "id", values![app], page, map::integration)
                .await;
        }
        let kinds = crate::value::json(&filter.kinds);
        let select = "SELECT * FROM integrations WHERE app = ? AND kind IN (SELECT value FROM json_each(?))";
        self.page(select, "id", [app.into(), kinds], page, map::integration).await
    }

    /// One integration of an app.
    pub async fn integration(&self, app: AppId, id: IntegrationId) -> Result<Option<Integration>, StoreError> {
        let rows = self.ask("SELECT * FROM integrations WHERE id = ? AND app = ?", values![id, app]).await?;
        rows.first().map(map::integration).transpose()
    }

    /// The integrations of all apps, for the start of the house.
    pub async fn all_integrations(&self) -> Result<Vec<Integration>, StoreError> {
        self.ask(
            "SELECT i.* FROM integrations i JOIN apps a ON a.id = i.app WHERE a.removed_at IS NULL ORDER BY i.id",
            [],
        )
        .await?
        .iter()
        .map(map::integration)
        .collect()
    }

    /// The secrets of an integration by name, for its installation and for nobody else.
    pub async fn integration_secrets(&self, id: IntegrationId) -> Result<BTreeMap<String, String>, StoreError> {
        let rows =
            self.ask("SELECT name, value FROM secrets WHERE owner = ?", values![format!("integration:{id}")]).await?;
        rows.iter().map(|row| Ok((row.text("name")?, row.text("value")?))).collect()
    }

    /// The addresses that vendors were told to call, by integration.
    pub async fn registrations(&self) -> Result<HashMap<IntegrationId, String>, StoreError> {
        let rows = self.ask("SELECT integration, url FROM registrations", []).await?;
        rows.iter().map(|row| Ok((row.id("integration")?, row.text("url")?))).collect()
    }

    /// The switchboards of an app: none or one.
    pub async fn switchboards(&self, app: AppId) -> Result<Vec<SwitchboardRow>, StoreError> {
        let rows = self.ask("SELECT * FROM switchboards WHERE app = ?", values![app]).await?;
        rows.iter().map(map::switchboard).collect()
    }

    /// The seats of a switchboard.
    pub async fn seats(&self, app: AppId, switchboard: SwitchboardId) -> Result<Vec<SeatRow>, StoreError> {
        let rows = self
            .ask(
                "SELECT e.* FROM seats e JOIN switchboards w ON w.id = e.switchboard WHERE w.app = ? AND w.id = ? ORDER BY e.id",
                values![app, switchboard],
            )
            .await?;
        rows.iter().map(map::seat).collect()
    }

    /// One seat of the app.
    pub async fn seat(&self, app: AppId, id: SwitchboardIntegrationId) -> Result<Option<SeatRow>, StoreError> {
        let rows = self
            .ask(
                "SELECT e.* FROM seats e JOIN switchboards w ON w.id = e.switchboard WHERE w.app = ? AND e.id = ?",
                values![app, id],
            )
            .await?;
        rows.first().map(map::seat).transpose()
    }
}
