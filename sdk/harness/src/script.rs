//! The vendor of a fixture: a server on this machine that follows the script and nothing else.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::compare;
use crate::fixture::{Answer, Exchange, Expected};

/// The scripted vendor. It stops when it is dropped.
pub(crate) struct Vendor {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Script {
    left: VecDeque<Exchange>,
    findings: Vec<String>,
}

/// A request as it arrived.
struct Arrived {
    method: String,
    /// Host, path and query: the scheme is checked by the host's grants.
    address: String,
    headers: hyper::HeaderMap,
    body: Bytes,
}

impl Vendor {
    /// Starts a vendor without a script.
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("cannot listen on this machine")?;
        let address = listener.local_addr()?;
        let script = Arc::new(Mutex::new(Script::default()));
        let task = tokio::spawn(accept(listener, Arc::clone(&script)));
        Ok(Self { address, script, task })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Follows this script from now on.
    pub(crate) fn follow(&self, exchanges: Vec<Exchange>) {
        *lock(&self.script) = Script { left: exchanges.into(), findings: Vec::new() };
    }

    /// What was not as the script wants it.
    pub(crate) fn findings(&self) -> Vec<String> {
        let mut script = lock(&self.script);
        let mut findings = std::mem::take(&mut script.findings);
        let missing = script.left.drain(..).map(|it| format!("http: {} was never requested", title(&it.expect)));
        findings.extend(missing);
        findings
    }
}

impl Drop for Vendor {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, script: Arc<Mutex<Script>>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&script)));
    }
}

async fn serve(stream: TcpStream, script: Arc<Mutex<Script>>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let script = Arc::clone(&script);
        async move { answer(request, &script).await }
    });
    // An error here is the client's end of the connection, or a break that the script asked for.
    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok();
}

async fn answer(request: Request<Incoming>, script: &Mutex<Script>) -> io::Result<Response<Full<Bytes>>> {
    let arrived = arrive(request).await?;
    let mut script = lock(script);
    let Some(Exchange { expect, answer }) = script.left.pop_front() else {
        script.findings.push(format!("http: {} {} is not in the script", arrived.method, arrived.address));
        return Ok(plain(500, "this request is not in the script"));
    };
    script.findings.extend(arrived.differences(&expect));
    drop(script);
    if answer.breaks {
        return Err(io::Error::other("the script breaks the connection"));
    }
    Ok(spoken(answer))
}

async fn arrive(request: Request<Incoming>) -> io::Result<Arrived> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let host = parts.headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    Ok(Arrived { method: parts.method.to_string(), address: format!("{host}{path}"), headers: parts.headers, body })
}

impl Arrived {
    fn differences(&self, expect: &Expected) -> Vec<String> {
        let title = title(expect);
        let mut out = Vec::new();
        let address = expect.url.split_once("://").map_or(expect.url.as_str(), |(_, rest)| rest);
        if self.method != expect.method || decoded(&self.address) != decoded(address) {
            out.push(format!("http: expected {title}, but {} {} came", self.method, self.address));
            return out;
        }
        for (name, value) in &expect.headers {
            let found = self.headers.get(name).map(|found| String::from_utf8_lossy(found.as_bytes()));
            if found.as_deref() != Some(value.as_str()) {
                out.push(format!("http: {title}: expected the header {name}: {value}, found {found:?}"));
            }
        }
        if let Some(body) = &expect.body {
            let found = self.body_like(body);
            out.extend(compare::differences(body, &found).into_iter().map(|it| format!("http: {title}: body: {it}")));
        }
        let text = String::from_utf8_lossy(&self.body);
        let missing = expect.contains.iter().filter(|part| !text.contains(part.as_str()));
        out.extend(missing.map(|part| format!("http: {title}: the body does not contain {part:?}")));
        out
    }

    /// The body in the shape of what is expected: as text where a text is expected, as JSON otherwise.
    fn body_like(&self, expected: &Value) -> Value {
        let text = || Value::String(String::from_utf8_lossy(&self.body).into_owned());
        if expected.is_string() { text() } else { serde_json::from_slice(&self.body).unwrap_or_else(|_| text()) }
    }
}

fn title(expect: &Expected) -> String {
    format!("{} {}", expect.method, expect.url)
}

/// The address with its percent signs resolved: the host escapes what a secret puts into a path.
fn decoded(address: &str) -> String {
    percent_encoding::percent_decode_str(address).decode_utf8_lossy().into_owned()
}

fn spoken(answer: Answer) -> Response<Full<Bytes>> {
    let (content_type, body) = match answer.body {
        None => (None, Vec::new()),
        Some(Value::String(text)) => (Some("text/plain"), text.into_bytes()),
        Some(json) => (Some("application/json"), json.to_string().into_bytes()),
    };
    let mut builder = Response::builder().status(answer.status.unwrap_or(200));
    if let Some(content_type) = content_type.filter(|_| !answer.headers.contains_key("content-type")) {
        builder = builder.header("content-type", content_type);
    }
    for (name, value) in &answer.headers {
        builder = builder.header(name, value);
    }
    builder.body(Full::from(body)).unwrap_or_else(|_| plain(500, "the script's status or headers are odd"))
}

fn plain(status: u16, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    response
}

fn lock(script: &Mutex<Script>) -> std::sync::MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}
