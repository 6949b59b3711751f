//! Readers that never read cost little, slow nobody down, and are cut.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::client::{Doors, Stream, Transport};
use super::{path, say};
use crate::house::House;

/// Readers that never read.
const SLEEPERS: usize = 200;
/// Messages that are written past them, and their size: 16 MB for each of them, 3 GB for all.
const MESSAGES: usize = 4000;
const TEXT: usize = 4000;
/// What all of it may cost this process.
const MAX_GROWTH: u64 = 128 * 1024 * 1024;

/// Opens a stream, by turns over both transports, and leaves it at that.
async fn sleeper(house: &House, doors: &Doors, number: usize) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a small buffer");
    let mut stream = socket.connect(doors.address).await.expect("a connection");
    let key = &house.app_key;
    let credentials = STANDARD.encode(format!("{}:{}", key.id, key.secret.reveal()));
    let upgrade = if number.is_multiple_of(2) {
        "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    } else {
        ""
    };
    let head =
        format!("GET {} HTTP/1.1\r\nhost: x\r\nauthorization: Basic {credentials}\r\n{upgrade}\r\n", path(house, ""));
    stream.write_all(head.as_bytes()).await.expect("written");
    let mut begun = [0; 12];
    stream.read_exact(&mut begun).await.expect("an answer");
    assert!(matches!(&begun, b"HTTP/1.1 200" | b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&begun));
    stream
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the kernel tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a figure");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_that_never_read_cost_little_and_slow_nobody_down() {
    let house = House::new().await;
    let doors = Doors::open(&house).await;
    let (_, conversation) = house.conversation("crm-1").await;
    let mut sleepers = Vec::new();
    for number in 0..SLEEPERS {
        sleepers.push(sleeper(&house, &doors, number).await);
    }
    let mut awake = Stream::open(&doors, Transport::Socket, &house.app_key, &path(&house, "")).await.expect("a stream");
    let before = resident();
    let text = "x".repeat(TEXT);
    let (writes, reads) = (
        async {
            let mut said = Vec::new();
            for _ in 0..MESSAGES {
                said.push(say(&house, &conversation, &text).await);
            }
            said
        },
        async {
            let mut heard = Vec::new();
            while heard.len() < MESSAGES {
                let event = awake.event().await.expect("the one that reads is not cut");
                heard.push(event["payload"]["message"]["id"].as_str().expect("an id").to_owned());
            }
            heard
        },
    );
    let (said, heard) = tokio::join!(writes, reads);
    assert_eq!(said, heard);
    let growth = resident().saturating_sub(before);
    assert!(growth < MAX_GROWTH, "{growth} bytes more");
    for mut sleeper in sleepers {
        let mut rest = Vec::new();
        let cut = tokio::time::timeout(Duration::from_secs(60), sleeper.read_to_end(&mut rest)).await;
        // Cut, with an end or a reset; the 16 MB never came.
        assert!(cut.is_ok() && rest.len() < MESSAGES * TEXT / 2, "{} bytes came", rest.len());
    }
}
