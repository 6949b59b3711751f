//! The web widget: its files, and the doors of its visitors.
//!
//! The loader stands in a page of somebody else, the frame is ours and holds the session. Everything that a visitor does
//! is a command like everybody's; what happens in its conversations is read from the log. `door` says who may come in,
//! the modules beside it what can be done there, `stream` and `crowd` how news reach a visitor. The page can say what it
//! likes: it identifies nobody.

mod conversations;
mod crowd;
mod door;
mod files;
mod messages;
mod proof;
mod public;
mod sessions;
mod stream;
mod wire;

use std::future::Future;
use std::pin::Pin;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use http::{Method, Request};
use serde::Deserialize;

use crate::api::Api;
use crate::call::Answer;
pub(crate) use crowd::Crowds;
use door::{Needs, Visit};
pub(crate) use public::is_zone;

/// What visitors may take from us.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct WidgetConfig {
    /// Streams of all visitors together.
    pub max_streams: usize,
    /// Streams of one visitor.
    pub max_per_visitor: usize,
    /// Milliseconds between two signs of life.
    pub heartbeat_ms: u64,
}

/// One thing that can be done at the widget's door.
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
            path: concat!("/widget/v1/{integration}", $path),
            needs: Needs::$needs,
            run: |visit| Box::pin($run(visit)),
        }),+]
    };
}

/// Everything that can be done there, and what it needs.
const ACTS: &[Act] = acts! {
    GET "/config" Page public::get;
    POST "/sessions" Frame sessions::open;
    GET "/session" Session sessions::get;
    PATCH "/session" Session sessions::update;
    DELETE "/session" Session sessions::close;
    GET "/conversations" Session conversations::list;
    POST "/conversations" Session conversations::begin;
    GET "/conversations/{conversation}/messages" Session messages::list;
    POST "/conversations/{conversation}/messages" Session messages::post;
    POST "/conversations/{conversation}/postbacks" Session messages::press;
    POST "/conversations/{conversation}/activity" Session conversations::activity;
    POST "/conversations/{conversation}/satisfaction" Session conversations::rate;
    POST "/attachments" Upload messages::upload;
    GET "/stream" Stream stream::open;
};

/// What a visitor can do, for whoever tests the doors: method, path with its segments in braces, and whether that needs a
/// session.
pub fn visits() -> impl Iterator<Item = (Method, &'static str, bool)> {
    ACTS.iter().map(|act| (act.method.clone(), act.path, !matches!(act.needs, Needs::Page | Needs::Frame)))
}

/// The widget's doors and files.
pub(crate) fn routes() -> Router<Api> {
    let acts = ACTS.iter().fold(Router::new(), |router, act| {
        let answer = move |State(api): State<Api>, request| dispatch(api, act, request);
        // The table holds four methods, and a filter exists for each.
        let filter = MethodFilter::try_from(act.method.clone()).unwrap_or(MethodFilter::GET);
        router.route(act.path, on(filter, answer))
    });
    acts.merge(files::routes())
}

async fn dispatch(api: Api, act: &'static Act, request: Request<Body>) -> Response {
    let mut seen = door::Seen::default();
    let answer = async { (act.run)(Visit::read(api, act.needs, request, &mut seen).await?).await };
    let mut response = match answer.await {
        Ok(reply) => reply.into_response(),
        Err(error) => {
            tracing::debug!(path = act.path, %error, "a visitor was refused");
            error.into_response()
        }
    };
    seen.show(response.headers_mut());
    let status = response.status().as_u16().to_string();
    metrics::counter!("passerelle_widget_calls_total", "path" => act.path, "status" => status).increment(1);
    response
}
