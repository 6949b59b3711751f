//! The channel's door: `POST /send`, strict about everything.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::ledger::Ledger;
use crate::http::lock;

/// Largest request.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How the channel answers a send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Takes it.
    Accepts,
    /// Refuses it with this status and, if given, `retry-after` seconds.
    Refuses(u16, Option<u32>),
    /// Refuses it with this status, and repeats the request's token and body in the answer, as careless vendors do.
    EchoesTheRequest(u16),
    /// Takes it and lets the gateway wait for the answer for ever.
    AcceptsAndHangs,
    /// Neither takes it nor answers.
    Hangs,
    /// Takes it and cuts the connection instead of answering.
    AcceptsAndCuts,
    /// Cuts the connection without taking it.
    Cuts,
}

#[derive(Debug)]
pub(crate) struct Shared {
    token: String,
    ledger: Mutex<Ledger>,
    accepted: watch::Sender<u64>,
    dedup: AtomicBool,
    mood: Mutex<Mood>,
}

#[derive(Debug)]
struct Mood {
    always: Behaviour,
    for_a_while: Option<(u64, Behaviour)>,
    flaky_per_mille: u32,
    lots: u64,
}

/// The fields of a send. Unknown fields are refused, so that a change of the adapter is seen.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Send {
    key: String,
    conversation: String,
    user: String,
    text: String,
}

impl Shared {
    pub(crate) fn new(token: &str) -> Self {
        Self {
            token: token.to_owned(),
            ledger: Mutex::default(),
            accepted: watch::Sender::new(0),
            dedup: AtomicBool::new(true),
            mood: Mutex::new(Mood { always: Behaviour::Accepts, for_a_while: None, flaky_per_mille: 0, lots: 1 }),
        }
    }

    pub(crate) fn set_behaviour(&self, behaviour: Behaviour) {
        let mut mood = lock(&self.mood);
        mood.always = behaviour;
        mood.for_a_while = None;
    }

    pub(crate) fn set_behaviour_for(&self, times: u64, behaviour: Behaviour) {
        lock(&self.mood).for_a_while = (times > 0).then_some((times, behaviour));
    }

    pub(crate) fn set_dedup(&self, on: bool) {
        self.dedup.store(on, Ordering::Relaxed);
    }

    pub(crate) fn set_flaky(&self, per_mille: u32, seed: u64) {
        let mut mood = lock(&self.mood);
        mood.flaky_per_mille = per_mille;
        mood.lots = seed | 1;
    }

    pub(crate) fn ledger(&self) -> Ledger {
        lock(&self.ledger).clone()
    }

    pub(crate) fn texts(&self, conversation: &str) -> Vec<String> {
        let ledger = lock(&self.ledger);
        let shown = ledger.accepted.iter().filter(|arrived| arrived.conversation == conversation);
        shown.map(|arrived| arrived.text.clone()).collect()
    }

    pub(crate) fn accepted(&self) -> u64 {
        *self.accepted.borrow()
    }

    pub(crate) async fn reaches(&self, count: u64, limit: Duration) -> Result<u64> {
        let mut accepted = self.accepted.subscribe();
        let reached = tokio::time::timeout(limit, accepted.wait_for(|now| *now >= count)).await;
        let reached = reached.with_context(|| format!("{} of {count} sends within {limit:?}", self.accepted()))?;
        Ok(*reached?)
    }

    /// Draws how this send is answered.
    fn next_behaviour(&self) -> Behaviour {
        let mut mood = lock(&self.mood);
        if let Some((times, behaviour)) = mood.for_a_while.take() {
            mood.for_a_while = (times > 1).then(|| (times - 1, behaviour.clone()));
            return behaviour;
        }
        if mood.flaky_per_mille > 0 {
            mood.lots ^= mood.lots << 13;
            mood.lots ^= mood.lots >> 7;
            mood.lots ^= mood.lots << 17;
            if mood.lots % 1000 < u64::from(mood.flaky_per_mille) {
                return match mood.lots / 1000 % 4 {
                    0 => Behaviour::Refuses(500, None),
                    1 => Behaviour::Refuses(429, Some(0)),
                    2 => Behaviour::AcceptsAndCuts,
                    _ => Behaviour::Cuts,
                };
            }
        }
        mood.always.clone()
    }

    fn accept(&self, send: &Send) -> String {
        let mut ledger = lock(&self.ledger);
        let id = ledger.accept(&send.key, &send.conversation, &send.text, self.dedup.load(Ordering::Relaxed));
        self.accepted.send_replace(ledger.accepted.len() as u64);
        id
    }

    fn refuse_malformed(&self, reason: String) -> Reply {
        lock(&self.ledger).malformed.push(reason.clone());
        Reply::status(StatusCode::BAD_REQUEST, &serde_json::json!({ "error": reason }))
    }

    async fn answer(&self, request: Request<Incoming>) -> Reply {
        if request.uri().path() == "/me" {
            return Reply::status(StatusCode::OK, &serde_json::json!({ "name": "loop" }));
        }
        if request.method() != "POST" || request.uri().path() != "/send" {
            return Reply::status(StatusCode::NOT_FOUND, &serde_json::json!({ "error": "only POST /send is here" }));
        }
        let shown = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        if shown != Some(format!("Bearer {}", self.token).as_str()) {
            return Reply::status(StatusCode::UNAUTHORIZED, &serde_json::json!({ "error": "wrong token" }));
        }
        let Ok(body) = Limited::new(request.into_body(), MAX_BODY_BYTES).collect().await else {
            return self.refuse_malformed("the body cannot be read".to_owned());
        };
        let send: Send = match serde_json::from_slice(&body.to_bytes()) {
            Ok(send) => send,
            Err(error) => return self.refuse_malformed(error.to_string()),
        };
        if send.key.is_empty() || send.conversation.is_empty() || send.user.is_empty() || send.text.is_empty() {
            return self.refuse_malformed("key, conversation, user and text must not be empty".to_owned());
        }
        self.behave(&send).await
    }

    async fn behave(&self, send: &Send) -> Reply {
        let behaviour = self.next_behaviour();
        if behaviour != Behaviour::Accepts {
            lock(&self.ledger).failed += 1;
        }
        match behaviour {
            Behaviour::Accepts => Reply::status(StatusCode::OK, &serde_json::json!({ "id": self.accept(send) })),
            Behaviour::Refuses(status, retry_after) => Reply::Refused { status, retry_after },
            Behaviour::EchoesTheRequest(status) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
                let error = format!("`Bearer {}` may not send `{}`", self.token, send.text);
                Reply::status(status, &serde_json::json!({ "error": error }))
            }
            Behaviour::AcceptsAndHangs => {
                self.accept(send);
                std::future::pending().await
            }
            Behaviour::Hangs => std::future::pending().await,
            Behaviour::AcceptsAndCuts => {
                self.accept(send);
                Reply::Cut
            }
            Behaviour::Cuts => Reply::Cut,
        }
    }
}

enum Reply {
    Whole(StatusCode, String),
    Refused { status: u16, retry_after: Option<u32> },
    Cut,
}

impl Reply {
    fn status(status: StatusCode, body: &serde_json::Value) -> Self {
        Self::Whole(status, body.to_string())
    }

    /// An error makes hyper cut the connection.
    fn into_response(self) -> Result<Response<Full<Bytes>>, std::io::Error> {
        let (status, retry_after, body) = match self {
            Self::Whole(status, body) => (status, None, body),
            Self::Refused { status, retry_after } => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                (status, retry_after, r#"{"error":"made by a test"}"#.to_owned())
            }
            Self::Cut => return Err(std::io::Error::other("cut by a test")),
        };
        let mut response = Response::new(Full::new(Bytes::from(body)));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
        if let Some(seconds) = retry_after {
            headers.insert(http::header::RETRY_AFTER, http::HeaderValue::from(seconds));
        }
        Ok(response)
    }
}

pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    // Connections end with this task, so a stopped channel is really gone.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        connections.spawn(connection(stream, shared.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) -> Result<(), Infallible> {
    // Without it an answer of two small writes waits for the other side's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let shared = shared.clone();
        async move { shared.answer(request).await.into_response() }
    });
    // A connection that ends in an error is what some behaviours are for.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    Ok(())
}
