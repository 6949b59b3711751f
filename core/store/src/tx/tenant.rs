//! Apps, keys, plugins, integrations, switchboards: what operators and administrators change.

use std::collections::BTreeMap;

use passerelle_model::id::{AppId, IntegrationId, SwitchboardId, SwitchboardIntegrationId};

use super::Tx;
use crate::rows::{App, Integration, IntegrationStatus, Key, KeyScope, PluginInstallation, SeatRow, SwitchboardRow};
use crate::value::{Columns as _, json, values};
use crate::{StoreError, map};

impl Tx<'_> {
    /// Adds an app.
    pub fn insert_app(&mut self, app: &App) {
        self.put(
            "INSERT INTO apps (id, name, settings, metadata, created_at) VALUES (?, ?, ?, ?, ?)",
            values![app.id, app.name.as_str(), json(&app.settings), json(&app.metadata), app.created_at],
        );
    }

    /// An app.
    pub async fn app(&mut self, app: AppId) -> Result<Option<App>, StoreError> {
        let rows = self.ask("SELECT * FROM apps WHERE id = ? AND removed_at IS NULL", values![app]).await?;
        rows.first().map(map::app).transpose()
    }

    /// Changes name, settings and metadata of an app.
    pub fn update_app(&mut self, app: &App) {
        self.put(
            "UPDATE apps SET name = ?, settings = ?, metadata = ? WHERE id = ? AND removed_at IS NULL",
            values![app.name.as_str(), json(&app.settings), json(&app.metadata), app.id],
        );
    }

    /// Adds a key; its secret goes to the table of secrets.
    pub fn insert_key(&mut self, key: &Key) {
        let integration = match key.scope {
            KeyScope::Integration(_, integration) => Some(integration),
            _ => None,
        };
        self.put(
            "INSERT INTO app_keys (id, app, integration, display_name, created_at) VALUES (?, ?, ?, ?, ?)",
            values![key.id.as_str(), key.scope.app(), integration, key.display_name.as_str(), key.created_at],
        );
        self.put_secret(&format!("key:{}", key.id), "secret", key.secret.reveal());
    }

    /// How many keys have exactly this scope.
    pub async fn count_keys(&mut self, scope: KeyScope) -> Result<u64, StoreError> {
        let integration = match scope {
            KeyScope::Integration(_, integration) => Some(integration),
            _ => None,
        };
        let rows = self
            .ask(
                "SELECT count(*) AS count FROM app_keys WHERE app IS ? AND integration IS ?",
                values![scope.app(), integration],
            )
            .await?;
        rows.first().map_or(Ok(0), |row| row.number("count"))
    }

    /// Removes a key with its secret.
    pub fn delete_key(&mut self, id: &str) {
        self.put("DELETE FROM app_keys WHERE id = ?", values![id]);
        self.put("DELETE FROM secrets WHERE owner = ?", values![format!("key:{id}")]);
    }

    /// Remembers which version of a plugin is installed.
    pub fn set_plugin(&mut self, plugin: &PluginInstallation) {
        self.put(
            "INSERT INTO plugins (id, version, digest, installed_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE \
             SET version = excluded.version, digest = excluded.digest, installed_at = excluded.installed_at",
            values![plugin.id.as_str(), plugin.version.as_str(), plugin.digest.as_str(), plugin.installed_at],
        );
    }

    /// Adds an integration.
    pub fn insert_integration(&mut self, integration: &Integration) {
        self.put(
            "INSERT INTO integrations (id, app, kind, plugin, display_name, status, status_reason, settings, \
             granted_hosts, default_responder, metadata, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values![
                integration.id,
                integration.app,
                integration.kind.as_str(),
                integration.plugin.as_deref(),
                integration.display_name.as_deref(),
                integration.status.as_str(),
                integration.status_reason.as_deref(),
                json(&integration.settings),
                json(&integration.granted_hosts),
                integration.default_responder,
                json(&integration.metadata),
                integration.created_at,
            ],
        );
    }

    /// Changes everything of an integration but its kind and its plugin.
    pub fn update_integration(&mut self, integration: &Integration) {
        self.put(
            "UPDATE integrations SET display_name = ?, status = ?, status_reason = ?, settings = ?, granted_hosts = ?, \
             default_responder = ?, metadata = ? WHERE id = ?",
            values![
                integration.display_name.as_deref(),
                integration.status.as_str(),
                integration.status_reason.as_deref(),
                json(&integration.settings),
                json(&integration.granted_hosts),
                integration.default_responder,
                json(&integration.metadata),
                integration.id,
            ],
        );
    }

    /// Whether an integration works, and why not.
    pub fn set_integration_status(&mut self, id: IntegrationId, status: IntegrationStatus, reason: Option<&str>) {
        self.put(
            "UPDATE integrations SET status = ?, status_reason = ? WHERE id = ?",
            values![status.as_str(), reason, id],
        );
    }

    /// Removes an integration with its secrets, clients and seats.
    pub fn delete_integration(&mut self, id: IntegrationId) {
        self.put("DELETE FROM secrets WHERE owner = ?", values![format!("integration:{id}")]);
        self.delete_doors(id);
        self.put("DELETE FROM integrations WHERE id = ?", values![id]);
    }

    /// Removes the secrets of the keys and webhooks of an integration, which go with it.
    pub(super) fn delete_doors(&mut self, id: IntegrationId) {
        self.put(
            "DELETE FROM secrets WHERE owner IN (SELECT 'key:' || id FROM app_keys WHERE integration = ?)",
            values![id],
        );
        self.put(
            "DELETE FROM secrets WHERE owner IN (SELECT 'webhook:' || lower(hex(id)) FROM webhooks WHERE integration = ?)",
            values![id],
        );
    }

    /// The vendor was told to call this address; none: whatever it was told no longer holds.
    pub fn set_registration(&mut self, id: IntegrationId, url: Option<&str>) {
        match url {
            Some(url) => self.put(
                "INSERT INTO registrations (integration, url) VALUES (?, ?) \
                 ON CONFLICT (integration) DO UPDATE SET url = excluded.url",
                values![id, url],
            ),
            None => self.put("DELETE FROM registrations WHERE integration = ?", values![id]),
        }
    }

    /// Sets secrets of an integration; the ones that are not named stay.
    pub fn put_integration_secrets(&mut self, id: IntegrationId, secrets: &BTreeMap<String, String>) {
        for (name, value) in secrets {
            self.put_secret(&format!("integration:{id}"), name, value);
        }
    }

    /// The switchboard of an app.
    pub async fn switchboard(&mut self, app: AppId) -> Result<Option<SwitchboardRow>, StoreError> {
        let rows = self.ask("SELECT * FROM switchboards WHERE app = ?", values![app]).await?;
        rows.first().map(map::switchboard).transpose()
    }

    /// Adds a switchboard. A second one of an app is a duplicate.
    pub fn insert_switchboard(&mut self, switchboard: &SwitchboardRow) {
        self.put(
            "INSERT INTO switchboards (id, app, enabled, default_seat) VALUES (?, ?, ?, ?)",
            values![switchboard.id, switchboard.app, switchboard.enabled, switchboard.default],
        );
    }

    /// Changes a switchboard.
    pub fn update_switchboard(&mut self, switchboard: &SwitchboardRow) {
        self.put(
            "UPDATE switchboards SET enabled = ?, default_seat = ? WHERE id = ?",
            values![switchboard.enabled, switchboard.default, switchboard.id],
        );
    }

    /// Removes a switchboard with its seats.
    pub fn delete_switchboard(&mut self, id: SwitchboardId) {
        self.put("DELETE FROM switchboards WHERE id = ?", values![id]);
    }

    /// The seats of a switchboard, in the order in which they were made.
    pub async fn seats(&mut self, switchboard: SwitchboardId) -> Result<Vec<SeatRow>, StoreError> {
        let rows = self.ask("SELECT * FROM seats WHERE switchboard = ? ORDER BY id", values![switchboard]).await?;
        rows.iter().map(map::seat).collect()
    }

    /// Adds a seat. A taken name is a duplicate.
    pub fn insert_seat(&mut self, seat: &SeatRow) {
        self.put(
            "INSERT INTO seats (id, switchboard, name, integration, integration_type, deliver_standby_events, next, \
             message_history_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            values![
                seat.id,
                seat.switchboard,
                seat.name.as_str(),
                seat.integration,
                seat.integration_type.as_str(),
                seat.deliver_standby_events,
                seat.next,
                seat.message_history_count,
            ],
        );
    }

    /// Changes everything of a seat.
    pub fn update_seat(&mut self, seat: &SeatRow) {
        self.put(
            "UPDATE seats SET name = ?, integration = ?, integration_type = ?, deliver_standby_events = ?, next = ?, \
             message_history_count = ? WHERE id = ?",
            values![
                seat.name.as_str(),
                seat.integration,
                seat.integration_type.as_str(),
                seat.deliver_standby_events,
                seat.next,
                seat.message_history_count,
                seat.id,
            ],
        );
    }

    /// Removes a seat; conversations that it controlled fall back to `default`, one epoch later.
    pub fn delete_seat(&mut self, seat: SwitchboardIntegrationId, default: Option<SwitchboardIntegrationId>) {
        self.put(
            "UPDATE conversations SET active = ?, control_epoch = control_epoch + 1 WHERE active = ?",
            values![default, seat],
        );
        self.put("UPDATE conversations SET pending = NULL WHERE pending = ?", values![seat]);
        self.put("DELETE FROM seats WHERE id = ?", values![seat]);
    }

    pub(super) fn put_secret(&mut self, owner: &str, name: &str, value: &str) {
        self.put(
            "INSERT INTO secrets (owner, name, value) VALUES (?, ?, ?) \
             ON CONFLICT (owner, name) DO UPDATE SET value = excluded.value",
            values![owner, name, value],
        );
    }
}
