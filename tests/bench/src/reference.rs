//! A minimal native server that does a gateway's durable turn without plugins: it verifies the signature, stores what
//! came in before the 2xx, stores the reply, and calls out. Same SQLite settings and the same group commit.
//!
//! Deliberately absent: apps, users, permissions, control, retries, limits, logs. It is a floor, not a product.

mod server;
mod store;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;

/// The reference server.
#[derive(Debug, clap::Args)]
pub(crate) struct Settings {
    /// Address to listen on.
    #[arg(long)]
    pub(crate) listen: SocketAddr,
    /// Where replies go.
    #[arg(long)]
    pub(crate) send_to: String,
    /// Folder of the database.
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// `full` or `normal`.
    #[arg(long)]
    pub(crate) synchronous: String,
}

pub(crate) async fn run(settings: &Settings) -> Result<()> {
    let store = store::Store::open(&settings.data.join("reference.db"), &settings.synchronous)?;
    server::serve(settings.listen, &settings.send_to, store).await
}
