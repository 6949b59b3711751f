//! Triggers: what the house does by itself when something has happened to a ticket.
//!
//! They are run by the reader of the log, in one transaction with its cursor: an entry has its effect exactly once, also
//! when the process is killed between any two instructions. In the transaction of the change itself they could do no
//! better, and a rule that fails would take an agent's answer with it; here it leaves a line in the audit.
//!
//! One change starts one cascade: the active triggers are looked at in their order, again and again until none has
//! anything left to do, each acts at most once, and what they change starts no cascade of its own. A trigger that would act
//! a second time is a loop, and the audit says so.

use passerelle_model::desk::{AuditId, RuleId, TicketId, TicketStatus};
use passerelle_model::rule::{Plan, RuleKind, Verdict};
use passerelle_store::{Audit, AuditEvent, Rule, StoreError, Ticket, Tx};

use crate::case::Case;
use crate::effect::{carry_out, effect_of, line, would_change};
use crate::{Act, DeskError};

/// Times that the triggers are looked at, from the first to the last, after one change.
pub const MAX_PASSES: usize = 10;

/// Runs the triggers for what an audit tells.
pub(crate) async fn run(tx: &mut Tx<'_>, act: &Act, ticket: TicketId, audit: AuditId) -> Result<(), StoreError> {
    let Some(audit) = tx.audit(ticket, audit).await?.filter(concerns) else { return Ok(()) };
    let triggers = active(tx, act).await?;
    if triggers.is_empty() {
        return Ok(());
    }
    let Some(ticket) = open_ticket(tx, act, ticket).await? else { return Ok(()) };
    let case = Case::of(tx, act, &ticket, &audit).await?;
    Cascade { act, triggers: &triggers, case, fired: Vec::new() }.run(tx, ticket).await
}

/// Whether triggers look at it. What a trigger did belongs to its cascade; offers are no change of a ticket.
pub(crate) fn concerns(audit: &Audit) -> bool {
    let is_own = |event: &AuditEvent| matches!(event, AuditEvent::Rule { kind: RuleKind::Trigger, .. });
    let is_change = |event: &AuditEvent| {
        matches!(event, AuditEvent::Create { .. } | AuditEvent::Change { .. } | AuditEvent::Comment { .. })
    };
    !audit.events.iter().any(is_own) && audit.events.iter().any(is_change)
}

/// The triggers that can be looked at, in order.
async fn active(tx: &mut Tx<'_>, act: &Act) -> Result<Vec<(Rule, Plan)>, StoreError> {
    let rules = tx.rules(act.app, RuleKind::Trigger).await?.into_iter().filter(|rule| rule.active);
    let planned = rules.filter_map(|rule| match rule.conditions.check(rule.kind) {
        Ok(plan) => Some((rule, plan)),
        Err(fault) => {
            tracing::error!(rule = %rule.id, %fault, "a trigger cannot be looked at");
            None
        }
    });
    Ok(planned.collect())
}

/// The ticket, unless it is closed: then nothing can be changed.
async fn open_ticket(tx: &mut Tx<'_>, act: &Act, id: TicketId) -> Result<Option<Ticket>, StoreError> {
    Ok(tx.ticket(act.app, id).await?.filter(|ticket| ticket.status != TicketStatus::Closed))
}

/// Everything that follows from one change.
struct Cascade<'a> {
    act: &'a Act,
    triggers: &'a [(Rule, Plan)],
    case: Case,
    fired: Vec<RuleId>,
}

impl Cascade<'_> {
    async fn run(&mut self, tx: &mut Tx<'_>, mut ticket: Ticket) -> Result<(), StoreError> {
        for _ in 0..MAX_PASSES {
            let before = self.fired.len();
            for (rule, plan) in self.triggers {
                if self.fired.contains(&rule.id) {
                    continue;
                }
                let verdict = plan.judge(&self.case.facts(self.act.now));
                if verdict.holds && self.fire(tx, rule, &ticket, &verdict).await? {
                    let Some(changed) = open_ticket(tx, self.act, ticket.id).await? else { return Ok(()) };
                    ticket = changed;
                    self.case.after = tx.look_at(&ticket).await?;
                }
            }
            if self.fired.len() == before {
                return self.tell_loops(tx, &ticket).await;
            }
        }
        self.stop(tx, &ticket).await
    }

    /// Carries a trigger out. False when there was nothing to do, so that it may act later in the cascade.
    async fn fire(
        &mut self,
        tx: &mut Tx<'_>,
        rule: &Rule,
        ticket: &Ticket,
        verdict: &Verdict,
    ) -> Result<bool, StoreError> {
        let done = match effect_of(tx, rule, ticket, &self.case.viewer).await {
            Ok(effect) => carry_out(tx, self.act, ticket, rule, effect, &verdict.because).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(false) => return Ok(false),
            Ok(true) => {}
            Err(DeskError::Store(error)) => return Err(error),
            Err(error) => {
                let reason = format!("it could not be carried out: {error}");
                self.act.record(tx, ticket.id, &[line(rule, &reason)]).await?;
            }
        }
        self.fired.push(rule.id);
        Ok(true)
    }

    /// Says of every trigger that would go on that it was stopped, and why.
    async fn tell_loops(&self, tx: &mut Tx<'_>, ticket: &Ticket) -> Result<(), StoreError> {
        let mut lines = Vec::new();
        for (rule, plan) in self.triggers.iter().filter(|(rule, _)| self.fired.contains(&rule.id)) {
            let verdict = plan.judge(&self.case.facts(self.act.now));
            if verdict.holds && self.goes_on(tx, rule, ticket).await? {
                let reason = format!(
                    "stopped: it would act again and again, because what it changes is changed back ({})",
                    verdict.because
                );
                lines.push(line(rule, &reason));
            }
        }
        self.act.record(tx, ticket.id, &lines).await
    }

    async fn goes_on(&self, tx: &mut Tx<'_>, rule: &Rule, ticket: &Ticket) -> Result<bool, StoreError> {
        let effect = match effect_of(tx, rule, ticket, &self.case.viewer).await {
            Err(DeskError::Store(error)) => return Err(error),
            Err(_) => return Ok(false),
            Ok(effect) => effect,
        };
        match would_change(tx, self.act, ticket, &effect).await {
            Err(DeskError::Store(error)) => Err(error),
            other => Ok(other.unwrap_or(false)),
        }
    }

    /// Says that there were too many of them.
    async fn stop(&self, tx: &mut Tx<'_>, ticket: &Ticket) -> Result<(), StoreError> {
        let last = self.triggers.iter().find(|(rule, _)| Some(&rule.id) == self.fired.last());
        let Some((rule, _)) = last else { return Ok(()) };
        let reason =
            format!("the last of {} triggers that one change set off: the others were not looked at", self.fired.len());
        self.act.record(tx, ticket.id, &[line(rule, &reason)]).await
    }
}
