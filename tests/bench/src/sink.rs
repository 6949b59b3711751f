//! The channel that replies arrive at: as fast as it can be, and it tells whoever waits for a reply that it is there.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Result;
use http::{HeaderValue, Response, header};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// The channel.
#[derive(Clone)]
pub(crate) struct Sink {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<HashMap<String, oneshot::Sender<Instant>>>,
    arrived: AtomicU64,
    strays: AtomicU64,
}

#[derive(Deserialize)]
struct Send {
    text: String,
}

impl Sink {
    /// Starts it on a free port. It lives as long as the program.
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let sink = Self { address: listener.local_addr()?, shared: Arc::default() };
        tokio::spawn(serve(listener, sink.shared.clone()));
        Ok(sink)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// Resolves with the instant at which this text was fully received.
    pub(crate) fn expects(&self, text: String) -> oneshot::Receiver<Instant> {
        let (tell, told) = oneshot::channel();
        self.waiting().insert(text, tell);
        told
    }

    /// Texts that nobody waited for: a repeat, or something that was never asked.
    pub(crate) fn strays(&self) -> u64 {
        self.shared.strays.load(Ordering::Relaxed)
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, HashMap<String, oneshot::Sender<Instant>>> {
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    async fn take(&self, body: Incoming) -> Response<Full<Bytes>> {
        let taken = match body.collect().await {
            Ok(body) => serde_json::from_slice::<Send>(&body.to_bytes()).ok(),
            Err(_) => None,
        };
        let Some(send) = taken else {
            let mut refusal = Response::new(Full::from("{}"));
            *refusal.status_mut() = http::StatusCode::BAD_REQUEST;
            return refusal;
        };
        let now = Instant::now();
        let waiter = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&send.text);
        if waiter.is_none_or(|waiter| waiter.send(now).is_err()) {
            self.strays.fetch_add(1, Ordering::Relaxed);
        }
        let number = self.arrived.fetch_add(1, Ordering::Relaxed);
        let mut answer = Response::new(Full::from(format!("{{\"id\":\"out-{number}\"}}")));
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        answer
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        let shared = shared.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request: http::Request<Incoming>| {
                let shared = shared.clone();
                async move { Ok::<_, Infallible>(shared.take(request.into_body()).await) }
            });
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
