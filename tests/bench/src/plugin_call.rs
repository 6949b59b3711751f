//! One plugin call: the Telegram adapter's `receive` on an update of about 1 KB, as a component in the real host and as
//! the same Rust function called directly, in one process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use channel_telegram::Telegram;
use clap::Parser;
use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::time::Clock;
use passerelle_plugin_host::{HostConfig, Installation, NoSource, PluginHost, Secrets, VerifiedRequest};
use passerelle_sdk::testing;
use passerelle_sdk::{Channel, Request};
use passerelle_test_support::plugins;
use passerelle_test_support::process::cpu_time;
use serde_json::json;

use crate::figures::{each, rate, table, us};
use crate::say;

/// A plugin call against the same function called natively.
#[derive(Debug, Parser)]
pub(crate) struct Settings {
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Measurements of each kind; the median is shown with the fastest and the slowest.
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

pub(crate) async fn run(settings: &Settings) -> Result<()> {
    let body = update()?;
    let (host, installation, _cache) = host().await?;
    let duration = Duration::from_secs(settings.seconds);
    let mut native = Vec::new();
    let mut fresh = Vec::new();
    let mut both_cores = Vec::new();
    for _ in 0..settings.runs {
        native.push(natively(&installation, &body, duration)?);
        fresh.push(alone(&host, &installation, &body, duration).await?);
        both_cores.push(side_by_side(&host, &installation, &body, duration).await?);
    }
    report(body.len(), &mut native, &mut fresh, &mut both_cores)
}

/// An update as the Bot API sends it: a long text with its sender, its chat and a message that it answers.
fn update() -> Result<Vec<u8>> {
    let person = json!({
        "id": 5_938_102_477_u64, "is_bot": false, "first_name": "Adaeze", "last_name": "Okonkwo",
        "username": "adaeze_o", "language_code": "en", "is_premium": true,
    });
    let chat = json!({ "id": 5_938_102_477_u64, "first_name": "Adaeze", "last_name": "Okonkwo", "type": "private" });
    let update = json!({
        "update_id": 871_203_441,
        "message": {
            "message_id": 41_207, "from": person, "chat": chat, "date": 1_795_340_000,
            "reply_to_message": {
                "message_id": 41_201, "date": 1_795_339_000, "chat": chat,
                "from": { "id": 666_u64, "is_bot": true, "first_name": "Shop", "username": "shop_bot" },
                "text": "Your parcel has left our warehouse. You can follow it with the number below.",
            },
            "text": "Thank you! It says that it is in Lyon since Tuesday and I need it before the weekend. \
                     Could you please ask the carrier what is going on, or send another one by express? It is a present \
                     for my sister, whose birthday is on Saturday, and she lives two hours from here by train.",
            "entities": [{ "offset": 34, "length": 4, "type": "bold" }],
        },
    });
    let bytes = serde_json::to_vec(&update)?;
    ensure!((900..1200).contains(&bytes.len()), "the update has {} bytes", bytes.len());
    Ok(bytes)
}

/// CPU of one call and calls in one second.
#[derive(Clone, Copy)]
struct Cost {
    cpu: Duration,
    per_second: f64,
}

fn cost(calls: u64, cpu_before: Duration, begun: Instant) -> Result<Cost> {
    let cpu = cpu_time(std::process::id())?.saturating_sub(cpu_before);
    Ok(Cost { cpu: each(cpu, calls), per_second: rate(calls, begun.elapsed()) })
}

/// The settings are parsed once here, and with every call in the component: that is part of what a plugin costs.
fn natively(installation: &Installation, body: &[u8], duration: Duration) -> Result<Cost> {
    let host = testing::Host::new();
    let cx = host.context(serde_json::from_str(installation.settings()).context("the adapter's settings")?);
    let request = || Request {
        method: "POST".to_owned(),
        path_and_query: "/".to_owned(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_vec(),
        received_at_ms: 1_795_340_000_000,
    };
    let (begun, cpu) = (Instant::now(), cpu_time(std::process::id())?);
    let mut calls = 0;
    while begun.elapsed() < duration {
        // Time is looked at rarely: a call takes about as long as looking.
        for _ in 0..256 {
            let events = Telegram::receive(&cx, request()).map_err(|failure| anyhow::anyhow!("{}", failure.message))?;
            ensure!(std::hint::black_box(events).len() == 1, "one update is one event");
            calls += 1;
        }
    }
    cost(calls, cpu, begun)
}

async fn host() -> Result<(PluginHost, Installation, tempfile::TempDir)> {
    let cache = tempfile::tempdir()?;
    let host = PluginHost::new(HostConfig::new(cache.path()), Clock::system(), Arc::new(NoSource), Arc::new(NoSource))?;
    let file = plugins::built(plugins::CHANNEL_TELEGRAM).await?;
    let plugin = host.load(std::fs::read(file)?).await?;
    let mut secrets = Secrets::default();
    secrets.insert("bot-token", "1:bench");
    secrets.insert("webhook-secret", "bench");
    let granted: Vec<_> = plugin.manifest().permissions.hosts.iter().map(ToString::to_string).collect();
    let (app, integration) = (AppId::from_bytes([1; 12]), IntegrationId::from_bytes([2; 12]));
    let installation = Installation::new(plugin, app, integration, json!({}), secrets, &granted)?;
    Ok((host, installation, cache))
}

fn verified(body: &[u8]) -> VerifiedRequest {
    VerifiedRequest {
        method: "POST".to_owned(),
        path_and_query: "/".to_owned(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_vec(),
        received_at: Clock::system().now(),
    }
}

async fn call(host: &PluginHost, installation: &Installation, body: &[u8]) -> Result<()> {
    let called = host.receive(installation, verified(body)).await?;
    ensure!(called.value.len() == 1, "one update is one event");
    Ok(())
}

async fn alone(host: &PluginHost, installation: &Installation, body: &[u8], duration: Duration) -> Result<Cost> {
    let (begun, cpu) = (Instant::now(), cpu_time(std::process::id())?);
    let mut calls = 0;
    while begun.elapsed() < duration {
        call(host, installation, body).await?;
        calls += 1;
    }
    cost(calls, cpu, begun)
}

async fn side_by_side(host: &PluginHost, installation: &Installation, body: &[u8], duration: Duration) -> Result<Cost> {
    let (begun, cpu) = (Instant::now(), cpu_time(std::process::id())?);
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let (host, installation, body) = (host.clone(), installation.clone(), body.to_vec());
        callers.spawn(async move {
            let mut calls = 0;
            while begun.elapsed() < duration {
                call(&host, &installation, &body).await?;
                calls += 1;
                // Both callers must get their turn, and a call may not await anything.
                tokio::task::yield_now().await;
            }
            anyhow::Ok(calls)
        });
    }
    let mut calls = 0;
    while let Some(counted) = callers.join_next().await {
        calls += counted??;
    }
    cost(calls, cpu, begun)
}

fn report(bytes: usize, native: &mut [Cost], fresh: &mut [Cost], both_cores: &mut [Cost]) -> Result<()> {
    say(format!("\nOne `receive` of the Telegram adapter, an update of {bytes} bytes, {} runs:\n", native.len()))?;
    let head = ["call", "CPU µs, median", "fastest", "slowest", "calls/s, median"];
    let rows = [
        row("native", native),
        row("fresh instance, one caller", fresh),
        row("fresh instance, two callers", both_cores),
    ];
    say(table(&head, &rows))?;
    let over = median(fresh).cpu.saturating_sub(median(native).cpu);
    say(format!("fresh over native: {} µs of CPU; the host reuses no instance", us(over)))
}

fn row(name: &str, costs: &mut [Cost]) -> Vec<String> {
    let middle = median(costs);
    let [first, .., last] = costs else { return vec![name.to_owned(), us(middle.cpu)] };
    vec![name.to_owned(), us(middle.cpu), us(first.cpu), us(last.cpu), format!("{:.0}", middle.per_second)]
}

/// The middle one by CPU; sorts them.
fn median(costs: &mut [Cost]) -> Cost {
    costs.sort_by_key(|cost| cost.cpu);
    costs[costs.len() / 2]
}
