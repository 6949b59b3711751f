//! `passerelle plugin …`: makes, builds, checks and tests plugins.
//!
//! A library, so that the one binary mounts it and tests call it. Nothing here runs a plugin: that is the harness's,
//! which uses the real host.

mod build;
mod check;
mod contract;
mod manifest;
mod new;
mod report;
mod terminal;
mod test;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};

pub use build::{Built, build, build_all};

const OUT: &str = "target/plugins";

/// Makes, builds, checks and tests plugins.
#[derive(Args, Clone, Debug)]
pub struct PluginArgs {
    #[command(subcommand)]
    command: PluginCommand,
}

#[derive(Subcommand, Clone, Debug)]
enum PluginCommand {
    /// Makes a new plugin that builds and passes its fixtures.
    New {
        /// What it is.
        kind: new::Kind,
        /// The folder to make; its name becomes the plugin's id.
        path: PathBuf,
        /// Where the SDK's source is; found by itself in a checkout.
        #[arg(long)]
        sdk_path: Option<PathBuf>,
    },
    /// Builds plugins to components; finds or installs what compiles to wasm.
    Build {
        /// Folders with a `plugin.toml`.
        #[arg(default_value = ".")]
        paths: Vec<PathBuf>,
        /// Where the components go.
        #[arg(long, default_value = OUT)]
        out: PathBuf,
    },
    /// Checks a component as an installation would, and says what it may do.
    Check {
        /// The component.
        file: PathBuf,
    },
    /// Builds plugins and runs their fixtures in the real host, with scripted vendors.
    Test {
        /// Folders with a `plugin.toml` and `fixtures/`.
        #[arg(default_value = ".")]
        paths: Vec<PathBuf>,
        /// Where the components go.
        #[arg(long, default_value = OUT)]
        out: PathBuf,
    },
}

/// Runs the command.
pub async fn run(args: PluginArgs) -> Result<()> {
    match args.command {
        PluginCommand::New { kind, path, sdk_path } => new::new(kind, &path, sdk_path.as_deref()),
        PluginCommand::Build { paths, out } => {
            let all_built = tokio::task::spawn_blocking(move || build_all(&paths, &out)).await??;
            all_built.iter().for_each(tell);
            Ok(())
        }
        PluginCommand::Check { file } => check::check(&file).await,
        PluginCommand::Test { paths, out } => test::test(paths, out).await,
    }
}

fn tell(built: &Built) {
    let seconds = built.took.as_secs_f32();
    terminal::say(format!("{} ({} KB, {seconds:.1} s)", built.file.display(), built.size.div_ceil(1024)));
    for sentence in &built.sentences {
        terminal::say(format!("  {sentence}"));
    }
}
