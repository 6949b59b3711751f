//! The scripts of `tests/npm`: programs of others, driven by few lines of ours.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::process::Command;
use tokio::sync::OnceCell;

use crate::gateway::Access;
use crate::paths;
use crate::process::{Finished, run};

/// Time for `npm ci`, with a network.
const INSTALL: Duration = Duration::from_secs(300);
/// Time for one script.
const SCRIPT: Duration = Duration::from_secs(60);

static INSTALLED: OnceCell<()> = OnceCell::const_new();

/// Installs what the scripts need, unless it is there.
pub async fn install() -> Result<()> {
    INSTALLED
        .get_or_try_init(|| async {
            let folder = paths::root().join("tests/npm");
            if folder.join("node_modules/telegram-test-api/package.json").is_file() {
                return Ok(());
            }
            let mut npm = Command::new("npm");
            npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
            run(&mut npm, INSTALL).await?.success().context("`npm ci` in tests/npm")?;
            Ok(())
        })
        .await
        .copied()
}

/// Runs the official client library against the gateway; the answer is its JSON.
pub async fn conversations_client(access: &Access, arguments: &[&str]) -> Result<Value> {
    let text = run_conversations_client(access, arguments).await?.success()?;
    serde_json::from_str(&text).with_context(|| format!("not JSON: {text}"))
}

/// The same, however it ends.
pub async fn run_conversations_client(access: &Access, arguments: &[&str]) -> Result<Finished> {
    install().await?;
    let mut node = Command::new("node");
    node.arg(script("conversations-client.mjs"));
    node.args(["--base", &access.base, "--app", &access.app, "--key", &access.key, "--secret", &access.secret]);
    run(node.args(arguments), SCRIPT).await
}

fn script(name: &str) -> impl AsRef<std::ffi::OsStr> {
    Path::join(&paths::root(), "tests/npm").join(name)
}
