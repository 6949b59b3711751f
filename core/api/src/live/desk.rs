//! What agents are told of the desk: tickets as they are now, with what was done, and who is available.

use passerelle_model::event::EventKind;
use passerelle_model::id::AppId;
use passerelle_store::StoreError;
use serde_json::{Value, json};

use crate::api::Api;
use crate::desk::shower::Shower;
use crate::desk::{agent_status, tell_audits};

/// The word and the message; none for what does not happen at the desk, or is gone when it is told.
pub(super) async fn tell(api: &Api, app: AppId, kind: &EventKind) -> Result<Option<(&'static str, Value)>, StoreError> {
    match kind {
        EventKind::TicketChanged { ticket, audit } => {
            let (Some(ticket), Some(audit)) =
                (api.store().ticket(app, *ticket).await?, api.store().audit(*ticket, *audit).await?)
            else {
                return Ok(None);
            };
            let shown = Shower::of(api, app).await?.ticket(&ticket).await?;
            let audit = tell_audits(api.store(), &[audit]).await?.pop();
            Ok(Some(("ticket.changed", json!({ "type": "ticket.changed", "ticket": shown, "audit": audit }))))
        }
        EventKind::AvailabilityChanged { agent } => {
            let Some(known) = api.store().availability(app, *agent).await? else { return Ok(None) };
            let shown = json!({
                "type": "agent_availability.changed", "agent_id": agent, "agent_status": agent_status(&known),
            });
            Ok(Some(("agent_availability.changed", shown)))
        }
        _ => Ok(None),
    }
}
