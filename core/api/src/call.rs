//! One call of a `/v2` operation: who calls, what stands in the path, the query and the body, and the reply.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use http::request::Parts;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use passerelle_model::id::{AppId, ConversationId, IntegrationId};
use passerelle_pipeline::{Command, Done, Stop};
use passerelle_store::{Conversation, Once, Page, Tx, User};
use serde_json::{Value, json};

use crate::api::Api;
use crate::auth::Access;
use crate::error::ApiError;
use crate::limit::{Class, Standing};
use crate::once;
use crate::query::{PageQuery, Query};
use crate::routes::Operation;
use crate::wire::fields::Fields;

/// Bytes that a JSON body may have.
const MAX_BODY_BYTES: usize = 100_000;
/// How deep the values of a body may nest; serde_json itself stops at 128.
const EMPTY_BODY: &str = "{}";

/// What an operation answers.
pub(crate) type Answer = Result<Reply, ApiError>;

/// A good answer.
#[derive(Debug)]
pub(crate) enum Reply {
    /// JSON.
    Json(StatusCode, Value),
    /// Anything else.
    Whole(Response),
}

impl Reply {
    /// 201 with the thing that was made, in its envelope.
    pub(crate) fn created(name: &str, value: Value) -> Answer {
        Ok(Self::Json(StatusCode::CREATED, json!({ name: value })))
    }

    /// 200 with a thing in its envelope.
    pub(crate) fn one(name: &str, value: Value) -> Answer {
        Ok(Self::Json(StatusCode::OK, json!({ name: value })))
    }

    /// 200 with a list that is never paged.
    pub(crate) fn all(name: &str, values: Vec<Value>) -> Answer {
        Self::one(name, values.into())
    }

    /// 200 with `{}`.
    pub(crate) fn done() -> Answer {
        Ok(Self::Json(StatusCode::OK, json!({})))
    }

    /// 200 with any object.
    pub(crate) fn object(value: Value) -> Answer {
        Ok(Self::Json(StatusCode::OK, value))
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        match self {
            Self::Json(status, value) => (status, Json(value)).into_response(),
            Self::Whole(response) => response,
        }
    }
}

/// A call that is allowed.
pub(crate) struct Call {
    pub(crate) api: Api,
    pub(crate) access: Access,
    pub(crate) query: Query,
    pub(crate) path: String,
    whole_path: String,
    pub(crate) body: Value,
    /// The body of an operation that takes a file; behind a lock only because a body cannot be shared.
    stream: Mutex<Option<Body>>,
    /// Everything of the request but its body.
    pub(crate) request: Parts,
    segments: Vec<(String, String)>,
    once: Option<Once>,
    replayed: Arc<AtomicBool>,
}

impl Call {
    /// Reads a request as a call of this operation: credentials first, so that strangers cannot make us read bodies.
    /// The caller's budgets are charged on the way; `standing` tells how far they are spent, whatever comes of the call.
    pub(crate) async fn read(
        api: Api,
        operation: &Operation,
        request: Request<Body>,
        standing: &mut Option<Standing>,
    ) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let (client, now) = (api.client_of(&parts), api.clock.now());
        standing.insert(api.budgets().of_address(client, now)).pass()?;
        let segments = RawPathParams::from_request_parts(&mut parts, &()).await;
        let segments = segments.map_err(|_| ApiError::no_such_route())?;
        let segments: Vec<_> = segments.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let app = segments.iter().find(|(name, _)| name == "app").map(|(_, value)| value.as_str());
        let access = Access::check(&api, &parts, operation.scopes, app).await?;
        standing.insert(api.budgets().of_key(operation.class, access.key_id(), now)).pass()?;
        let query = Query::parse(parts.uri.query().unwrap_or_default())?;
        let (body, stream) =
            if operation.class == Class::Upload { (json!({}), Some(body)) } else { (read_body(body).await?, None) };
        let path = parts.uri.path().to_owned();
        let whole_path = parts.uri.path_and_query().map_or(path.clone(), ToString::to_string);
        let once = once::read(&parts.method, &parts.headers, access.key_id(), &whole_path, &body)?;
        let replayed = Arc::default();
        let stream = Mutex::new(stream);
        Ok(Self { api, access, query, path, whole_path, body, stream, request: parts, segments, once, replayed })
    }

    /// The mark of a request that may come twice, for writes that no command covers.
    pub(crate) fn once(&self) -> Option<Once> {
        self.once.clone()
    }

    /// The body is this, now that it was read: what marks the request as one that may come twice.
    pub(crate) fn has_brought(&mut self, digest: &[u8]) -> Result<(), ApiError> {
        self.once = once::mark(&self.request.headers, self.access.key_id(), &self.whole_path, digest)?;
        Ok(())
    }

    /// Notes that an earlier request did what this one asks.
    pub(crate) fn replays(&self, replayed: bool) {
        self.replayed.store(replayed, Ordering::Relaxed);
    }

    /// Whether an earlier request did it; good after the call has ended, too.
    pub(crate) fn replayed(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.replayed)
    }

    /// The body unread, for operations that take a file.
    pub(crate) fn take_stream(&mut self) -> Body {
        self.stream.get_mut().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }

    /// A segment of the path, decoded.
    pub(crate) fn segment(&self, name: &str) -> &str {
        self.segments.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// The body's fields.
    pub(crate) fn fields(&self) -> Result<Fields<'_>, ApiError> {
        Fields::of(&self.body)
    }

    /// The app of the path.
    pub(crate) fn app(&self) -> Result<AppId, ApiError> {
        Ok(self.access.app()?.id)
    }

    /// The user of the path, by our id or by the business's own.
    pub(crate) async fn user(&self) -> Result<User, ApiError> {
        let text = self.segment("user");
        self.find_user(text.parse().ok(), Some(text)).await
    }

    /// A user by our id, and failing that by the business's own.
    pub(crate) async fn find_user(
        &self,
        id: Option<passerelle_model::id::UserId>,
        external_id: Option<&str>,
    ) -> Result<User, ApiError> {
        let app = self.app()?;
        if let Some(id) = id
            && let Some(user) = stored(self.api.store().user(app, id).await)?
        {
            return Ok(user);
        }
        let unknown = || ApiError::not_found("user_not_found", "User not found");
        let external_id = external_id.ok_or_else(unknown)?;
        stored(self.api.store().user_by_external_id(app, external_id).await)?.ok_or_else(unknown)
    }

    /// The conversation of the path.
    pub(crate) async fn conversation(&self) -> Result<Conversation, ApiError> {
        self.find_conversation(self.segment("conversation")).await
    }

    /// A conversation by its id.
    pub(crate) async fn find_conversation(&self, id: &str) -> Result<Conversation, ApiError> {
        let unknown = || ApiError::not_found("conversation_not_found", "Conversation not found");
        let id: ConversationId = id.parse().map_err(|_| unknown())?;
        stored(self.api.store().conversation(self.app()?, id).await)?.ok_or_else(unknown)
    }

    /// The integration of the path; `me` is the one that calls. Integrations reach only themselves.
    pub(crate) fn integration_id(&self) -> Result<IntegrationId, ApiError> {
        let unknown = || ApiError::not_found("integration_not_found", "Integration not found");
        let own = self.access.integration();
        match self.segment("integration") {
            "me" => own.ok_or_else(unknown),
            text => {
                let id = text.parse().map_err(|_| unknown())?;
                if own.is_some_and(|own| own != id) { Err(ApiError::forbidden()) } else { Ok(id) }
            }
        }
    }

    /// Carries a command out in the name of the caller.
    pub(crate) async fn execute(&self, command: Command) -> Result<Done, ApiError> {
        let app = self.app()?;
        let executed = self.api.gateway.execute_once(self.access.caller(), app, command, self.once()).await?;
        self.replays(executed.replayed);
        Ok(executed.done)
    }

    /// Runs a job that no command covers in the name of this request, and gives the name of what it made.
    pub(crate) async fn write<F>(&self, job: F) -> Result<String, ApiError>
    where
        F: for<'t> FnOnce(&'t mut Tx<'_>) -> BoxFuture<'t, Result<String, Stop>> + Send + 'static,
    {
        let written = self.api.gateway.write_once(self.once(), job).await?;
        self.replays(written.replayed);
        Ok(written.made)
    }

    /// A page as the store wants it.
    pub(crate) fn page(&self) -> Result<Page, ApiError> {
        self.query.page().map(page)
    }

    /// A list with its cursors and links.
    pub(crate) fn list(&self, name: &str, items: Vec<Value>, has_more: bool, asked: Page) -> Answer {
        let id = |item: Option<&Value>| item.and_then(|item| item["id"].as_str()).map(str::to_owned);
        let (first, last) = (id(items.first()), id(items.last()));
        let backwards = asked.before.is_some();
        let before = first.filter(|_| if backwards { has_more } else { asked.after.is_some() });
        let after = last.filter(|_| if backwards { true } else { has_more });
        Reply::object(self.with_cursors(name, items, has_more, before, after))
    }

    /// A list with exactly these cursors; a cursor and its link go together.
    pub(crate) fn with_cursors(
        &self,
        name: &str,
        items: Vec<Value>,
        has_more: bool,
        before: Option<String>,
        after: Option<String>,
    ) -> Value {
        let mut meta = json!({ "hasMore": has_more });
        let mut links = json!({});
        let base = format!("{}{}", self.api.public_url, self.path);
        let filter = self.query.filter_text();
        if let Some(before) = before {
            links["prev"] = format!("{base}?{filter}page[before]={before}").into();
            meta["beforeCursor"] = before.into();
        }
        if let Some(after) = after {
            links["next"] = format!("{base}?{filter}page[after]={after}").into();
            meta["afterCursor"] = after.into();
        }
        let mut reply = json!({ name: items, "meta": meta });
        if links.as_object().is_some_and(|links| !links.is_empty()) {
            reply["links"] = links;
        }
        reply
    }
}

/// A page query as the store spells it.
pub(crate) fn page(query: PageQuery<passerelle_model::id::RawId>) -> Page {
    Page { after: query.after, before: query.before, size: query.size }
}

/// Turns a failure of the database into the caller's view of it.
pub(crate) fn stored<T>(result: Result<T, passerelle_store::StoreError>) -> Result<T, ApiError> {
    result.map_err(|error| ApiError::from(passerelle_pipeline::CommandError::from(error)))
}

pub(crate) async fn read_body(body: Body) -> Result<Value, ApiError> {
    let collected = Limited::new(body, MAX_BODY_BYTES).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            ApiError::too_large(MAX_BODY_BYTES)
        } else {
            ApiError::bad_request("The body could not be read")
        }
    })?;
    let bytes = collected.to_bytes();
    // Official clients send some calls without a body, or with a length of zero.
    let bytes: &[u8] = if bytes.is_empty() { EMPTY_BODY.as_bytes() } else { &bytes };
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Ok(Value::Object(object)),
        Ok(_) => Err(ApiError::bad_request("body should be object")),
        Err(error) => {
            Err(ApiError::bad_request(format!("The body is not JSON: line {} column {}", error.line(), error.column())))
        }
    }
}
