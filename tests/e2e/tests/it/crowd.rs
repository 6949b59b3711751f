//! A crowd at the live stream that never reads: it costs little memory and slows nobody down.
//!
//! What readers cost at all is no fault of theirs, so a crowd that reads is the measure for one that does not.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passerelle_test_support::gateway::{Access, Gateway, Setup};
use passerelle_test_support::process::resident_kib;
use passerelle_test_support::{Api, seed};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::house::PATIENCE;

/// Readers beside the one that is watched.
const CROWD: usize = 200;
/// Messages that are written past the crowd that reads.
const BEFORE: usize = 400;
/// Messages that are written past the crowd that does not, and their size: 10 MB for each of them, 2 GB for all.
const MESSAGES: usize = 2400;
const TEXT: usize = 4000;
/// How much the process may grow meanwhile, KiB: 320 KiB for each of them.
const GROWTH_KIB: u64 = 64 * 1024;
/// How many times as long messages may take past the crowd that does not read as past the one that does, at worst.
const SLOWER: f64 = 3.0;
/// How long a reader that takes nothing is borne. Whoever had to wait for one would wait that long.
const BORNE: Duration = Duration::from_secs(4);

/// The one that is watched, over Server-Sent Events.
struct Awake {
    lines: BufReader<TcpStream>,
}

impl Awake {
    async fn open(access: &Access) -> Result<Self> {
        Ok(Self { lines: BufReader::new(stream(access, "", false).await?) })
    }

    /// The id of the next message.
    async fn hears(&mut self) -> Result<String> {
        let mut line = String::new();
        loop {
            line.clear();
            let read = tokio::time::timeout(PATIENCE, self.lines.read_line(&mut line)).await;
            ensure!(read.context("nothing is heard")?? > 0, "the one that reads was cut");
            let Some(data) = line.strip_prefix("data: ") else { continue };
            let told: Value = serde_json::from_str(data)?;
            if told["type"] == "conversation:message" {
                return Ok(told["payload"]["message"]["id"].as_str().context("an id")?.to_owned());
            }
        }
    }
}

/// Opens a stream and reads no further than that it stands. A small buffer is soon full.
async fn stream(access: &Access, headers: &str, is_small: bool) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if is_small {
        socket.set_recv_buffer_size(4096)?;
    }
    let address = access.base.strip_prefix("http://").context("a base")?;
    let mut stream = socket.connect(address.parse()?).await?;
    let credentials = STANDARD.encode(format!("{}:{}", access.key, access.secret));
    let path = format!("/v2/apps/{}/events?filter[types]=conversation:message", access.app);
    let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Basic {credentials}\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).await?;
    let mut begun = [0; 12];
    stream.read_exact(&mut begun).await?;
    ensure!(matches!(&begun, b"HTTP/1.1 200" | b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&begun));
    Ok(stream)
}

/// A crowd, by turns over both transports.
async fn crowd(access: &Access, is_small: bool) -> Result<Vec<TcpStream>> {
    let upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                   sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    let mut all = Vec::new();
    for number in 0..CROWD {
        let headers = if number % 2 == 0 { upgrade } else { "" };
        all.push(stream(access, headers, is_small).await?);
    }
    Ok(all)
}

/// The time from a message's being said until it is heard.
async fn turn(api: &Api, conversation: &str, awake: &mut Awake) -> Result<Duration> {
    let begun = Instant::now();
    let said = api.answers(conversation, &"x".repeat(TEXT)).await?;
    ensure!(said["id"] == awake.hears().await?, "every message is heard, in order");
    Ok(begun.elapsed())
}

fn mean(turns: &[Duration]) -> Duration {
    turns.iter().sum::<Duration>() / u32::try_from(turns.len()).unwrap_or(u32::MAX)
}

/// A gateway whose limits nobody meets, with two keys: one for the crowd that reads, one for the other.
async fn house() -> Result<(Gateway, [Access; 2])> {
    let mut gateway = Gateway::prepare(&Setup::default())?;
    for class in ["READ", "WRITE", "ADDRESS"] {
        gateway.set(&format!("PASSERELLE__LIMITS__{class}__PER_SECOND"), Some("1000000"));
        gateway.set(&format!("PASSERELLE__LIMITS__{class}__BURST"), Some("1000000"));
    }
    gateway.set("PASSERELLE__LIVE__WRITE_TIMEOUT_MS", Some(&BORNE.as_millis().to_string()));
    let app = seed::app(&gateway, "Crowd").await?;
    let account = seed::account_key(&gateway, &app).await?;
    gateway.starts().await?;
    Ok((gateway, [account, app]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_readers_that_never_read_cost_little_and_slow_nobody_down() -> Result<()> {
    let (mut gateway, [account, access]) = house().await?;
    let api = gateway.api(&access);
    let user = api.create("/users", &json!({ "externalId": "crm-1" })).await?;
    let body = json!({ "type": "personal", "participants": [{ "userId": user["user"]["id"] }] });
    let conversation = api.create("/conversations", &body).await?["conversation"]["id"].clone();
    let conversation = conversation.as_str().context("an id")?;
    let mut awake = Awake::open(&access).await?;

    let mut readers = JoinSet::new();
    for mut reader in crowd(&account, false).await? {
        readers.spawn(async move { tokio::io::copy(&mut reader, &mut tokio::io::sink()).await });
    }
    let mut reading = Vec::new();
    for _ in 0..BEFORE {
        reading.push(turn(&api, conversation, &mut awake).await?);
    }
    readers.shutdown().await;

    let process = gateway.process()?.id()?;
    let before = resident_kib(process)?;
    let sleepers = crowd(&access, true).await?;
    let (mut past, mut highest) = (Vec::new(), before);
    for _ in 0..MESSAGES {
        past.push(turn(&api, conversation, &mut awake).await?);
        highest = highest.max(resident_kib(process)?);
    }
    let grown = highest - before;
    let worst = past.chunks(BEFORE).map(mean).max().context("turns")?;
    let ratio = worst.as_secs_f64() / mean(&reading).as_secs_f64();
    #[expect(clippy::print_stderr, reason = "the figures are what the test is for")]
    {
        eprintln!(
            "{CROWD} readers: a message takes {:?} while they read, at worst {worst:?} while they do not ({ratio:.2}); \
             {grown} KiB more, of {before} KiB",
            mean(&reading)
        );
    }
    ensure!(grown < GROWTH_KIB, "{CROWD} readers that never read took {grown} KiB");
    ensure!(ratio < SLOWER, "a message takes {ratio:.2} times as long past readers that never read");
    ensure!(past.iter().all(|turn| *turn < BORNE), "a message waited for a reader that never reads");
    for mut sleeper in sleepers {
        let mut rest = Vec::new();
        let cut = tokio::time::timeout(PATIENCE, sleeper.read_to_end(&mut rest)).await;
        // Cut, with an end or a reset, and most of it never came.
        ensure!(cut.is_ok() && rest.len() < MESSAGES * TEXT * 3 / 4, "{} bytes came", rest.len());
    }
    Ok(())
}
