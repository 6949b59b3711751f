//! Who may do what at the widget's door: the page, the frame, the visitor.
//!
//! A [`Visit`] is made here only, after every check that its act needs. Budgets are charged on the way: of the address
//! for every call, of the session for what visitors do, of the address again for sessions that are opened.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, CONTENT_TYPE, HeaderName, VARY};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request};
use passerelle_model::id::{AppId, ConversationId, IntegrationId};
use passerelle_model::time::Timestamp;
use passerelle_model::widget::WidgetSettings;
use passerelle_pipeline::{Caller, Command, Done};
use passerelle_store::{Digest, WidgetSession};
use serde_json::Value;

use crate::api::Api;
use crate::call::{read_body, stored};
use crate::error::ApiError;
use crate::limit::{Class, Standing};
use crate::oauth::digest;
use crate::origin;
use crate::wire::fields::Fields;

/// The page in which the frame stands, as the frame was told by the browser.
pub(super) const PAGE_ORIGIN: HeaderName = HeaderName::from_static("x-page-origin");
/// How the tokens of sessions begin, so that scanners know a leaked one.
pub(super) const TOKEN_KIND: &str = "pws";
/// Characters of a token that are worth reading.
const MAX_TOKEN: usize = 128;
/// How exactly it is known when a visitor was last heard of.
const HEARD: Duration = Duration::from_secs(3600);

/// What an act needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// A page that may embed the widget. The only answer that such a page may read.
    Page,
    /// Our own frame.
    Frame,
    /// A session, shown by our own frame.
    Session,
    /// The same, with a body that is read as it comes.
    Upload,
    /// Our own frame, which shows its session on the line or in a header.
    Stream,
}

/// What the answer says, whatever comes of the call.
#[derive(Default)]
pub(super) struct Seen {
    standing: Option<Standing>,
    /// The page that may read the answer.
    reader: Option<HeaderValue>,
}

impl Seen {
    pub(super) fn show(self, headers: &mut HeaderMap) {
        if let Some(standing) = self.standing {
            standing.show(headers);
        }
        if let Some(reader) = self.reader {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, reader);
            headers.insert(VARY, HeaderValue::from_static("origin"));
        }
    }
}

/// Somebody at the widget's door who may come in.
pub(super) struct Visit {
    pub(super) api: Api,
    pub(super) app: AppId,
    pub(super) integration: IntegrationId,
    pub(super) settings: Arc<WidgetSettings>,
    /// Everything of the request but its body.
    pub(super) request: Parts,
    session: Option<WidgetSession>,
    segments: Vec<(String, String)>,
    body: Value,
    /// Behind a lock only because a body cannot be shared.
    stream: Mutex<Option<Body>>,
}

impl Visit {
    /// Checks the request in the order of what costs least.
    pub(super) async fn read(
        api: Api,
        needs: Needs,
        request: Request<Body>,
        seen: &mut Seen,
    ) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let (address, now) = (api.client_of(&parts), api.clock.now());
        seen.standing.insert(api.budgets().of_address(address, now)).pass()?;
        let segments = RawPathParams::from_request_parts(&mut parts, &()).await.map_err(|_| unknown())?;
        let segments: Vec<_> = segments.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let named = segments.iter().find(|(name, _)| name == "integration").map_or("", |(_, value)| value.as_str());
        let integration: IntegrationId = named.parse().map_err(|_| unknown())?;
        let (app, settings) = api.gateway.widget(integration).ok_or_else(unknown)?;
        let mut visit = Self {
            api,
            app,
            integration,
            settings,
            request: parts,
            session: None,
            segments,
            body: Value::Object(serde_json::Map::new()),
            stream: Mutex::default(),
        };
        visit.admit(needs, now, seen).await?;
        match needs {
            Needs::Upload => visit.stream = Mutex::new(Some(body)),
            _ if visit.request.method == Method::GET => {}
            _ => visit.body = visit.read_json(body).await?,
        }
        Ok(visit)
    }

    async fn admit(&mut self, needs: Needs, now: Timestamp, seen: &mut Seen) -> Result<(), ApiError> {
        let headers = &self.request.headers;
        if needs == Needs::Page {
            return self.admit_page(seen);
        }
        if !origin::is_own(headers, &self.api.public_url) {
            return Err(ApiError::forbidden());
        }
        match needs {
            Needs::Page | Needs::Stream => Ok(()),
            Needs::Frame => {
                let address = self.api.client_of(&self.request).network().to_string();
                seen.standing.insert(self.api.budgets().of_key(Class::Session, &address, now)).pass()
            }
            Needs::Session | Needs::Upload => {
                let page = header(headers, &PAGE_ORIGIN).ok_or_else(ApiError::unauthorized)?.to_owned();
                let token = bearer(headers).ok_or_else(ApiError::unauthorized)?.to_owned();
                let session =
                    find(&self.api, self.integration, &token, &page).await?.ok_or_else(ApiError::unauthorized)?;
                let name = hex::encode(&session.digest.0[..16]);
                let class = if needs == Needs::Upload { Class::Upload } else { Class::Visitor };
                seen.standing.insert(self.api.budgets().of_key(class, &name, now)).pass()?;
                hear(&self.api, &session, now);
                self.session = Some(session);
                Ok(())
            }
        }
    }

    /// A page reads the answer in its own name, so the answer names it.
    fn admit_page(&self, seen: &mut Seen) -> Result<(), ApiError> {
        let Some(page) = origin::of(&self.request.headers) else { return Ok(()) };
        if page != origin::own(&self.api.public_url) && !self.settings.admits(page) {
            return Err(ApiError::forbidden());
        }
        seen.reader = HeaderValue::from_str(page).ok();
        Ok(())
    }

    async fn read_json(&self, body: Body) -> Result<Value, ApiError> {
        let kind = header(&self.request.headers, &CONTENT_TYPE).unwrap_or_default();
        let is_json = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        // Only a script of our own frame can send this type without asking us first.
        if !is_json && self.request.method != Method::DELETE {
            return Err(ApiError::bad_request("Content-Type should be application/json"));
        }
        read_body(body).await
    }

    /// Whether a page of this origin may embed the widget, or it is ours.
    pub(super) fn admits(&self, page: &str) -> bool {
        page == origin::own(&self.api.public_url) || self.settings.admits(page)
    }

    /// The body's fields.
    pub(super) fn fields(&self) -> Result<Fields<'_>, ApiError> {
        Fields::of(&self.body)
    }

    /// The body unread.
    pub(super) fn take_stream(&mut self) -> Body {
        self.stream.get_mut().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }

    /// The session; a call that needs none has none.
    pub(super) fn session(&self) -> Result<&WidgetSession, ApiError> {
        self.session.as_ref().ok_or_else(ApiError::unauthorized)
    }

    /// A value of the query.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        let query = self.request.uri.query().unwrap_or_default();
        let found = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    }

    /// The conversation of the path, if it is the visitor's.
    pub(super) async fn conversation(&self) -> Result<ConversationId, ApiError> {
        let text =
            self.segments.iter().find(|(name, _)| name == "conversation").map_or("", |(_, value)| value.as_str());
        self.own_conversation(text).await
    }

    /// A conversation that the visitor is a member of.
    pub(super) async fn own_conversation(&self, text: &str) -> Result<ConversationId, ApiError> {
        let missing = || ApiError::not_found("conversation_not_found", "Conversation not found");
        let id: ConversationId = text.parse().map_err(|_| missing())?;
        let user = self.session()?.user;
        let is_own = stored(self.api.store().is_member(self.app, user, id).await)?;
        is_own.then_some(id).ok_or_else(missing)
    }

    /// The visitor, as the command door knows it.
    pub(super) fn caller(&self) -> Result<Caller, ApiError> {
        let (app, integration) = (self.app, self.integration);
        Ok(Caller::Visitor { app, integration, user: self.session()?.user })
    }

    /// Carries a command out in the name of the visitor.
    pub(super) async fn execute(&self, command: Command) -> Result<Done, ApiError> {
        Ok(self.api.gateway.execute(self.caller()?, self.app, command).await?)
    }
}

/// The session of this token, if it is good for this widget and this page, and its visitor is still known.
pub(super) async fn find(
    api: &Api,
    integration: IntegrationId,
    token: &str,
    page: &str,
) -> Result<Option<WidgetSession>, ApiError> {
    let Some(digest) = digest_of(token) else { return Ok(None) };
    let found = stored(api.store().widget_session(digest).await)?;
    let fits = found.filter(|session| session.integration == integration && session.page_origin == page);
    let Some(session) = fits else { return Ok(None) };
    let user = stored(api.store().user(session.app, session.user).await)?;
    Ok(user.map(|_| session))
}

/// What is kept of a token; none for what cannot be one.
pub(super) fn digest_of(token: &str) -> Option<Digest> {
    let rest = token.strip_prefix(TOKEN_KIND).filter(|_| token.len() <= MAX_TOKEN);
    rest.is_some_and(|rest| rest.starts_with('_')).then(|| digest(token))
}

/// The token of a request.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = header(headers, &AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A header that stands once.
pub(super) fn header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Notes now and then that the visitor was heard of; nobody waits for that.
fn hear(api: &Api, session: &WidgetSession, now: Timestamp) {
    if now < session.last_seen_at.plus(HEARD) {
        return;
    }
    let (store, digest) = (api.store().clone(), session.digest);
    tokio::spawn(async move {
        let noted = store.write(move |tx| {
            Box::pin(async move {
                tx.touch_widget_session(digest, now);
                Ok(())
            })
        });
        if let Err(error) = noted.await {
            tracing::debug!(%error, "it was not noted that a visitor was heard of");
        }
    });
}

fn unknown() -> ApiError {
    ApiError::not_found("integration_not_found", "Integration not found")
}
