//! People who write, so many at a time, and how long it takes until each has the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use passerelle_test_support::channel::{Inbound, Webhook};
use passerelle_test_support::process::{cpu_time, resident_kib};
use tokio::task::JoinSet;

use crate::figures::{each, percentile, rate};
use crate::sink::Sink;

/// Longest wait for one answer; a turn that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// How much is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) under_way: usize,
    pub(crate) conversations: u64,
    pub(crate) duration: Duration,
}

/// What was measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    /// Webhook sent until 2xx.
    pub(crate) acked_p50: Duration,
    pub(crate) acked_p99: Duration,
    /// Webhook sent until the reply arrived.
    pub(crate) answered_p50: Duration,
    pub(crate) answered_p99: Duration,
    /// CPU of the server's process for one turn.
    pub(crate) cpu: Duration,
    pub(crate) resident_kib: u64,
}

#[derive(Default)]
struct Timings {
    acked: Vec<Duration>,
    answered: Vec<Duration>,
}

/// Loads a server whose process has this id.
pub(crate) async fn run(load: Load, webhook: &Webhook, sink: &Sink, process: u32) -> Result<Measured> {
    let strays = sink.strays();
    let cpu_before = cpu_time(process)?;
    let begun = Instant::now();
    let numbers = Arc::new(AtomicU64::new(0));
    let mut writers = JoinSet::new();
    for writer in 0..load.under_way {
        let seed = (writer as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        writers.spawn(write(load, webhook.clone(), sink.clone(), numbers.clone(), seed, begun + load.duration));
    }
    let mut all = Timings::default();
    while let Some(written) = writers.join_next().await {
        let timings = written??;
        all.acked.extend(timings.acked);
        all.answered.extend(timings.answered);
    }
    let elapsed = begun.elapsed();
    let cpu = cpu_time(process)?.saturating_sub(cpu_before);
    ensure!(sink.strays() == strays, "{} replies arrived that nobody waited for", sink.strays() - strays);
    let turns = all.answered.len() as u64;
    Ok(Measured {
        per_second: rate(turns, elapsed),
        acked_p50: percentile(&mut all.acked, 0.5),
        acked_p99: percentile(&mut all.acked, 0.99),
        answered_p50: percentile(&mut all.answered, 0.5),
        answered_p99: percentile(&mut all.answered, 0.99),
        cpu: each(cpu, turns),
        resident_kib: resident_kib(process)?,
    })
}

async fn write(
    load: Load,
    webhook: Webhook,
    sink: Sink,
    numbers: Arc<AtomicU64>,
    mut lots: u64,
    until: Instant,
) -> Result<Timings> {
    let mut timings = Timings::default();
    // Names differ from run to run: the server remembers the ids that it has seen.
    let run = begun_id();
    while Instant::now() < until {
        lots ^= lots << 13;
        lots ^= lots >> 7;
        lots ^= lots << 17;
        let conversation = format!("c{}", lots % load.conversations);
        let id = format!("{run}-{}", numbers.fetch_add(1, Ordering::Relaxed));
        let (acked, answered) = one_turn(&webhook, &sink, &conversation, &id).await?;
        timings.acked.push(acked);
        timings.answered.push(answered);
    }
    Ok(timings)
}

/// One message until its echo: how long until the 2xx, and how long until the reply.
pub(crate) async fn one_turn(
    webhook: &Webhook,
    sink: &Sink,
    conversation: &str,
    id: &str,
) -> Result<(Duration, Duration)> {
    // About 300 bytes, as people write.
    let text = format!("{id} {}", "I would like to know when my parcel arrives. ".repeat(6));
    let text = text.trim_end().to_owned();
    let arrived = sink.expects(format!("echo: {text}"));
    let begun = Instant::now();
    let answer = webhook.deliver(&Inbound::text(id, conversation, text)).await?;
    let acked = begun.elapsed();
    ensure!(answer.status.is_success(), "refused with {}: {}", answer.status, answer.text());
    let arrived =
        tokio::time::timeout(PATIENCE, arrived).await.with_context(|| format!("no reply within {PATIENCE:?}"))??;
    Ok((acked, arrived.duration_since(begun)))
}

/// Different for each run of this process.
pub(crate) fn begun_id() -> String {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    format!("b{}r{}", std::process::id(), RUNS.fetch_add(1, Ordering::Relaxed))
}
