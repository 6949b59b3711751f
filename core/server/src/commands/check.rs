//! `passerelle check`: is everything sound that can be known without serving?

use passerelle_model::time::Clock;
use passerelle_plugin_host::{NoSource, PluginHost};
use std::sync::Arc;

use super::quiet;
use crate::cli::Where;
use crate::config::Settings;
use crate::failure::Failure;
use crate::house;
use crate::terminal::say;

/// Prints a line per finding; fails when one of them is a fault. A wrong configuration has failed before.
pub(super) async fn run(place: &Where) -> Result<(), Failure> {
    let settings = quiet(place)?;
    say("configuration: sound");
    house::make_folders(&settings)?;
    let store =
        passerelle_store::Store::open(&settings.data.folder, &settings.database).await.map_err(Failure::failed)?;
    store.close().await;
    say(&format!("data folder `{}`: sound", settings.data.folder.display()));
    let faults = check_plugins(&settings).await?;
    match faults {
        0 => Ok(()),
        count => Err(Failure::line(format!("{count} of the plugins cannot be used: replace or remove their files"))),
    }
}

async fn check_plugins(settings: &Settings) -> anyhow::Result<usize> {
    let host = PluginHost::new(settings.plugin_host(), Clock::system(), Arc::new(NoSource), Arc::new(NoSource))?;
    let mut faults = 0;
    for path in plugin_files(settings)? {
        match host.load(std::fs::read(&path)?).await {
            Ok(plugin) => say(&format!("plugin {} {}: sound", plugin.id(), plugin.manifest().plugin.version)),
            Err(error) => {
                faults += 1;
                say(&format!("plugin file `{}`: {error}", path.display()));
            }
        }
    }
    Ok(faults)
}

/// The plugin files of the data folder, sorted.
pub(super) fn plugin_files(settings: &Settings) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(settings.plugins_folder())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
