//! Attachments: taking files in, and removing them.

use axum::body::Body;
use http::HeaderMap;
use passerelle_model::content::MAX_MEDIA_BYTES;
use passerelle_model::id::AppId;
use passerelle_pipeline::{Attachments, Command, Done, Incoming, Refusal, UploadError};
use passerelle_store::{MediaAccess, MediaFile};
use serde_json::json;
use tracing::Instrument as _;

use super::users::unexpected;
use crate::api::Api;
use crate::call::{Answer, Call, Reply};
use crate::error::ApiError;
use crate::form::{Form, Part};

/// The part of the form that is the file.
const SOURCE: &str = "source";
/// Characters of an address that is to be removed; ours are shorter.
const MAX_ADDRESS: usize = 2048;

pub(super) async fn upload(mut call: Call) -> Answer {
    let wanted = wanted(&call)?;
    let (api, app, body) = (call.api.clone(), call.app()?, call.take_stream());
    let (incoming, name) = receive(&api, app, &call.request.headers, body, wanted.access).await?;
    // Everything has come. A caller that goes away now must not leave a file without its row: the rest is a task of its own.
    let kept = tokio::spawn(keep(call, wanted, incoming, name).in_current_span());
    kept.await.map_err(|error| ApiError::internal(&error))?
}

/// Keeps the file and writes its row, or neither.
async fn keep(mut call: Call, wanted: Wanted, incoming: Incoming, name: Option<String>) -> Answer {
    let file = finish(incoming, name).await?;
    let file = MediaFile { for_message: wanted.for_message, conversation: wanted.conversation, ..file };
    // Same bytes under the same name: the same request, however its form was cut.
    let brought = format!("{} {}", file.sha256, file.file_name.as_deref().unwrap_or_default());
    call.has_brought(brought.as_bytes())?;
    let attachments = call.api.gateway.attachments();
    match call.execute(Command::AddAttachment(file.clone())).await {
        Ok(Done::Attachment(kept)) => {
            if kept.handle != file.handle {
                attachments.discard(&file).await; // An earlier request brought it.
            }
            let address = attachments.links().to(kept.app, &kept.handle, kept.file_name.as_deref());
            Reply::created("attachment", json!({ "mediaUrl": address, "mediaType": kept.media_type }))
        }
        Ok(other) => Err(unexpected(&other)),
        Err(error) => {
            attachments.discard(&file).await;
            Err(error)
        }
    }
}

pub(super) async fn remove(call: Call) -> Answer {
    let address = call.fields()?.needed_text("mediaUrl", MAX_ADDRESS)?;
    let unsupported = || ApiError::bad_request(format!("Unsupported media URL for attachment deletion: {address}"));
    let (app, handle) = call.api.gateway.attachments().links().parse(&address).ok_or_else(unsupported)?;
    if app != call.app()? {
        return Err(ApiError::not_found("not_found", "Attachment not found"));
    }
    call.execute(Command::RemoveAttachment { handle }).await?;
    Reply::done()
}

/// What the query asks for.
struct Wanted {
    access: MediaAccess,
    for_message: bool,
    conversation: Option<passerelle_model::id::ConversationId>,
}

fn wanted(call: &Call) -> Result<Wanted, ApiError> {
    let refuse = |name: &str, only: &str| Err(ApiError::bad_request(format!("{name} should be {only}")));
    let access = match call.query.parameter("access") {
        Some("public") => MediaAccess::Public,
        Some("private") | None => MediaAccess::Private,
        Some(_) => return refuse("access", "public or private"),
    };
    let for_message = match call.query.parameter("for") {
        Some("message") => true,
        None => false,
        Some(_) => return refuse("for", "message"),
    };
    let unknown = |_| ApiError::not_found("conversation_not_found", "Conversation not found");
    let conversation = call.query.parameter("conversationId").map(str::parse).transpose().map_err(unknown)?;
    Ok(Wanted { access, for_message, conversation: conversation.filter(|_| for_message) })
}

/// Takes the one file of the form in, with its name; whatever else the form holds is passed over.
pub(crate) async fn receive(
    api: &Api,
    app: AppId,
    headers: &HeaderMap,
    body: Body,
    access: MediaAccess,
) -> Result<(Incoming, Option<String>), ApiError> {
    let attachments = api.gateway.attachments();
    let mut form = Form::open(headers, body, attachments.config().upload_idle_ms)?;
    let mut found = None;
    while let Some(mut part) = form.next().await? {
        if part.name() != Some(SOURCE) {
            while part.chunk().await?.is_some() {}
        } else if found.is_some() {
            return Err(ApiError::bad_request("only one source may be sent"));
        } else {
            found = Some(take(attachments, app, access, &mut part).await?);
        }
    }
    found.ok_or_else(|| ApiError::bad_request("should have required property 'source'"))
}

/// Makes a file of what has come.
pub(crate) async fn finish(incoming: Incoming, name: Option<String>) -> Result<MediaFile, ApiError> {
    incoming.finish(name.as_deref()).await.map_err(refused)
}

async fn take(
    attachments: &Attachments,
    app: AppId,
    access: MediaAccess,
    part: &mut Part<'_>,
) -> Result<(Incoming, Option<String>), ApiError> {
    let name = part.file_name().map(str::to_owned);
    let mut incoming = attachments.receive(app, access).await.map_err(refused)?;
    incoming.check(name.as_deref()).map_err(refused)?;
    while let Some(chunk) = part.chunk().await? {
        incoming.write(&chunk).await.map_err(refused)?;
        incoming.check(name.as_deref()).map_err(refused)?;
    }
    Ok((incoming, name))
}

pub(crate) fn refused(error: UploadError) -> ApiError {
    match error {
        UploadError::TooLarge => {
            ApiError::new(http::StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", too_large_title())
        }
        UploadError::Refused(Refusal::Extension) => ApiError::rejected_file("File extension not allowed"),
        UploadError::Refused(Refusal::Unknown) => ApiError::rejected_file("File type could not be retrieved"),
        UploadError::Refused(Refusal::NotAllowed) => ApiError::rejected_file("File type not allowed"),
        UploadError::Busy => ApiError::unavailable("Too many uploads run at once"),
        UploadError::Disk(error) => ApiError::internal(&error),
    }
}

fn too_large_title() -> String {
    format!("The file is larger than {MAX_MEDIA_BYTES} bytes")
}
