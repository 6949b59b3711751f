//! Whether what a rule names is there when the rule is kept. What goes later leaves a line in the audits of tickets.

use passerelle_model::desk::TicketFieldId;
use passerelle_model::id::AppId;
use passerelle_model::rule::{Deed, Field, Plan, RuleFault, Target};
use passerelle_store::{StoreError, TicketField, TicketForm, Tx};

use crate::DeskError;

/// Refuses conditions that look at a field by a number that no field has.
pub(crate) async fn check_plan(tx: &mut Tx<'_>, app: AppId, plan: &Plan) -> Result<(), DeskError> {
    for (list, tests) in [("all", &plan.all), ("any", &plan.any)] {
        for (index, test) in tests.iter().enumerate() {
            if let Field::Custom(word) = &test.field
                && !is_field(tx, app, word).await?
            {
                return Err(missing(format!("conditions.{list}[{index}].field"), "field"));
            }
        }
    }
    Ok(())
}

/// Refuses actions that name an agent, a group, a form or a field that is not there.
pub(crate) async fn check_deeds(tx: &mut Tx<'_>, app: AppId, deeds: &[Deed]) -> Result<(), DeskError> {
    for (index, deed) in deeds.iter().enumerate() {
        let (place, what, is_there) = match deed {
            Deed::Group(Some(group)) => ("value", "group", tx.agent_group(app, *group).await?.is_some()),
            Deed::Assignee(Some(Target::Agent(agent))) | Deed::Follower(Target::Agent(agent)) => {
                ("value", "agent", tx.agent(app, *agent).await?.is_some())
            }
            Deed::Form(Some(form)) => ("value", "form", tx.item::<TicketForm>(app, *form).await?.is_some()),
            Deed::Custom(word, _) => ("field", "field", is_field(tx, app, word).await?),
            _ => continue,
        };
        if !is_there {
            return Err(missing(format!("actions[{index}].{place}"), what));
        }
    }
    Ok(())
}

/// Whether a word that is a number is that of a field; other words are names under which bots capture.
async fn is_field(tx: &mut Tx<'_>, app: AppId, word: &str) -> Result<bool, StoreError> {
    let Ok(number) = word.parse() else { return Ok(true) };
    Ok(tx.item::<TicketField>(app, TicketFieldId(number)).await?.is_some())
}

fn missing(place: String, what: &str) -> DeskError {
    RuleFault::new(place, format!("names no {what}")).into()
}
