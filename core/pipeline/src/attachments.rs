//! Files that came with messages: fetched once, kept under a name that cannot be guessed, and only then shown.
//!
//! A file that cannot be had does not lose its message: it is recorded with words instead.

use std::path::Path;
use std::sync::Arc;

use passerelle_model::content::{Content, MAX_MEDIA_BYTES, Media, MediaSource};
use passerelle_model::id::AppId;
use passerelle_plugin_host::{Installation, MediaBytes};
use passerelle_store::MediaFile;
use tokio::io::AsyncWriteExt as _;

use crate::gateway::Inner;

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
            media.source = MediaSource::Handle(file.handle.clone());
            media.media_type = Some(file.media_type.clone());
            media.file_name = media.file_name.take().or_else(|| file.file_name.clone());
            media.size = Some(file.size);
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
    let limit = usize::try_from(MAX_MEDIA_BYTES).unwrap_or(usize::MAX);
    let fetched =
        inner.host.fetch_media(installation, &located.value, limit).await.map_err(|error| error.to_string())?;
    let declared = media.media_type.clone();
    keep(&inner.config.media_dir, installation.app(), fetched, declared).await.map_err(|error| error.to_string())
}

async fn keep(folder: &Path, app: AppId, fetched: MediaBytes, declared: Option<String>) -> std::io::Result<MediaFile> {
    let handle = random_name()?;
    let unfinished = folder.join(format!("{handle}.part"));
    let mut file = tokio::fs::File::create(&unfinished).await?;
    file.write_all(&fetched.bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(&unfinished, folder.join(&handle)).await?;
    // The name must be on the disk before the message that tells it.
    tokio::fs::File::open(folder).await?.sync_all().await?;
    let vague = fetched.media_type == "application/octet-stream";
    let media_type = declared.filter(|_| vague).unwrap_or(fetched.media_type);
    let size = fetched.bytes.len() as u64;
    Ok(MediaFile { handle, app, media_type, file_name: fetched.file_name, size })
}

fn random_name() -> std::io::Result<String> {
    let mut bytes = [0u8; 20];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(hex::encode(bytes))
}
