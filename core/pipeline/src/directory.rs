//! Who is there: integrations, plugins and switchboards, kept in memory so that a message costs no look-up.
//!
//! The database is the truth; this is a picture of it that is replaced as a whole when something changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use passerelle_model::id::{AppId, IntegrationId, SwitchboardIntegrationId};
use passerelle_model::switchboard::{Seat, Switchboard};
use passerelle_model::tenant::AppSettings;
use passerelle_model::widget::WidgetSettings;
use passerelle_plugin_host::{Installation, Plugin, World};
use passerelle_store::{Integration, IntegrationStatus, SeatRow, SwitchboardRow};

/// An integration and, where a plugin is behind it, its installation.
pub(crate) struct Entry {
    pub(crate) row: Integration,
    /// None for API clients, and where the plugin cannot be used now.
    pub(crate) installation: Option<Installation>,
    /// Of the house's own widget.
    pub(crate) widget: Option<Arc<WidgetSettings>>,
}

impl Entry {
    /// The installation, unless somebody must act first.
    pub(crate) fn ready(&self) -> Option<&Installation> {
        self.installation.as_ref().filter(|_| self.row.status == IntegrationStatus::Active)
    }

    pub(crate) fn world(&self) -> Option<World> {
        self.installation.as_ref().map(|installation| installation.plugin().world())
    }
}

/// The switchboard of an app.
#[derive(Clone)]
pub(crate) struct Board {
    pub(crate) seats: Vec<SeatRow>,
    /// The same for the state machine.
    pub(crate) rules: Switchboard,
}

impl Board {
    pub(crate) fn new(row: &SwitchboardRow, seats: Vec<SeatRow>) -> Self {
        let rules = Switchboard {
            enabled: row.enabled,
            default: row.default,
            seats: seats
                .iter()
                .map(|seat| Seat {
                    id: seat.id,
                    name: seat.name.clone(),
                    integration_type: seat.integration_type.clone(),
                    next: seat.next,
                })
                .collect(),
        };
        Self { seats, rules }
    }

    pub(crate) fn seat(&self, id: SwitchboardIntegrationId) -> Option<&SeatRow> {
        self.seats.iter().find(|seat| seat.id == id)
    }

    /// Whether the integration sits on the default seat.
    pub(crate) fn is_default(&self, integration: IntegrationId) -> bool {
        let default = self.rules.default.and_then(|default| self.seat(default));
        default.is_some_and(|seat| seat.integration == Some(integration))
    }

    pub(crate) fn seat_of(&self, integration: IntegrationId) -> Option<SwitchboardIntegrationId> {
        self.seats.iter().find(|seat| seat.integration == Some(integration)).map(|seat| seat.id)
    }
}

/// Everything that is there.
#[derive(Clone, Default)]
pub(crate) struct Directory {
    pub(crate) integrations: HashMap<IntegrationId, Arc<Entry>>,
    pub(crate) plugins: BTreeMap<String, Arc<Plugin>>,
    pub(crate) boards: HashMap<AppId, Arc<Board>>,
    /// Of every app that has any of its own.
    pub(crate) settings: HashMap<AppId, Arc<AppSettings>>,
}

impl Directory {
    /// What the app decides for itself.
    pub(crate) fn settings(&self, app: AppId) -> Arc<AppSettings> {
        self.settings.get(&app).cloned().unwrap_or_default()
    }

    /// Who sits on a seat of the app.
    pub(crate) fn on_seat(&self, app: AppId, seat: SwitchboardIntegrationId) -> Option<Arc<Entry>> {
        let integration = self.boards.get(&app)?.seat(seat)?.integration?;
        self.integrations.get(&integration).cloned()
    }

    /// Whether a bot of ours sits there.
    pub(crate) fn is_bot(&self, app: AppId, seat: SwitchboardIntegrationId) -> bool {
        // A bot whose plugin is missing is a bot still: its turns wait, and the operator hears of it.
        self.on_seat(app, seat).is_some_and(|entry| match entry.world() {
            Some(world) => world == World::Bot,
            None => entry.row.plugin.is_some(),
        })
    }

    /// The app's routing rule, the first one that works.
    pub(crate) fn router(&self, app: AppId) -> Option<Arc<Entry>> {
        let mut routers: Vec<_> = self
            .integrations
            .values()
            .filter(|entry| entry.row.app == app && entry.ready().is_some() && entry.world() == Some(World::Router))
            .collect();
        routers.sort_by_key(|entry| entry.row.id);
        routers.first().map(|entry| Arc::clone(entry))
    }
}

/// The picture that everybody looks at.
#[derive(Default)]
pub(crate) struct Book(RwLock<Arc<Directory>>);

impl Book {
    pub(crate) fn now(&self) -> Arc<Directory> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Directory)) {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut current));
    }

    /// Shows an integration as it is now.
    pub(crate) fn put(&self, entry: Entry) {
        self.change(|directory| {
            directory.integrations.insert(entry.row.id, Arc::new(entry));
        });
    }

    pub(crate) fn entry(&self, id: IntegrationId) -> Option<Arc<Entry>> {
        self.now().integrations.get(&id).cloned()
    }

    /// Shows an app's settings as they are now.
    pub(crate) fn set_settings(&self, app: AppId, settings: AppSettings) {
        self.change(|directory| {
            directory.settings.insert(app, Arc::new(settings));
        });
    }

    /// Notes that an integration works, or why it does not.
    pub(crate) fn set_status(&self, id: IntegrationId, status: IntegrationStatus, reason: Option<String>) {
        self.change(|directory| {
            if let Some(entry) = directory.integrations.get_mut(&id) {
                let mut row = entry.row.clone();
                (row.status, row.status_reason) = (status, reason);
                let (installation, widget) = (entry.installation.clone(), entry.widget.clone());
                *entry = Arc::new(Entry { row, installation, widget });
            }
        });
    }
}
