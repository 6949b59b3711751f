//! Kills the real binary over and over while people write to it, and checks from outside what it promised.
//!
//! Senders write numbered texts to a fake channel's users, an echo bot answers, and the process is killed at random
//! instants or at named points of its own code. Afterwards the checker compares three records that it can see from
//! outside: what was acknowledged, what the API shows, and what arrived at the fake channel. Beside them a program writes
//! by the API under idempotency keys, and a receiver of an ordered webhook remembers what it was told.
//!
//! Standard output is one line; what went wrong goes to standard error. Exit code 1 means that a promise was broken.

mod desk;
mod house;
mod lots;
mod posts;
mod rounds;
mod talk;
mod verdict;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::rounds::Plan;

/// Kills the gateway under load and checks that nothing acknowledged is lost, doubled or out of order.
#[derive(Debug, Parser)]
#[command(name = "passerelle-torture")]
struct Arguments {
    /// How often the gateway is killed.
    #[arg(long, default_value_t = 200)]
    cycles: u32,
    /// Where the lots start; a random one where absent. The same seed draws the same instants and points.
    #[arg(long)]
    seed: Option<u64>,
    /// Conversations that write at the same time.
    #[arg(long, default_value_t = 16)]
    conversations: usize,
    /// Cycles after which everything so far is checked and new conversations begin.
    #[arg(long, default_value_t = 10)]
    check_every: u32,
    /// Share of the channel's answers that go wrong, in thousandths.
    #[arg(long, default_value_t = 30)]
    flaky: u32,
    /// `full` or `normal`.
    #[arg(long, default_value = "full")]
    synchronous: String,
    /// Tortures the agents' desk instead: offers, accepts, comments and closes.
    #[arg(long)]
    desk: bool,
    /// Keeps the data folder here instead of in a temporary place.
    #[arg(long)]
    keep: Option<PathBuf>,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(torture(&arguments))
}

async fn torture(arguments: &Arguments) -> Result<ExitCode> {
    let seed = match arguments.seed {
        Some(seed) => seed,
        None => lots::fresh_seed()?,
    };
    let plan = Plan {
        cycles: arguments.cycles,
        seed,
        conversations: arguments.conversations,
        check_every: arguments.check_every.max(1),
        flaky: arguments.flaky,
        synchronous: if arguments.synchronous == "normal" { "normal" } else { "full" },
        keep: arguments.keep.clone(),
    };
    if arguments.desk {
        let verdict = desk::run(&plan).await?;
        return report(&verdict.notes, &verdict.line(plan.cycles, seed), verdict.is_clean());
    }
    let verdict = rounds::run(&plan).await?;
    report(&verdict.notes, &verdict.line(plan.cycles, seed), verdict.is_clean())
}

fn report(notes: &[String], line: &str, is_clean: bool) -> Result<ExitCode> {
    for note in notes {
        writeln!(std::io::stderr(), "{note}")?;
    }
    writeln!(std::io::stdout(), "{line}")?;
    Ok(if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
