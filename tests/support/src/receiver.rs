//! A receiver of webhooks: strict about what comes, and as unpleasant as a test wants.
//!
//! It checks signatures by Standard Webhooks with code of its own and writes down whatever is wrong.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::http::lock;

/// Largest request.
const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// How the receiver answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Takes everything.
    Takes,
    /// Answers with this status and these headers, and takes nothing.
    Answers(u16, Vec<(&'static str, String)>),
    /// Refuses requests that hold this text with 400, and takes the others.
    Refuses(String),
    /// Reads and never answers.
    Hangs,
    /// Takes it and cuts the connection instead of answering.
    TakesAndCuts,
    /// Cuts the connection.
    Cuts,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its `webhook-id`.
    pub id: String,
    /// The ids of its events.
    pub events: Vec<String>,
    /// The whole body.
    pub body: Value,
}

#[derive(Debug)]
struct Shared {
    manner: Mutex<Manner>,
    secret: Mutex<Option<String>>,
    received: Mutex<Vec<Received>>,
    taken: Mutex<Vec<Value>>,
    faults: Mutex<Vec<String>>,
}

/// A receiver on a port of its own.
#[derive(Debug)]
pub struct Receiver {
    port: u16,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Receiver {
    /// A receiver that takes everything.
    pub async fn start() -> Result<Self> {
        Self::start_at(0).await
    }

    /// The same at a given port.
    pub async fn start_at(port: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.context("a port for the receiver")?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            manner: Mutex::new(Manner::Takes),
            secret: Mutex::default(),
            received: Mutex::default(),
            taken: Mutex::default(),
            faults: Mutex::default(),
        });
        let task = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self { port, shared, task })
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    /// `127.0.0.1:PORT`
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// From now on every request must be signed with this secret.
    pub fn trusts(&self, secret: &str) {
        *lock(&self.shared.secret) = Some(secret.to_owned());
    }

    /// From now on it answers like this.
    pub fn is(&self, manner: Manner) {
        *lock(&self.shared.manner) = manner;
    }

    /// Every request so far, also those that were not taken.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.shared.received).clone()
    }

    /// The events that were taken, in the order of arrival, repeats included.
    pub fn taken(&self) -> Vec<Value> {
        lock(&self.shared.taken).clone()
    }

    /// The events that were taken, each once, in the order of their first arrival.
    pub fn events(&self) -> Vec<Value> {
        let mut seen = BTreeSet::new();
        let mut taken = self.taken();
        taken.retain(|event| seen.insert(event["id"].as_str().unwrap_or_default().to_owned()));
        taken
    }

    /// What was wrong with requests.
    pub fn faults(&self) -> Vec<String> {
        lock(&self.shared.faults).clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, std::io::Error> {
        let (parts, body) = request.into_parts();
        let body = match Limited::new(body, MAX_BODY_BYTES).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) => return Err(std::io::Error::other(error.to_string())),
        };
        let received = match self.read(&parts.headers, &body) {
            Ok(received) => received,
            Err(error) => {
                lock(&self.faults).push(format!("{error:#}"));
                return Ok(reply(400, &[]));
            }
        };
        let events = received.body["events"].as_array().cloned().unwrap_or_default();
        lock(&self.received).push(received);
        let manner = lock(&self.manner).clone();
        match manner {
            Manner::Refuses(text) if String::from_utf8_lossy(&body).contains(&text) => return Ok(reply(400, &[])),
            Manner::Takes | Manner::TakesAndCuts | Manner::Refuses(_) => lock(&self.taken).extend(events),
            Manner::Answers(status, headers) => return Ok(reply(status, &headers)),
            Manner::Hangs => return std::future::pending().await,
            Manner::Cuts => {}
        }
        match manner {
            Manner::TakesAndCuts | Manner::Cuts => Err(std::io::Error::other("cut by a test")),
            _ => Ok(reply(200, &[])),
        }
    }

    fn read(&self, headers: &HeaderMap, body: &[u8]) -> Result<Received> {
        let header = |name: &str| -> Result<&str> {
            headers.get(name).and_then(|value| value.to_str().ok()).with_context(|| format!("`{name}` is missing"))
        };
        if header("content-type")? != "application/json" {
            bail!("the content type is {}", header("content-type")?);
        }
        let id = header("webhook-id")?.to_owned();
        if let Some(secret) = lock(&self.secret).as_deref() {
            if header("x-api-key")? != secret {
                bail!("`x-api-key` is not the secret");
            }
            check(secret, &id, header("webhook-timestamp")?, header("webhook-signature")?, body)?;
        }
        let body: Value = serde_json::from_slice(body).context("the body is no JSON")?;
        let events = body["events"].as_array().context("`events` is no list")?;
        if events.is_empty() || body["webhook"]["version"] != "v2" || !body["app"]["id"].is_string() {
            bail!("the envelope is not whole: {body}");
        }
        let name = |event: &Value| event["id"].as_str().map(str::to_owned).context("an event has no id");
        let events = events.iter().map(name).collect::<Result<_>>()?;
        Ok(Received { id, events, body })
    }
}

/// Standard Webhooks, from its specification: `v1,` and the base64 of an HMAC over `id.timestamp.body`.
fn check(secret: &str, id: &str, timestamp: &str, signature: &str, body: &[u8]) -> Result<()> {
    timestamp.parse::<u64>().context("the timestamp is no number")?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    let expected = mac.finalize().into_bytes();
    let shown = signature.split(' ').filter_map(|one| one.strip_prefix("v1,"));
    let found = shown.filter_map(unbase64).any(|bytes| bytes[..] == expected[..]);
    if found { Ok(()) } else { bail!("the signature does not fit") }
}

fn unbase64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}

fn reply(status: u16, headers: &[(&'static str, String)]) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(b"{}")));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(*name, value);
        }
    }
    response
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    // Connections end with this task, so a stopped receiver is really gone.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            let _ = stream.set_nodelay(true);
            let service = service_fn(move |request| {
                let shared = Arc::clone(&shared);
                async move { shared.answer(request).await }
            });
            // A connection that ends in an error is what some manners are for.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}
