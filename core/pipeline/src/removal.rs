//! Clears away what was deleted: in batches, behind everybody's back, and again from where it was after a restart.
//!
//! What is deleted is gone for everybody when its command is answered. Here go its rows and its files, and the end of a
//! user or of its conversations is told to the log.

use std::sync::Arc;
use std::time::Duration;

use passerelle_model::event::EventKind;
use passerelle_model::id::AppId;
use passerelle_store::{Purged, Removal, RemovalTarget, StoreError, Tx, User};

use crate::gateway::{Gateway, Inner};

/// Rows of each table that one step clears away: some milliseconds of the writer's time.
const BATCH: u32 = 500;
/// The longest sleep: what another process deleted is seen this late at most.
const LONGEST: Duration = Duration::from_secs(60);
/// The pause after a fault of the database.
const PAUSE: Duration = Duration::from_secs(1);

/// Starts the clearing; it ends when the house closes.
pub(crate) fn spawn(inner: &Arc<Inner>) {
    let task = Arc::clone(inner);
    inner.tasks.spawn(async move {
        while !task.stop.is_cancelled() {
            let pause = match step(&task).await {
                Ok(true) => continue,
                Ok(false) => LONGEST,
                Err(error) => {
                    tracing::error!(%error, "what was deleted could not be cleared away; it is tried again");
                    PAUSE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = task.removing.notified() => {}
                () = task.stop.cancelled() => {}
            }
        }
    });
}

/// Takes the integrations of an app that is gone out of everybody's sight, and tells the vendors, who need not listen.
pub(crate) fn close(inner: &Arc<Inner>, app: AppId) {
    let directory = inner.book.now();
    let gone: Vec<_> = directory.integrations.values().filter(|entry| entry.row.app == app).cloned().collect();
    for entry in &gone {
        inner.forget(entry.row.id);
    }
    inner.book.change(|directory| {
        directory.boards.remove(&app);
        directory.settings.remove(&app);
    });
    let gateway = Gateway(Arc::clone(inner));
    inner.tasks.spawn(async move {
        for entry in gone {
            gateway.unregister(&entry).await;
        }
    });
}

/// One batch; false when there is nothing to clear away.
async fn step(inner: &Arc<Inner>) -> Result<bool, StoreError> {
    let Some(removal) = inner.store.next_removal().await? else { return Ok(false) };
    let (work, app) = (Arc::clone(inner), removal.app);
    let purged = inner.store.write(move |tx| Box::pin(async move { purge(&work, tx, removal).await })).await?;
    if let Purged::Files(handles) = purged {
        for handle in &handles {
            drop_file(inner, handle).await;
        }
        let forgotten = inner.store.write(move |tx| {
            Box::pin(async move {
                tx.delete_media(app, &handles);
                Ok(())
            })
        });
        forgotten.await?;
    }
    Ok(true)
}

async fn purge(inner: &Inner, tx: &mut Tx<'_>, removal: Removal) -> Result<Purged, StoreError> {
    let purged = tx.purge(&removal, BATCH).await?;
    let told = match (&purged, removal.target) {
        (Purged::Conversation(gone), RemovalTarget::User(_)) => {
            Some(EventKind::ConversationRemoved { conversation: gone.snapshot() })
        }
        (Purged::User(gone), _) => {
            let gone = User { external_id: removal.external_id, ..User::clone(gone) };
            Some(EventKind::UserRemoved { user: gone.snapshot() })
        }
        _ => None,
    };
    if let Some(kind) = told {
        let now = inner.clock.now();
        tx.append_app_event(removal.app, inner.ids.next(now), now, kind);
    }
    Ok(purged)
}

/// A file that is not there any more is as good as removed.
async fn drop_file(inner: &Inner, handle: &str) {
    if let Err(error) = tokio::fs::remove_file(inner.config.media_dir.join(handle)).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "a file of a deleted app could not be removed: remove it by hand");
    }
}
