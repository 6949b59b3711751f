//! `/oauth/authorize`: the page on which an administrator lets a client into an app, or does not.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{HOST, LOCATION, ORIGIN, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use passerelle_model::id::{AppId, RawId};
use passerelle_pipeline::NewCode;
use passerelle_store::{App, Key, KeyScope, Page};
use subtle::ConstantTimeEq;

use super::request::{Asked, Refusal};
use super::session::{self, Session};
use super::words::{Fault, Hint, Words};
use super::{digest, page};
use crate::api::Api;
use crate::call::stored;
use crate::error::ApiError;
use crate::mint;

/// How long a code is good.
const CODE_LIFE: std::time::Duration = std::time::Duration::from_secs(600);
/// Apps that can be chosen from.
const MAX_APPS: usize = 1000;
const PAGE: u32 = 100;

/// One visit of the page.
struct Visit {
    api: Api,
    parts: Parts,
    words: &'static Words,
    asked: Asked,
}

/// Shows the form that asks for a key, or the question.
pub(super) async fn show(State(api): State<Api>, request: Request<Body>) -> Response {
    let (parts, _) = request.into_parts();
    let visit = match Visit::begin(api, parts).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let answer = async {
        match Session::of(&visit.api, &visit.parts.headers).await? {
            Some(session) => visit.ask(&session, None).await,
            None => Ok(visit.sign_in("", None)),
        }
    };
    answer.await.unwrap_or_else(|_| page::fault(visit.words, Fault::Ours))
}

/// Takes what the person did: `do` is `sign-in`, `sign-out`, `allow` or `deny`.
pub(super) async fn decide(State(api): State<Api>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let words = Words::of(&parts.headers);
    if !is_from_our_page(&parts.headers, &api.public_url) {
        return page::fault(words, Fault::Foreign);
    }
    let visit = match Visit::begin(api, parts).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let Some(body) = super::read_body(body).await else { return page::fault(words, Fault::Foreign) };
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    visit.act(&Form(form)).await.unwrap_or_else(|_| page::fault(words, Fault::Ours))
}

struct Form(Vec<(String, String)>);

impl Form {
    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

impl Visit {
    async fn begin(api: Api, parts: Parts) -> Result<Self, Response> {
        let words = Words::of(&parts.headers);
        if api.budgets().of_address(api.client_of(&parts), api.clock.now()).pass().is_err() {
            return Err(ApiError::too_many_requests(1).into_response());
        }
        match Asked::read(&api, parts.uri.query().unwrap_or_default()).await {
            Ok(asked) => Ok(Self { api, parts, words, asked }),
            Err(Refusal::Shown(fault)) => Err(page::fault(words, fault)),
            Err(Refusal::Told(location)) => Err(go(StatusCode::FOUND, &location, None)),
            Err(Refusal::Failed) => Err(page::fault(words, Fault::Ours)),
        }
    }

    async fn act(&self, form: &Form) -> Result<Response, ApiError> {
        match form.get("do") {
            "deny" => Ok(self.back("error", "access_denied")),
            "sign-out" => Ok(self.again(&session::ended(self.is_encrypted()))),
            "allow" => match Session::of(&self.api, &self.parts.headers).await? {
                Some(session) => self.allow(&session, form).await,
                None => Ok(self.sign_in("", Some(Hint::Expired))),
            },
            _ => self.try_key(form).await,
        }
    }

    async fn try_key(&self, form: &Form) -> Result<Response, ApiError> {
        let (id, now) = (form.get("key").trim(), self.api.clock.now());
        let client = self.api.client_of(&self.parts);
        if self.api.budgets().may_guess(client, id, now).is_err() {
            return Ok(self.sign_in(id, Some(Hint::TooOften)));
        }
        let fits = |key: &Key| key.secret.reveal().as_bytes().ct_eq(form.get("secret").trim().as_bytes()).into();
        let Some(key) = stored(self.api.store().key(id).await)?.filter(fits) else {
            self.api.budgets().guessed_wrong(client, id, now);
            return Ok(self.sign_in(id, Some(Hint::WrongKey)));
        };
        if !session::may_decide(&key) {
            return Ok(self.sign_in(id, Some(Hint::WeakKey)));
        }
        Ok(self.again(&Session::begin(key, now).cookie(self.is_encrypted())))
    }

    async fn allow(&self, session: &Session, form: &Form) -> Result<Response, ApiError> {
        if !session.proves(self.query(), form.get("proof")) {
            return self.ask(session, Some(Hint::Expired)).await;
        }
        let Some(app) = self.app(session.key.scope, form.get("app")).await? else {
            return self.ask(session, Some(Hint::App)).await;
        };
        let code = mint::token("poc").map_err(|error| ApiError::internal(&error))?;
        let kept = NewCode {
            digest: digest(code.reveal()),
            redirect_uri: self.asked.redirect_uri.clone(),
            challenge: self.asked.challenge.clone(),
            expires_at: self.api.clock.now().plus(CODE_LIFE),
        };
        self.api.gateway.let_in(&self.asked.client, app, kept).await?;
        tracing::info!(client = self.asked.client.id, %app, key = session.key.id, "an oauth client was let in");
        Ok(self.back("code", code.reveal()))
    }

    /// The app of this id, when the key decides for it.
    async fn app(&self, scope: KeyScope, text: &str) -> Result<Option<AppId>, ApiError> {
        let Ok(app) = text.parse::<AppId>() else { return Ok(None) };
        if scope.app().is_some_and(|own| own != app) {
            return Ok(None);
        }
        Ok(stored(self.api.store().app(app).await)?.map(|app| app.id))
    }

    async fn apps(&self, scope: KeyScope) -> Result<Vec<App>, ApiError> {
        if let Some(app) = scope.app() {
            return Ok(stored(self.api.store().app(app).await)?.into_iter().collect());
        }
        let (mut apps, mut asked) = (Vec::new(), Page::first(PAGE));
        loop {
            let found = stored(self.api.store().apps(asked).await)?;
            asked.after = found.rows.last().map(|app| RawId::from_bytes(*app.id.as_bytes()));
            apps.extend(found.rows);
            if !found.has_more || apps.len() >= MAX_APPS {
                return Ok(apps);
            }
        }
    }

    fn sign_in(&self, key: &str, hint: Option<Hint>) -> Response {
        page::sign_in(self.words, &self.asked, key, hint)
    }

    async fn ask(&self, session: &Session, hint: Option<Hint>) -> Result<Response, ApiError> {
        let apps = self.apps(session.key.scope).await?;
        Ok(page::consent(self.words, &self.asked, session, &session.proof(self.query()), &apps, hint))
    }

    /// To the same page once more, so that reloading it does not send the form again.
    fn again(&self, cookie: &str) -> Response {
        go(StatusCode::SEE_OTHER, &format!("authorize?{}", self.query()), Some(cookie))
    }

    fn back(&self, name: &str, value: &str) -> Response {
        go(StatusCode::FOUND, &self.asked.back(name, value), None)
    }

    fn query(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }

    fn is_encrypted(&self) -> bool {
        self.api.public_url.starts_with("https://")
    }
}

fn go(status: StatusCode, location: &str, cookie: Option<&str>) -> Response {
    let Ok(location) = HeaderValue::try_from(location) else {
        return ApiError::bad_request("The address to return to cannot be used").into_response();
    };
    let mut response = (status, [(LOCATION, location)]).into_response();
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::try_from(cookie).ok()) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// Whether a form was sent by a page of ours, by the word of the browser.
fn is_from_our_page(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if let Some(site) = text(http::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    match text(ORIGIN) {
        None => true,
        Some(origin) => {
            let host = origin.split_once("://").map_or("", |(_, host)| host);
            text(HOST) == Some(host) || origin == public_url || public_url.starts_with(&format!("{origin}/"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_other_pages_are_told_apart() {
        let check = |headers: &[(&'static str, &str)], expected: bool| {
            let headers: HeaderMap = headers
                .iter()
                .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().expect("a value")))
                .collect();
            assert_eq!(is_from_our_page(&headers, "https://gw.example.org/chat"), expected, "{headers:?}");
        };
        check(&[("sec-fetch-site", "same-origin"), ("origin", "https://odd.example")], true);
        check(&[("sec-fetch-site", "cross-site"), ("origin", "https://gw.example.org")], false);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("origin", "https://gw.example.org")], true);
        check(&[("origin", "https://gw.example.or")], false);
        check(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], true);
        check(&[("origin", "https://evil.example"), ("host", "gw.example.org")], false);
        check(&[("origin", "null"), ("host", "gw.example.org")], false);
        check(&[], true);
    }
}
