//! Where the mail server brings letters: a door with a key of its own, and no agent behind it.

use axum::body::Body;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http_body_util::{BodyExt as _, Limited};
use passerelle_desk::Act;
use passerelle_desk::mail::{Arrived, Enclosed, Letterbox, MAX_MAIL_BYTES, Mail, Place, place, read, sender, take};
use passerelle_model::id::AppId;
use passerelle_model::people::Profile;
use passerelle_pipeline::{Caller, Command, CommandError, Done, NewUser, Stop, Together, UploadError};
use passerelle_store::{MediaAccess, MediaFile, StoreError};
use serde_json::{Value, json};
use std::sync::Arc;

use super::door::{Answer, Visit};
use super::page::ok;
use super::problem::Problem;
use crate::api::Api;
use crate::error::ApiError;
use crate::routes::attachments::refused;

/// Whose budget wrong tokens are taken from.
const GUESSER: &str = "mail server";

/// Lets in whoever shows the mail server's token. Without a letterbox nobody fits.
pub(super) fn admit(api: &Api, request: &Parts) -> Result<(), Problem> {
    let (client, now) = (api.client_of(request), api.clock.now());
    api.budgets().may_guess(client, GUESSER, now)?;
    let shown = request.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = shown.split_once(' ').unwrap_or_default();
    let fits = |letterbox: &Letterbox| letterbox.fits(token.trim());
    if scheme.eq_ignore_ascii_case("bearer") && api.desk.mail().letterbox.as_ref().is_some_and(fits) {
        return Ok(());
    }
    api.budgets().guessed_wrong(client, GUESSER, now);
    Err(Problem::unauthenticated())
}

/// `POST /channels/mail/inbound`: the body is one letter. Brought again, it has no second effect.
pub(super) async fn take_in(mut visit: Visit) -> Answer {
    let raw = collect(visit.take_stream()).await?;
    // Parsing takes a while, and a letter that breaks the parser breaks nothing else.
    let arrived = tokio::task::spawn_blocking(move || read(&raw)).await.unwrap_or_default();
    let arrived = arrived.ok_or_else(|| Problem::unreadable("The body is no letter with a sender, RFC 5322"))?;
    let found = find(&visit.api, &arrived).await?;
    let app = match found {
        Place::Repeat(ticket, comment) => {
            return ok(json!({ "mail": { "result": "repeat", "ticket_id": ticket, "comment_id": comment } }));
        }
        Place::Ignored(reason) => {
            tracing::info!(reason, "a letter was passed over");
            return ok(json!({ "mail": { "result": "ignored", "reason": reason } }));
        }
        Place::Ticket(app, _) => app,
        Place::Nowhere => own_app(&visit.api).await?,
    };
    keep(&visit.api, app, arrived).await
}

async fn collect(body: Body) -> Result<Vec<u8>, Problem> {
    let collected = Limited::new(body, MAX_MAIL_BYTES).collect().await.map_err(|error| {
        if error.is::<http_body_util::LengthLimitError>() {
            Problem::from(ApiError::too_large(MAX_MAIL_BYTES))
        } else {
            Problem::unreadable("The letter could not be read")
        }
    })?;
    Ok(collected.to_bytes().to_vec())
}

async fn find(api: &Api, arrived: &Arrived) -> Result<Place, StoreError> {
    let (mail, arrived) = (api.desk.mail().clone(), arrived.clone());
    api.store().write(move |tx| Box::pin(async move { place(tx, &mail, &arrived).await })).await
}

/// The app that letters of strangers are for.
async fn own_app(api: &Api) -> Result<AppId, Problem> {
    if let Some(app) = api.desk.mail().letterbox.as_ref().and_then(|letterbox| letterbox.app) {
        return Ok(api.store().app(app).await?.ok_or_else(Problem::not_found)?.id);
    }
    let apps = api.store().apps(passerelle_store::Page::first(2)).await?.rows;
    match apps.as_slice() {
        [only] => Ok(only.id),
        _ => Err(Problem::invalid("app", "cannot be told: name one in `mail.app` of the configuration")),
    }
}

/// Everything that the letter changes, in one transaction: its place is looked for again, because it may have moved.
async fn keep(api: &Api, app: AppId, mut arrived: Arrived) -> Answer {
    let files = take_files(api, app, &mut arrived).await?;
    let (mail, now) = (api.desk.mail().clone(), api.clock.now());
    let act = Act { app, by: None, now, ids: Arc::clone(api.gateway.ids()) };
    let (enclosed, room) = (files.clone(), api.gateway.attachments().config().max_app_bytes);
    let written = api
        .gateway
        .together(Caller::Operator, app, None, move |mut all| {
            Box::pin(async move { Ok(enter(&mut all, &act, &mail, arrived, enclosed, room).await?.to_string()) })
        })
        .await;
    // Where nothing became of the letter, or there was no room.
    for file in &files {
        if api.store().media(app, &file.handle).await?.is_none() {
            api.gateway.attachments().discard(file).await;
        }
    }
    let written = written?;
    api.desk.wake();
    let shown: Value = serde_json::from_str(&written.made).map_err(|error| ApiError::internal(&error))?;
    ok(json!({ "mail": shown }))
}

/// Takes the letter's files in; those that no visitor could send either are named in it instead.
async fn take_files(api: &Api, app: AppId, arrived: &mut Arrived) -> Result<Vec<MediaFile>, Problem> {
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for file in std::mem::take(&mut arrived.files) {
        match take_file(api, app, &file).await {
            Ok(file) => kept.push(file),
            Err(error @ (UploadError::Refused(_) | UploadError::TooLarge)) => {
                left_out.push((file.name.unwrap_or_default(), error.to_string()));
            }
            Err(error) => {
                for file in &kept {
                    api.gateway.attachments().discard(file).await;
                }
                return Err(refused(error).into());
            }
        }
    }
    arrived.without(&left_out);
    Ok(kept)
}

async fn take_file(api: &Api, app: AppId, file: &Enclosed) -> Result<MediaFile, UploadError> {
    let mut incoming = api.gateway.attachments().receive(app, MediaAccess::Private).await?;
    incoming.write(&Bytes::from_owner(Arc::clone(&file.bytes))).await?;
    incoming.finish(file.name.as_deref()).await
}

async fn enter(
    all: &mut Together<'_, '_>,
    act: &Act,
    mail: &Mail,
    mut arrived: Arrived,
    files: Vec<MediaFile>,
    room: u64,
) -> Result<Value, Stop> {
    let found = match place(all.tx, mail, &arrived).await? {
        Place::Repeat(ticket, comment) => {
            return Ok(json!({ "result": "repeat", "ticket_id": ticket, "comment_id": comment }));
        }
        Place::Ignored(reason) => return Ok(json!({ "result": "ignored", "reason": reason })),
        found => found,
    };
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for file in files {
        if all.tx.media_bytes(act.app).await?.saturating_add(file.size) > room {
            left_out.push((file.file_name.unwrap_or_default(), "there is no room for more files".to_owned()));
            continue;
        }
        kept.push(file.handle.clone());
        all.execute(Command::AddAttachment(file)).await?;
    }
    arrived.without(&left_out);
    let from = if arrived.is_automatic { None } else { Some(writer(all, act, found, &arrived).await?) };
    let arrival = take(all.tx, act, found, from, &arrived, kept).await?;
    let result = if found == Place::Ticket(act.app, arrival.ticket) { "comment" } else { "ticket" };
    Ok(json!({ "result": result, "ticket_id": arrival.ticket, "comment_id": arrival.comment }))
}

/// The user who wrote it, made now where nobody has this address.
async fn writer(
    all: &mut Together<'_, '_>,
    act: &Act,
    found: Place,
    arrived: &Arrived,
) -> Result<passerelle_model::id::UserId, Stop> {
    if let Some(known) = sender(all.tx, act.app, found, &arrived.from).await? {
        return Ok(known);
    }
    let named = arrived.name.clone().unwrap_or_default();
    let (given, surname) = named.split_once(' ').unwrap_or((&named, ""));
    let word = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let profile = Profile {
        email: Some(arrived.from.clone()),
        given_name: word(given),
        surname: word(surname),
        ..Profile::default()
    };
    match all.execute(Command::CreateUser(NewUser { profile, ..NewUser::default() })).await? {
        Done::User(user) => Ok(user.id),
        _ => Err(CommandError::Bug("a user was made, and something else came".into()).into()),
    }
}
