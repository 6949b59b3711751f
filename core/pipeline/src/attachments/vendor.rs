//! Files that vendors keep: fetched before anybody sees the message.
//!
//! A file that cannot be had does not lose its message: it is recorded with words instead.

use std::sync::Arc;
use std::time::Duration;

use passerelle_model::content::{Content, MAX_MEDIA_BYTES, Media, MediaSource};
use passerelle_model::id::AppId;
use passerelle_plugin_host::{Installation, RemoteFile};
use passerelle_store::{MediaAccess, MediaFile};

use super::Incoming;
use crate::gateway::Inner;

/// Time for fetching one file of a vendor.
const TIME: Duration = Duration::from_secs(30);
/// The type that says nothing.
const VAGUE: &str = "application/octet-stream";

/// Fetches the vendor's files of a message; what could not be had becomes words.
pub(crate) async fn fetch_all(
    inner: &Arc<Inner>,
    installation: &Installation,
    content: &mut Content,
    files: &mut Vec<MediaFile>,
) {
    let (media, text) = match content {
        Content::Image { media, text, .. } | Content::File { media, text } => (media, text),
        Content::Carousel { cards, .. } | Content::List { rows: cards, .. } => {
            cards.iter_mut().for_each(|card| card.media = card.media.take().filter(|media| !is_vendors(media)));
            return;
        }
        _ => return,
    };
    let MediaSource::Vendor(reference) = &media.source else { return };
    match fetch(inner, installation, reference, media).await {
        Ok(file) => {
            show(media, &file);
            files.push(file);
        }
        Err(reason) => {
            tracing::warn!(integration = %installation.integration(), reason, "a file of a message could not be fetched");
            let name = media.file_name.as_deref().or(media.media_type.as_deref()).unwrap_or("file");
            let missing = format!("[{name} could not be fetched]");
            *content = Content::text(text.take().map_or(missing.clone(), |text| format!("{text}\n{missing}")));
        }
    }
}

/// The message shows the file that we keep.
pub(super) fn show(media: &mut Media, file: &MediaFile) {
    media.source = MediaSource::Handle(file.handle.clone());
    media.media_type = Some(file.media_type.clone());
    media.file_name = media.file_name.take().or_else(|| file.file_name.clone());
    media.size = Some(file.size);
}

/// Bytes that are fetched at most.
pub(super) fn limit() -> usize {
    usize::try_from(MAX_MEDIA_BYTES).unwrap_or(usize::MAX)
}

/// Keeps a file of somebody else as it comes.
pub(super) async fn keep(
    inner: &Inner,
    app: AppId,
    mut remote: RemoteFile,
    file_name: Option<&str>,
    declared: Option<&str>,
) -> Result<MediaFile, String> {
    let begun = Incoming::begin(&inner.attachments.files, app, MediaAccess::Private, None).await;
    let mut incoming = begun.map_err(|error| error.to_string())?;
    while let Some(chunk) = remote.chunk().await.map_err(|error| error.to_string())? {
        incoming.write(&chunk).await.map_err(|error| error.to_string())?;
    }
    let told = Some(remote.media_type.as_str()).filter(|told| *told != VAGUE);
    let name = file_name.or(remote.file_name.as_deref());
    incoming.finish_as(name, told.or(declared)).await.map_err(|error| error.to_string())
}

fn is_vendors(media: &Media) -> bool {
    matches!(media.source, MediaSource::Vendor(_))
}

async fn fetch(
    inner: &Arc<Inner>,
    installation: &Installation,
    reference: &str,
    media: &Media,
) -> Result<MediaFile, String> {
    let located = inner.host.locate_media(installation, reference).await.map_err(|error| error.to_string())?;
    let fetched = inner.host.fetch_media(installation, &located.value, TIME, limit()).await;
    let remote = fetched.map_err(|error| error.to_string())?;
    keep(inner, installation.app(), remote, media.file_name.as_deref(), media.media_type.as_deref()).await
}
