//! A small HTTP/1.1 client with kept connections. It follows nothing, retries nothing and hides no status.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;

/// Largest answer read.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;
/// Kept connections for one address.
const MAX_IDLE: usize = 256;
/// Time for one exchange.
const TIMEOUT: Duration = Duration::from_secs(30);

type Sender = http1::SendRequest<Full<Bytes>>;

/// The client. Cheap to clone; clones share the connections.
#[derive(Clone, Debug, Default)]
pub struct Client {
    idle: Arc<Mutex<HashMap<String, Vec<Sender>>>>,
    /// What was asked and answered, when asked for; see [`Client::recording`].
    seen: Option<Arc<Mutex<Vec<Exchange>>>>,
}

/// A request and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The method.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// What came back.
    pub answer: Answer,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("not JSON: {} {}", self.status, self.text()))
    }

    /// The body as JSON, provided that the status is the expected one.
    pub fn expect(&self, status: u16) -> Result<Value> {
        if self.status.as_u16() != status {
            bail!("expected {status}, got {}: {}", self.status, self.text());
        }
        self.json()
    }
}

impl Client {
    /// A client that keeps a copy of every answer, to be searched for what must not be there.
    pub fn recording() -> Self {
        Self { seen: Some(Arc::default()), ..Self::default() }
    }

    /// All exchanges so far.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.seen.as_ref().map(|seen| lock(seen).clone()).unwrap_or_default()
    }

    /// All headers and bodies of the answers so far.
    pub fn seen(&self) -> Vec<u8> {
        let mut seen = Vec::new();
        for Exchange { answer, .. } in self.exchanges() {
            for (name, value) in &answer.headers {
                seen.extend_from_slice(name.as_str().as_bytes());
                seen.extend_from_slice(b": ");
                seen.extend_from_slice(value.as_bytes());
                seen.push(b'\n');
            }
            seen.extend_from_slice(&answer.body);
            seen.push(b'\n');
        }
        seen
    }

    /// Sends JSON (or nothing) and reads the answer.
    pub async fn call(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer> {
        let bytes = body.map(|value| Bytes::from(value.to_string())).unwrap_or_default();
        let mut all = headers.to_vec();
        if body.is_some() {
            all.push(("content-type", "application/json"));
        }
        self.send(method, url, &all, bytes).await
    }

    /// Sends bytes and reads the answer.
    pub async fn send(&self, method: &str, url: &str, headers: &[(&str, &str)], body: Bytes) -> Result<Answer> {
        let exchange = self.exchange(method, url, headers, body);
        let answer =
            tokio::time::timeout(TIMEOUT, exchange).await.map_err(|_| anyhow!("no answer within {TIMEOUT:?}"))??;
        if let Some(seen) = &self.seen {
            lock(seen).push(Exchange { method: method.to_owned(), url: url.to_owned(), answer: answer.clone() });
        }
        Ok(answer)
    }

    async fn exchange(&self, method: &str, url: &str, headers: &[(&str, &str)], body: Bytes) -> Result<Answer> {
        let uri: Uri = url.parse().with_context(|| format!("`{url}` is not a URL"))?;
        let authority = uri.authority().context("a URL with a host")?.to_string();
        let mut request = Request::builder().method(method).uri(uri.path_and_query().map_or("/", |path| path.as_str()));
        for (name, value) in headers {
            request = request.header(*name, HeaderValue::from_str(value)?);
        }
        let request = request.header(header::HOST, &authority).body(Full::new(body))?;
        let mut sender = self.connection(&authority).await?;
        let response = sender.send_request(request).await.context("the connection broke before the answer")?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, MAX_ANSWER_BYTES).collect().await.map_err(|error| anyhow!("{error}"))?.to_bytes();
        self.keep(authority, sender);
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    async fn connection(&self, authority: &str) -> Result<Sender> {
        while let Some(mut sender) = self.take(authority) {
            // A connection that the other side closed meanwhile says so here, before anything is sent.
            if sender.ready().await.is_ok() {
                return Ok(sender);
            }
        }
        connect(authority).await
    }

    fn take(&self, authority: &str) -> Option<Sender> {
        lock(&self.idle).get_mut(authority)?.pop()
    }

    fn keep(&self, authority: String, sender: Sender) {
        if sender.is_closed() {
            return;
        }
        let mut idle = lock(&self.idle);
        let kept = idle.entry(authority).or_default();
        if kept.len() < MAX_IDLE {
            kept.push(sender);
        }
    }
}

async fn connect(authority: &str) -> Result<Sender> {
    let address: SocketAddr = authority.replace("localhost", "127.0.0.1").parse().context("an address with a port")?;
    let stream = tokio::net::TcpStream::connect(address).await.with_context(|| format!("connecting to {address}"))?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
