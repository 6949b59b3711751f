//! Queues: which groups a ticket is offered to, decided when it begins to wait.
//!
//! What a router has decided comes first: the queue that it named, or the group. Otherwise a ticket comes into the first
//! queue that is about it. The groups of a queue are asked in two steps: the secondary ones only when nobody of the
//! primary ones can take the ticket.

use passerelle_model::desk::{GroupId, RuleId};
use passerelle_model::rule::{Facts, FieldKeys, Look, RuleKind, Update, Viewer};
use passerelle_model::time::Timestamp;
use passerelle_store::{AuditEvent, Queue, StoreError, Ticket, Tx};

use crate::Act;
use crate::case::keys;
use crate::effect::{line, named};

/// The queue that a ticket comes into, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    /// Which.
    pub queue: Queue,
    /// Why, in words.
    pub because: String,
}

/// Chooses among queues in their order; none where none of them is about the ticket.
pub fn choose(queues: &[Queue], look: &Look, routed: Option<&str>, keys: &FieldKeys, now: Timestamp) -> Option<Queued> {
    if let Some(queue) = routed.and_then(|name| queues.iter().find(|queue| queue.name == name)) {
        return Some(Queued { queue: queue.clone(), because: "the router named it".to_owned() });
    }
    let viewer = Viewer::default();
    let facts = Facts { before: None, after: look, update: Update::Create, said: None, viewer: &viewer, keys, now };
    queues.iter().find_map(|queue| {
        let verdict = queue.conditions.check(RuleKind::Queue).ok()?.judge(&facts);
        verdict.holds.then(|| Queued { queue: queue.clone(), because: verdict.because })
    })
}

/// Puts a ticket that begins to wait into its queue. The line for the audit says why.
pub(crate) async fn put(
    tx: &mut Tx<'_>,
    act: &Act,
    ticket: &mut Ticket,
    routed: Option<&str>,
) -> Result<Option<AuditEvent>, StoreError> {
    let queues: Vec<Queue> = tx.items(act.app).await?;
    if queues.is_empty() {
        return Ok(None);
    }
    let (look, keys) = (tx.look_at(ticket).await?, keys(tx, act).await?);
    let chosen = choose(&queues, &look, routed, &keys, act.now);
    let before = ticket.queue;
    ticket.queue = chosen.as_ref().map(|chosen| chosen.queue.id);
    let rule = |chosen: Queued| {
        line(&named(RuleId(chosen.queue.id.0), RuleKind::Queue, &chosen.queue.name, act), &chosen.because)
    };
    Ok(chosen.filter(|chosen| Some(chosen.queue.id) != before).map(rule))
}

/// Whom a ticket is offered to, one step after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Agents in any of these; everybody where there are none.
    pub groups: Vec<GroupId>,
    /// What they are to the ticket, in words.
    pub words: String,
}

/// The steps for a ticket: its own group, else those of its queue, else everybody.
pub fn steps(ticket: &Ticket, queue: Option<&Queue>) -> Vec<Step> {
    if let Some(group) = ticket.group {
        return vec![Step { groups: vec![group], words: "in the ticket's group, ".to_owned() }];
    }
    let everybody = Step { groups: Vec::new(), words: String::new() };
    let Some(queue) = queue.filter(|queue| !queue.primary_groups.is_empty()) else { return vec![everybody] };
    let primary =
        Step { groups: queue.primary_groups.clone(), words: format!("in a primary group of queue `{}`, ", queue.name) };
    let secondary = Step {
        groups: queue.secondary_groups.clone(),
        words: format!("in a secondary group of queue `{}`, because no primary one can take it, ", queue.name),
    };
    if queue.secondary_groups.is_empty() { vec![primary] } else { vec![primary, secondary] }
}
