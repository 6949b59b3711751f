//! The agents' door: `/api/v2`, in the names and shapes of Zendesk Support, and a few paths of ours.
//!
//! `door` says who may come in, the modules beside it what can be done there. Everything that changes a conversation is a
//! command like everybody's; what changes tickets and the desk is a function of `core/desk`, in the same transaction. A new
//! operation is a new line of the table.

mod availability;
mod channel;
pub(crate) mod credentials;
mod door;
mod groups;
mod letterbox;
mod letters;
mod log;
mod merge;
mod offers;
mod page;
mod plugins;
mod problem;
mod records;
pub(crate) mod sessions;
mod show;
pub(crate) mod shower;
mod stream;
mod tickets;
mod tokens;
mod uploads;
mod users;
mod viewers;

use std::future::Future;
use std::pin::Pin;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, Method, Request};

use crate::api::Api;
pub(crate) use door::is_from_own_page;
use door::{Answer, Needs, Visit};
pub(crate) use show::{agent_status, audit as show_audit};
pub(crate) use viewers::Viewers;

/// One thing that can be done at the agents' door.
struct Act {
    method: Method,
    path: &'static str,
    needs: Needs,
    run: fn(Visit) -> Pin<Box<dyn Future<Output = Answer> + Send>>,
}

macro_rules! acts {
    ($($method:ident $path:literal $needs:ident $run:path;)+) => {
        &[$(Act {
            method: Method::$method,
            path: concat!("/api/v2", $path),
            needs: Needs::$needs,
            run: |visit| Box::pin($run(visit)),
        }),+]
    };
}

/// Everything that can be done there, and what it needs.
const ACTS: &[Act] = acts! {
    GET "/setup" Nobody sessions::needs_setup;
    POST "/setup" Nobody sessions::set_up;
    POST "/sessions" Nobody sessions::open;
    DELETE "/users/me/logout" Agent sessions::close;
    GET "/users/me" Agent users::me;
    PUT "/users/me" Agent users::update_me;
    PUT "/users/me/password" Agent sessions::change_password;
    POST "/users/me/totp" Agent sessions::begin_one_time;
    PUT "/users/me/totp" Agent sessions::confirm_one_time;
    DELETE "/users/me/totp" Agent sessions::end_one_time;
    GET "/users/{person}/sessions" Agent sessions::list;
    DELETE "/users/{person}/sessions" Agent sessions::end_others;
    DELETE "/users/{person}/sessions/{session}" Agent sessions::end;
    GET "/api_tokens" Agent tokens::list;
    POST "/api_tokens" Agent tokens::create;
    DELETE "/api_tokens/{id}" Agent tokens::delete;
    GET "/account" Agent records::account;
    GET "/audit_logs" Admin records::audit_logs;

    GET "/users" Agent users::list;
    POST "/users" Agent users::create;
    GET "/users/search" Agent users::search;
    GET "/users/autocomplete" Agent users::search;
    GET "/users/show_many" Agent users::show_many;
    GET "/users/{id}" Agent users::get;
    PUT "/users/{id}" Agent users::update;
    DELETE "/users/{id}" Admin users::delete;
    GET "/users/{id}/identities" Agent users::identities;
    GET "/users/{person}/tickets/requested" Agent tickets::requested;
    GET "/users/{person}/tickets/assigned" Agent tickets::assigned;

    GET "/groups" Agent groups::list;
    GET "/groups/assignable" Agent groups::list;
    POST "/groups" Admin groups::create;
    GET "/groups/{id}" Agent groups::get;
    PUT "/groups/{id}" Admin groups::update;
    DELETE "/groups/{id}" Admin groups::delete;
    GET "/group_memberships" Agent groups::memberships;
    GET "/group_memberships/assignable" Agent groups::memberships;
    POST "/group_memberships" Admin groups::join;
    DELETE "/group_memberships/{id}" Admin groups::leave;

    GET "/agent_availabilities" Agent availability::list;
    GET "/agent_availabilities/agent_statuses" Agent availability::statuses;
    PUT "/agent_availabilities/agent_statuses/agents/{agent}" Agent availability::set;
    GET "/agent_availabilities/{agent}" Agent availability::get;

    GET "/offers" Agent offers::list;
    PUT "/offers/{id}/accept" Agent offers::accept;
    PUT "/offers/{id}/decline" Agent offers::decline;

    GET "/tickets" Agent tickets::list;
    POST "/tickets" Agent tickets::create;
    GET "/tickets/count" Agent tickets::count;
    GET "/tickets/show_many" Agent tickets::show_many;
    PUT "/tickets/update_many" Agent tickets::update_many;
    GET "/tickets/{id}" Agent tickets::get;
    PUT "/tickets/{id}" Agent tickets::update;
    DELETE "/tickets/{id}" Admin tickets::delete;
    GET "/tickets/{id}/comments" Agent tickets::comments;
    GET "/tickets/{id}/audits" Agent tickets::audits;
    GET "/tickets/{id}/conversation_log" Agent log::list;
    GET "/tickets/{id}/tags" Agent tickets::tags;
    POST "/tickets/{id}/tags" Agent tickets::tags;
    PUT "/tickets/{id}/tags" Agent tickets::tags;
    DELETE "/tickets/{id}/tags" Agent tickets::tags;
    POST "/tickets/{id}/activity" Agent tickets::act_out;
    POST "/tickets/{id}/release" Agent tickets::release;
    POST "/tickets/{id}/emails" Agent letters::write_letter;
    POST "/tickets/{id}/calls" Agent letters::note_call;
    POST "/tickets/{id}/merge" Agent merge::merge_into;
    POST "/tickets/{id}/retry" Agent tickets::retry;
    GET "/tickets/{id}/channel" Agent channel::get;
    POST "/tickets/{id}/preview" Agent channel::preview_of;
    GET "/tickets/{id}/viewers" Agent viewers::list;
    PUT "/tickets/{id}/viewers" Agent viewers::look;
    DELETE "/tickets/{id}/viewers" Agent viewers::leave;
    GET "/plugins" Admin plugins::list;
    POST "/plugins" AdminUpload plugins::install;
    GET "/integrations/{id}/health" Admin plugins::health_of;
    GET "/parked" Admin plugins::parked;
    POST "/parked/retry" Admin plugins::retry_parked;
    POST "/channels/mail/inbound" MailServer letterbox::take_in;
    POST "/uploads" Upload uploads::create;
    GET "/stream" Agent stream::open;
};

/// What an agent can do, for whoever tests the door: method, path with its segments in braces, and who may.
pub fn agent_operations() -> impl Iterator<Item = (Method, &'static str, &'static str)> {
    let who = |needs| match needs {
        Needs::Nobody => "nobody",
        Needs::Agent | Needs::Upload => "agent",
        Needs::Admin | Needs::AdminUpload => "admin",
        Needs::MailServer => "mail server",
    };
    ACTS.iter().map(move |act| (act.method.clone(), act.path, who(act.needs)))
}

/// The agents' door. Paths may end in `.json`, as programs for Zendesk Support write them.
pub(crate) fn routes() -> Router<Api> {
    ACTS.iter().fold(Router::new(), |router, act| {
        let answer = move |State(api): State<Api>, request| dispatch(api, act, request);
        // The table holds four methods, and a filter exists for each.
        let filter = MethodFilter::try_from(act.method.clone()).unwrap_or(MethodFilter::GET);
        let router = router.route(act.path, on(filter, answer));
        if act.path.ends_with('}') { router } else { router.route(&format!("{}.json", act.path), on(filter, answer)) }
    })
}

async fn dispatch(api: Api, act: &'static Act, request: Request<Body>) -> Response {
    let mut standing = None;
    let answer = async {
        let visit = Visit::read(api, act.needs, request, &mut standing).await?;
        (act.run)(visit).await
    };
    let mut response = match answer.await {
        Ok(reply) => reply.into_response(),
        Err(problem) => {
            tracing::debug!(path = act.path, %problem, "an agent's call was refused");
            problem.into_response()
        }
    };
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Some(standing) = standing {
        standing.show(headers);
    }
    let status = response.status().as_u16().to_string();
    metrics::counter!("passerelle_agent_calls_total", "operation" => act.path, "status" => status).increment(1);
    response
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_operation_has_a_place_of_its_own() {
        let _ = super::routes(); // Panics where two operations share a method and a path.
    }
}
