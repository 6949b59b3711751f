//! Signing in and out, the first admin, and the browsers in which an agent is signed in.

use axum::response::IntoResponse;
use http::header::{HeaderValue, SET_COOKIE, USER_AGENT};
use http::{HeaderMap, StatusCode};
use passerelle_desk::{Act, Deed, SETUP_KIND, fits_nobody, hash, is_right, may_set_up, one_time, staff};
use passerelle_model::desk::{PersonId, Role, SessionId};
use passerelle_model::time::Timestamp;
use passerelle_pipeline::CommandError;
use passerelle_store::{Agent, AgentSession, App, Digest, NewAgent, Page, Secret};
use serde_json::json;

use super::credentials::{COOKIE_NAME, SESSION_KIND, SESSION_LIFE};
use super::door::{Answer, Visit};
use super::page::{ok, whole};
use super::problem::Problem;
use super::show;
use super::users::{MAX_EMAIL, checked_email};
use crate::api::Api;
use crate::call::Reply;
use crate::error::ApiError;
use crate::mint;
use crate::oauth::digest;

/// Characters of what a browser says of itself.
const MAX_BROWSER: usize = 200;
/// Characters of a one-time code, blanks included.
const MAX_CODE: usize = 16;
/// Tickets that a new agent may have at once.
pub(super) const USUAL_CAPACITY: u32 = 6;

/// `POST /sessions {email, password, code?}`.
pub(super) async fn open(visit: Visit) -> Answer {
    let fields = visit.fields()?;
    let email = fields.needed_text("email", MAX_EMAIL)?;
    let password = fields.needed_text("password", passerelle_desk::MAX_PASSWORD)?;
    let code = fields.text("code", MAX_CODE)?;
    let (client, now) = (visit.api.client_of(&visit.request), visit.api.clock.now());
    visit.api.budgets().may_guess(client, &email, now)?;
    let found = right_password(&visit.api, &email, password).await?;
    let Some(agent) = found else {
        visit.api.budgets().guessed_wrong(client, &email, now);
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "Couldn't authenticate you",
            "No agent has this address and this password",
        ));
    };
    if agent.two_factor && !uses_code(&visit.api, &agent, code.clone(), now).await? {
        // Asking for the code is no wrong guess; a wrong one is.
        if code.is_some() {
            visit.api.budgets().guessed_wrong(client, &email, now);
        }
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "OneTimeCodeNeeded",
            "Send the six digits that your authenticator shows now as `code`; each is good once",
        ));
    }
    begin(&visit, agent, StatusCode::CREATED).await
}

/// `DELETE /users/me/logout`.
pub(super) async fn close(visit: Visit) -> Answer {
    let agent = visit.agent()?.id;
    if let Some(id) = visit.session().map(|session| session.id) {
        visit
            .write(move |all| {
                Box::pin(async move {
                    all.tx.delete_agent_session(agent, id).await?;
                    Ok(String::new())
                })
            })
            .await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(SET_COOKIE, cookie(&visit.api, "", 0)?);
    Ok(Reply::Whole(response))
}

/// `GET /users/{person}/sessions`.
pub(super) async fn list(visit: Visit) -> Answer {
    let person = visit.person("person")?;
    visit.own_or_admin(person)?;
    known_agent(&visit, person).await?;
    let current = visit.session().map(|session| session.id);
    let sessions = visit.api.store().agent_sessions(person).await?;
    let base = &visit.api.public_url;
    let shown = sessions.iter().map(|session| show::session(base, session, current == Some(session.id))).collect();
    ok(whole("sessions", shown))
}

/// `DELETE /users/{person}/sessions/{session}`.
pub(super) async fn end(visit: Visit) -> Answer {
    let (person, id) = (visit.person("person")?, SessionId(visit.number("session")?));
    visit.own_or_admin(person)?;
    known_agent(&visit, person).await?;
    let done = visit.write(move |all| {
        Box::pin(async move {
            match all.tx.delete_agent_session(person, id).await? {
                true => Ok(String::new()),
                false => Err(CommandError::NotFound("the session").into()),
            }
        })
    });
    done.await?;
    no_content()
}

/// `DELETE /users/{person}/sessions`: all but the one that asks.
pub(super) async fn end_others(visit: Visit) -> Answer {
    let person = visit.person("person")?;
    visit.own_or_admin(person)?;
    known_agent(&visit, person).await?;
    let kept = visit.session().map(|session| session.id);
    visit
        .write(move |all| {
            Box::pin(async move {
                let ended = all.tx.delete_other_agent_sessions(person, kept).await?;
                Ok(ended.to_string())
            })
        })
        .await?;
    no_content()
}

/// `GET /setup`.
pub(super) async fn needs_setup(visit: Visit) -> Answer {
    ok(json!({ "setup": { "needed": !visit.api.store().has_admin().await? } }))
}

/// `POST /setup {token, name, email, password}`: makes the first admin, with the permission that the log shows once.
pub(super) async fn set_up(visit: Visit) -> Answer {
    let fields = visit.fields()?;
    let token = fields.needed_text("token", MAX_BROWSER)?;
    let name = fields.needed_text("name", staff::MAX_NAME)?;
    let email = checked_email(&fields)?;
    let password = hashed(fields.needed_text("password", usize::MAX)?).await?;
    let (client, now) = (visit.api.client_of(&visit.request), visit.api.clock.now());
    visit.api.budgets().may_guess(client, SETUP_KIND, now)?;
    let app = first_app(&visit.api, now).await?;
    let new = NewAgent { app: app.id, email, name, role: Role::Admin, password, capacity: USUAL_CAPACITY };
    match first_admin(&visit.api, digest(&token), new, now).await? {
        Some(agent) => begin(&visit, agent, StatusCode::CREATED).await,
        None => {
            visit.api.budgets().guessed_wrong(client, SETUP_KIND, now);
            Err(Problem::forbidden(
                "This link is void: it was used, a newer one was made, or there is an admin already. \
                 A restart of the server prints a new one while there is no admin",
            ))
        }
    }
}

async fn first_admin(api: &Api, token: Digest, new: NewAgent, now: Timestamp) -> Result<Option<Agent>, Problem> {
    let act = Act { app: new.app, by: None, now, ids: api.gateway.ids().clone() };
    let made = api.store().write(move |tx| {
        Box::pin(async move {
            if !may_set_up(tx, token).await? {
                return Ok(Ok(None));
            }
            match staff::hire(tx, &act, &new).await {
                Ok(id) => Ok(Ok(tx.agent(new.app, id).await?)),
                Err(error) => {
                    tx.undo();
                    Ok(Err(error))
                }
            }
        })
    });
    made.await?.map_err(|error| ApiError::internal(&error).into())
}

/// The house's first app, made now if there is none.
async fn first_app(api: &Api, now: Timestamp) -> Result<App, Problem> {
    if let Some(app) = api.store().apps(Page::first(1)).await?.rows.into_iter().next() {
        return Ok(app);
    }
    let app = mint::app("Support", Default::default(), now).map_err(|error| ApiError::internal(&error))?;
    api.store().create_app(&app).await?;
    Ok(app)
}

/// Begins a session of an agent who has proved who it is.
async fn begin(visit: &Visit, agent: Agent, status: StatusCode) -> Answer {
    let token = mint::token(SESSION_KIND).map_err(|error| ApiError::internal(&error))?;
    let now = visit.api.clock.now();
    let session = AgentSession {
        id: SessionId(0),
        digest: digest(token.reveal()),
        agent: agent.id,
        browser: browser(&visit.request.headers),
        created_at: now,
        last_seen_at: now,
    };
    let act = Act { app: agent.app, by: Some(agent.id), now, ids: visit.api.gateway.ids().clone() };
    let (address, name) = (visit.address(), agent.name.clone());
    let begun = visit.api.store().write(move |tx| {
        Box::pin(async move {
            tx.insert_agent_session(&session).await?;
            let deed = Deed {
                action: "login",
                source_type: "user",
                source_id: act.by.map(|id| id.0),
                label: &name,
                description: &session.browser,
                address: Some(&address),
            };
            act.log(tx, deed);
            Ok(())
        })
    });
    begun.await?;
    let shown = super::users::show_agent(&visit.api, &agent).await?;
    let mut response = (status, axum::Json(json!({ "user": shown }))).into_response();
    response.headers_mut().insert(SET_COOKIE, cookie(&visit.api, token.reveal(), SESSION_LIFE.as_secs())?);
    Ok(Reply::Whole(response))
}

/// The agent with this address and this password. Takes as long for an address that nobody has.
async fn right_password(api: &Api, email: &str, password: String) -> Result<Option<Agent>, Problem> {
    let found = api.store().agent_to_sign_in(email).await?;
    let checked = tokio::task::spawn_blocking(move || match found {
        Some(agent) => is_right(&password, &agent.password).then_some(agent),
        None => {
            fits_nobody(&password);
            None
        }
    });
    Ok(checked.await.map_err(|error| ApiError::internal(&error))?)
}

/// Whether the code is good now, and was not used before; it is used up by that.
async fn uses_code(api: &Api, agent: &Agent, code: Option<String>, now: Timestamp) -> Result<bool, Problem> {
    let Some(code) = code else { return Ok(false) };
    let id = agent.id;
    let used = api.store().write(move |tx| {
        Box::pin(async move {
            let Some(one_time) = tx.one_time(id).await? else { return Ok(false) };
            let Some(step) = one_time::step_of(&one_time, &code, now.as_millis() / 1000) else { return Ok(false) };
            tx.set_one_time(id, Some(&passerelle_store::OneTime { step, ..one_time }));
            Ok(true)
        })
    });
    Ok(used.await?)
}

/// What is kept of a password; hashing takes a while, so that it runs where it holds up nobody.
pub(super) async fn hashed(password: String) -> Result<Secret, Problem> {
    let hashed = tokio::task::spawn_blocking(move || hash(&password)).await;
    let hashed = hashed.map_err(|error| ApiError::internal(&error))?;
    hashed.map_err(|error| match error {
        passerelle_desk::PasswordError::Length => Problem::invalid("password", error.to_string()),
        passerelle_desk::PasswordError::Machine(_) => ApiError::internal(&error).into(),
    })
}

/// 404 unless this is an agent of the app.
pub(super) async fn known_agent(visit: &Visit, id: PersonId) -> Result<Agent, Problem> {
    visit.api.store().agent(visit.app()?, id).await?.ok_or_else(Problem::not_found)
}

/// 204.
pub(super) fn no_content() -> Answer {
    Ok(Reply::Whole(StatusCode::NO_CONTENT.into_response()))
}

fn browser(headers: &HeaderMap) -> String {
    let text = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("unknown");
    text.chars().take(MAX_BROWSER).collect()
}

fn cookie(api: &Api, token: &str, seconds: u64) -> Result<HeaderValue, Problem> {
    let secure = if api.public_url.starts_with("https://") { "; Secure" } else { "" };
    let text = format!("{COOKIE_NAME}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::try_from(text).map_err(|error| ApiError::internal(&error).into())
}

/// `PUT /users/me/password {password, previous_password}`.
pub(super) async fn change_password(visit: Visit) -> Answer {
    let fields = visit.fields()?;
    let previous = fields.needed_text("previous_password", passerelle_desk::MAX_PASSWORD)?;
    let wanted = fields.needed_text("password", usize::MAX)?;
    let agent = visit.agent()?.clone();
    let (client, now) = (visit.api.client_of(&visit.request), visit.api.clock.now());
    visit.api.budgets().may_guess(client, &agent.email, now)?;
    if right_password(&visit.api, &agent.email, previous).await?.is_none() {
        visit.api.budgets().guessed_wrong(client, &agent.email, now);
        return Err(Problem::invalid("previous_password", "is not your password"));
    }
    let password = hashed(wanted).await?;
    let (kept, act) = (visit.session().map(|session| session.id), visit.act()?);
    visit
        .write(move |all| {
            Box::pin(async move {
                all.tx.set_agent_password(agent.id, &password, act.now);
                all.tx.delete_other_agent_sessions(agent.id, kept).await?;
                act.log(all.tx, deed_on(&agent, "the password; other sessions ended"));
                Ok(String::new())
            })
        })
        .await?;
    ok(json!({}))
}

/// `POST /users/me/totp`: a new secret, which is not in use until a code was shown.
pub(super) async fn begin_one_time(visit: Visit) -> Answer {
    let agent = visit.agent()?;
    if agent.two_factor {
        return Err(Problem::invalid("totp", "is in use: turn it off first"));
    }
    let one_time = one_time::begin().map_err(|error| ApiError::internal(&error))?;
    let uri = one_time::address(&one_time, &agent.email);
    let (id, shown) = (agent.id, json!({ "totp": { "secret": one_time.secret.reveal(), "uri": uri } }));
    visit
        .write_each(move |all| {
            Box::pin(async move {
                all.tx.set_one_time(id, Some(&one_time));
                Ok(String::new())
            })
        })
        .await?;
    Ok(Reply::Json(StatusCode::CREATED, shown))
}

/// `PUT /users/me/totp {code}`: signing in needs a code from now on.
pub(super) async fn confirm_one_time(visit: Visit) -> Answer {
    let code = visit.fields()?.needed_text("code", MAX_CODE)?;
    turn_one_time(&visit, code, true).await?;
    ok(json!({ "user": super::users::show_agent(&visit.api, &known_agent(&visit, visit.agent()?.id).await?).await? }))
}

/// `DELETE /users/me/totp {code}`: signing in needs no code any more.
pub(super) async fn end_one_time(visit: Visit) -> Answer {
    let code = visit.fields()?.needed_text("code", MAX_CODE)?;
    turn_one_time(&visit, code, false).await?;
    no_content()
}

async fn turn_one_time(visit: &Visit, code: String, on: bool) -> Result<(), Problem> {
    let (agent, act) = (visit.agent()?.clone(), visit.act()?);
    let (client, name) = (visit.api.client_of(&visit.request), agent.email.clone());
    visit.api.budgets().may_guess(client, &name, act.now)?;
    let now = act.now;
    let turned = visit.write(move |all| {
        Box::pin(async move {
            let one_time = all.tx.one_time(agent.id).await?.ok_or(CommandError::NotFound("the one-time code"))?;
            let step = one_time::step_of(&one_time, &code, act.now.as_millis() / 1000);
            let step =
                step.ok_or_else(|| CommandError::invalid("code", "is not the one that your authenticator shows now"))?;
            let kept = passerelle_store::OneTime { confirmed: true, step, ..one_time };
            all.tx.set_one_time(agent.id, on.then_some(&kept));
            act.log(all.tx, deed_on(&agent, if on { "one-time codes on" } else { "one-time codes off" }));
            Ok(String::new())
        })
    });
    let turned = turned.await;
    if turned.is_err() {
        visit.api.budgets().guessed_wrong(client, &name, now);
    }
    turned.map(|_| ())
}

fn deed_on<'a>(agent: &'a Agent, description: &'a str) -> Deed<'a> {
    Deed {
        action: "update",
        source_type: "user",
        source_id: Some(agent.id.0),
        label: &agent.name,
        description,
        address: None,
    }
}
