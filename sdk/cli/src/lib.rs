//! `passerelle plugin …`: makes, builds, checks and tests plugins.
//!
//! A library, so that the one binary mounts it and tests call it. Nothing here runs a plugin: that is the harness's,
//! which uses the real host.

mod build;
mod contract;
mod manifest;
mod terminal;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};

pub use build::{Built, build, build_all};

/// Makes, builds, checks and tests plugins.
#[derive(Args, Clone, Debug)]
pub struct PluginArgs {
    #[command(subcommand)]
    command: PluginCommand,
}

#[derive(Subcommand, Clone, Debug)]
enum PluginCommand {
    /// Builds plugins to components.
    Build {
        /// Folders with a `plugin.toml`.
        #[arg(default_value = ".")]
        paths: Vec<PathBuf>,
        /// Where the components go.
        #[arg(long, default_value = "target/plugins")]
        out: PathBuf,
    },
}

/// Runs the command.
pub async fn run(args: PluginArgs) -> Result<()> {
    match args.command {
        PluginCommand::Build { paths, out } => {
            for built in tokio::task::spawn_blocking(move || build_all(&paths, &out)).await?? {
                terminal::say(format!("{} ({} KB)", built.file.display(), built.size / 1024));
            }
            Ok(())
        }
    }
}
