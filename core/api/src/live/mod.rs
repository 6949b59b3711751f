//! The live stream: what happens in an app, as it is committed, over Server-Sent Events or a WebSocket.
//!
//! A `hub` per app reads the log and tells each event once for all readers; a `reader` decides what one caller sees and
//! from where it reads on; `wire` has the messages and the two transports. The log is the only source: a reader holds
//! nothing but the cursor of the last event it was told, so there is nothing to lose between a replay and what follows.

pub(crate) mod cursor;
mod desk;
pub(crate) mod hub;
mod reader;
pub(crate) mod rights;
pub(crate) mod sse;
pub(crate) mod ticket;
pub(crate) mod wire;
pub(crate) mod ws;

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::response::Response;
use http::header::UPGRADE;
use http::request::Parts;
use passerelle_model::id::AppId;
use passerelle_store::StoreError;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::api::Api;
use crate::call::{Answer, Call, Reply};
use crate::desk::credentials::Known;
use crate::error::ApiError;
use hub::Hub;
use reader::Reader;
use ticket::Tickets;
use wire::Item;

/// What live readers may take from us.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct LiveSettings {
    /// Streams that one key may hold open.
    pub max_per_key: usize,
    /// Streams of all keys together.
    pub max_streams: usize,
    /// Milliseconds between two signs of life.
    pub heartbeat_ms: u64,
    /// Milliseconds for which a reader may not read before it is closed.
    pub write_timeout_ms: u64,
}

impl LiveSettings {
    fn heartbeat(&self) -> Duration {
        Duration::from_millis(self.heartbeat_ms.clamp(100, 600_000))
    }

    fn write_timeout(&self) -> Duration {
        Duration::from_millis(self.write_timeout_ms.clamp(100, 600_000))
    }
}

/// The live side of the house: its hubs and who is connected.
pub(crate) struct Live {
    hubs: Mutex<HashMap<AppId, Weak<Hub>>>,
    tickets: Arc<Tickets>,
}

impl Live {
    pub(crate) fn new(settings: &LiveSettings) -> Self {
        Self { hubs: Mutex::default(), tickets: Arc::new(Tickets::new(settings.max_per_key, settings.max_streams)) }
    }

    /// Shows a passing sign of the desk to the agents who listen.
    pub(crate) async fn pass(&self, app: AppId, trigger: &'static str, text: String) {
        if let Some(hub) = self.hubs.lock().await.get(&app).and_then(Weak::upgrade) {
            hub.pass(Item::of_desk(trigger, None, text));
        }
    }

    /// The hub of the app, which lives for as long as somebody reads.
    async fn hub(&self, api: &Api, app: AppId) -> Result<Arc<Hub>, StoreError> {
        let mut hubs = self.hubs.lock().await;
        if let Some(hub) = hubs.get(&app).and_then(Weak::upgrade) {
            return Ok(hub);
        }
        hubs.retain(|_, hub| hub.strong_count() > 0);
        let hub = Hub::start(api, app).await?;
        hubs.insert(app, Arc::downgrade(&hub));
        Ok(hub)
    }
}

/// `GET /api/v2/stream`: the same, for an agent, with what happens at the desk. The agent is there for as long as it is open.
pub(crate) async fn open_for_agent(api: &Api, known: Known, request: &mut Parts) -> Result<Response, ApiError> {
    if api.draining.is_cancelled() {
        return Err(ApiError::unavailable("Draining"));
    }
    let presence = api.desk.present(known.agent.app, known.agent.id);
    let reader = Reader::of_agent(api, known, request).await?;
    if request.headers.contains_key(UPGRADE) {
        return ws::answer(api, request, None, async move |socket| {
            reader.follow(socket).await;
            drop(presence);
        });
    }
    Ok(sse::answer(api, request, async move |line| {
        reader.follow(line).await;
        drop(presence);
    }))
}

/// `GET /v2/apps/{app}/events`: a WebSocket when the caller asks for one, Server-Sent Events otherwise.
pub(crate) async fn open(mut call: Call) -> Answer {
    let reader = Reader::open(&call).await?;
    if call.api.draining.is_cancelled() {
        return Err(ApiError::unavailable("Draining"));
    }
    let (api, wants_socket) = (call.api.clone(), call.request.headers.contains_key(UPGRADE));
    if wants_socket {
        let answer = ws::answer(&api, &mut call.request, None, async move |socket| reader.follow(socket).await);
        return answer.map(Reply::Whole);
    }
    Ok(Reply::Whole(sse::answer(&api, &call.request, async move |line| reader.follow(line).await)))
}
