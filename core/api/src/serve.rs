//! The accept loop: sockets in, requests to the router, replies out.
//!
//! Answers for everything that must hold before a route is known: how many connections, how slow a client may be, how
//! large a header, and how a running server stops. Knows no route. TLS is left to a proxy in front.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use futures_util::FutureExt;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::Deserialize;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::limit::ClientAddress;
use crate::linger::Linger;
use crate::{envelope, routes, unread};

/// How long the loop rests when the system refuses a connection, so that a full file table does not spin it.
const ACCEPT_REST: Duration = Duration::from_millis(50);

/// What a client may take from us.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ConnectionLimits {
    /// Open connections; more wait in the system's queue.
    pub max_connections: usize,
    /// Milliseconds for a complete request head; also how long an idle connection is kept.
    pub header_timeout_ms: u64,
    /// Milliseconds for a whole request, its body and our answer included.
    pub request_timeout_ms: u64,
    /// The same for a request that brings a file.
    pub upload_timeout_ms: u64,
    /// Header lines of a request.
    pub max_headers: usize,
    /// Bytes of a request head; at least 8192.
    pub max_header_bytes: usize,
}

/// Serves until `stop`, then lets the requests under way end. Returns when the last connection has closed.
pub async fn serve(listener: TcpListener, router: Router, limits: ConnectionLimits, stop: CancellationToken) {
    let seats = Arc::new(Semaphore::new(limits.max_connections));
    let connections = TaskTracker::new();
    let door = Arc::new(Door::new(router, &limits));
    loop {
        let Some((stream, peer, seat)) = next_connection(&listener, &seats, &stop).await else { break };
        let hanger = Hanger::default();
        let service = service(Arc::clone(&door), ClientAddress(peer.ip()), hanger.clone());
        let connection = door.http.serve_connection(TokioIo::new(Linger::new(stream)), service).with_upgrades();
        let stop = stop.clone();
        connections.spawn(async move {
            let mut connection = pin!(connection);
            tokio::select! {
                ended = connection.as_mut() => log_end(ended),
                () = hanger.0.cancelled() => tracing::debug!("a connection was cut"),
                () = stop.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    tokio::select! {
                        ended = connection => log_end(ended),
                        () = hanger.0.cancelled() => tracing::debug!("a connection was cut"),
                    }
                }
            }
            drop(seat);
        });
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

fn log_end(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Cuts the connection that a request came by, whatever is being written to it.
#[derive(Clone, Default)]
pub(crate) struct Hanger(CancellationToken);

impl Hanger {
    /// Cuts it.
    pub(crate) fn hang_up(&self) {
        self.0.cancel();
    }
}

struct Door {
    http: http1::Builder,
    router: Router,
    request_timeout: Duration,
    upload_timeout: Duration,
}

impl Door {
    fn new(router: Router, limits: &ConnectionLimits) -> Self {
        let mut http = http1::Builder::new();
        // Without a timer hyper silently ignores the time-out.
        http.timer(TokioTimer::new())
            .header_read_timeout(Duration::from_millis(limits.header_timeout_ms))
            .max_headers(limits.max_headers)
            .max_buf_size(limits.max_header_bytes.max(8192));
        Self {
            http,
            router,
            request_timeout: Duration::from_millis(limits.request_timeout_ms),
            upload_timeout: Duration::from_millis(limits.upload_timeout_ms),
        }
    }
}

/// The next connection with its seat; nothing when it is time to stop.
async fn next_connection(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
    stop: &CancellationToken,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    loop {
        let seat = tokio::select! {
            seat = Arc::clone(seats).acquire_owned() => seat.ok()?,
            () = stop.cancelled() => return None,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return None,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Replies are small and whole; waiting for more to send would only delay them.
                let _ = stream.set_nodelay(true);
                return Some((stream, peer, seat));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_REST).await;
            }
        }
    }
}

fn service(
    door: Arc<Door>,
    peer: ClientAddress,
    hanger: Hanger,
) -> impl hyper::service::Service<
    Request<Incoming>,
    Response = Response<Body>,
    Error = Infallible,
    Future = impl Future<Output = Result<Response<Body>, Infallible>> + Send,
> {
    service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(hanger.clone());
        let door = Arc::clone(&door);
        async move { Ok(answer(&door, request).await) }
    })
}

async fn answer(door: &Door, request: Request<Incoming>) -> Response<Body> {
    let (request, unread) = unread::watch(envelope::prepare(request.map(Body::new)));
    let id = envelope::request_id(&request);
    // A panic ends one request, not the connection and not the server.
    let patience = if routes::takes_file(&request) { door.upload_timeout } else { door.request_timeout };
    let reply = AssertUnwindSafe(door.router.clone().oneshot(request)).catch_unwind();
    let response = match tokio::time::timeout(patience, reply).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Ok(Err(never))) => match never {},
        Ok(Err(_)) => envelope::panicked(),
        Err(_) => envelope::timed_out(),
    };
    let mut response = envelope::finish(response, &id);
    unread.tell(&mut response);
    response
}

#[cfg(test)]
mod tests {
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    fn limits() -> ConnectionLimits {
        ConnectionLimits {
            max_connections: 2,
            header_timeout_ms: 100,
            request_timeout_ms: 200,
            upload_timeout_ms: 200,
            max_headers: 8,
            max_header_bytes: 8192,
        }
    }

    async fn start() -> (SocketAddr, CancellationToken, tokio::task::JoinHandle<()>) {
        let router = Router::new()
            .route("/quick", get(|| async { "quick" }))
            .route("/echo", post(|body: String| async { body }))
            .route("/bug", get(async || -> &'static str { panic!("on purpose") }))
            .route("/slow", get(|| tokio::time::sleep(Duration::from_secs(5))));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        (address, stop.clone(), tokio::spawn(serve(listener, router, limits(), stop)))
    }

    async fn ask(address: SocketAddr, text: &str) -> String {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(text.as_bytes()).await.expect("written");
        let mut reply = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(3), stream.read_to_end(&mut reply)).await;
        read.expect("the server closes the connection").expect("a reply");
        String::from_utf8_lossy(&reply).into_owned()
    }

    #[tokio::test]
    async fn a_silent_client_is_dropped_and_a_slow_answer_is_cut() {
        let (address, stop, server) = start().await;
        assert_eq!(ask(address, "").await, "", "a silent socket is closed without a word");
        let slow = ask(address, "GET /slow HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        assert!(slow.starts_with("HTTP/1.1 503"), "{slow}");
        let quick = ask(address, "GET //quick HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        assert!(quick.starts_with("HTTP/1.1 200") && quick.contains("x-request-id"), "{quick}");
        let bug = ask(address, "GET /bug HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        assert!(bug.starts_with("HTTP/1.1 500") && bug.contains("internal_error"), "{bug}");
        let many: String = (0..20).map(|n| format!("h{n}: v\r\n")).collect();
        let refused = ask(address, &format!("GET /quick HTTP/1.1\r\nhost: x\r\n{many}\r\n")).await;
        assert!(refused.starts_with("HTTP/1.1 431"), "{refused}");
        stop.cancel();
        server.await.expect("the loop ends");
    }

    #[tokio::test]
    async fn a_refusal_reaches_a_client_that_reads_only_after_it_has_sent_everything() {
        let (address, stop, server) = start().await;
        for _ in 0..20 {
            let body = "x".repeat(8 * 1024 * 1024);
            let head = format!("POST /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", body.len());
            let refused = ask(address, &(head + &body)).await;
            assert!(refused.starts_with("HTTP/1.1 404"), "{refused}");
        }
        stop.cancel();
        server.await.expect("the loop ends");
    }

    #[tokio::test]
    async fn an_answer_says_when_the_connection_ends_with_it() {
        let (address, stop, server) = start().await;
        let half = ask(address, "POST /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n").await;
        assert!(half.contains("connection: close"), "{half}");
        let whole = "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nwhole";
        let twice = ask(address, &format!("{whole}{whole}")).await;
        assert_eq!(twice.matches("HTTP/1.1 200").count(), 2, "{twice}");
        assert!(!twice.contains("connection: close"), "{twice}");
        stop.cancel();
        server.await.expect("the loop ends");
    }

    #[tokio::test]
    async fn stopping_waits_for_the_request_under_way() {
        let (address, stop, server) = start().await;
        let under_way = tokio::spawn(async move { ask(address, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        stop.cancel();
        server.await.expect("the loop ends");
        assert!(under_way.await.expect("answered").starts_with("HTTP/1.1 503"));
        assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    }
}
