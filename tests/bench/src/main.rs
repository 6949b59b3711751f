//! What Passerelle costs: a plugin call against the same function called natively, a durable turn against a server
//! that does the same without plugins, a cold start, a crowd of visitors with an open widget, and a large desk.
//!
//! Every figure is printed beside the one it is compared with, measured in the same run. Figures of a debug build mean
//! nothing, and the program says so.

mod cold;
mod crowd;
mod desk;
mod figures;
mod ingest;
mod load;
mod plugin_call;
mod reference;
mod sink;
mod socket;

use std::io::Write;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Measures Passerelle against native code in the same run.
#[derive(Debug, Parser)]
#[command(name = "passerelle-bench")]
struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A plugin call against the same function called natively.
    PluginCall(plugin_call::Settings),
    /// A durable turn against a minimal native server.
    Ingest(ingest::Settings),
    /// The first message after a start, and the memory at rest.
    Cold(cold::Settings),
    /// Visitors with an open widget.
    Crowd(crowd::Settings),
    /// Agents and open tickets.
    Desk(desk::Settings),
    /// The minimal native server (started by `ingest`).
    #[command(hide = true)]
    RefServer(reference::Settings),
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(arguments.what))
}

async fn measure(what: Option<What>) -> Result<()> {
    // The guarded client of the plugin host needs a provider, whichever part is measured.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    if cfg!(debug_assertions) && !matches!(what, Some(What::RefServer(_))) {
        say("This is a debug build: its figures mean nothing. Use `make bench`.")?;
    }
    match what {
        Some(What::PluginCall(settings)) => plugin_call::run(&settings).await,
        Some(What::Ingest(settings)) => ingest::run(&settings).await,
        Some(What::Cold(settings)) => cold::run(&settings).await,
        Some(What::Crowd(settings)) => crowd::run(&settings).await,
        Some(What::Desk(settings)) => desk::run(&settings).await,
        Some(What::RefServer(settings)) => reference::run(&settings).await,
        None => {
            plugin_call::run(&Parser::parse_from(["plugin-call"])).await?;
            ingest::run(&Parser::parse_from(["ingest"])).await?;
            cold::run(&Parser::parse_from(["cold"])).await?;
            crowd::run(&Parser::parse_from(["crowd"])).await?;
            desk::run(&Parser::parse_from(["desk"])).await
        }
    }
}

/// Prints one line of the report.
fn say(line: impl std::fmt::Display) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
