//! Dry runs of triggers and queues over the tickets of late. Nothing is changed.

use passerelle_desk::{DeskError, DryRun, MAX_LOOKED_AT, try_queues, try_trigger};
use passerelle_model::rule::RuleKind;
use passerelle_pipeline::Stop;
use passerelle_store::{Queue, Rule};
use serde_json::{Value, json};

use super::super::door::{Answer, Visit};
use super::super::page::ok;
use super::super::problem::{Problem, stop};
use super::items::Item as _;
use super::wire;

/// `POST /triggers/preview {trigger}`.
pub(crate) async fn trigger(visit: Visit) -> Answer {
    let act = visit.act()?;
    let mut rule = Rule::new(act.app, RuleKind::Trigger, "preview", act.now);
    wire::read(&visit.thing("trigger")?, &mut rule)?;
    let looked = visit.api.store().write(move |tx| {
        Box::pin(async move {
            let found = try_trigger(tx, &act, &rule.conditions, &rule.actions, MAX_LOOKED_AT).await;
            tx.undo();
            Ok(found)
        })
    });
    show(checked(looked.await?)?)
}

/// `POST /queues/preview {queue}`: the queue beside those that there are. One that has an id takes the place of the kept one.
pub(crate) async fn queue(visit: Visit) -> Answer {
    let act = visit.act()?;
    let fields = visit.thing("queue")?;
    let mut queues = visit.api.store().items::<Queue>(act.app).await?;
    let id = fields.value("id").and_then(|id| id.as_i64().or_else(|| id.as_str()?.parse().ok()));
    let place = queues.iter().position(|queue| Some(queue.id.0) == id);
    let mut asked = place.map_or_else(|| Queue::blank(&act), |place| queues[place].clone());
    asked.read(&fields)?;
    match place {
        Some(place) => queues[place] = asked,
        None => queues.insert(0, asked),
    }
    let looked = visit.api.store().write(move |tx| {
        Box::pin(async move {
            let found = try_queues(tx, &act, &queues, MAX_LOOKED_AT).await;
            tx.undo();
            Ok(found)
        })
    });
    show(checked(looked.await?)?)
}

/// What the desk refuses, as its door does.
pub(super) fn checked<T>(looked: Result<T, DeskError>) -> Result<T, Problem> {
    looked.map_err(|error| match stop(error) {
        Stop::Refused(error) | Stop::Noted(error) => error.into(),
        Stop::Failed(error) => error.into(),
    })
}

fn show(found: DryRun) -> Answer {
    let one = |found: passerelle_desk::DryMatch| {
        json!({
            "ticket_id": found.ticket,
            "subject": found.subject,
            "would": found.would,
            "queue": found.queue,
            "because": found.because,
        })
    };
    let matches: Vec<Value> = found.matches.into_iter().map(one).collect();
    ok(json!({ "matches": matches, "looked_at": found.looked_at }))
}
