//! The agents' door: `/api/v2`, in the names and shapes of the ticket API that agents' programs know, and a few paths of ours.
//!
//! `door` says who may come in, the modules beside it what can be done there. Everything that changes a conversation is a
//! command like everybody's; what changes tickets and the desk is a function of `core/desk`, in the same transaction. A new
//! operation is a new line of the table.

mod availability;
mod carrier;
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
mod rules;
mod search;
pub(crate) mod sessions;
mod show;
pub(crate) mod shower;
mod speaking;
mod stream;
mod ticket_fields;
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
pub use carrier::Sayings;
pub(crate) use door::is_from_own_page;
use door::{Answer, Needs, Visit};
use passerelle_model::rule::RuleKind;
use passerelle_store::{AgentStatus, ContentItem, Queue, Shortcut, TicketField, TicketForm};
pub(crate) use rules::counts::Counts;
use rules::{definitions, items, kinds, macros, preview, views};
pub(crate) use show::agent_status;
pub(crate) use speaking::told as tell_audits;
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

/// What is done in the same way to rules of a kind.
macro_rules! of_kind {
    ($($name:ident $run:ident $kind:ident;)+) => {
        $(async fn $name(visit: Visit) -> Answer {
            kinds::$run(visit, RuleKind::$kind).await
        })+
    };
}

of_kind! {
    list_views list View; active_views active View; get_view get View; create_view create View;
    update_view update View; delete_view delete View;
    list_macros list Macro; active_macros active Macro; get_macro get Macro; create_macro create Macro;
    update_macro update Macro; delete_macro delete Macro;
    list_triggers list Trigger; active_triggers active Trigger; get_trigger get Trigger;
    create_trigger create Trigger; update_trigger update Trigger; delete_trigger delete Trigger;
    reorder_triggers reorder Trigger;
    list_automations list Automation; active_automations active Automation; get_automation get Automation;
    create_automation create Automation; update_automation update Automation; delete_automation delete Automation;
}

async fn define_views(visit: Visit) -> Answer {
    definitions::list(visit, RuleKind::View).await
}

async fn define_macros(visit: Visit) -> Answer {
    definitions::list(visit, RuleKind::Macro).await
}

async fn define_triggers(visit: Visit) -> Answer {
    definitions::list(visit, RuleKind::Trigger).await
}

async fn define_automations(visit: Visit) -> Answer {
    definitions::list(visit, RuleKind::Automation).await
}

async fn define_queues(visit: Visit) -> Answer {
    definitions::list(visit, RuleKind::Queue).await
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
    GET "/tickets/{id}/comments" Agent speaking::comments;
    GET "/tickets/{id}/audits" Agent speaking::audits;
    GET "/tickets/{id}/conversation_log" Agent log::list;
    GET "/tickets/{id}/tags" Agent tickets::tags;
    POST "/tickets/{id}/tags" Agent tickets::tags;
    PUT "/tickets/{id}/tags" Agent tickets::tags;
    DELETE "/tickets/{id}/tags" Agent tickets::tags;
    POST "/tickets/{id}/activity" Agent speaking::act_out;
    POST "/tickets/{id}/release" Agent speaking::release;
    POST "/tickets/{id}/emails" Agent letters::write_letter;
    POST "/tickets/{id}/calls" Agent letters::note_call;
    POST "/tickets/{id}/merge" Agent merge::merge_into;
    POST "/tickets/{id}/retry" Agent speaking::retry;
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
    GET "/search" Agent search::list;
    GET "/search/count" Agent search::count;
    GET "/stream" Agent stream::open;

    GET "/views" Agent list_views;
    POST "/views" Agent create_view;
    GET "/views/active" Agent active_views;
    GET "/views/definitions" Agent define_views;
    GET "/views/count_many" Agent views::count_many;
    POST "/views/preview" Agent views::preview;
    GET "/views/{id}" Agent get_view;
    PUT "/views/{id}" Agent update_view;
    DELETE "/views/{id}" Agent delete_view;
    GET "/views/{id}/count" Agent views::count;
    GET "/views/{id}/tickets" Agent views::tickets;
    GET "/views/{id}/execute" Agent views::execute;
    GET "/macros" Agent list_macros;
    POST "/macros" Agent create_macro;
    GET "/macros/active" Agent active_macros;
    GET "/macros/definitions" Agent define_macros;
    GET "/macros/{id}" Agent get_macro;
    PUT "/macros/{id}" Agent update_macro;
    DELETE "/macros/{id}" Agent delete_macro;
    GET "/macros/{id}/apply" Agent macros::apply_alone;
    GET "/tickets/{id}/macros/{macro}/apply" Agent macros::apply_to_ticket;
    GET "/triggers" Admin list_triggers;
    POST "/triggers" Admin create_trigger;
    GET "/triggers/active" Admin active_triggers;
    GET "/triggers/definitions" Admin define_triggers;
    PUT "/triggers/reorder" Admin reorder_triggers;
    POST "/triggers/preview" Admin preview::trigger;
    GET "/triggers/{id}" Admin get_trigger;
    PUT "/triggers/{id}" Admin update_trigger;
    DELETE "/triggers/{id}" Admin delete_trigger;
    GET "/automations" Admin list_automations;
    POST "/automations" Admin create_automation;
    GET "/automations/active" Admin active_automations;
    GET "/automations/definitions" Admin define_automations;
    GET "/automations/{id}" Admin get_automation;
    PUT "/automations/{id}" Admin update_automation;
    DELETE "/automations/{id}" Admin delete_automation;
    GET "/ticket_fields" Agent items::list::<TicketField>;
    POST "/ticket_fields" Admin items::create::<TicketField>;
    GET "/ticket_fields/{id}" Agent items::get::<TicketField>;
    PUT "/ticket_fields/{id}" Admin items::update::<TicketField>;
    DELETE "/ticket_fields/{id}" Admin items::delete::<TicketField>;
    GET "/ticket_forms" Agent items::list::<TicketForm>;
    POST "/ticket_forms" Admin items::create::<TicketForm>;
    GET "/ticket_forms/{id}" Agent items::get::<TicketForm>;
    PUT "/ticket_forms/{id}" Admin items::update::<TicketForm>;
    DELETE "/ticket_forms/{id}" Admin items::delete::<TicketForm>;
    GET "/queues" Agent items::list::<Queue>;
    POST "/queues" Admin items::create::<Queue>;
    GET "/queues/definitions" Admin define_queues;
    POST "/queues/preview" Admin preview::queue;
    GET "/queues/{id}" Agent items::get::<Queue>;
    PUT "/queues/{id}" Admin items::update::<Queue>;
    DELETE "/queues/{id}" Admin items::delete::<Queue>;
    GET "/shortcuts" Agent items::list::<Shortcut>;
    POST "/shortcuts" Admin items::create::<Shortcut>;
    GET "/shortcuts/{id}" Agent items::get::<Shortcut>;
    PUT "/shortcuts/{id}" Admin items::update::<Shortcut>;
    DELETE "/shortcuts/{id}" Admin items::delete::<Shortcut>;
    GET "/dynamic_content/items" Agent items::list::<ContentItem>;
    POST "/dynamic_content/items" Admin items::create::<ContentItem>;
    GET "/dynamic_content/items/{id}" Agent items::get::<ContentItem>;
    PUT "/dynamic_content/items/{id}" Admin items::update::<ContentItem>;
    DELETE "/dynamic_content/items/{id}" Admin items::delete::<ContentItem>;
    POST "/agent_availabilities/agent_statuses" Admin items::create::<AgentStatus>;
    PUT "/agent_availabilities/agent_statuses/{id}" Admin items::update::<AgentStatus>;
    DELETE "/agent_availabilities/agent_statuses/{id}" Admin items::delete::<AgentStatus>;
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

/// The agents' door. Paths may end in `.json`, as agents' programs write them.
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

    #[test]
    fn every_operation_stands_in_the_docs_and_no_other() {
        let page = include_str!("../../../../docs/agents/api.md");
        let told: Vec<&str> = page.split('`').filter(|words| words.contains(" /") && !words.contains('\n')).collect();
        let done: Vec<String> = super::agent_operations()
            .map(|(method, path, _)| format!("{method} {}", path.trim_start_matches("/api/v2")))
            .collect();
        let untold: Vec<&String> = done.iter().filter(|act| !told.contains(&act.as_str())).collect();
        let unknown: Vec<&&str> = told.iter().filter(|act| !done.iter().any(|known| known == *act)).collect();
        assert!(untold.is_empty() && unknown.is_empty(), "not told: {untold:?}; told and not done: {unknown:?}");
    }
}
