//! A crowd of visitors who have the widget open: what each costs, and how long a message takes until its visitor has it.
//!
//! The same is measured for a few and for many visitors of one process; what counts is the ratio of the two.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use futures_util::{SinkExt as _, StreamExt as _, TryStreamExt as _, stream};
use passerelle_test_support::api::Api;
use passerelle_test_support::gateway::{Gateway, Setup};
use passerelle_test_support::http::Client;
use passerelle_test_support::process::resident_kib;
use passerelle_test_support::seed;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;

use crate::figures::{ms, percentile, rate, table};
use crate::say;
use crate::socket::{self, Socket};

/// The page in which the widget stands.
const PAGE: &str = "https://shop.example";
/// Calls that run at once while the crowd gathers and while it is written to.
const AT_ONCE: usize = 16;
/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(120);

/// Visitors who listen.
#[derive(Debug, Parser)]
pub(crate) struct Settings {
    /// How many are few.
    #[arg(long, default_value_t = 100)]
    few: usize,
    /// How many are many. Needs more than twice as many open files.
    #[arg(long, default_value_t = 5000)]
    many: usize,
    /// Seconds at rest before memory is read.
    #[arg(long, default_value_t = 3)]
    rest: u64,
}

/// What one crowd costs.
struct Measured {
    visitors: usize,
    /// Of the process, for each socket.
    socket_kib: f64,
    per_second: f64,
    /// From the call of the business until the visitor has the message.
    latencies: Vec<Duration>,
    /// The same for one message after the other, with the whole crowd listening.
    alone: Vec<Duration>,
}

pub(crate) async fn run(settings: &Settings) -> Result<()> {
    say("\nVisitors with an open widget, each written to once:\n")?;
    let few = measure(settings.few, settings.rest).await?;
    let many = measure(settings.many, settings.rest).await?;
    let ratio = |share: f64| {
        let of = |measured: &Measured| percentile(&mut measured.alone.clone(), share).as_secs_f64();
        of(&many) / of(&few).max(f64::EPSILON)
    };
    let head = [
        "visitors",
        "RSS a socket, KiB",
        "messages/s",
        "burst p50, ms",
        "burst p99, ms",
        "alone p50, ms",
        "alone p99, ms",
    ];
    say(table(&head, &[row(&few), row(&many)]))?;
    say(format!("many / few, one message at a time: {:.2} at the median, {:.2} at p99", ratio(0.5), ratio(0.99)))
}

fn row(measured: &Measured) -> Vec<String> {
    let (mut burst, mut alone) = (measured.latencies.clone(), measured.alone.clone());
    vec![
        measured.visitors.to_string(),
        format!("{:.1}", measured.socket_kib),
        format!("{:.0}", measured.per_second),
        ms(percentile(&mut burst, 0.5)),
        ms(percentile(&mut burst, 0.99)),
        ms(percentile(&mut alone, 0.5)),
        ms(percentile(&mut alone, 0.99)),
    ]
}

async fn measure(visitors: usize, rest: u64) -> Result<Measured> {
    let mut gateway = Gateway::prepare(&setup(visitors))?;
    let access = seed::app(&gateway, "Crowd").await?;
    gateway.starts().await?;
    let api = gateway.api(&access);
    let body = json!({ "type": "web", "displayName": "Shop", "originWhitelist": [PAGE] });
    let made = api.create("/integrations", &body).await?;
    let widget = made["integration"]["id"].as_str().context("an integration has an id")?.to_owned();
    let door = Door { client: gateway.client().clone(), base: gateway.base(), widget };
    let crowd: Vec<Visitor> =
        stream::iter(0..visitors).map(|number| door.visitor(number)).buffered(AT_ONCE).try_collect().await?;
    let process = gateway.process()?.id()?;
    tokio::time::sleep(Duration::from_secs(rest)).await;
    let before = resident_kib(process)?;
    let sockets: Vec<Socket> =
        stream::iter(&crowd).map(|visitor| door.listen(visitor)).buffered(AT_ONCE).try_collect().await?;
    tokio::time::sleep(Duration::from_secs(rest)).await;
    let after = resident_kib(process)?;
    let (alone, sockets) = one_by_one(&api, &crowd, sockets).await?;
    let (latencies, elapsed) = burst(&api, &crowd, sockets).await?;
    gateway.stops().await?;
    let grown = u32::try_from(after.saturating_sub(before))?;
    Ok(Measured {
        visitors,
        socket_kib: f64::from(grown) / f64::from(u32::try_from(visitors)?),
        per_second: rate(latencies.len() as u64, elapsed),
        latencies,
        alone,
    })
}

/// Bounds that a crowd from one address does not meet.
fn setup(visitors: usize) -> Setup {
    let many = (visitors * 2 + 1000).to_string();
    let set = |name: &str, value: &str| (format!("PASSERELLE__{name}"), value.to_owned());
    Setup {
        synchronous: Some("full"),
        environment: vec![
            set("SERVER__CONNECTIONS__MAX_CONNECTIONS", &many),
            set("WIDGET__MAX_STREAMS", &many),
            set("LIMITS__SESSION__PER_SECOND", "100000"),
            set("LIMITS__SESSION__BURST", "100000"),
            set("LIMITS__ADDRESS__PER_SECOND", "100000"),
            set("LIMITS__ADDRESS__BURST", "100000"),
            set("LIMITS__WRITE__PER_SECOND", "100000"),
            set("LIMITS__WRITE__BURST", "100000"),
        ],
        ..Setup::default()
    }
}

/// Fifty messages, each after the one before has arrived.
async fn one_by_one(api: &Api, crowd: &[Visitor], mut sockets: Vec<Socket>) -> Result<(Vec<Duration>, Vec<Socket>)> {
    let step = (crowd.len() / 50).max(1);
    let mut latencies = Vec::new();
    for index in (0..crowd.len()).step_by(step) {
        let begun = Instant::now();
        let (said, arrived) = tokio::join!(say_to(api, &crowd[index]), hears(&mut sockets[index]));
        said?;
        latencies.push(arrived?.duration_since(begun));
    }
    Ok((latencies, sockets))
}

/// Everybody is written to, as fast as the gateway takes it.
async fn burst(api: &Api, crowd: &[Visitor], sockets: Vec<Socket>) -> Result<(Vec<Duration>, Duration)> {
    let ears: Vec<JoinHandle<Result<Instant>>> =
        sockets.into_iter().map(|mut socket| tokio::spawn(async move { hears(&mut socket).await })).collect();
    let begun = Instant::now();
    let said: Arc<Mutex<Vec<(usize, Instant)>>> = Arc::default();
    let writing = stream::iter(crowd.iter().enumerate()).map(|(index, visitor)| {
        let said = Arc::clone(&said);
        async move {
            said.lock().await.push((index, Instant::now()));
            say_to(api, visitor).await
        }
    });
    writing.buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
    let mut arrived = Vec::with_capacity(ears.len());
    for ear in ears {
        arrived.push(ear.await??);
    }
    let elapsed = begun.elapsed();
    let said = said.lock().await;
    Ok((said.iter().map(|(index, at)| arrived[*index].duration_since(*at)).collect(), elapsed))
}

async fn say_to(api: &Api, visitor: &Visitor) -> Result<()> {
    api.answers(&visitor.conversation, "Your parcel is on its way.").await.map(drop)
}

/// Waits until the visitor has a message of the business.
async fn hears(socket: &mut Socket) -> Result<Instant> {
    let heard = tokio::time::timeout(PATIENCE, async {
        while let Some(message) = socket.next().await {
            if let Message::Text(text) = message? {
                let frame: Value = serde_json::from_str(&text)?;
                if frame["type"] == "message" && frame["message"]["author"]["type"] == "business" {
                    return Ok(Instant::now());
                }
                ensure!(frame["type"] != "goodbye", "the stream ended: {frame}");
            }
        }
        bail!("the stream ended")
    });
    heard.await.context("no message came")?
}

struct Visitor {
    token: String,
    conversation: String,
}

struct Door {
    client: Client,
    base: String,
    widget: String,
}

impl Door {
    /// Somebody with a session and a conversation.
    async fn visitor(&self, number: usize) -> Result<Visitor> {
        let body = json!({ "pageOrigin": PAGE, "device": { "guid": format!("device-{number}") } });
        let opened = self.call("/sessions", None, &body).await?;
        let token = opened["token"].as_str().context("a session has a token")?.to_owned();
        let begun = self.call("/conversations", Some(&token), &json!({})).await?;
        let conversation = begun["conversation"]["id"].as_str().context("a conversation has an id")?.to_owned();
        Ok(Visitor { token, conversation })
    }

    async fn call(&self, path: &str, token: Option<&str>, body: &Value) -> Result<Value> {
        let url = format!("{}/widget/v1/{}{path}", self.base, self.widget);
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![("x-page-origin", PAGE)];
        headers.extend(bearer.iter().map(|bearer| ("authorization", bearer.as_str())));
        self.client.call("POST", &url, &headers, Some(body)).await?.expect(201)
    }

    /// Opens the visitor's stream.
    async fn listen(&self, visitor: &Visitor) -> Result<Socket> {
        let path = format!("/widget/v1/{}/stream", self.widget);
        let mut socket = socket::open(&self.base, &path, &[("sec-websocket-protocol", "passerelle.v1")]).await?;
        let auth = json!({ "type": "auth", "token": visitor.token, "pageOrigin": PAGE });
        socket.send(Message::Text(auth.to_string().into())).await?;
        let hello = tokio::time::timeout(PATIENCE, socket.next()).await?.context("the stream ended")??;
        ensure!(hello.to_text()?.contains("\"hello\""), "no hello: {hello}");
        Ok(socket)
    }
}
