//! Who may speak: the switchboard of an app and its seats.

use passerelle_model::id::{AppId, IntegrationId, SwitchboardId, SwitchboardIntegrationId};

/// The switchboard of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchboardRow {
    /// Which.
    pub id: SwitchboardId,
    /// Whose.
    pub app: AppId,
    /// Whether control exists at all.
    pub enabled: bool,
    /// Who gets control where nobody has it.
    pub default: Option<SwitchboardIntegrationId>,
}

/// A named seat of a switchboard (the API's *switchboard integration*).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatRow {
    /// Which.
    pub id: SwitchboardIntegrationId,
    /// Of which switchboard.
    pub switchboard: SwitchboardId,
    /// Name, unique in the switchboard; letters, digits, `-`, `_`.
    pub name: String,
    /// Who sits there.
    pub integration: Option<IntegrationId>,
    /// The type word of who sits there.
    pub integration_type: String,
    /// Whether it hears of conversations that others control.
    pub deliver_standby_events: bool,
    /// Who is meant by the target `next`.
    pub next: Option<SwitchboardIntegrationId>,
    /// How many earlier messages it wants when control comes, 1 to 10.
    pub message_history_count: Option<u32>,
}
