//! A reader of the stream over a real socket, by either transport.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt, StreamExt};
use http::Request;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use passerelle_api::serve;
use passerelle_store::Key;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_util::sync::CancellationToken;

use crate::house::House;

/// Time for anything that a test waits for, on a machine with other things to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// The doors of a house, open on a port.
pub(crate) struct Doors {
    pub(crate) address: SocketAddr,
    pub(crate) stop: CancellationToken,
    pub(super) served: JoinHandle<()>,
}

impl Doors {
    pub(crate) async fn open(house: &House) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let limits = serve::ConnectionLimits {
            max_connections: 1000,
            header_timeout_ms: 30_000,
            request_timeout_ms: 30_000,
            upload_timeout_ms: 30_000,
            max_headers: 50,
            max_header_bytes: 16_384,
        };
        let stop = CancellationToken::new();
        let served = tokio::spawn(serve::serve(listener, house.router.clone(), limits, stop.clone()));
        Self { address, stop, served }
    }
}

/// How a reader is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Sse,
    Socket,
}

pub(crate) const BOTH: [Transport; 2] = [Transport::Sse, Transport::Socket];

/// An open stream.
pub(crate) enum Stream {
    Sse { body: Incoming, read: Vec<u8> },
    Socket(Box<WebSocketStream<TokioIo<Upgraded>>>),
}

impl Stream {
    /// Opens a stream; the status when it is refused.
    pub(super) async fn open(doors: &Doors, how: Transport, key: &Key, path: &str) -> Result<Self, u16> {
        let credentials = STANDARD.encode(format!("{}:{}", key.id, key.secret.reveal()));
        Self::open_as(doors, how, &[("authorization", &format!("Basic {credentials}"))], path).await
    }

    /// The same, with whatever shows who asks.
    pub(crate) async fn open_as(
        doors: &Doors,
        how: Transport,
        headers: &[(&str, &str)],
        path: &str,
    ) -> Result<Self, u16> {
        let stream = TcpStream::connect(doors.address).await.expect("a connection");
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("a connection");
        tokio::spawn(connection.with_upgrades());
        let mut request = Request::get(path).header("host", "x");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if how == Transport::Socket {
            request = request.header("connection", "upgrade").header("upgrade", "websocket");
            request =
                request.header("sec-websocket-version", "13").header("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==");
        }
        let reply = sender.send_request(request.body(Body::empty()).expect("a request")).await.expect("an answer");
        if reply.status() == 101 {
            let upgraded = TokioIo::new(hyper::upgrade::on(reply).await.expect("a WebSocket"));
            return Ok(Self::Socket(Box::new(WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await)));
        }
        if reply.status() != 200 {
            return Err(reply.status().as_u16());
        }
        assert_eq!(reply.headers()["content-type"], "text/event-stream");
        Ok(Self::Sse { body: reply.into_body(), read: Vec::new() })
    }

    /// The next message; none when the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("the stream says something")
    }

    async fn read(&mut self) -> Option<Value> {
        match self {
            Self::Socket(socket) => loop {
                match socket.next().await? {
                    Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).expect("JSON")),
                    Ok(Message::Close(_)) | Err(_) => return None,
                    Ok(_) => socket.flush().await.ok()?,
                }
            },
            Self::Sse { body, read } => loop {
                if let Some(end) = read.windows(2).position(|pair| pair == b"\n\n") {
                    let message: Vec<u8> = read.drain(..end + 2).collect();
                    let message = std::str::from_utf8(&message).expect("UTF-8");
                    let data = message.lines().find_map(|line| line.strip_prefix("data: ")).expect("data");
                    let shown: Value = serde_json::from_str(data).expect("JSON");
                    let id = message.lines().find_map(|line| line.strip_prefix("id: "));
                    assert_eq!(id, shown["cursor"].as_str(), "the id of the frame is the cursor");
                    return Some(shown);
                }
                let frame = body.frame().await?.ok()?;
                read.extend_from_slice(frame.data_ref()?);
            },
        }
    }

    /// The next event; none when the stream has ended. Heartbeats go on for ever, so the whole wait has an end.
    pub(crate) async fn event(&mut self) -> Option<Value> {
        let event = async {
            loop {
                let message = self.next().await?;
                match message["type"].as_str().expect("a type") {
                    "hello" | "heartbeat" => {}
                    "goodbye" => return None,
                    _ => return Some(message),
                }
            }
        };
        tokio::time::timeout(PATIENCE, event).await.expect("the stream tells an event")
    }
}
