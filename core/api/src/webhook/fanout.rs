//! Hands out the log: one row of the outbox per event and webhook that hears it, in one transaction with the cursor. What
//! was handed out before a crash is not handed out again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use passerelle_model::id::AppId;
use passerelle_pipeline::Published;
use passerelle_store::{NewNotice, StoreError, StoredEvent, Subscription};

use super::{Inner, asks, detail, hears, typing};
use crate::wire::event::{Detail, Teller, trigger};

/// Events that are handed out in one transaction.
const BATCH: u32 = 256;
/// Events after which the cursor is kept although nobody heard them.
const KEEP: i64 = 4096;
/// Pause between two looks at the log while there is no webhook at all.
const IDLE: Duration = Duration::from_millis(100);
/// Pause after a failure of the database.
const TROUBLE: Duration = Duration::from_secs(1);

/// How far this process has come.
struct Progress {
    cursor: i64,
    kept: i64,
}

/// Starts handing out; ends when the house closes.
pub(super) fn spawn(inner: &Arc<Inner>) {
    let task = Arc::clone(inner);
    inner.tasks.spawn(async move {
        let stop = task.stop.clone();
        let mut progress = Progress { cursor: 0, kept: 0 };
        tokio::select! {
            () = follow(&task, &mut progress) => {}
            () = stop.cancelled() => {}
        }
        if progress.cursor > progress.kept {
            // Without this the next process reads on from further back and finds the same.
            let _ = keep(&task, Vec::new(), progress.cursor).await;
        }
    });
}

async fn follow(inner: &Arc<Inner>, progress: &mut Progress) {
    let mut feed = inner.gateway.subscribe();
    loop {
        match inner.store().webhook_cursor().await {
            Ok(cursor) => break *progress = Progress { cursor, kept: cursor },
            Err(error) => complain(&error).await,
        }
    }
    loop {
        match hand_out(inner, progress).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                complain(&error).await;
                continue;
            }
        }
        loop {
            match feed.next().await {
                Published::Event(event) if event.cursor <= progress.cursor => {}
                Published::Event(_) | Published::Lagged => break,
                Published::Sign(sign) => typing::show(inner, sign),
                Published::Closed => return,
            }
        }
    }
}

async fn complain(error: &StoreError) {
    tracing::error!(%error, "events could not be handed out to webhooks; it is tried again");
    tokio::time::sleep(TROUBLE).await;
}

/// Hands out the next events. True when there may be more.
async fn hand_out(inner: &Arc<Inner>, progress: &mut Progress) -> Result<bool, StoreError> {
    // Asked first: a webhook that is made after this hears only of what comes later.
    let newest = inner.store().last_cursor().await?;
    if !inner.store().has_webhooks().await? {
        advance(inner, progress, newest).await?;
        tokio::time::sleep(IDLE).await;
        return Ok(false);
    }
    let events = read(inner, progress.cursor).await?;
    let Some(last) = events.last().map(|event| event.cursor) else { return Ok(false) };
    let notices = notices(inner, &events).await?;
    let more = events.len() >= BATCH as usize;
    if notices.is_empty() {
        advance(inner, progress, last).await?;
        return Ok(more);
    }
    metrics::counter!("passerelle_webhook_events_total").increment(notices.len() as u64);
    keep(inner, notices, last).await?;
    *progress = Progress { cursor: last, kept: last };
    inner.wake.notify_one();
    Ok(more)
}

/// The next events. One that cannot be read any more is passed over, because it would hold up all others for ever.
async fn read(inner: &Inner, cursor: i64) -> Result<Vec<StoredEvent>, StoreError> {
    match inner.store().log(cursor, BATCH).await {
        Err(StoreError::BadRow(_)) => {}
        other => return other,
    }
    let mut cursor = cursor;
    loop {
        match inner.store().log(cursor, 1).await {
            Err(StoreError::BadRow(reason)) => {
                tracing::error!(cursor, reason, "an event cannot be read and is told to no webhook");
                cursor += 1;
            }
            other => return other,
        }
    }
}

async fn advance(inner: &Inner, progress: &mut Progress, cursor: i64) -> Result<(), StoreError> {
    progress.cursor = progress.cursor.max(cursor);
    if progress.cursor - progress.kept >= KEEP {
        keep(inner, Vec::new(), progress.cursor).await?;
        progress.kept = progress.cursor;
    }
    Ok(())
}

async fn keep(inner: &Inner, notices: Vec<NewNotice>, cursor: i64) -> Result<(), StoreError> {
    let now = inner.clock.now();
    let kept = inner.store().write(move |tx| {
        Box::pin(async move {
            notices.iter().for_each(|notice| tx.insert_notice(notice, now));
            tx.set_webhook_cursor(cursor);
            Ok(())
        })
    });
    kept.await
}

/// Who hears what of these events, in the order of the log.
async fn notices(inner: &Inner, events: &[StoredEvent]) -> Result<Vec<NewNotice>, StoreError> {
    let apps: BTreeSet<AppId> = events.iter().map(|event| event.app).collect();
    let mut by_app: BTreeMap<AppId, Vec<Subscription>> = BTreeMap::new();
    for subscription in inner.store().subscriptions(&apps).await? {
        by_app.entry(subscription.app).or_default().push(subscription);
    }
    let mut tellers = BTreeMap::new();
    for app in by_app.keys() {
        tellers.insert(*app, Teller::of(inner.store(), inner.links(), *app).await?);
    }
    let mut notices = Vec::new();
    for event in events {
        if let (Some(subscriptions), Some(teller)) = (by_app.get(&event.app), tellers.get(&event.app)) {
            notices.extend(of_event(inner, teller, subscriptions, event).await?);
        }
    }
    Ok(notices)
}

async fn of_event(
    inner: &Inner,
    teller: &Teller<'_>,
    subscriptions: &[Subscription],
    event: &StoredEvent,
) -> Result<Vec<NewNotice>, StoreError> {
    let Some(named) = trigger(&event.event.kind) else { return Ok(Vec::new()) };
    let asked = |to: &&Subscription| asks(to, named) && event.cursor > to.since;
    if !subscriptions.iter().any(|to| asked(&to)) {
        return Ok(Vec::new());
    }
    let Some(telling) = teller.read(event).await? else { return Ok(Vec::new()) };
    let give_up_at = inner.clock.now().plus(inner.config.retry_for());
    let mut shown: HashMap<Detail, String> = HashMap::new();
    let hearing = subscriptions.iter().filter(asked).filter(|to| hears(to, &telling, teller.seats()));
    let notice = |to: &Subscription| NewNotice {
        webhook: to.webhook.id,
        event: telling.id(),
        conversation: telling.conversation(),
        body: shown.entry(detail(to)).or_insert_with(|| telling.show(detail(to)).to_string()).clone(),
        give_up_at,
    };
    Ok(hearing.map(notice).collect())
}
