//! Dry runs: what a trigger or queues would have done to the tickets of late. Nothing is changed.

use passerelle_model::desk::TicketId;
use passerelle_model::rule::{Action, Conditions, RuleKind};
use passerelle_store::{Queue, Tx};

use crate::case::{Case, keys};
use crate::queues::choose;
use crate::{Act, DeskError, triggers};

/// Tickets that a dry run looks at, at most.
pub const MAX_LOOKED_AT: u32 = 100;
/// Changes of each ticket that it looks at, at most.
const MAX_AUDITS: u32 = 5;

/// What a dry run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DryRun {
    /// What would have been done.
    pub matches: Vec<DryMatch>,
    /// Tickets that were looked at.
    pub looked_at: usize,
}

/// A ticket to which something would have been done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DryMatch {
    /// Which.
    pub ticket: TicketId,
    /// What it is called.
    pub subject: String,
    /// What would have been done.
    pub would: Vec<Action>,
    /// The queue that it would have come into.
    pub queue: Option<String>,
    /// Why, in words.
    pub because: String,
}

/// To which of the newest tickets a trigger would have done something: the last changes of each are looked at.
pub async fn try_trigger(
    tx: &mut Tx<'_>,
    act: &Act,
    conditions: &Conditions,
    actions: &[Action],
    count: u32,
) -> Result<DryRun, DeskError> {
    let plan = conditions.check(RuleKind::Trigger)?;
    Action::check_all(actions, RuleKind::Trigger)?;
    let mut found = DryRun::default();
    for ticket in tx.recent_tickets(act.app, count.min(MAX_LOOKED_AT)).await? {
        found.looked_at += 1;
        for audit in tx.last_audits(ticket.id, MAX_AUDITS).await?.iter().filter(|audit| triggers::concerns(audit)) {
            let case = Case::of(tx, act, &ticket, audit).await?;
            let verdict = plan.judge(&case.facts(audit.created_at));
            if verdict.holds {
                let (subject, because) = (ticket.subject.clone(), verdict.because);
                let would = actions.to_vec();
                found.matches.push(DryMatch { ticket: ticket.id, subject, would, queue: None, because });
                break;
            }
        }
    }
    Ok(found)
}

/// Into which of these queues the newest tickets would have come, as they are now.
pub async fn try_queues(tx: &mut Tx<'_>, act: &Act, queues: &[Queue], count: u32) -> Result<DryRun, DeskError> {
    for queue in queues {
        queue.conditions.check(RuleKind::Queue)?;
    }
    let (keys, mut found) = (keys(tx, act).await?, DryRun::default());
    for ticket in tx.recent_tickets(act.app, count.min(MAX_LOOKED_AT)).await? {
        found.looked_at += 1;
        let look = tx.look_at(&ticket).await?;
        if let Some(chosen) = choose(queues, &look, None, &keys, act.now) {
            let (subject, queue) = (ticket.subject, Some(chosen.queue.name));
            found.matches.push(DryMatch {
                ticket: ticket.id,
                subject,
                would: Vec::new(),
                queue,
                because: chosen.because,
            });
        }
    }
    Ok(found)
}
