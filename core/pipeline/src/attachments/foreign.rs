//! Addresses in messages that callers write: our own become handles, foreign files are copied.
//!
//! This happens before the message is written, and not after: what is stored, shown and sent is then one and the same
//! from the first moment, with its type and size, and nothing has to be taken back. It costs the caller the time of the
//! download, which is bounded. A file that cannot be had keeps its message: the address stays as it is.

use std::time::Duration;

use passerelle_model::content::{Content, Media, MediaSource};
use passerelle_model::id::{AppId, IntegrationId, RawId};
use passerelle_store::MediaFile;

use super::vendor::{keep, limit, show};
use crate::command::CommandError;
use crate::gateway::Inner;

/// Puts our own files in place of addresses. Gives the copies that were made: they have no row yet, and are cleared away
/// when none is written.
pub(crate) async fn adopt(inner: &Inner, app: AppId, content: &mut Content) -> Result<Vec<MediaFile>, CommandError> {
    for media in content.media_mut() {
        adopt_own(inner, app, media).await?;
    }
    let (Content::Image { media, .. } | Content::File { media, .. }) = content else { return Ok(Vec::new()) };
    let MediaSource::Url(url) = &media.source else { return Ok(Vec::new()) };
    if !inner.attachments.config.copy_foreign {
        return Ok(Vec::new());
    }
    match copy(inner, app, url).await {
        Ok(file) => {
            show(media, &file);
            Ok(vec![file])
        }
        Err(reason) => {
            tracing::info!(%app, reason, "a foreign file could not be copied; its message keeps the address");
            Ok(Vec::new())
        }
    }
}

async fn adopt_own(inner: &Inner, app: AppId, media: &mut Media) -> Result<(), CommandError> {
    let MediaSource::Url(url) = &media.source else { return Ok(()) };
    let Some((owner, handle)) = inner.attachments.links().parse(url) else { return Ok(()) };
    // The address of another app's file is an address like any other, and opens nothing here.
    let known = if owner == app { inner.store.media(app, &handle).await? } else { None };
    let unknown = || CommandError::invalid("mediaUrl", "names an attachment that does not exist");
    show(media, &known.ok_or_else(unknown)?);
    Ok(())
}

async fn copy(inner: &Inner, app: AppId, url: &str) -> Result<MediaFile, String> {
    let time = Duration::from_millis(inner.attachments.config.foreign_timeout_ms);
    // The app's own connections: an app id is no integration's id.
    let owner = IntegrationId::from(RawId::from_bytes(*app.as_bytes()));
    let fetch = async {
        let remote = inner.host.fetch_public(owner, url, time, limit()).await.map_err(|error| error.to_string())?;
        keep(inner, app, remote, None, None).await
    };
    tokio::time::timeout(time, fetch).await.map_err(|_| "it did not come in time".to_owned())?
}
