//! The table of `/v2`: one line per operation, with who may call it. A new operation is a new line.
//!
//! Paths are matched on raw segments and decoded afterwards, so an external id may hold an encoded slash.

mod apps;
mod control;
mod conversations;
mod integrations;
mod keys;
mod messages;
mod participants;
mod switchboards;
mod users;
mod webhooks;

use std::future::Future;
use std::pin::Pin;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use http::{Method, Request};

use crate::api::Api;
use crate::auth::Scope;
use crate::call::{Answer, Call};
use crate::error::ApiError;

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
    run: fn(Call) -> Running,
}

const ANYONE: &[Scope] = &[Scope::Integration, Scope::App, Scope::Account];
const OWNERS: &[Scope] = &[Scope::App, Scope::Account];
const ACCOUNT: &[Scope] = &[Scope::Account];

/// Operations side by side: method, path below `/v2/apps`, scopes, name, what runs.
macro_rules! operations {
    ($($method:ident $path:literal $scopes:ident $id:literal $run:path;)+) => {
        &[$(Operation {
            id: $id,
            method: Method::$method,
            path: concat!("/v2/apps", $path),
            scopes: $scopes,
            run: |call| Box::pin($run(call)),
        }),+]
    };
}

/// Every operation.
pub(crate) const OPERATIONS: &[Operation] = operations! {
    POST "" ACCOUNT "CreateApp" apps::create;
    GET "" ACCOUNT "ListApps" apps::list;
    GET "/{app}" OWNERS "GetApp" apps::get;
    POST "/{app}/keys" ACCOUNT "CreateAppKey" keys::create;
    GET "/{app}/keys" ACCOUNT "ListAppKeys" keys::list;
    GET "/{app}/keys/{key}" ACCOUNT "GetAppKey" keys::get;
    DELETE "/{app}/keys/{key}" ACCOUNT "DeleteAppKey" keys::delete;

    POST "/{app}/users" ANYONE "CreateUser" users::create;
    GET "/{app}/users/{user}" ANYONE "GetUser" users::get;
    PATCH "/{app}/users/{user}" ANYONE "UpdateUser" users::update;
    DELETE "/{app}/users/{user}" ANYONE "DeleteUser" users::delete;
    GET "/{app}/users/{user}/clients" ANYONE "ListClients" users::clients;

    POST "/{app}/conversations" ANYONE "CreateConversation" conversations::create;
    GET "/{app}/conversations" ANYONE "ListConversations" conversations::list;
    GET "/{app}/conversations/{conversation}" ANYONE "GetConversation" conversations::get;
    PATCH "/{app}/conversations/{conversation}" ANYONE "UpdateConversation" conversations::update;
    DELETE "/{app}/conversations/{conversation}" ANYONE "DeleteConversation" conversations::delete;
    GET "/{app}/conversations/{conversation}/participants" ANYONE "ListParticipants" participants::list;
    POST "/{app}/conversations/{conversation}/activity" ANYONE "PostActivity" participants::activity;

    POST "/{app}/conversations/{conversation}/messages" ANYONE "PostMessage" messages::post;
    GET "/{app}/conversations/{conversation}/messages" ANYONE "ListMessages" messages::list;
    DELETE "/{app}/conversations/{conversation}/messages" ANYONE "DeleteAllMessages" messages::delete_all;
    DELETE "/{app}/conversations/{conversation}/messages/{message}" ANYONE "DeleteMessage" messages::delete;

    POST "/{app}/conversations/{conversation}/passControl" ANYONE "PassControl" control::pass;
    POST "/{app}/conversations/{conversation}/offerControl" ANYONE "OfferControl" control::offer;
    POST "/{app}/conversations/{conversation}/acceptControl" ANYONE "AcceptControl" control::accept;
    POST "/{app}/conversations/{conversation}/releaseControl" ANYONE "ReleaseControl" control::release;

    POST "/{app}/integrations" OWNERS "CreateIntegration" integrations::create;
    GET "/{app}/integrations" OWNERS "ListIntegrations" integrations::list;
    GET "/{app}/integrations/{integration}" OWNERS "GetIntegration" integrations::get;
    PATCH "/{app}/integrations/{integration}" OWNERS "UpdateIntegration" integrations::update;
    DELETE "/{app}/integrations/{integration}" OWNERS "DeleteIntegration" integrations::delete;
    POST "/{app}/integrations/{integration}/keys" OWNERS "CreateIntegrationKey" keys::create_for_integration;
    GET "/{app}/integrations/{integration}/keys" OWNERS "ListIntegrationKeys" keys::list_of_integration;
    GET "/{app}/integrations/{integration}/keys/{key}" OWNERS "GetIntegrationKey" keys::get_of_integration;
    DELETE "/{app}/integrations/{integration}/keys/{key}" OWNERS
        "DeleteIntegrationKey" keys::delete_of_integration;
    GET "/{app}/integrations/{integration}/webhooks" ANYONE "ListWebhooks" webhooks::list;
    GET "/{app}/integrations/{integration}/webhooks/{webhook}" ANYONE "GetWebhook" webhooks::get;

    POST "/{app}/switchboards" OWNERS "CreateSwitchboard" switchboards::create;
    GET "/{app}/switchboards" OWNERS "ListSwitchboards" switchboards::list;
    PATCH "/{app}/switchboards/{switchboard}" OWNERS "UpdateSwitchboard" switchboards::update;
    DELETE "/{app}/switchboards/{switchboard}" OWNERS "DeleteSwitchboard" switchboards::delete;
    POST "/{app}/switchboards/{switchboard}/switchboardIntegrations" OWNERS
        "CreateSwitchboardIntegration" switchboards::create_seat;
    GET "/{app}/switchboards/{switchboard}/switchboardIntegrations" OWNERS
        "ListSwitchboardIntegrations" switchboards::list_seats;
    PATCH "/{app}/switchboards/{switchboard}/switchboardIntegrations/{seat}" OWNERS
        "UpdateSwitchboardIntegration" switchboards::update_seat;
    DELETE "/{app}/switchboards/{switchboard}/switchboardIntegrations/{seat}" OWNERS
        "DeleteSwitchboardIntegration" switchboards::delete_seat;
};

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
    let answer = async {
        let call = Call::read(api, operation, request).await?;
        (operation.run)(call).await
    };
    let response = match answer.await {
        Ok(reply) => reply.into_response(),
        Err(error) => refused(operation, error),
    };
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
        for operation in OPERATIONS {
            let is_house = ["/keys", "/switchboards"].iter().any(|part| operation.path.contains(part))
                || (operation.path.contains("/integrations") && !operation.path.contains("/webhooks"))
                || !operation.path.starts_with("/v2/apps/{app}/");
            assert_eq!(operation.scopes.contains(&Scope::Integration), !is_house, "{}", operation.id);
        }
    }
}
