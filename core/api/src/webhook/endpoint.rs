//! The work of one receiver: what is due goes out in batches, a few at once, and what came of it is written down. An
//! ordered receiver has one request under way per conversation.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use passerelle_model::id::{ConversationId, WebhookId};
use passerelle_model::time::Timestamp;
use passerelle_store::{Attempt, AttemptOutcome, Notice, NoticeFailure, StoreError, Subscription};
use serde::Deserialize;

use super::send::{Outcome, message_id, send};
use super::{Inner, schedule};

/// What came of a batch: of the events that were tried, and of each request that was made for them.
#[derive(Default)]
struct Tried {
    events: Vec<(Notice, Outcome)>,
    requests: Vec<Attempt>,
}

/// What is under way to one receiver.
#[derive(Default)]
struct UnderWay {
    notices: BTreeSet<i64>,
    conversations: BTreeSet<ConversationId>,
}

/// Starts the work of a receiver; it ends when nothing is due, or the receiver is to be left alone.
pub(super) fn spawn(inner: &Arc<Inner>, id: WebhookId) {
    let task = Arc::clone(inner);
    inner.tasks.spawn(async move {
        if let Err(error) = run(&task, id).await {
            tracing::error!(webhook = %id, %error, "the work of a webhook was broken off; it is tried again");
        }
        if let Some(receiver) = task.receivers().get_mut(&id) {
            receiver.is_busy = false;
        }
        task.wake.notify_one();
    });
}

async fn run(inner: &Arc<Inner>, id: WebhookId) -> Result<(), StoreError> {
    let Some(to) = inner.store().subscription(id).await? else {
        inner.receivers().remove(&id);
        return Ok(());
    };
    let (mut under_way, mut requests) = (UnderWay::default(), FuturesUnordered::new());
    loop {
        while let Some(batch) = next(inner, &to, &under_way, requests.len()).await? {
            under_way.add(&batch);
            requests.push(deliver(inner, &to, batch));
        }
        let Some((batch, tried)) = requests.next().await else { return Ok(()) };
        settle(inner, &to, tried).await?;
        under_way.remove(&batch);
    }
}

/// The next batch, if one more request may be made now.
async fn next(
    inner: &Inner,
    to: &Subscription,
    under_way: &UnderWay,
    requests: usize,
) -> Result<Option<Vec<Notice>>, StoreError> {
    let (now, breaker) = (inner.clock.now(), inner.breaker(to.webhook.id));
    let most = breaker.parallel(inner.config.parallel_per_endpoint);
    if inner.stop.is_cancelled() || requests >= most || !breaker.allows(now) {
        return Ok(None);
    }
    // Enough to find a full batch behind everything that is under way.
    let batch = inner.config.batch.clamp(1, 100);
    let limit = u32::try_from((requests + 1) * batch * 4).unwrap_or(u32::MAX);
    let due = inner.store().due_notices(to.webhook.id, to.webhook.ordered, now, limit).await?;
    let free = due.into_iter().filter(|notice| under_way.leaves(notice, to.webhook.ordered));
    let batch: Vec<Notice> = free.take(batch).collect();
    Ok(Some(batch).filter(|batch| !batch.is_empty()))
}

impl UnderWay {
    fn leaves(&self, notice: &Notice, ordered: bool) -> bool {
        let held = notice.conversation.is_some_and(|id| ordered && self.conversations.contains(&id));
        !held && !self.notices.contains(&notice.id)
    }

    fn add(&mut self, batch: &[Notice]) {
        self.notices.extend(batch.iter().map(|notice| notice.id));
        self.conversations.extend(batch.iter().filter_map(|notice| notice.conversation));
    }

    fn remove(&mut self, batch: &[(i64, Option<ConversationId>)]) {
        for (id, conversation) in batch {
            self.notices.remove(id);
            if let Some(conversation) = conversation {
                self.conversations.remove(conversation);
            }
        }
    }
}

/// Sends a batch. One that is refused as a whole is sent again event by event, so that one bad event costs only itself.
async fn deliver(inner: &Inner, to: &Subscription, batch: Vec<Notice>) -> (Vec<(i64, Option<ConversationId>)>, Tried) {
    let names = batch.iter().map(|notice| (notice.id, notice.conversation)).collect();
    let mut tried = Tried::default();
    let Some(outcome) = request(inner, to, &batch, &mut tried.requests).await else { return (names, tried) };
    if !matches!(outcome, Outcome::Refused(_)) || batch.len() == 1 {
        tried.events = batch.into_iter().map(|notice| (notice, outcome.clone())).collect();
        return (names, tried);
    }
    for notice in batch {
        let alone = std::slice::from_ref(&notice);
        let Some(outcome) = request(inner, to, alone, &mut tried.requests).await else { break };
        let goes_on = !matches!(outcome, Outcome::Failed { .. });
        tried.events.push((notice, outcome));
        if !goes_on {
            break;
        }
    }
    (names, tried)
}

/// One request, which goes into the log; none when the house closes before it could begin.
async fn request(inner: &Inner, to: &Subscription, batch: &[Notice], log: &mut Vec<Attempt>) -> Option<Outcome> {
    tokio::time::sleep(turn(inner, to.webhook.id)).await;
    let _place = inner.place(to.webhook.id).await?;
    let events: Vec<(String, &str)> =
        batch.iter().map(|notice| (notice.event.to_string(), notice.body.as_str())).collect();
    let (began, at) = (tokio::time::Instant::now(), inner.clock.now());
    let outcome = send(&inner.egress, to, &events, at).await;
    let took = began.elapsed();
    metrics::histogram!("passerelle_webhook_seconds").record(took.as_secs_f64());
    let (name, status, reason) = tell(&outcome);
    let carried = batch.iter().map(|notice| (notice.event, type_of(notice))).collect();
    let request = message_id(&events);
    log.push(Attempt { id: 0, request, events: carried, outcome: name, status, reason, took, at });
    Some(outcome)
}

/// An outcome as the log has it.
fn tell(outcome: &Outcome) -> (AttemptOutcome, Option<u16>, Option<String>) {
    match outcome {
        Outcome::Taken(status) => (AttemptOutcome::Delivered, Some(*status), None),
        Outcome::Refused(status) => (AttemptOutcome::Refused, Some(*status), Some(refusal(*status))),
        Outcome::Failed { status, reason, .. } => (AttemptOutcome::Failed, *status, Some(reason.clone())),
    }
}

fn type_of(notice: &Notice) -> String {
    #[derive(Deserialize)]
    struct Typed {
        r#type: String,
    }
    serde_json::from_str(&notice.body).map_or_else(|_| String::new(), |event: Typed| event.r#type)
}

fn refusal(status: u16) -> String {
    format!("the receiver will not take it: status {status}")
}

/// How long a request has to wait, because its receiver has just come back.
fn turn(inner: &Inner, id: WebhookId) -> std::time::Duration {
    let now = inner.clock.now();
    inner.receivers().entry(id).or_default().breaker.turn(now)
}

/// Writes down what came of a request. Until then the events count as not taken: after a crash they are sent again.
async fn settle(inner: &Arc<Inner>, to: &Subscription, tried: Tried) -> Result<(), StoreError> {
    let (id, now) = (to.webhook.id, inner.clock.now());
    let Tried { events: tried, requests } = tried;
    let Some((_, last)) = tried.last() else { return Ok(()) };
    learn(inner, id, last);
    let gone = match last {
        Outcome::Failed { reason, .. } => Some(reason.clone()),
        _ => None,
    };
    let taken: Vec<i64> =
        tried.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Taken(_))).map(|(notice, _)| notice.id).collect();
    let failed: Vec<(i64, NoticeFailure)> =
        tried.iter().filter_map(|(notice, outcome)| Some((notice.id, failure(notice, outcome, now)?))).collect();
    count(taken.len(), &failed);
    let written = inner.store().write(move |tx| {
        Box::pin(async move {
            tx.log_attempts(id, &requests);
            tx.take_notices(&taken);
            failed.iter().for_each(|(notice, failure)| tx.fail_notice(*notice, failure));
            if let Some(reason) = gone {
                tx.give_up_notices(id, now, &reason);
            }
            Ok(())
        })
    });
    written.await
}

/// What the last request tells of the receiver's health.
fn learn(inner: &Inner, id: WebhookId, outcome: &Outcome) {
    let now = inner.clock.now();
    let mut receivers = inner.receivers();
    let breaker = &mut receivers.entry(id).or_default().breaker;
    match outcome {
        Outcome::Taken(_) | Outcome::Refused(_) => breaker.answered(now),
        Outcome::Failed { retry_after, .. } => breaker.failed(now, *retry_after),
    }
}

fn failure(notice: &Notice, outcome: &Outcome, now: Timestamp) -> Option<NoticeFailure> {
    match outcome {
        Outcome::Taken(_) => None,
        Outcome::Refused(status) => Some(NoticeFailure { next: None, status: Some(*status), reason: refusal(*status) }),
        Outcome::Failed { status, reason, retry_after } => {
            // Without random bytes the waits are shorter and alike, and still waits.
            let random = getrandom::u32().unwrap_or(0);
            let next = schedule::next_try(notice.tries + 1, now, notice.give_up_at, *retry_after, random);
            Some(NoticeFailure { next, status: *status, reason: reason.clone() })
        }
    }
}

fn count(taken: usize, failed: &[(i64, NoticeFailure)]) {
    let dead = failed.iter().filter(|(_, failure)| failure.next.is_none()).count();
    for (outcome, count) in [("taken", taken), ("retry", failed.len() - dead), ("dead", dead)] {
        metrics::counter!("passerelle_webhook_deliveries_total", "outcome" => outcome).increment(count as u64);
    }
}
