//! The switchboard and its seats on the wire.

use passerelle_store::{SeatRow, SwitchboardRow};
use serde_json::{Value, json};

/// A switchboard.
pub(crate) fn switchboard(row: &SwitchboardRow) -> Value {
    let mut shown = json!({ "id": row.id.to_string(), "enabled": row.enabled });
    if let Some(default) = row.default {
        shown["defaultSwitchboardIntegrationId"] = default.to_string().into();
    }
    shown
}

/// A seat, whole.
pub(crate) fn seat(row: &SeatRow) -> Value {
    let mut shown = seat_in_conversation(row);
    shown["deliverStandbyEvents"] = row.deliver_standby_events.into();
    if let Some(next) = row.next {
        shown["nextSwitchboardIntegrationId"] = next.to_string().into();
    }
    if let Some(count) = row.message_history_count.filter(|count| (1..=10).contains(count)) {
        shown["messageHistoryCount"] = count.into();
    }
    shown
}

/// A seat as conversations name it. `integrationId` must be there for strict clients; a seat of the house itself has no
/// integration, so its own id stands in.
pub(crate) fn seat_in_conversation(row: &SeatRow) -> Value {
    let integration = row.integration.map_or_else(|| row.id.to_string(), |id| id.to_string());
    json!({
        "id": row.id.to_string(),
        "name": row.name,
        "integrationId": integration,
        "integrationType": row.integration_type,
    })
}
