//! What administrators make of the desk: views, macros, triggers, automations (`kinds`), and fields, forms, queues and texts
//! (`items`). Each door parses, calls the desk, and shows.

pub(super) mod counts;
pub(super) mod definitions;
pub(super) mod items;
pub(super) mod kinds;
pub(super) mod macros;
pub(super) mod preview;
pub(super) mod views;
mod wire;

use passerelle_model::rule::{FieldKeys, RuleFault, Viewer};
use passerelle_store::TicketField;

use super::door::Visit;
use super::problem::Problem;

impl Visit {
    /// Under which names the app's fields are kept.
    pub(super) async fn field_keys(&self) -> Result<FieldKeys, Problem> {
        let fields = self.api.store().items::<TicketField>(self.app()?).await?;
        Ok(fields.into_iter().map(|field| (field.id, field.key)).collect())
    }

    /// The agent as rules see who looks.
    pub(super) async fn viewer(&self) -> Result<Viewer, Problem> {
        let agent = self.agent()?.id;
        let all = super::users::groups(&self.api, self.app()?).await?;
        Ok(Viewer { agent: Some(agent), groups: all.get(&agent).cloned().unwrap_or_default() })
    }
}

impl From<RuleFault> for Problem {
    fn from(fault: RuleFault) -> Self {
        Self::at(&fault.place, fault.reason)
    }
}
