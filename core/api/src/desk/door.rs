//! Who may do what at the agents' door.
//!
//! A [`Visit`] is made here only, after every check that its act needs: credentials first, so that strangers cannot make us
//! read bodies; then the role; for browsers, which show their proof by themselves, also the page that made the request.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams};
use futures_util::future::BoxFuture;
use http::Request;
use http::request::Parts;
use passerelle_desk::Act;
use passerelle_model::desk::{PersonId, Role, TicketId};
use passerelle_model::id::AppId;
use passerelle_pipeline::{Caller, Stop, Together};
use passerelle_store::{Agent, AgentSession, Once, Ticket};
use serde_json::Value;

use super::credentials::{self, Known};
use super::letterbox;
use super::problem::Problem;
use crate::api::Api;
use crate::call::{Reply, read_body};
use crate::limit::{Class, Standing};
use crate::wire::fields::Fields;
use crate::{once, origin};

/// What an act answers.
pub(super) type Answer = Result<Reply, Problem>;

/// What an act needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nobody in particular.
    Nobody,
    /// An agent.
    Agent,
    /// An agent who may change the desk.
    Admin,
    /// An agent, with a body that is read as it comes.
    Upload,
    /// An admin, with a body that is read as it comes.
    AdminUpload,
    /// The mail server, with a body that is read as it comes.
    MailServer,
}

/// Somebody at the agents' door who may come in.
pub(super) struct Visit {
    pub(super) api: Api,
    /// Everything of the request but its body.
    pub(super) request: Parts,
    known: Option<Known>,
    segments: Vec<(String, String)>,
    query: Vec<(String, String)>,
    body: Value,
    once: Option<Once>,
    /// Behind a lock only because a body cannot be shared.
    stream: Mutex<Option<Body>>,
}

impl Visit {
    /// Checks the request in the order of what costs least.
    pub(super) async fn read(
        api: Api,
        needs: Needs,
        request: Request<Body>,
        standing: &mut Option<Standing>,
    ) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let (client, now) = (api.client_of(&parts), api.clock.now());
        standing.insert(api.budgets().of_address(client, now)).pass()?;
        let segments = RawPathParams::from_request_parts(&mut parts, &()).await.map_err(|_| Problem::not_found())?;
        let segments = segments.iter().map(|(name, value)| (name.to_owned(), without_suffix(value))).collect();
        let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned();
        let query = query.collect();
        let known = admit(&api, needs, &parts, standing).await?;
        let mut visit = Self {
            api,
            request: parts,
            known,
            segments,
            query,
            body: Value::Null,
            once: None,
            stream: Mutex::default(),
        };
        match needs {
            Needs::Upload | Needs::AdminUpload | Needs::MailServer => visit.stream = Mutex::new(Some(body)),
            _ => visit.body = read_body(body).await?,
        }
        visit.once = visit.mark()?;
        Ok(visit)
    }

    /// The mark of a request that may come twice. Agents' programs change tickets with `PUT`, and what is said in one must
    /// not be said twice either.
    fn mark(&self) -> Result<Option<Once>, Problem> {
        let (Some(known), false) = (&self.known, self.request.method.is_safe()) else { return Ok(None) };
        let caller = format!("agent_{}", known.agent.id);
        let path = self.request.uri.path_and_query().map_or("", |path| path.as_str());
        Ok(once::mark(&self.request.headers, &caller, path, self.body.to_string().as_bytes())?)
    }

    /// A segment of the path.
    pub(super) fn segment(&self, name: &str) -> &str {
        self.segments.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// The number in the path.
    pub(super) fn number(&self, name: &str) -> Result<i64, Problem> {
        self.segment(name).parse().map_err(|_| Problem::not_found())
    }

    /// A value of the query.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The query as pairs.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.query.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// All values of the query under this name.
    pub(super) fn queries<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        self.query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The numbers in a value of the query, parted by commas; at most 100.
    pub(super) fn numbers(&self, name: &str) -> Result<Vec<i64>, Problem> {
        let text = self.query(name).unwrap_or_default();
        let numbers: Result<Vec<i64>, _> =
            text.split(',').filter(|part| !part.is_empty()).map(|part| part.trim().parse()).collect();
        let numbers = numbers.map_err(|_| Problem::invalid(name, "should be numbers with commas between them"))?;
        if numbers.len() > 100 {
            return Err(Problem::invalid(name, "should name at most 100"));
        }
        Ok(numbers)
    }

    /// The body's fields.
    pub(super) fn fields(&self) -> Result<Fields<'_>, Problem> {
        Ok(Fields::of(&self.body)?)
    }

    /// The fields of the one thing that the body holds, such as `{"ticket":{…}}`.
    pub(super) fn thing(&self, name: &str) -> Result<Fields<'_>, Problem> {
        Ok(self.fields()?.needed_inner(name)?)
    }

    /// The body unread.
    pub(super) fn take_stream(&mut self) -> Body {
        self.stream.get_mut().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }

    /// The agent and how it came in.
    pub(super) fn known(&self) -> Result<&Known, Problem> {
        self.known.as_ref().ok_or_else(Problem::unauthenticated)
    }

    /// The agent.
    pub(super) fn agent(&self) -> Result<&Agent, Problem> {
        Ok(&self.known()?.agent)
    }

    /// The session that was shown; programs have none.
    pub(super) fn session(&self) -> Option<&AgentSession> {
        self.known.as_ref()?.session.as_ref()
    }

    /// Whose desk it is.
    pub(super) fn app(&self) -> Result<AppId, Problem> {
        Ok(self.agent()?.app)
    }

    /// An agent by a segment: a number, or `me`.
    pub(super) fn person(&self, name: &str) -> Result<PersonId, Problem> {
        match self.segment(name) {
            "me" => Ok(self.agent()?.id),
            _ => self.number(name).map(PersonId),
        }
    }

    /// Whether the agent may change the desk.
    pub(super) fn is_admin(&self) -> bool {
        self.known.as_ref().is_some_and(|known| known.agent.role == Role::Admin)
    }

    /// Only admins do this to others.
    pub(super) fn own_or_admin(&self, person: PersonId) -> Result<(), Problem> {
        match self.agent()?.id == person || self.is_admin() {
            true => Ok(()),
            false => Err(Problem::forbidden("Only admins do this for others")),
        }
    }

    /// The ticket of the path.
    pub(super) async fn ticket(&self) -> Result<Ticket, Problem> {
        let id = TicketId(self.number("id")?);
        self.api.store().ticket(self.app()?, id).await?.ok_or_else(Problem::not_found)
    }

    /// Where, when and in whose name the agent does something.
    pub(super) fn act(&self) -> Result<Act, Problem> {
        let agent = self.agent()?;
        let ids = Arc::clone(self.api.gateway.ids());
        Ok(Act { app: agent.app, by: Some(agent.id), now: self.api.clock.now(), ids })
    }

    /// Runs a job in the name of the agent, and once however often the request comes. Gives the name of what it made.
    pub(super) async fn write<F>(&self, job: F) -> Result<String, Problem>
    where
        F: for<'w> FnOnce(Together<'w, '_>) -> BoxFuture<'w, Result<String, Stop>> + Send + 'static,
    {
        self.write_as(self.once.clone(), job).await
    }

    /// The same for what a repeat must make anew, because its answer holds what is kept nowhere.
    pub(super) async fn write_each<F>(&self, job: F) -> Result<String, Problem>
    where
        F: for<'w> FnOnce(Together<'w, '_>) -> BoxFuture<'w, Result<String, Stop>> + Send + 'static,
    {
        self.write_as(None, job).await
    }

    async fn write_as<F>(&self, once: Option<Once>, job: F) -> Result<String, Problem>
    where
        F: for<'w> FnOnce(Together<'w, '_>) -> BoxFuture<'w, Result<String, Stop>> + Send + 'static,
    {
        let agent = self.agent()?;
        let caller = Caller::Agent { app: agent.app, agent: agent.id };
        let written = self.api.gateway.together(caller, agent.app, once, job).await?;
        self.api.desk.wake();
        Ok(written.made)
    }

    /// Where the request comes from, as the record shows it.
    pub(super) fn address(&self) -> String {
        self.api.client_of(&self.request).0.to_string()
    }
}

/// Finds out who asks, and whether that is enough. Charges the caller's budget on the way.
async fn admit(
    api: &Api,
    needs: Needs,
    request: &Parts,
    standing: &mut Option<Standing>,
) -> Result<Option<Known>, Problem> {
    let headers = &request.headers;
    if needs == Needs::Nobody {
        return match origin::is_own(headers, &api.public_url) {
            true => Ok(None),
            false => Err(foreign()),
        };
    }
    if needs == Needs::MailServer {
        letterbox::admit(api, request)?;
        return Ok(None);
    }
    let known = credentials::authenticate(api, headers, api.client_of(request)).await?;
    if known.is_browser() && !is_from_own_page(api, request) {
        return Err(foreign());
    }
    if matches!(needs, Needs::Admin | Needs::AdminUpload) && known.agent.role != Role::Admin {
        return Err(Problem::forbidden("Only admins do this"));
    }
    let class = match needs {
        Needs::Upload | Needs::AdminUpload => Class::Upload,
        _ if request.method.is_safe() => Class::Read,
        _ => Class::Write,
    };
    let name = format!("agent_{}", known.agent.id);
    standing.insert(api.budgets().of_key(class, &name, api.clock.now())).pass()?;
    Ok(Some(known))
}

/// A browser shows its cookie whichever page asks it to. What changes something must come from a page of ours, and say so.
pub(crate) fn is_from_own_page(api: &Api, request: &Parts) -> bool {
    let says = origin::is_said(&request.headers) || request.method.is_safe();
    says && origin::is_own(&request.headers, &api.public_url)
}

fn foreign() -> Problem {
    Problem::forbidden("This request comes from a page that is not ours")
}

/// Agents' programs end paths in `.json`.
fn without_suffix(segment: &str) -> String {
    segment.strip_suffix(".json").unwrap_or(segment).to_owned()
}
