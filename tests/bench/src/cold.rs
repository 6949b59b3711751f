//! A cold start: how long from the start of the process to the first message out, and how much memory it takes at rest.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;
use passerelle_test_support::process::resident_kib;

use crate::figures::{ms, percentile, table};
use crate::ingest::echo_gateway;
use crate::load::{begun_id, one_turn};
use crate::say;
use crate::sink::Sink;

/// Longest wait for the first message.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts with precompiled plugins.
#[derive(Debug, Parser)]
pub(crate) struct Settings {
    /// How often the gateway is started.
    #[arg(long, default_value_t = 10)]
    starts: u32,
    /// Seconds at rest before memory is read.
    #[arg(long, default_value_t = 2)]
    rest: u64,
}

pub(crate) async fn run(settings: &Settings) -> Result<()> {
    let sink = Sink::start().await?;
    let (mut gateway, webhook) = echo_gateway(&sink, "full").await?;
    gateway.stops().await?;
    let mut firsts = Vec::new();
    let mut resident = Vec::new();
    for start in 0..settings.starts {
        let id = format!("{}-{start}", begun_id());
        let begun = Instant::now();
        gateway.spawns()?;
        firsts.push(first_out(&webhook, &sink, &id, begun).await?);
        tokio::time::sleep(Duration::from_secs(settings.rest)).await;
        resident.push(resident_kib(gateway.process()?.id()?)?);
        gateway.stops().await?;
    }
    let largest = resident.into_iter().max().unwrap_or_default();
    say("\nCold start with precompiled plugins:\n")?;
    let row = vec![
        ms(percentile(&mut firsts, 0.0)),
        ms(percentile(&mut firsts, 0.5)),
        ms(percentile(&mut firsts, 1.0)),
        format!("{:.1}", f64::from(u32::try_from(largest)?) / 1024.0),
    ];
    say(table(&["first message out, fastest, ms", "median, ms", "slowest, ms", "RSS at rest, MiB"], &[row]))
}

/// Knocks until somebody opens, and waits for the echo.
async fn first_out(
    webhook: &passerelle_test_support::channel::Webhook,
    sink: &Sink,
    id: &str,
    begun: Instant,
) -> Result<Duration> {
    loop {
        match one_turn(webhook, sink, "c0", id).await {
            Ok(_) => return Ok(begun.elapsed()),
            Err(error) if begun.elapsed() > PATIENCE => return Err(error).context("no first message"),
            Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
        }
    }
}
