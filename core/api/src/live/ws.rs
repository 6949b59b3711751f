//! The stream over a WebSocket: one text frame per message. What the reader sends is ignored.

use std::future::Future;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt, StreamExt};
use http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use sha1::{Digest, Sha1};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};

use super::wire::{Farewell, Frame, Line, Lost};
use crate::api::Api;
use crate::error::ApiError;

/// Bytes of the largest frame that a reader may send.
const MAX_FRAME: usize = 4096;
/// Bytes that are read at once. Readers say next to nothing, and there are thousands of them.
const READ_BUFFER: usize = 1024;
/// Bytes that are collected before they are written.
const WRITE_BUFFER: usize = 4 * 1024;
/// Bytes that may wait for a reader: a few of our largest events.
const MAX_WAITING: usize = 1024 * 1024;
/// Signs of life in a row to which a reader may give no answer.
const MAX_SILENT: u32 = 2;
/// What a server hashes together with the client's key (RFC 6455, 1.3).
const MAGIC: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The answer after which the connection is a WebSocket.
/// `protocol` is the word that the client asked for and we speak.
pub(crate) fn answer<F>(
    api: &Api,
    request: &mut Parts,
    protocol: Option<&'static str>,
    follow: impl FnOnce(Socket) -> F + Send + 'static,
) -> Result<Response, ApiError>
where
    F: Future<Output = ()> + Send + 'static,
{
    let accept = accept(&request.headers)?;
    let upgrade = request.extensions.remove::<OnUpgrade>();
    let upgrade = upgrade.ok_or_else(|| ApiError::bad_request("This connection cannot become a WebSocket"))?;
    let patience = api.live.write_timeout();
    tokio::spawn(async move {
        match upgrade.await {
            Ok(upgraded) => follow(Socket::new(upgraded, patience).await).await,
            Err(error) => tracing::debug!(%error, "a connection did not become a WebSocket"),
        }
    });
    let headers = [(CONNECTION, "upgrade"), (UPGRADE, "websocket"), (SEC_WEBSOCKET_ACCEPT, &accept)];
    let mut response = (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response();
    if let Some(protocol) = protocol {
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
    }
    Ok(response)
}

/// The proof that the request was understood, for a request that is one for a WebSocket.
fn accept(headers: &HeaderMap) -> Result<String, ApiError> {
    let has = |name: HeaderName, word: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(word))
    };
    let is_upgrade = has(CONNECTION, "upgrade") && has(UPGRADE, "websocket") && has(SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(SEC_WEBSOCKET_KEY).filter(|_| is_upgrade);
    let key = key.ok_or_else(|| ApiError::bad_request("The request is not one for a WebSocket of version 13"))?;
    Ok(STANDARD.encode(Sha1::new().chain_update(key.as_bytes()).chain_update(MAGIC).finalize()))
}

/// The line to one reader.
pub(crate) struct Socket {
    socket: WebSocketStream<TokioIo<Upgraded>>,
    patience: Duration,
    silent: u32,
}

impl Socket {
    async fn new(upgraded: Upgraded, patience: Duration) -> Self {
        let config = WebSocketConfig::default()
            .max_message_size(Some(MAX_FRAME))
            .max_frame_size(Some(MAX_FRAME))
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(WRITE_BUFFER)
            .max_write_buffer_size(MAX_WAITING);
        let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
        Self { socket, patience, silent: 0 }
    }

    /// The first thing that the reader says, if it says it in time.
    pub(crate) async fn first_text(&mut self, patience: Duration) -> Option<String> {
        let said = timeout(patience, async {
            while let Some(Ok(message)) = self.socket.next().await {
                if let Message::Text(text) = message {
                    return Some(text.as_str().to_owned());
                }
            }
            None
        });
        said.await.ok().flatten()
    }

    async fn write(&mut self, messages: impl Iterator<Item = Message>) -> Result<(), Lost> {
        let socket = &mut self.socket;
        let written = timeout(self.patience, async {
            for message in messages {
                socket.feed(message).await?;
            }
            socket.flush().await
        });
        match written.await {
            Ok(done) => done.map_err(|_| Lost::Gone),
            Err(_) => Err(Lost::Slow),
        }
    }
}

impl Line for Socket {
    async fn send(&mut self, frames: &[Frame]) -> Result<(), Lost> {
        if frames.is_empty() {
            return Ok(());
        }
        self.write(frames.iter().map(text)).await
    }

    async fn closed(&mut self) {
        while let Some(Ok(message)) = self.socket.next().await {
            self.silent = 0;
            if matches!(message, Message::Close(_)) {
                return;
            }
        }
    }

    async fn ask(&mut self) -> Result<(), Lost> {
        self.silent += 1;
        if self.silent > MAX_SILENT {
            return Err(Lost::Gone);
        }
        self.write([Message::Ping(Vec::new().into())].into_iter()).await
    }

    async fn end(&mut self, goodbye: &Frame, why: Farewell) {
        let code = match why {
            Farewell::GoingAway => CloseCode::Away,
            Farewell::Revoked => CloseCode::Policy,
            Farewell::Unavailable => CloseCode::Again,
        };
        let close = CloseFrame { code, reason: why.as_str().into() };
        let _ = self.write([text(goodbye), Message::Close(Some(close))].into_iter()).await;
    }
}

fn text(frame: &Frame) -> Message {
    Message::Text(frame.text.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(changed: &str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, usual) in [
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ] {
            let value = if name == changed { value } else { usual };
            if !value.is_empty() {
                headers.insert(name, value.parse().expect("a value"));
            }
        }
        headers
    }

    #[test]
    fn the_handshake_is_that_of_the_standard() {
        // The example of RFC 6455, 1.3.
        assert_eq!(accept(&headers("", "")).as_deref(), Ok("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        for (name, value) in [
            ("connection", "close"),
            ("connection", ""),
            ("upgrade", "h2c"),
            ("sec-websocket-version", "8"),
            ("sec-websocket-key", ""),
        ] {
            assert!(accept(&headers(name, value)).is_err(), "{name}: {value}");
        }
    }
}
