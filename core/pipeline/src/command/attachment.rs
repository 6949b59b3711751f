//! Commands on files.

use passerelle_store::{MediaFile, Tx};

use super::work::{Outcome, Work};
use super::{CommandError, Done};

pub(super) async fn add(work: &mut Work, tx: &mut Tx<'_>, file: MediaFile) -> Outcome {
    if let Some(conversation) = file.conversation {
        tx.conversation(work.app, conversation).await?.ok_or_else(super::conversation::missing)?;
    }
    let limit = work.inner.attachments.config.max_app_bytes;
    if tx.media_bytes(work.app).await?.saturating_add(file.size) > limit {
        return Err(CommandError::NoRoom(limit).into());
    }
    tx.insert_media(&file, work.now);
    Ok(Done::Attachment(file))
}

pub(super) async fn remove(work: &mut Work, tx: &mut Tx<'_>, handle: &str) -> Outcome {
    tx.media(work.app, handle).await?.ok_or(CommandError::NotFound("the attachment"))?;
    tx.remove_media(work.app, handle);
    Ok(Done::Nothing)
}
