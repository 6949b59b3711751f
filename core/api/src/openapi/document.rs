//! Makes the OpenAPI 3.1 document out of the table of routes, the descriptions and the schemas.

use http::Method;
use serde_json::{Map, Value, json};

use super::description::{Body, Description, Group, Parameter, Success};
use super::operations::GROUPS;
use super::schema::{Schema, any_text, exactly, flag, full_text, id, integer, list, named, object, word};
use super::schemas;
use super::webhooks::webhooks;
use crate::auth::Scope;
use crate::routes::{OPERATIONS, Operation};
use crate::wire::limits::{MAX_EXTERNAL_ID, MAX_IDEMPOTENCY_KEY};

/// Refusals that every operation knows.
const COMMON: &[u16] = &[400, 401, 403, 413, 429, 500, 503];

/// Statuses of refusals: the name of the response, and when it comes.
const REFUSALS: &[(u16, &str, &str)] = &[
    (400, "BadRequest", "The request cannot be right, whoever sends it. The title names the field and the rule."),
    (401, "Unauthorized", "No credentials, or none that we know."),
    (403, "Forbidden", "The key may not do this, or the app is another one."),
    (404, "NotFound", "There is no such thing. The code says which: `app_not_found`, `user_not_found` …"),
    (409, "Conflict", "It exists already, or the `Idempotency-Key` was used with another request."),
    (413, "PayloadTooLarge", "The body is too large. Sending it again cannot help."),
    (415, "UnsupportedMediaType", "The file is of a kind that is not taken."),
    (423, "Locked", "The conversation is full."),
    (429, "TooManyRequests", "Too many requests. `Retry-After` says when to come back."),
    (500, "InternalError", "Something went wrong on our side. It may have happened all the same."),
    (503, "Unavailable", "Try again soon. `Retry-After` says when."),
];

/// The document for a server at this address.
pub(crate) fn document(public_url: &str, version: &str) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Passerelle Conversations API",
            "version": version,
            "description": "Users, conversations and messages across every channel. The wire form is the field's \
                            Conversations API v2; keys of ours beside it are extra fields.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": public_url }],
        "security": [{ "basic": [] }, { "token": [] }],
        "tags": GROUPS.iter().map(|group| json!({ "name": group.tag, "description": group.about })).collect::<Vec<_>>(),
        "paths": paths(),
        "webhooks": webhooks(),
        "components": {
            "schemas": schemas::all().into_iter().map(|(name, schema)| (name.to_owned(), schema.into())).collect::<Map<_, _>>(),
            "responses": refusals(),
            "headers": headers(),
            "parameters": { "IdempotencyKey": idempotency_key() },
            "securitySchemes": security(),
        },
    })
}

/// The description of an operation, with the part it belongs to.
pub(super) fn find(id: &str) -> Option<(&'static Group, &'static Description)> {
    GROUPS.iter().find_map(|group| Some((group, group.operations.iter().find(|described| described.id == id)?)))
}

fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        // An operation without a description fails a test, so none is left out here.
        let Some((group, description)) = find(operation.id) else { continue };
        let (path, parameters) = path(operation.path);
        let item = paths.entry(path).or_insert_with(|| json!({}));
        if !parameters.is_empty() {
            item["parameters"] = parameters.into();
        }
        item[operation.method.as_str().to_ascii_lowercase()] = describe(operation, group, description);
    }
    paths
}

/// The path as clients of the field know it, with its parameters: `{app}` becomes `{appId}`.
fn path(template: &str) -> (String, Vec<Value>) {
    let mut parameters = Vec::new();
    let segment = |segment: &str| {
        let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            return segment.to_owned();
        };
        let (name, schema) = path_parameter(name);
        let schema: Value = schema.into();
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
        format!("{{{name}}}")
    };
    let path = template.split('/').map(segment).collect::<Vec<_>>().join("/");
    (path, parameters)
}

fn path_parameter(name: &str) -> (String, Schema) {
    match name {
        "user" => ("userIdOrExternalId".to_owned(), full_text(MAX_EXTERNAL_ID).about("Our id, or the business's own.")),
        "seat" => ("switchboardIntegrationId".to_owned(), id()),
        "integration" => ("integrationId".to_owned(), any_text().rule("pattern", "^(me|[0-9a-f]{24})$".into())),
        "key" => ("keyId".to_owned(), full_text(64)),
        other => (format!("{other}Id"), id()),
    }
}

fn describe(operation: &Operation, group: &Group, description: &Description) -> Value {
    let scopes = keys(operation.scopes);
    let mut parameters: Vec<_> = description.query.iter().map(query_parameter).collect();
    if takes_idempotency_key(operation) {
        parameters.push(json!({ "$ref": "#/components/parameters/IdempotencyKey" }));
    }
    let mut shown = json!({
        "operationId": operation.id,
        "tags": [group.tag],
        "summary": description.summary,
        "description": words(description, operation.scopes),
        "x-scopes": scopes,
        "responses": responses(operation, description),
    });
    if operation.scopes.is_empty() {
        shown["security"] = json!([]);
    }
    if !parameters.is_empty() {
        shown["parameters"] = parameters.into();
    }
    if let Some(body) = body(&description.body) {
        shown["requestBody"] = body;
    }
    shown
}

/// The scopes of keys among these.
fn keys(scopes: &[Scope]) -> Vec<&'static str> {
    scopes.iter().filter(|scope| **scope != Scope::Admin).map(|scope| scope.as_str()).collect()
}

fn words(description: &Description, scopes: &[Scope]) -> String {
    let mut keys = match keys(scopes).as_slice() {
        [] => "Needs no key.".to_owned(),
        [one] => format!("For keys of scope {one}."),
        [others @ .., last] => format!("For keys of scope {} or {last}.", others.join(", ")),
    };
    if scopes.contains(&Scope::Admin) {
        keys.push_str(" Admins of the app's desk may, too.");
    }
    if description.about.is_empty() { keys } else { format!("{} {keys}", description.about) }
}

fn query_parameter(parameter: &Parameter) -> Value {
    let schema: Value = (parameter.schema)().into();
    let mut shown = json!({
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "required": parameter.is_needed,
    });
    if schema["type"] == "object" {
        shown["style"] = "deepObject".into();
        shown["explode"] = true.into();
    }
    shown["schema"] = schema;
    shown
}

fn body(body: &Body) -> Option<Value> {
    let (media_type, name) = match body {
        Body::None => return None,
        Body::Json(name) => ("application/json", name),
        Body::Form(name) => ("multipart/form-data", name),
    };
    let schema = schemas::all().into_iter().find(|schema| schema.0 == *name);
    let needs_something = schema.is_some_and(|(_, schema)| schema.needs_something());
    Some(json!({ "required": needs_something, "content": { media_type: { "schema": Value::from(named(name)) } } }))
}

fn responses(operation: &Operation, description: &Description) -> Map<String, Value> {
    let (status, about, schema) = success(&description.success);
    let schema: Value = schema.into();
    let media_type = match description.success {
        Success::Stream(_) => "text/event-stream",
        _ => "application/json",
    };
    let content = json!({ media_type: { "schema": schema } });
    let mut headers = limit_headers();
    if takes_idempotency_key(operation) {
        headers["Idempotency-Replayed"] = json!({ "$ref": "#/components/headers/IdempotencyReplayed" });
    }
    let mut responses = Map::new();
    responses.insert(status.to_string(), json!({ "description": about, "content": content, "headers": headers }));
    let missing = operation.path.contains('{').then_some(404);
    let used = takes_idempotency_key(operation).then_some(409);
    for status in COMMON.iter().chain(description.refuses).copied().chain(missing).chain(used) {
        if let Some((_, name, _)) = REFUSALS.iter().find(|refusal| refusal.0 == status) {
            responses.insert(status.to_string(), json!({ "$ref": format!("#/components/responses/{name}") }));
        }
    }
    responses
}

fn success(success: &Success) -> (u16, &'static str, Schema) {
    match *success {
        Success::Created(envelope, name) => (201, "It was made.", object("").needs(envelope, named(name)).into()),
        Success::CreatedMany(envelope, name) => {
            (201, "They were made.", object("").needs(envelope, list(named(name), 1..=usize::MAX)).into())
        }
        Success::One(envelope, name) => (200, "Here it is.", object("").needs(envelope, named(name)).into()),
        Success::All(envelope, name) => {
            (200, "All of them.", object("").needs(envelope, list(named(name), 0..=usize::MAX)).into())
        }
        Success::Page(envelope, name) => {
            let page = object("").needs(envelope, list(named(name), 0..=100)).needs("meta", named("PageMeta"));
            (200, "A page of them.", page.has("links", named("PageLinks")).into())
        }
        Success::Object(name) => (200, "Here it is.", named(name)),
        Success::Stream(name) => (200, "A stream of these, one per event.", named(name)),
        Success::Done => (200, "Done.", named("Empty")),
    }
}

fn refusals() -> Map<String, Value> {
    let refusal = |(status, name, about): &(u16, &str, &str)| {
        let errors: Value = named("Errors").into();
        let mut shown = json!({ "description": about, "content": { "application/json": { "schema": errors } } });
        let retry_after = json!({ "$ref": "#/components/headers/RetryAfter" });
        match status {
            429 => {
                shown["headers"] = limit_headers();
                shown["headers"]["Retry-After"] = retry_after;
            }
            503 => shown["headers"] = json!({ "Retry-After": retry_after }),
            _ => {}
        }
        ((*name).to_owned(), shown)
    };
    REFUSALS.iter().map(refusal).collect()
}

fn headers() -> Value {
    let header = |about: &str, schema: Schema| json!({ "description": about, "schema": Value::from(schema) });
    let count = || integer(0..=u64::MAX);
    json!({
        "RetryAfter": header("Seconds to wait.", integer(1..=5)),
        "RateLimitLimit": header("How many calls of this class the key may make at once after a pause.", count()),
        "RateLimitRemaining": header("How many of them are left.", count()),
        "RateLimitReset": header("Seconds until all of them are back.", count()),
        "IdempotencyReplayed": header("Says that an earlier request made what is answered.", exactly("true")),
    })
}

fn limit_headers() -> Value {
    json!({
        "RateLimit-Limit": { "$ref": "#/components/headers/RateLimitLimit" },
        "RateLimit-Remaining": { "$ref": "#/components/headers/RateLimitRemaining" },
        "RateLimit-Reset": { "$ref": "#/components/headers/RateLimitReset" },
    })
}

/// Every POST of a key can be repeated safely; what has no caller cannot remember any.
fn takes_idempotency_key(operation: &Operation) -> bool {
    operation.method == Method::POST && !operation.scopes.is_empty()
}

fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "A word of the caller's. A repeat with the same word within 7 days answers with what the first \
                        request made, and makes nothing.",
        "schema": Value::from(full_text(MAX_IDEMPOTENCY_KEY).rule("pattern", "^[!-~]+$".into())),
    })
}

fn security() -> Value {
    json!({
        "basic": { "type": "http", "scheme": "basic", "description": "The key's id and its secret." },
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A token signed with the key's secret (HS256): `kid` in the header is the key's id, `scope` in \
                            the payload its scope.",
        },
    })
}

/// Schemas that belong to the document rather than to a part of the API.
pub(super) fn common() -> Vec<(&'static str, Schema)> {
    let error = object("One reason.")
        .needs("code", full_text(64).about("For programs."))
        .needs("title", full_text(4096).about("For people."));
    vec![
        ("Errors", object("Why a request was refused.").needs("errors", list(error, 1..=100)).into()),
        ("Empty", object("Nothing to say.").into()),
        (
            "PageMeta",
            object("Where the page stands in its list. Cursors that would lead nowhere are absent.")
                .needs("hasMore", flag().about("Whether there is more in the direction of travel."))
                .has("afterCursor", id())
                .has("beforeCursor", id())
                .into(),
        ),
        (
            "PageLinks",
            object("The pages beside this one.")
                .has("prev", any_text().about("An address; brackets stand unescaped in it."))
                .has("next", any_text().about("An address; brackets stand unescaped in it."))
                .into(),
        ),
        ("WebhookVersion", exactly("v2")),
        ("IntegrationStatus", word(["active", "inactive", "error"])),
    ]
}
