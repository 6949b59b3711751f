//! A WebSocket of the gateway's, as a browser opens it.

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http::Request;
use http_body_util::Empty;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;

pub(crate) type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Opens a WebSocket at this path below `base`.
pub(crate) async fn open(base: &str, path: &str, headers: &[(&str, &str)]) -> Result<Socket> {
    let address = base.strip_prefix("http://").context("the base is http")?;
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection.with_upgrades());
    let mut request = Request::get(path)
        .header("host", address)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = sender.send_request(request.body(Empty::<Bytes>::new())?).await?;
    ensure!(answer.status() == 101, "no stream: {}", answer.status());
    let upgraded = TokioIo::new(hyper::upgrade::on(answer).await?);
    Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await)
}
