//! Lets go of conversations in which nothing was written for longer than their app keeps them.
//!
//! A user's default conversation stays, without its messages; others go the way of those that callers delete. What belongs
//! to users who are to be retained stays.

use std::sync::Arc;

use passerelle_model::event::EventKind;
use passerelle_model::id::{AppId, ConversationId, IdSource};
use passerelle_model::time::Timestamp;
use passerelle_store::{StoreError, Tx};

use crate::gateway::Inner;

/// Conversations that are looked for at once.
const BATCH: u32 = 100;

/// One round through all apps that keep nothing for ever.
pub(crate) async fn clear(inner: &Arc<Inner>) -> Result<(), StoreError> {
    let (directory, now) = (inner.book.now(), inner.clock.now());
    for (app, settings) in &directory.settings {
        let kept_us =
            i64::try_from(settings.conversation_retention_seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000);
        if kept_us > 0 {
            clear_app(inner, *app, Timestamp::from_micros(now.as_micros().saturating_sub(kept_us))).await?;
        }
    }
    Ok(())
}

async fn clear_app(inner: &Arc<Inner>, app: AppId, limit: Timestamp) -> Result<(), StoreError> {
    loop {
        let old = inner.store.conversations_older_than(app, limit, BATCH).await?;
        let is_all = old.len() < BATCH as usize;
        // One transaction for each: the messages of one may be many, and others want to write.
        for (id, _) in old {
            let (ids, now) = (Arc::clone(&inner.ids), inner.clock.now());
            inner.store.write(move |tx| Box::pin(async move { forget(tx, &ids, app, id, limit, now).await })).await?;
        }
        inner.removing.notify_one();
        if is_all || inner.stop.is_cancelled() {
            return Ok(());
        }
    }
}

/// Unless somebody has written there in the meantime.
async fn forget(
    tx: &mut Tx<'_>,
    ids: &IdSource,
    app: AppId,
    id: ConversationId,
    limit: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(found) = tx.conversation(app, id).await?.filter(|found| found.last_updated_at < limit) else {
        return Ok(());
    };
    if found.is_default {
        tx.cancel_deliveries(id, None);
        tx.delete_all_messages(id);
        tx.append_event(app, id, ids.next(now), now, EventKind::MessagesDeleted);
    } else {
        tx.remove_conversation(app, id, now);
        let kind = EventKind::ConversationRemoved { conversation: found.snapshot() };
        tx.append_app_event(app, ids.next(now), now, kind);
    }
    Ok(())
}
