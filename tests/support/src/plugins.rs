//! Builds plugins with the command that everybody uses: `passerelle plugin build`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::process::Command;
use tokio::sync::Mutex;

use crate::paths;
use crate::process::run;

/// Time for a first build on a slow machine, standard library included.
const BUILD: Duration = Duration::from_secs(900);

/// What this process has built. Held while building: cargo would wait for itself, and messages stay apart.
static BUILT: Mutex<BTreeSet<PathBuf>> = Mutex::const_new(BTreeSet::new());

/// The adapter of [`crate::FakeChannel`].
pub const CHANNEL_LOOP: &str = "tests/plugins/channel-loop";
/// The same adapter, saying that its vendor does not recognise repeats.
pub const CHANNEL_LOOP_PLAIN: &str = "tests/plugins/channel-loop-plain";
/// The same adapter, also taking payloads in its vendor's own format; its channel's type is `line`.
pub const CHANNEL_LOOP_NATIVE: &str = "tests/plugins/channel-loop-native";
/// A bot that answers `echo: ` and the text.
pub const BOT_ECHO: &str = "tests/plugins/bot-echo";
/// A bot that misbehaves when it is told to.
pub const BOT_MOODY: &str = "tests/plugins/bot-moody";
/// The first-party adapter.
pub const CHANNEL_TELEGRAM: &str = "plugins/channel-telegram";
/// The first-party bot.
pub const BOT_MENU: &str = "plugins/bot-menu";
/// The first-party router.
pub const ROUTER_DEFAULT: &str = "plugins/router-default";

/// Builds the plugin in this folder of the checkout, unless it is fresh, and says where the file is.
pub async fn built(folder: &str) -> Result<PathBuf> {
    built_from(&paths::root().join(folder)).await
}

/// Builds the plugin in any folder.
pub async fn built_from(folder: &Path) -> Result<PathBuf> {
    let out = paths::built_plugins()?;
    let file = out.join(format!("{}.wasm", id_of(folder)?));
    let mut known = BUILT.lock().await;
    if known.contains(folder) {
        return Ok(file);
    }
    std::fs::create_dir_all(&out)?;
    let mut build = Command::new(paths::binary()?);
    build.args(["plugin", "build"]).arg(folder).arg("--out").arg(&out).current_dir(paths::root());
    run(&mut build, BUILD).await?.success().with_context(|| format!("building `{}`", folder.display()))?;
    known.insert(folder.to_path_buf());
    Ok(file)
}

/// The id in the manifest of a plugin's folder.
fn id_of(folder: &Path) -> Result<String> {
    let manifest = folder.join("plugin.toml");
    let text = std::fs::read_to_string(&manifest).with_context(|| manifest.display().to_string())?;
    let line = text.lines().find_map(|line| line.trim().strip_prefix("id").map(str::trim_start)?.strip_prefix('='));
    Ok(line.context("a line `id = …` in the manifest")?.trim().trim_matches('"').to_owned())
}
