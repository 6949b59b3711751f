//! An address for webhooks that takes every call and remembers it.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::http::lock;

/// One call.
#[derive(Clone, Debug)]
pub struct Called {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body as it came.
    pub body: Bytes,
}

/// The address. It ends with the test.
#[derive(Debug)]
pub struct Hook {
    address: String,
    calls: Arc<Mutex<Vec<Called>>>,
    task: JoinHandle<()>,
}

impl Hook {
    /// Listens on a free port.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let calls = Arc::<Mutex<Vec<Called>>>::default();
        let task = tokio::spawn(serve(listener, calls.clone()));
        Ok(Self { address, calls, task })
    }

    /// `127.0.0.1:PORT`
    pub fn address(&self) -> String {
        self.address.clone()
    }

    /// Where webhooks go.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Every call so far.
    pub fn calls(&self) -> Vec<Called> {
        lock(&self.calls).clone()
    }

    /// Every event of the calls so far, in the order of arrival.
    pub fn events(&self) -> Result<Vec<Value>> {
        let mut events = Vec::new();
        for call in self.calls() {
            let body: Value = serde_json::from_slice(&call.body)?;
            events.extend(body["events"].as_array().cloned().unwrap_or_default());
        }
        Ok(events)
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, calls: Arc<Mutex<Vec<Called>>>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(connection(stream, calls.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, calls: Arc<Mutex<Vec<Called>>>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let calls = calls.clone();
        async move {
            let (parts, body) = request.into_parts();
            if let Ok(body) = body.collect().await {
                lock(&calls).push(Called { headers: parts.headers, body: body.to_bytes() });
            }
            Ok::<_, Infallible>(Response::new(Full::new(Bytes::new())))
        }
    });
    // A caller that hangs up is no failure of the address.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}
