//! A visitor who listens: over a WebSocket whose first words are the session's token, or over Server-Sent Events.
//!
//! A visitor holds the cursor of the last event it was told. What it has missed is read from the log; when that is too
//! much it is told to read anew. A session that ends is told so at once, and looked at now and then besides.

use std::time::Duration;

use http::header::{HeaderName, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use passerelle_store::{StoreError, WidgetSession};
use serde::Deserialize;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::crowd::{Crowd, Letter, Place, show};
use super::door::{self, PAGE_ORIGIN, Visit, bearer, header};
use crate::api::Api;
use crate::call::{Answer, Reply, stored};
use crate::error::ApiError;
use crate::live::cursor::Cursor;
use crate::live::ticket::Ticket;
use crate::live::wire::{Farewell, Frame, Line, Lost};
use crate::live::ws::Socket;
use crate::live::{sse, ws};
use passerelle_model::id::IntegrationId;
use std::sync::Arc;

/// What we speak over a WebSocket.
const PROTOCOL: &str = "passerelle.v1";
/// How long a visitor may take to say who it is.
const AUTH: Duration = Duration::from_secs(5);
/// Events that are read at once for a visitor that has missed some.
const PAGE: u32 = 200;
/// Pages that are read before a visitor is told to read anew.
const PAGES: u32 = 5;
/// How often a session is looked at while nothing happens.
const WATCH: Duration = Duration::from_secs(60);
/// How long a visitor may take to hear a goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What a visitor says first.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Auth {
    #[serde(rename = "type")]
    kind: String,
    token: String,
    page_origin: String,
    #[serde(default)]
    cursor: Option<String>,
}

pub(super) async fn open(mut visit: Visit) -> Answer {
    if visit.api.draining.is_cancelled() {
        return Err(ApiError::unavailable("Draining"));
    }
    let (api, integration) = (visit.api.clone(), visit.integration);
    if visit.request.headers.contains_key(UPGRADE) {
        let asked = header(&visit.request.headers, &SEC_WEBSOCKET_PROTOCOL).unwrap_or_default();
        let speaks = asked.split(',').any(|word| word.trim() == PROTOCOL).then_some(PROTOCOL);
        let greeted = api.clone();
        let answer = ws::answer(&api, &mut visit.request, speaks, async move |socket| {
            greet(&greeted, integration, socket).await
        });
        return answer.map(Reply::Whole);
    }
    let headers = &visit.request.headers;
    let token = bearer(headers).ok_or_else(ApiError::unauthorized)?;
    let page = header(headers, &PAGE_ORIGIN).ok_or_else(ApiError::unauthorized)?;
    let session = door::find(&api, integration, token, page).await?.ok_or_else(ApiError::unauthorized)?;
    let cursor = header(headers, &LAST_EVENT_ID).map(str::to_owned).or_else(|| visit.query("cursor"));
    let listener = Listener::new(&api, session, cursor.as_deref()).await?;
    Ok(Reply::Whole(sse::answer(&api, &visit.request, async move |line| listener.follow(line).await)))
}

/// Lets a visitor in who says in time who it is. Whoever does not is closed without a word.
async fn greet(api: &Api, integration: IntegrationId, mut socket: Socket) {
    let said = socket.first_text(AUTH).await;
    let auth = said.and_then(|text| serde_json::from_str::<Auth>(&text).ok()).filter(|auth| auth.kind == "auth");
    let listener = match auth {
        Some(auth) => admitted(api, integration, &auth).await,
        None => Err(Farewell::Revoked),
    };
    match listener {
        Ok(listener) => listener.follow(socket).await,
        Err(why) => {
            let nowhere = Frame::goodbye(Cursor { log: 0, at: 0 }, why);
            let _ = timeout(GOODBYE, socket.end(&nowhere, why)).await;
        }
    }
}

async fn admitted(api: &Api, integration: IntegrationId, auth: &Auth) -> Result<Listener, Farewell> {
    let found = door::find(api, integration, &auth.token, &auth.page_origin).await;
    let session = found.map_err(|_| Farewell::Unavailable)?.ok_or(Farewell::Revoked)?;
    Listener::new(api, session, auth.cursor.as_deref()).await.map_err(|_| Farewell::Unavailable)
}

/// A visitor who listens.
struct Listener {
    api: Api,
    session: WidgetSession,
    crowd: Arc<Crowd>,
    place: Place,
    last: i64,
    is_lost: bool,
    _ticket: Ticket,
}

impl Listener {
    async fn new(api: &Api, session: WidgetSession, cursor: Option<&str>) -> Result<Self, ApiError> {
        let ticket = api.crowds().tickets.take(&session.user.to_string());
        let ticket = ticket.ok_or_else(|| ApiError::too_many_requests(5))?;
        let crowd = stored(api.crowds().of(api, session.app).await)?;
        let place = crowd.join(session.user, session.digest);
        let newest = stored(api.store().last_cursor().await)?;
        let asked = cursor.filter(|text| !text.is_empty()).map(Cursor::parse);
        let known = asked.flatten().filter(|cursor| crowd.cursor(cursor.at) == *cursor && cursor.at <= newest);
        Ok(Self {
            last: known.map_or(newest, |cursor| cursor.at),
            is_lost: asked.is_some() && known.is_none(),
            _ticket: ticket,
            api: api.clone(),
            session,
            crowd,
            place,
        })
    }

    /// Writes to the line until one side ends it.
    async fn follow(mut self, mut line: impl Line) {
        match self.run(&mut line).await {
            Ok(why) => {
                let goodbye = Frame::goodbye(self.crowd.cursor(self.last), why);
                let _ = timeout(GOODBYE, line.end(&goodbye, why)).await;
            }
            Err(Lost::Gone) => {}
            Err(Lost::Slow) => {
                metrics::counter!("passerelle_widget_slow_total").increment(1);
                tracing::debug!(user = %self.session.user, "a visitor who does not read is cut");
            }
        }
    }

    async fn run(&mut self, line: &mut impl Line) -> Result<Farewell, Lost> {
        let heartbeat = Duration::from_millis(self.api.widget.heartbeat_ms.clamp(100, 600_000));
        let (mut beat, mut watch) = (every(heartbeat), every(WATCH));
        let draining = self.api.draining.clone();
        let mut frames = vec![Frame::hello(self.cursor(), u64::try_from(heartbeat.as_millis()).unwrap_or(u64::MAX))];
        if std::mem::take(&mut self.is_lost) {
            frames.push(Frame::resync(self.cursor()));
        }
        line.send(&frames).await?;
        let mut told = self.missed().await;
        loop {
            match told {
                Ok(frames) => tokio::select! {
                    sent = line.send(&frames) => sent?,
                    () = draining.cancelled() => return Ok(Farewell::GoingAway),
                },
                Err(why) => return Ok(why),
            }
            // Only waiting may be broken off: what is being read is told, however long the reading takes.
            told = tokio::select! {
                letter = self.place.next() => self.read(letter).await,
                () = line.closed() => return Err(Lost::Gone),
                () = draining.cancelled() => return Ok(Farewell::GoingAway),
                _ = watch.tick() => self.check().await.map(|()| Vec::new()),
                _ = beat.tick() => {
                    line.ask().await?;
                    Ok(vec![Frame::heartbeat(self.cursor())])
                }
            };
        }
    }

    fn cursor(&self) -> Cursor {
        self.crowd.cursor(self.last)
    }

    async fn read(&mut self, letter: Option<Letter>) -> Result<Vec<Frame>, Farewell> {
        match letter {
            Some(Letter::Event(at, _)) if at <= self.last => Ok(Vec::new()),
            Some(Letter::Event(at, frame)) => {
                self.last = at;
                Ok(vec![frame])
            }
            Some(Letter::Sign(frame)) => Ok(vec![frame]),
            Some(Letter::Over) => Err(Farewell::Revoked),
            None => {
                // The box was full once: a new place first, then what came meanwhile.
                self.place = self.crowd.join(self.session.user, self.session.digest);
                self.missed().await
            }
        }
    }

    /// What the log has for the visitor beyond its cursor.
    async fn missed(&mut self) -> Result<Vec<Frame>, Farewell> {
        self.read_log().await.map_err(|error| {
            tracing::error!(%error, "a visitor's stream ends");
            Farewell::Unavailable
        })
    }

    async fn read_log(&mut self) -> Result<Vec<Frame>, StoreError> {
        let (store, user) = (self.api.store(), self.session.user);
        let mut frames = Vec::new();
        for _ in 0..PAGES {
            let events = store.events_of_user(self.session.app, user, self.last, PAGE).await?;
            for event in &events {
                frames.extend(show(&self.api, self.crowd.cursor(event.cursor), event, user).await?);
                self.last = event.cursor;
            }
            if events.len() < PAGE as usize {
                return Ok(frames);
            }
        }
        // That is no gap but a journey: the visitor reads the newest page instead.
        self.last = store.last_cursor().await?;
        Ok(vec![Frame::resync(self.cursor())])
    }

    /// Whether the session is still good.
    async fn check(&self) -> Result<(), Farewell> {
        if self.api.gateway.widget(self.session.integration).is_none() {
            return Err(Farewell::Revoked);
        }
        match self.api.store().widget_session(self.session.digest).await {
            Ok(Some(found)) if found.user == self.session.user => Ok(()),
            Ok(_) => Err(Farewell::Revoked),
            Err(_) => Err(Farewell::Unavailable),
        }
    }
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
