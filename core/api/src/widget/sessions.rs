//! Sessions of visitors: they begin, go on under a new name when a visitor proves who it is, and end.

use std::collections::BTreeMap;

use passerelle_model::content::{FormFieldKind, MAX_ANSWER};
use passerelle_model::metadata::Scalar;
use passerelle_pipeline::{Arrival, Caller, Change, Command, Description, Done, WidgetCommand};
use passerelle_store::{WidgetDevice, WidgetPage, WidgetSession};
use serde_json::{Value, json};

use super::door::{TOKEN_KIND, Visit, bearer, digest_of};
use super::{proof, public, wire};
use crate::call::{Answer, Reply, stored};
use crate::error::ApiError;
use crate::mint;
use crate::wire::fields::Fields;
use crate::wire::people::{MAX_LOCALE, MAX_NAME, MAX_URL};

/// Characters of what a browser calls itself, and of the name of a fact or a label.
const MAX_WORD: usize = 64;
/// Characters of an origin.
const MAX_ORIGIN: usize = 300;
/// Characters of what a browser says of its make, and of a title.
const MAX_SENTENCE: usize = 300;
/// Facts and labels that one call may bring.
const MAX_LABELS: usize = 20;
/// Bytes of a signed token that are read at all.
const MAX_PROOF: usize = 8192;
/// Conversations that a session begins with.
pub(super) const CONVERSATIONS: u32 = 20;

pub(super) async fn open(visit: Visit) -> Answer {
    let fields = visit.fields()?;
    let page_origin = fields.needed_text("pageOrigin", MAX_ORIGIN)?;
    if !visit.admits(&page_origin) {
        return Err(ApiError::forbidden());
    }
    let identity = match fields.text("jwt", MAX_PROOF)? {
        Some(token) => Some(proof::check(&visit.api, visit.app, &token).await?),
        None => None,
    };
    let token = mint::token(TOKEN_KIND).map_err(|error| ApiError::internal(&error))?;
    let arrival = Arrival {
        digest: digest_of(token.reveal()).ok_or_else(|| ApiError::internal(&"a new token is none"))?,
        old: bearer(&visit.request.headers).and_then(digest_of),
        page_origin,
        identity,
        device: device(&fields)?,
        description: description(&visit, &fields)?,
    };
    let (old, caller) = (arrival.old, Caller::Widget { app: visit.app, integration: visit.integration });
    let command = Command::Widget(WidgetCommand::Open(Box::new(arrival)));
    let session = opened(visit.api.gateway.execute(caller, visit.app, command).await?)?;
    if let Some(old) = old {
        visit.api.crowds().end(old);
    }
    let shown = show(&visit, &session).await?;
    Ok(Reply::Json(http::StatusCode::CREATED, json!({ "token": token.reveal(), "session": shown })))
}

pub(super) async fn get(visit: Visit) -> Answer {
    Reply::one("session", show(&visit, visit.session()?).await?)
}

pub(super) async fn update(visit: Visit) -> Answer {
    let description = Box::new(description(&visit, &visit.fields()?)?);
    let command = WidgetCommand::Describe { session: visit.session()?.digest, description };
    let session = opened(visit.execute(Command::Widget(command)).await?)?;
    Reply::one("session", show(&visit, &session).await?)
}

pub(super) async fn close(visit: Visit) -> Answer {
    let session = visit.session()?.digest;
    visit.execute(Command::Widget(WidgetCommand::Close { session })).await?;
    visit.api.crowds().end(session);
    Reply::done()
}

fn opened(done: Done) -> Result<WidgetSession, ApiError> {
    match done {
        Done::Session(session) => Ok(*session),
        other => Err(ApiError::internal(&format!("a session was asked for, and this came: {other:?}"))),
    }
}

/// A session with what its frame begins with. The cursor is read first: what is committed meanwhile is told again.
async fn show(visit: &Visit, session: &WidgetSession) -> Result<Value, ApiError> {
    let store = visit.api.store();
    let cursor = visit.api.crowds().newest(&visit.api).await?;
    let user = stored(store.user(visit.app, session.user).await)?.ok_or_else(ApiError::unauthorized)?;
    let inbox = stored(store.inbox(visit.app, user.id, None, CONVERSATIONS).await)?;
    Ok(json!({
        "user": wire::user(&user),
        "conversations": inbox.rows.iter().map(wire::summary).collect::<Vec<_>>(),
        "hasMore": inbox.has_more,
        "cursor": cursor.to_string(),
        "config": public::show(&visit.api, visit.app, visit.integration, &visit.settings).await?,
    }))
}

fn device(fields: &Fields<'_>) -> Result<WidgetDevice, ApiError> {
    let device = fields.needed_inner("device")?;
    let guid = device.needed_text("guid", MAX_WORD)?;
    let user_agent = device.value("userAgent").and_then(Value::as_str);
    let user_agent = user_agent.map(|agent| agent.chars().take(MAX_SENTENCE).collect());
    Ok(WidgetDevice { guid, user_agent })
}

/// What the page and its visitor say without proof.
fn description(visit: &Visit, fields: &Fields<'_>) -> Result<Description, ApiError> {
    let mut description = Description {
        locale: fields.text("locale", MAX_LOCALE)?,
        fields: facts(fields)?,
        tags: tags(fields)?,
        page: page(fields)?,
        ..Description::default()
    };
    if let Some(given) = fields.inner("prechat")? {
        answers(visit, &given, &mut description)?;
    }
    Ok(description)
}

fn facts(fields: &Fields<'_>) -> Result<BTreeMap<String, Scalar>, ApiError> {
    let facts = fields.metadata("fields")?.0;
    if facts.len() > MAX_LABELS || facts.keys().any(|name| name.is_empty() || name.chars().count() > MAX_WORD) {
        let rule = format!("should have at most {MAX_LABELS} entries with names of 1 to {MAX_WORD} characters");
        return Err(fields.wrong("fields", &rule));
    }
    Ok(facts.into_iter().collect())
}

fn tags(fields: &Fields<'_>) -> Result<Vec<String>, ApiError> {
    let tags = fields.texts("tags", MAX_LABELS)?;
    match tags.iter().all(|tag| (1..=MAX_WORD).contains(&tag.chars().count())) {
        true => Ok(tags),
        false => Err(fields.wrong("tags", &format!("should have 1 to {MAX_WORD} characters each"))),
    }
}

/// A page's address may be long and is cut; one that is no address is none.
fn page(fields: &Fields<'_>) -> Result<Change<WidgetPage>, ApiError> {
    let Some(page) = fields.inner("page")? else { return Ok(Change::Keep) };
    let line = |name: &str, max: usize| {
        let text: Option<String> =
            page.value(name).and_then(Value::as_str).map(|text| text.chars().take(max).collect());
        text.filter(|text| !text.is_empty())
    };
    let is_web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
    let url = line("url", MAX_URL).filter(is_web).ok_or_else(|| page.wrong("url", "should be a http or https URL"))?;
    let referrer = line("referrer", MAX_URL).filter(is_web);
    Ok(Change::Set(WidgetPage { url, title: line("title", MAX_SENTENCE), referrer }))
}

/// Answers to the questions before the first message, each to a question that is asked.
fn answers(visit: &Visit, given: &Fields<'_>, description: &mut Description) -> Result<(), ApiError> {
    let asked = &visit.settings.prechat_capture.fields;
    for name in given.names() {
        let question = asked.iter().find(|asked| asked.field.name == name);
        let question = question.ok_or_else(|| given.wrong(name, "is no question that is asked"))?;
        let Some(text) = given.text(name, MAX_ANSWER)? else { continue };
        let fits = match &question.field.kind {
            FormFieldKind::Text { max_size, .. } => text.chars().count() <= *max_size as usize,
            FormFieldKind::Email => text.contains('@') && text.chars().count() <= MAX_NAME,
            FormFieldKind::Select { options } => options.iter().any(|option| option.name == text),
        };
        if !fits {
            return Err(given.wrong(name, "is not an answer to the question"));
        }
        match (name, &question.field.kind) {
            (_, FormFieldKind::Email) => description.email = Some(text),
            ("name", _) => description.name = Some(text.chars().take(MAX_NAME).collect()),
            _ => {
                description.answers.insert(name.to_owned(), text);
            }
        }
    }
    Ok(())
}
