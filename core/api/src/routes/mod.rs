//! The table of `/v2`: one line per operation, with who may call it and how often. A new operation is a new line.
//!
//! Paths are matched on raw segments and decoded afterwards, so an external id may hold an encoded slash.

mod apps;
pub(crate) mod attachments;
mod clients;
mod control;
mod conversations;
mod devices;
mod integrations;
mod keys;
mod messages;
mod oauth;
mod participants;
mod record;
mod switchboards;
mod unserved;
mod users;
mod webhooks;

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use http::{HeaderValue, Method, Request};

use crate::api::Api;
use crate::auth::Scope;
use crate::call::{Answer, Call};
use crate::error::ApiError;
use crate::limit::Class;
use crate::live;
use crate::once;
use record::Record;

type Running = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// One operation of the API.
pub(crate) struct Operation {
    /// Its name in the published description.
    pub(crate) id: &'static str,
    /// `GET`, `POST`, `PATCH` or `DELETE`.
    pub(crate) method: Method,
    /// The path with its segments in braces.
    pub(crate) path: &'static str,
    /// Which keys may call it.
    pub(crate) scopes: &'static [Scope],
    /// Which budget of its key a call is taken from.
    pub(crate) class: Class,
    run: fn(Call) -> Running,
}

const ANYONE: &[Scope] = &[Scope::Integration, Scope::App, Scope::Account];
const OWNERS: &[Scope] = &[Scope::App, Scope::Account];
const ACCOUNT: &[Scope] = &[Scope::Account];
/// Keys of an app are given out by its people, and not by other keys of it.
const KEEPERS: &[Scope] = &[Scope::Account, Scope::Admin];
/// Keys that are bound to one app.
const BOUND: &[Scope] = &[Scope::Integration, Scope::App];
const CLIENTS: &[Scope] = &[Scope::Integration];

/// A path below `/v2/apps`, or a whole one.
macro_rules! path {
    ($path:literal) => {
        concat!("/v2/apps", $path)
    };
    (root $path:literal) => {
        $path
    };
}

/// Operations side by side: method, path below `/v2/apps` (or, behind `root`, the whole path), scopes, limit, name, what
/// runs.
macro_rules! operations {
    ($($method:ident $($root:ident)? $path:literal $scopes:ident $class:ident $id:literal $run:path;)+) => {
        &[$(Operation {
            id: $id,
            method: Method::$method,
            path: path!($($root)? $path),
            scopes: $scopes,
            class: Class::$class,
            run: |call| Box::pin($run(call)),
        }),+]
    };
}

/// Every operation.
pub(crate) const OPERATIONS: &[Operation] = operations! {
    POST "" ACCOUNT Admin "CreateApp" apps::create;
    GET "" ACCOUNT Read "ListApps" apps::list;
    GET "/{app}" OWNERS Read "GetApp" apps::get;
    PATCH "/{app}" OWNERS Admin "UpdateApp" apps::update;
    DELETE "/{app}" ACCOUNT Admin "DeleteApp" apps::delete;
    POST "/{app}/keys" KEEPERS Admin "CreateAppKey" keys::create;
    GET "/{app}/keys" KEEPERS Read "ListAppKeys" keys::list;
    GET "/{app}/keys/{key}" KEEPERS Read "GetAppKey" keys::get;
    DELETE "/{app}/keys/{key}" KEEPERS Admin "DeleteAppKey" keys::delete;

    POST "/{app}/users" ANYONE Write "CreateUser" users::create;
    GET "/{app}/users" ANYONE Read "ListUsers" users::find;
    GET "/{app}/users/{user}" ANYONE Read "GetUser" users::get;
    PATCH "/{app}/users/{user}" ANYONE Write "UpdateUser" users::update;
    DELETE "/{app}/users/{user}" ANYONE Write "DeleteUser" users::delete;
    DELETE "/{app}/users/{user}/personalinformation" ANYONE Write "DeleteUserPersonalInformation" users::wipe;
    POST "/{app}/users/{user}/sync" ANYONE Write "SyncUser" unserved::sync_user;
    GET "/{app}/users/{user}/clients" ANYONE Read "ListClients" clients::list;
    POST "/{app}/users/{user}/clients" ANYONE Write "CreateClient" clients::link;
    DELETE "/{app}/users/{user}/clients/{client}" ANYONE Write "RemoveClient" clients::remove;
    GET "/{app}/users/{user}/devices" ANYONE Read "ListDevices" devices::list;
    GET "/{app}/users/{user}/devices/{device}" ANYONE Read "GetDevice" devices::get;

    POST "/{app}/conversations" ANYONE Write "CreateConversation" conversations::create;
    GET "/{app}/conversations" ANYONE Read "ListConversations" conversations::list;
    GET "/{app}/conversations/{conversation}" ANYONE Read "GetConversation" conversations::get;
    PATCH "/{app}/conversations/{conversation}" ANYONE Write "UpdateConversation" conversations::update;
    DELETE "/{app}/conversations/{conversation}" ANYONE Write "DeleteConversation" conversations::delete;
    GET "/{app}/conversations/{conversation}/participants" ANYONE Read "ListParticipants" participants::list;
    POST "/{app}/conversations/{conversation}/join" ANYONE Write "JoinConversation" participants::join;
    POST "/{app}/conversations/{conversation}/leave" ANYONE Write "LeaveConversation" participants::leave;
    POST "/{app}/conversations/{conversation}/download" ANYONE Write "DownloadMessageRef" unserved::download;
    POST "/{app}/conversations/{conversation}/conversionEvents" ANYONE Write
        "SendConversionEvents" unserved::conversion_events;
    POST "/{app}/conversations/{conversation}/activity" ANYONE Write "PostActivity" participants::activity;

    POST "/{app}/conversations/{conversation}/messages" ANYONE Write "PostMessage" messages::post;
    GET "/{app}/conversations/{conversation}/messages" ANYONE Read "ListMessages" messages::list;
    DELETE "/{app}/conversations/{conversation}/messages" ANYONE Write "DeleteAllMessages" messages::delete_all;
    DELETE "/{app}/conversations/{conversation}/messages/{message}" ANYONE Write "DeleteMessage" messages::delete;

    POST "/{app}/attachments" ANYONE Upload "UploadAttachment" attachments::upload;
    POST "/{app}/attachments/remove" ANYONE Write "DeleteAttachment" attachments::remove;

    POST "/{app}/conversations/{conversation}/passControl" ANYONE Write "PassControl" control::pass;
    POST "/{app}/conversations/{conversation}/offerControl" ANYONE Write "OfferControl" control::offer;
    POST "/{app}/conversations/{conversation}/acceptControl" ANYONE Write "AcceptControl" control::accept;
    POST "/{app}/conversations/{conversation}/releaseControl" ANYONE Write "ReleaseControl" control::release;

    GET "/{app}/events" ANYONE Read "StreamEvents" live::open;

    POST "/{app}/integrations" OWNERS Admin "CreateIntegration" integrations::create;
    GET "/{app}/integrations" OWNERS Read "ListIntegrations" integrations::list;
    GET "/{app}/integrations/{integration}" OWNERS Read "GetIntegration" integrations::get;
    PATCH "/{app}/integrations/{integration}" OWNERS Admin "UpdateIntegration" integrations::update;
    DELETE "/{app}/integrations/{integration}" OWNERS Admin "DeleteIntegration" integrations::delete;
    POST "/{app}/integrations/{integration}/keys" OWNERS Admin "CreateIntegrationKey" keys::create_for_integration;
    GET "/{app}/integrations/{integration}/keys" OWNERS Read "ListIntegrationKeys" keys::list_of_integration;
    GET "/{app}/integrations/{integration}/keys/{key}" OWNERS Read "GetIntegrationKey" keys::get_of_integration;
    DELETE "/{app}/integrations/{integration}/keys/{key}" OWNERS Admin
        "DeleteIntegrationKey" keys::delete_of_integration;
    POST "/{app}/integrations/{integration}/webhooks" ANYONE Admin "CreateWebhook" webhooks::create;
    GET "/{app}/integrations/{integration}/webhooks" ANYONE Read "ListWebhooks" webhooks::list;
    GET "/{app}/integrations/{integration}/webhooks/{webhook}" ANYONE Read "GetWebhook" webhooks::get;
    PATCH "/{app}/integrations/{integration}/webhooks/{webhook}" ANYONE Admin "UpdateWebhook" webhooks::update;
    DELETE "/{app}/integrations/{integration}/webhooks/{webhook}" ANYONE Admin "DeleteWebhook" webhooks::delete;
    GET "/{app}/integrations/{integration}/webhooks/{webhook}/attempts" ANYONE Read
        "ListAttempts" webhooks::attempts;
    GET "/{app}/integrations/{integration}/webhooks/{webhook}/deadLetters" ANYONE Read
        "ListDeadLetters" webhooks::dead_letters;
    POST "/{app}/integrations/{integration}/webhooks/{webhook}/deadLetters/replay" ANYONE Admin
        "ReplayDeadLetters" webhooks::replay;

    POST "/{app}/switchboards" OWNERS Admin "CreateSwitchboard" switchboards::create;
    GET "/{app}/switchboards" OWNERS Read "ListSwitchboards" switchboards::list;
    PATCH "/{app}/switchboards/{switchboard}" OWNERS Admin "UpdateSwitchboard" switchboards::update;
    DELETE "/{app}/switchboards/{switchboard}" OWNERS Admin "DeleteSwitchboard" switchboards::delete;
    POST "/{app}/switchboards/{switchboard}/switchboardIntegrations" OWNERS Admin
        "CreateSwitchboardIntegration" switchboards::create_seat;
    GET "/{app}/switchboards/{switchboard}/switchboardIntegrations" OWNERS Read
        "ListSwitchboardIntegrations" switchboards::list_seats;
    PATCH "/{app}/switchboards/{switchboard}/switchboardIntegrations/{seat}" OWNERS Admin
        "UpdateSwitchboardIntegration" switchboards::update_seat;
    DELETE "/{app}/switchboards/{switchboard}/switchboardIntegrations/{seat}" OWNERS Admin
        "DeleteSwitchboardIntegration" switchboards::delete_seat;

    GET root "/v2/tokenInfo" BOUND Read "GetTokenInfo" oauth::token_info;
    DELETE root "/oauth/authorization" CLIENTS Admin "RevokeAuthorization" oauth::revoke;
};

/// What the table says of an operation, for whoever describes or tests the API.
#[derive(Clone, Debug)]
pub struct Described {
    /// Its name in the published description.
    pub id: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path with the segments in braces.
    pub path: &'static str,
    /// Which budget of its key a call is taken from.
    pub class: Class,
}

/// The table.
pub fn operations() -> impl Iterator<Item = Described> {
    let describe = |operation: &Operation| Described {
        id: operation.id,
        method: operation.method.clone(),
        path: operation.path,
        class: operation.class,
    };
    OPERATIONS.iter().map(describe)
}

/// Whether a request brings a file, and may take its time.
pub(crate) fn takes_file<B>(request: &Request<B>) -> bool {
    let path = request.uri().path();
    let is_door = path.starts_with("/v2/apps/") || path.starts_with("/widget/v1/");
    let agents = ["/api/v2/uploads", "/api/v2/plugins", "/api/v2/channels/mail/inbound"];
    let is_upload = (is_door && path.ends_with("/attachments")) || agents.contains(&path.trim_end_matches(".json"));
    request.method() == Method::POST && is_upload
}

/// The routes of the table.
pub(crate) fn routes() -> Router<Api> {
    OPERATIONS.iter().fold(Router::new(), |router, operation| {
        let answer = move |State(api): State<Api>, request| dispatch(api, operation, request);
        // The table holds four methods, and a filter exists for each.
        let filter = MethodFilter::try_from(operation.method.clone()).unwrap_or(MethodFilter::GET);
        router.route(operation.path, on(filter, answer))
    })
}

async fn dispatch(api: Api, operation: &'static Operation, request: Request<Body>) -> Response {
    let mut standing = None;
    let answer = async {
        let call = Call::read(api, operation, request, &mut standing).await?;
        let (replayed, record) = (call.replayed(), Record::begin(operation, &call).await?);
        let reply = (operation.run)(call).await?;
        let is_replayed = replayed.load(Ordering::Relaxed);
        if let Some(record) = record.filter(|_| !is_replayed) {
            record.with(&reply).keep().await;
        }
        let mut response = reply.into_response();
        if is_replayed {
            response.headers_mut().insert(once::REPLAYED_HEADER, HeaderValue::from_static("true"));
        }
        Ok(response)
    };
    let mut response = answer.await.unwrap_or_else(|error| refused(operation, error));
    if let Some(standing) = standing {
        standing.show(response.headers_mut());
    }
    let status = response.status().as_u16().to_string();
    metrics::counter!("passerelle_api_calls_total", "operation" => operation.id, "status" => status).increment(1);
    response
}

fn refused(operation: &Operation, error: ApiError) -> Response {
    tracing::debug!(operation = operation.id, %error, "an api call was refused");
    error.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_name_and_a_place_of_its_own() {
        let mut names: Vec<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        let _ = routes(); // Panics where two operations share a method and a path.
    }

    #[test]
    fn what_changes_the_house_is_closed_to_integrations() {
        for operation in OPERATIONS.iter().filter(|operation| operation.path.starts_with("/v2/apps")) {
            let is_house = ["/keys", "/switchboards"].iter().any(|part| operation.path.contains(part))
                || (operation.path.contains("/integrations") && !operation.path.contains("/webhooks"))
                || !operation.path.starts_with("/v2/apps/{app}/");
            assert_eq!(operation.scopes.contains(&Scope::Integration), !is_house, "{}", operation.id);
        }
    }
}
