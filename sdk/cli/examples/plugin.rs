//! The plugin commands without the server, until the binary mounts them.

use clap::Parser;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    plugin: passerelle_plugin_cli::PluginArgs,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    passerelle_plugin_cli::run(Command::parse().plugin).await
}
