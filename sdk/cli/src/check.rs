//! `plugin check`: loads a component in the real host, as an installation would, and says what it is.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use passerelle_harness::Harness;
use passerelle_plugin_host::Plugin;

use crate::report;
use crate::terminal::say;

/// Checks the component in this file. The error is one line that says what is wrong and what to do.
pub(crate) async fn check(file: &Path) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))?;
    ensure!(bytes.starts_with(b"\0asm"), "`{}` is not a wasm component, nor wasm at all", file.display());
    let plugin = Harness::start().await?.load(bytes).await.with_context(|| format!("`{}`", file.display()))?;
    say(format!("`{}` is sound (sha256 {})", file.display(), plugin.digest()));
    for sentence in report::sentences(plugin.manifest(), &offers(&plugin), &uses(&plugin)) {
        say(format!("  {sentence}"));
    }
    Ok(())
}

/// The host abilities that the component imports, without package and version. Shared types are no ability.
fn uses(plugin: &Plugin) -> Vec<String> {
    let short = |name: &String| name.rsplit('/').next().unwrap_or(name).split('@').next().unwrap_or(name).to_owned();
    plugin.imports().iter().map(short).filter(|name| name != "types").collect()
}

fn offers(plugin: &Plugin) -> Vec<String> {
    let abilities = plugin.abilities();
    let optional = [
        (abilities.polling, "polling"),
        (abilities.activities, "activities"),
        (abilities.native, "native"),
        (abilities.webhook_setup, "webhook-setup"),
        (abilities.media_resolver, "media-resolver"),
        (abilities.account, "account"),
    ];
    let present = optional.into_iter().filter(|(present, _)| *present).map(|(_, name)| name.to_owned());
    std::iter::once(plugin.world().to_string()).chain(present).collect()
}
