//! What administrators ask of plugins: what one would ask for, who uses it, what it gave up on.

use std::sync::Arc;

use passerelle_model::id::{AppId, IntegrationId};
use passerelle_plugin_host::{LoadError, Plugin};
use passerelle_store::Integration;

use crate::gateway::Gateway;

impl Gateway {
    /// Reads a plugin file as if it were to be installed, and installs nothing.
    pub async fn try_plugin(&self, bytes: Vec<u8>) -> Result<Arc<Plugin>, LoadError> {
        self.0.host.load(bytes).await
    }

    /// Bytes of the largest plugin file.
    pub fn max_plugin_bytes(&self) -> usize {
        self.0.host.max_plugin_bytes()
    }

    /// The app's integrations that this plugin stands behind, with what memory knows of their health.
    pub fn users_of(&self, app: AppId, plugin: &str) -> Vec<Integration> {
        let directory = self.0.book.now();
        let own = directory.integrations.values().filter(|entry| entry.row.app == app);
        let mut users: Vec<Integration> =
            own.filter(|entry| entry.row.plugin.as_deref() == Some(plugin)).map(|entry| entry.row.clone()).collect();
        users.sort_by_key(|integration| integration.id);
        users
    }

    /// Whether somebody else's integrations stand on this plugin: then it is not one app's to change.
    pub fn serves_others(&self, app: AppId, plugin: &str) -> bool {
        let directory = self.0.book.now();
        directory.integrations.values().any(|entry| entry.row.app != app && entry.row.plugin.as_deref() == Some(plugin))
    }

    /// An integration of the app with what memory knows of its health.
    pub fn integration_now(&self, app: AppId, id: IntegrationId) -> Option<Integration> {
        self.0.book.entry(id).map(|entry| entry.row.clone()).filter(|row| row.app == app)
    }
}
