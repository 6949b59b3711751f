//! Automations: what the house does by itself when time has passed.
//!
//! Every so often each active automation is run for the tickets that fit. It acts once on a ticket and may act again only
//! after its conditions did not hold in between: a mark says so, which is written with what it did.

use std::sync::Arc;
use std::time::Duration;

use passerelle_model::id::AppId;
use passerelle_model::rule::{Plan, RuleKind, Viewer};
use passerelle_store::{Rule, Sought, Store, StoreError, Ticket, Tx};

use crate::case::keys;
use crate::desk::Inner;
use crate::effect::{carry_out, effect_of, line};
use crate::{Act, DeskError};

/// Tickets that are changed in one transaction.
const BATCH: u32 = 64;
/// Pause after a failure of the database.
const TROUBLE: Duration = Duration::from_secs(10);

/// Starts running automations; ends when the house closes.
pub(crate) fn spawn(inner: &Arc<Inner>) {
    let task = Arc::clone(inner);
    inner.tasks.spawn(async move {
        while !task.stop.is_cancelled() {
            let act = |app| Act { app, by: None, now: task.clock.now(), ids: Arc::clone(&task.ids) };
            let pause = match run_automations(&task.store, &act).await {
                Ok(changed) => {
                    if changed > 0 {
                        task.wake.notify_one();
                    }
                    task.config.automation_pause()
                }
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::error!(%error, "automations could not be run; it is tried again");
                    TROUBLE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = task.stop.cancelled() => {}
            }
        }
    });
}

/// Runs every active automation of every app once. Gives how many tickets were looked at more closely.
pub async fn run_automations(store: &Store, act: &(impl Fn(AppId) -> Act + Sync)) -> Result<u64, StoreError> {
    let mut changed = 0;
    for app in store.apps_with_rules(RuleKind::Automation).await? {
        for rule in store.rules(app, RuleKind::Automation).await?.into_iter().filter(|rule| rule.active) {
            match rule.conditions.check(rule.kind) {
                Ok(plan) => changed += run_one(store, &act(app), rule, plan).await?,
                Err(fault) => tracing::error!(rule = %rule.id, %fault, "an automation cannot be looked at"),
            }
        }
    }
    Ok(changed)
}

/// Runs an automation for all tickets that fit, some in each transaction.
async fn run_one(store: &Store, act: &Act, rule: Rule, plan: Plan) -> Result<u64, StoreError> {
    let (rule, plan) = (Arc::new(rule), Arc::new(plan));
    let mut changed = 0;
    forget(store, act.clone(), Arc::clone(&rule), Arc::clone(&plan)).await?;
    loop {
        let (act, rule, plan) = (act.clone(), Arc::clone(&rule), Arc::clone(&plan));
        let some = store.write(move |tx| Box::pin(async move { batch(tx, &act, &rule, &plan).await })).await?;
        changed += some;
        if some < u64::from(BATCH) {
            return Ok(changed);
        }
    }
}

/// Forgets the marks of tickets that do not fit any more.
async fn forget(store: &Store, act: Act, rule: Arc<Rule>, plan: Arc<Plan>) -> Result<(), StoreError> {
    let forgotten = store.write(move |tx| {
        Box::pin(async move {
            let (viewer, keys) = (Viewer::default(), keys(tx, &act).await?);
            let sought = Sought { app: act.app, plan: &plan, viewer: &viewer, keys: &keys, now: act.now };
            tx.unmark_others(rule.id, &sought).await
        })
    });
    forgotten.await
}

async fn batch(tx: &mut Tx<'_>, act: &Act, rule: &Rule, plan: &Plan) -> Result<u64, StoreError> {
    let (viewer, keys) = (Viewer::default(), keys(tx, act).await?);
    let sought = Sought { app: act.app, plan, viewer: &viewer, keys: &keys, now: act.now };
    let tickets = tx.unmarked(rule.id, &sought, BATCH).await?;
    for ticket in &tickets {
        let reason = reason(tx, plan, ticket, &sought).await?;
        tx.mark_rule(rule.id, ticket.id);
        act_on(tx, act, rule, ticket, &reason).await?;
    }
    Ok(tickets.len() as u64)
}

/// Why a ticket fits, in words.
async fn reason(tx: &mut Tx<'_>, plan: &Plan, ticket: &Ticket, sought: &Sought<'_>) -> Result<String, StoreError> {
    let look = tx.look_at(ticket).await?;
    let facts = passerelle_model::rule::Facts {
        before: None,
        after: &look,
        update: passerelle_model::rule::Update::Change,
        said: None,
        viewer: sought.viewer,
        keys: sought.keys,
        now: sought.now,
    };
    Ok(plan.judge(&facts).because)
}

async fn act_on(tx: &mut Tx<'_>, act: &Act, rule: &Rule, ticket: &Ticket, reason: &str) -> Result<(), StoreError> {
    let done = match effect_of(tx, rule, ticket, &Viewer::default()).await {
        Ok(effect) => carry_out(tx, act, ticket, rule, effect, reason).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(()),
        Err(DeskError::Store(error)) => Err(error),
        Err(error) => {
            let reason = format!("it could not be carried out: {error}");
            act.record(tx, ticket.id, &[line(rule, &reason)]).await
        }
    }
}
