//! What a macro would change. Nothing is saved: the agent looks it over and sends it.

use passerelle_model::desk::{RuleId, TicketId};
use passerelle_model::rule::{RuleKind, Viewer};
use passerelle_store::{Rule, StoreError, Ticket, Tx};

use crate::change::changed;
use crate::effect::{Effect, effect_of};
use crate::{Act, DeskError};

/// What a macro would do on a ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// What the macro asks for.
    pub effect: Effect,
    /// The ticket as it is.
    pub before: Ticket,
    /// The ticket as it would be.
    pub after: Ticket,
}

/// What a macro that the agent may use would do on a ticket.
pub async fn apply_macro(tx: &mut Tx<'_>, act: &Act, id: RuleId, ticket: TicketId) -> Result<Applied, DeskError> {
    let viewer = viewer(tx, act).await?;
    let rule = tx.item::<Rule>(act.app, id).await?;
    let usable = |rule: &Rule| rule.kind == RuleKind::Macro && rule.active && rule.restriction.admits(&viewer);
    let rule = rule.filter(usable).ok_or(DeskError::NotFound("the macro"))?;
    let before = tx.ticket(act.app, ticket).await?.ok_or(DeskError::NotFound("the ticket"))?;
    let effect = effect_of(tx, &rule, &before, &viewer).await?;
    let after = changed(tx, act, &before, effect.change.clone()).await?;
    Ok(Applied { effect, before, after })
}

/// Counts that a macro was sent.
pub async fn count_macro(tx: &mut Tx<'_>, act: &Act, id: RuleId) -> Result<(), DeskError> {
    let rule = tx.item::<Rule>(act.app, id).await?.filter(|rule| rule.kind == RuleKind::Macro);
    let rule = rule.ok_or(DeskError::NotFound("the macro"))?;
    tx.count_use(rule.id, act.now);
    Ok(())
}

/// Whoever acts, as rules see an agent. The house and customers are no agent.
pub(crate) async fn viewer(tx: &mut Tx<'_>, act: &Act) -> Result<Viewer, StoreError> {
    let agent = match act.by {
        Some(by) => tx.agent(act.app, by).await?.map(|agent| agent.id),
        None => None,
    };
    let groups = match agent {
        Some(agent) => tx.groups_of(agent).await?,
        None => Vec::new(),
    };
    Ok(Viewer { agent, groups })
}
