//! Files that agents send: taken in first, under a token, and shown by the comment that names it.

use std::collections::HashMap;

use axum::body::Body;
use http::StatusCode;
use http_body_util::BodyExt as _;
use passerelle_model::content::{Content, Media, MediaSource};
use passerelle_model::desk::CommentId;
use passerelle_pipeline::{Command, is_shown_in_place};
use passerelle_store::{MediaAccess, MediaFile};
use serde_json::{Value, json};
use tracing::Instrument as _;

use super::door::{Answer, Visit};
use super::problem::Problem;
use crate::call::Reply;
use crate::error::ApiError;
use crate::routes::attachments::{finish, refused};

/// Characters of a file's name that are worth reading.
const MAX_NAME: usize = 255;

/// `POST /uploads?filename=`: the body is the file.
pub(super) async fn create(mut visit: Visit) -> Answer {
    let name: Option<String> = visit.query("filename").map(|name| name.chars().take(MAX_NAME).collect());
    let name = name.ok_or_else(|| Problem::invalid("filename", "is needed in the query"))?;
    let body = visit.take_stream();
    let incoming = take(&visit, body, &name).await?;
    // Everything has come. An agent that goes away now must not leave a file without its row: the rest is a task of its own.
    let kept = tokio::spawn(
        async move {
            let file = MediaFile { for_message: true, ..finish(incoming, Some(name)).await? };
            keep(&visit, file).await
        }
        .in_current_span(),
    );
    kept.await.map_err(|error| ApiError::internal(&error))?
}

async fn take(visit: &Visit, mut body: Body, name: &str) -> Result<passerelle_pipeline::Incoming, Problem> {
    let attachments = visit.api.gateway.attachments();
    let patience = std::time::Duration::from_millis(attachments.config().upload_idle_ms);
    let mut incoming = attachments.receive(visit.app()?, MediaAccess::Private).await.map_err(refused)?;
    incoming.check(Some(name)).map_err(refused)?;
    loop {
        let frame = tokio::time::timeout(patience, body.frame()).await;
        let frame = frame.map_err(|_| Problem::unreadable("The file did not come in time"))?;
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|_| Problem::unreadable("The file could not be read"))?;
        if let Ok(bytes) = frame.into_data() {
            incoming.write(&bytes).await.map_err(refused)?;
            incoming.check(Some(name)).map_err(refused)?;
        }
    }
    Ok(incoming)
}

async fn keep(visit: &Visit, file: MediaFile) -> Answer {
    let attachments = visit.api.gateway.attachments();
    let command = Command::AddAttachment(file.clone());
    let kept = visit.write_each(move |mut all| {
        Box::pin(async move {
            all.execute(command).await?;
            Ok(String::new())
        })
    });
    if let Err(problem) = kept.await {
        attachments.discard(&file).await;
        return Err(problem);
    }
    let url = attachments.links().to(visit.app()?, &file.handle, file.file_name.as_deref());
    let shown = json!({ "upload": {
        "token": file.handle,
        "expires_at": null,
        "attachment": {
            "id": file.handle,
            "file_name": file.file_name,
            "content_url": url,
            "content_type": file.media_type,
            "size": file.size,
            "thumbnails": [],
        },
    } });
    Ok(Reply::Json(StatusCode::CREATED, shown))
}

/// The file that a token names.
pub(super) async fn named(visit: &Visit, token: &str) -> Result<MediaFile, Problem> {
    let file = visit.api.store().media(visit.app()?, token).await?;
    file.ok_or_else(|| Problem::invalid("uploads", "name no file: send it again"))
}

/// A file as messages name it.
pub(super) fn media(file: &MediaFile) -> Media {
    Media {
        source: MediaSource::Handle(file.handle.clone()),
        media_type: Some(file.media_type.clone()),
        file_name: file.file_name.clone(),
        size: Some(file.size),
        alt_text: None,
    }
}

/// What a message says that shows this file.
pub(super) fn content(file: &MediaFile) -> Content {
    let is_picture = file.media_type.starts_with("image/") && is_shown_in_place(&file.media_type);
    match is_picture {
        true => Content::Image { media: media(file), text: None, actions: Vec::new() },
        false => Content::File { media: media(file), text: None },
    }
}

/// A file as comments and entries of the story show it.
pub(super) fn attachment(visit: &Visit, media: &Media) -> Result<Value, Problem> {
    let links = visit.api.gateway.attachments().links();
    Ok(json!({
        "file_name": media.file_name,
        "content_url": links.of(visit.app()?, media),
        "content_type": media.media_type,
        "size": media.size,
        "malware_scan_result": "not_scanned",
    }))
}

/// The files that stand on comments, as they are shown.
pub(super) async fn on_comments(
    visit: &Visit,
    comments: &[CommentId],
) -> Result<HashMap<CommentId, Vec<Value>>, Problem> {
    let mut shown: HashMap<CommentId, Vec<Value>> = HashMap::new();
    for (comment, file) in visit.api.store().files_of_comments(comments).await? {
        shown.entry(comment).or_default().push(attachment(visit, &media(&file))?);
    }
    Ok(shown)
}
