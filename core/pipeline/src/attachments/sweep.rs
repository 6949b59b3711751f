//! Clears away the bytes of files that nobody needs: of removed rows, of rows that no message ever used, and of files
//! that have no row.

use std::sync::Arc;
use std::time::Duration;

use passerelle_store::StoreError;

use crate::gateway::Inner;

/// Removed files of one round.
const BATCH: u32 = 256;
/// Age of a file without a row before it is cleared away: its row follows within seconds, or never.
const STRAY: Duration = Duration::from_secs(3600);

/// One round. The rows decide: a file that a message shows has a row, and a row that a message shows stays.
pub(crate) async fn sweep(inner: &Arc<Inner>) -> Result<(), StoreError> {
    remove_unused(inner).await?;
    while delete_removed(inner).await? == BATCH as usize {}
    Ok(())
}

async fn remove_unused(inner: &Inner) -> Result<(), StoreError> {
    let life = Duration::from_secs(inner.attachments.config.unused_life_s);
    let now = inner.clock.now().as_micros();
    let before = now.saturating_sub(i64::try_from(life.as_micros()).unwrap_or(i64::MAX));
    let before = passerelle_model::time::Timestamp::from_micros(before);
    let removed = inner.store.write(move |tx| Box::pin(async move { tx.remove_unused_media(before, BATCH).await }));
    match removed.await? {
        0 => {}
        count => tracing::info!(count, "files that were in no message are removed"),
    }
    Ok(())
}

async fn delete_removed(inner: &Inner) -> Result<usize, StoreError> {
    let handles = inner.store.removed_media(BATCH).await?;
    let mut gone = Vec::new();
    for handle in &handles {
        match inner.attachments.files.delete(handle).await {
            Ok(()) => gone.push(handle.clone()),
            Err(error) => tracing::warn!(%error, "a removed file stays on the disk for now"),
        }
    }
    let count = gone.len();
    if count > 0 {
        let forgotten = inner.store.write(move |tx| {
            Box::pin(async move {
                gone.iter().for_each(|handle| tx.forget_removed_media(handle));
                Ok(())
            })
        });
        forgotten.await?;
    }
    Ok(count)
}

/// Files without a row. The whole folder is read, so this is for the start and for now and then.
pub(crate) async fn sweep_strays(inner: &Inner) -> Result<(), StoreError> {
    let files = &inner.attachments.files;
    let old = match files.old(inner.clock.now(), STRAY).await {
        Ok(old) => old,
        Err(error) => {
            tracing::warn!(%error, "the folder of files could not be read");
            return Ok(());
        }
    };
    for handle in old {
        if !inner.store.is_media(&handle).await?
            && let Err(error) = files.delete(&handle).await
        {
            tracing::warn!(%error, "a file without a row stays on the disk for now");
        }
    }
    Ok(())
}
