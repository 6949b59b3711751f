//! Wakes work whose time has come: retries of requests, turns and deliveries, and wake-ups of bots. Sleeps in between.

use std::sync::Arc;
use std::time::Duration;

use passerelle_model::time::Timestamp;
use passerelle_store::StoreError;

use crate::gateway::Inner;
use crate::{attachments, deliver, linking, retention, turn};

/// The longest sleep: times that another process wrote are seen this late at most.
const LONGEST: Duration = Duration::from_secs(60);
/// The shortest sleep, so that nothing is asked hot.
const SHORTEST: Duration = Duration::from_millis(5);
/// How often old rows are cleared away.
const CLEARING: Duration = Duration::from_secs(60);
/// How long a repeat of a request is known as one: seven days.
const REMEMBERED_US: i64 = 7 * 24 * 3_600 * 1_000_000;
/// A session of the widget ends when its visitor was not heard of for 30 days, and after 180 days in any case.
const UNHEARD: Duration = Duration::from_secs(30 * 24 * 3_600);
const OLDEST: Duration = Duration::from_secs(180 * 24 * 3_600);
/// Of so many clearings one also looks for files without a row: about every hour.
const STRAYS: u32 = 60;
/// Of so many clearings one also looks for conversations that are too old: about every ten minutes.
const TOO_OLD: u32 = 10;
/// Lanes of deliveries that are woken at once.
const LANES: u32 = 256;
/// As many requests and turns does the store give at once, too.
const BATCH: usize = 256;

/// Starts the clock of the house; it ends when the house closes.
pub(crate) fn spawn(inner: &Arc<Inner>) {
    let task = Arc::clone(inner);
    inner.tasks.spawn(async move {
        let mut cleared = tokio::time::Instant::now();
        let mut clearings = 0;
        while !task.stop.is_cancelled() {
            let pause = match wake_due(&task).await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::error!(%error, "due work could not be read; it is tried again");
                    Duration::from_secs(1)
                }
            };
            if cleared.elapsed() >= CLEARING {
                cleared = tokio::time::Instant::now();
                clear(&task).await;
                clear_files(&task, clearings % STRAYS == 0).await;
                if clearings % TOO_OLD == 0 {
                    clear_conversations(&task).await;
                }
                clearings += 1;
            }
            tokio::select! {
                () = tokio::time::sleep(pause.clamp(SHORTEST, LONGEST)) => {}
                () = task.wake.notified() => {}
                () = task.stop.cancelled() => {}
            }
        }
    });
}

/// Hands out what is due and says when the next thing will be.
async fn wake_due(inner: &Arc<Inner>) -> Result<Duration, StoreError> {
    let now = inner.clock.now();
    let Some(earliest) = inner.store.next_due(Timestamp::from_micros(0)).await? else {
        return Ok(LONGEST);
    };
    if earliest > now {
        return Ok(now.until(earliest));
    }
    let taken = inner.store.write(move |tx| {
        Box::pin(async move {
            Ok((tx.take_due_raw(now).await?, tx.take_due_turns(now).await?, tx.take_due_links(now).await?))
        })
    });
    let (raws, turns, links) = taken.await?;
    let lanes = inner.store.due_lanes(now, LANES).await?;
    // A full batch may have left something behind.
    let more = raws.len().max(turns.len()).max(lanes.len()).max(links.len()) >= BATCH;
    for raw in raws {
        inner.take_in(raw).await;
    }
    for due in turns {
        turn::push(inner, due).await;
    }
    for link in links {
        linking::push(inner, link).await;
    }
    for lane in lanes {
        deliver::push(inner, lane, None).await;
    }
    if more {
        return Ok(SHORTEST);
    }
    let next = inner.store.next_due(now).await?;
    Ok(next.map_or(LONGEST, |at| now.until(at)))
}

async fn clear(inner: &Arc<Inner>) {
    let now = inner.clock.now();
    let limit =
        now.as_micros() - i64::try_from(inner.config.raw_retention_s).unwrap_or(i64::MAX / 2_000_000) * 1_000_000;
    let limit = Timestamp::from_micros(limit);
    let forgotten = Timestamp::from_micros(now.as_micros() - REMEMBERED_US);
    let cleared = inner.store.write(move |tx| {
        Box::pin(async move {
            tx.prune_raw(limit);
            tx.prune_kv(now);
            tx.prune_remembered(forgotten);
            tx.prune_widget_sessions(ago(now, UNHEARD), ago(now, OLDEST), now);
            Ok(())
        })
    });
    if let Err(error) = cleared.await {
        tracing::warn!(%error, "old rows could not be cleared away");
    }
}

fn ago(now: Timestamp, past: Duration) -> Timestamp {
    Timestamp::from_micros(now.as_micros() - i64::try_from(past.as_micros()).unwrap_or(i64::MAX / 2))
}

async fn clear_conversations(inner: &Arc<Inner>) {
    if let Err(error) = retention::clear(inner).await {
        tracing::warn!(%error, "old conversations could not be let go; it is tried again");
    }
}

async fn clear_files(inner: &Arc<Inner>, strays: bool) {
    let cleared = async {
        attachments::sweep(inner).await?;
        if strays { attachments::sweep_strays(inner).await } else { Ok(()) }
    };
    if let Err(error) = cleared.await {
        tracing::warn!(%error, "files that nobody needs could not be cleared away");
    }
}
