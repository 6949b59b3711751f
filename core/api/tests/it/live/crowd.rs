//! Readers that never read are cut, over either transport. What a crowd of them costs is measured on the real binary.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::net::tcp::OwnedReadHalf;

use super::client::{BOTH, Doors, Stream, Transport};
use super::{path, say};
use crate::house::House;

/// Messages that are written past them: 10 MB for each reader, more than a socket holds.
const MESSAGES: usize = 600;
/// Longer than a reader of this house may take nothing (`write_timeout_ms`).
const CUT_AFTER: Duration = Duration::from_secs(6);
/// Time for a reader to be cut.
const PATIENCE: Duration = Duration::from_secs(60);

/// A pong of a client (RFC 6455, 5.5.3): masked, and without a payload.
const PONG: [u8; 6] = [0x8A, 0x80, 0, 0, 0, 0];

/// Opens a stream and reads no further. A WebSocket says all the time that it is there, so that it is not cut for its
/// silence.
async fn sleeper(house: &House, doors: &Doors, how: Transport) -> OwnedReadHalf {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a small buffer");
    let mut stream = socket.connect(doors.address).await.expect("a connection");
    let key = &house.app_key;
    let credentials = STANDARD.encode(format!("{}:{}", key.id, key.secret.reveal()));
    let upgrade = match how {
        Transport::Socket => {
            "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        }
        Transport::Sse => "",
    };
    let head =
        format!("GET {} HTTP/1.1\r\nhost: x\r\nauthorization: Basic {credentials}\r\n{upgrade}\r\n", path(house, ""));
    stream.write_all(head.as_bytes()).await.expect("written");
    let mut begun = [0; 12];
    stream.read_exact(&mut begun).await.expect("an answer");
    assert!(matches!(&begun, b"HTTP/1.1 200" | b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&begun));
    let (reads, mut writes) = stream.into_split();
    tokio::spawn(async move {
        while how == Transport::Sse || writes.write_all(&PONG).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
    reads
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_that_never_read_are_cut_and_others_hear_everything() {
    let house = House::new().await;
    let doors = Doors::open(&house).await;
    let (_, conversation) = house.conversation("crm-1").await;
    let (mut sleepers, mut awake) = (Vec::new(), Vec::new());
    for how in BOTH {
        sleepers.push((how, sleeper(&house, &doors, how).await));
        awake.push(Stream::open(&doors, how, &house.app_key, &path(&house, "")).await.expect("a stream"));
    }
    let text = "𝒳".repeat(4096);
    for _ in 0..MESSAGES {
        let said = say(&house, &conversation, &text).await;
        for stream in &mut awake {
            let event = stream.event().await.expect("the one that reads is not cut");
            assert_eq!(event["payload"]["message"]["id"], said.as_str());
        }
    }
    // They are cut when they have taken nothing for so long; whoever began to read before that would be awake.
    tokio::time::sleep(CUT_AFTER).await;
    for (how, mut sleeper) in sleepers {
        let mut rest = Vec::new();
        let cut = tokio::time::timeout(PATIENCE, sleeper.read_to_end(&mut rest)).await;
        // Cut, with an end or a reset, and most of it never came.
        assert!(cut.is_ok() && rest.len() < MESSAGES * text.len() * 3 / 4, "{how:?}: {} bytes came", rest.len());
    }
}
