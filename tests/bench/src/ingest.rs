//! Durable turns: webhook in, adapter, bot, adapter, reply out; against the reference that does it natively.

use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use passerelle_test_support::channel::{API_TOKEN, WEBHOOK_SECRET, Webhook};
use passerelle_test_support::gateway::{Gateway, Setup, free_port};
use passerelle_test_support::http::Client;
use passerelle_test_support::process::Running;
use passerelle_test_support::{seed, within};
use serde_json::json;
use tokio::process::Command;

use crate::figures::{ms, table, us};
use crate::load::{self, Load, Measured};
use crate::say;
use crate::sink::Sink;

/// Rows of the reference that differ by more than this share make the ratio doubtful.
const STEADY: f64 = 0.25;

/// Durable turns of the gateway and of the native reference.
#[derive(Debug, Parser)]
pub(crate) struct Settings {
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Seconds of writing before each measurement.
    #[arg(long, default_value_t = 1)]
    warm_up: u64,
    /// Messages under way at the same time.
    #[arg(long, default_value_t = 64)]
    under_way: usize,
    /// Conversations that messages are spread over.
    #[arg(long, default_value_t = 1000)]
    conversations: u64,
}

pub(crate) async fn run(settings: &Settings) -> Result<()> {
    let sink = Sink::start().await?;
    for synchronous in ["normal", "full"] {
        let first = reference(settings, &sink, synchronous).await.context("the reference")?;
        let gateway = gateway(settings, &sink, synchronous).await.context("the gateway")?;
        let second = reference(settings, &sink, synchronous).await.context("the reference again")?;
        report(settings, synchronous, &first, &gateway, &second)?;
    }
    Ok(())
}

/// Under load, and alone.
struct Pair {
    loaded: Measured,
    alone: Measured,
}

async fn measure(settings: &Settings, webhook: &Webhook, sink: &Sink, process: u32) -> Result<Pair> {
    let load = |under_way, seconds| Load {
        under_way,
        conversations: settings.conversations,
        duration: Duration::from_secs(seconds),
    };
    load::run(load(settings.under_way, settings.warm_up), webhook, sink, process).await?;
    let loaded = load::run(load(settings.under_way, settings.seconds), webhook, sink, process).await?;
    let alone = load::run(load(1, settings.seconds.div_ceil(2)), webhook, sink, process).await?;
    Ok(Pair { loaded, alone })
}

async fn reference(settings: &Settings, sink: &Sink, synchronous: &str) -> Result<Pair> {
    let folder = tempfile::tempdir()?;
    let listen = format!("127.0.0.1:{}", free_port()?);
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["ref-server", "--listen", &listen, "--send-to", &sink.url(), "--synchronous", synchronous]);
    command.arg("--data").arg(folder.path());
    let mut running = Running::start(&mut command)?;
    let url = format!("http://{listen}/webhooks/loop");
    let client = Client::default();
    let up = || async {
        client.send("GET", &url, &[], Default::default()).await?;
        Ok(Some(()))
    };
    within(Duration::from_secs(10), "the reference server", up).await?;
    let webhook = Webhook::new(client.clone(), url.clone(), WEBHOOK_SECRET);
    let pair = measure(settings, &webhook, sink, running.id()?).await?;
    running.kill().await?;
    Ok(pair)
}

async fn gateway(settings: &Settings, sink: &Sink, synchronous: &'static str) -> Result<Pair> {
    let (mut gateway, webhook) = echo_gateway(sink, synchronous).await?;
    let process = gateway.process()?.id()?;
    let pair = measure(settings, &webhook, sink, process).await?;
    gateway.stops().await?;
    Ok(pair)
}

/// A running gateway whose loop channel sends to the sink, and the channel's side of it.
pub(crate) async fn echo_gateway(sink: &Sink, synchronous: &'static str) -> Result<(Gateway, Webhook)> {
    let setup = Setup { allow_private: vec![sink.address()], synchronous: Some(synchronous), ..Setup::default() };
    let mut gateway = Gateway::prepare(&setup)?;
    seed::install_echo(&gateway).await?;
    let access = seed::app(&gateway, "Bench").await?;
    gateway.starts().await?;
    let api = gateway.api(&access);
    let secrets = json!({ "api-token": API_TOKEN, "webhook-secret": WEBHOOK_SECRET });
    let channel = api.integrates("channel-loop", json!({ "api_base": sink.url() }), secrets).await?;
    let bot = api.integrates("bot-echo", json!({}), json!({})).await?;
    api.switchboard(&[("bot", &bot)]).await?;
    let webhook = gateway.webhook(&channel, WEBHOOK_SECRET);
    Ok((gateway, webhook))
}

fn report(settings: &Settings, synchronous: &str, first: &Pair, gateway: &Pair, second: &Pair) -> Result<()> {
    say(format!(
        "\nDurable turns, synchronous = {synchronous}, {} under way, {} conversations, {} s each:\n",
        settings.under_way, settings.conversations, settings.seconds
    ))?;
    let head = [
        "server",
        "turns/s",
        "answered p50, ms",
        "p99, ms",
        "acked p50, ms",
        "p99, ms",
        "alone p50, ms",
        "p99, ms",
        "CPU µs/turn",
        "RSS, MiB",
    ];
    let rows = [row("reference", first), row("gateway", gateway), row("reference again", second)];
    say(table(&head, &rows))?;
    let references = [first.loaded.per_second, second.loaded.per_second];
    let mean = f64::midpoint(references[0], references[1]);
    let cpu = (first.loaded.cpu + second.loaded.cpu) / 2;
    say(format!(
        "gateway / reference: {:.2} of the turns, {:.2} × the CPU of a turn",
        gateway.loaded.per_second / mean,
        gateway.loaded.cpu.as_secs_f64() / cpu.as_secs_f64()
    ))?;
    let spread = (references[0] - references[1]).abs() / mean;
    if spread > STEADY {
        say(format!("The two reference rows differ by {:.0} %: run it again on a quieter machine.", spread * 100.0))?;
    }
    Ok(())
}

fn row(name: &str, pair: &Pair) -> Vec<String> {
    let Pair { loaded, alone } = pair;
    vec![
        name.to_owned(),
        format!("{:.0}", loaded.per_second),
        ms(loaded.answered_p50),
        ms(loaded.answered_p99),
        ms(loaded.acked_p50),
        ms(loaded.acked_p99),
        ms(alone.answered_p50),
        ms(alone.answered_p99),
        us(loaded.cpu),
        (loaded.resident_kib / 1024).to_string(),
    ]
}
