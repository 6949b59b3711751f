//! Puts the parts of the house together: store, plugin host, gateway. Nothing listens yet.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use passerelle_model::id::IdSource;
use passerelle_model::time::Clock;
use passerelle_pipeline::{Gateway, kv_source, media_source};
use passerelle_plugin_host::PluginHost;
use passerelle_store::Store;

use crate::config::Settings;

/// Everything behind the doors.
#[derive(Clone)]
pub(crate) struct House {
    pub(crate) gateway: Gateway,
    pub(crate) clock: Clock,
}

impl House {
    /// Opens the data folder and starts the gateway. A `passive` one only carries out commands and sends nothing: the
    /// command line uses it beside a server that runs.
    pub(crate) async fn open(settings: &Settings, passive: bool) -> anyhow::Result<Self> {
        let clock = Clock::system();
        let ids = Arc::new(IdSource::new(seed()?));
        make_folders(settings)?;
        let store = Store::open(&settings.data.folder, &settings.database).await?;
        let config = settings.gateway(passive);
        let (kv, media) = (kv_source(&store, clock.clone()), media_source(&store, &config.media_dir));
        let host = PluginHost::new(settings.plugin_host(), clock.clone(), kv, media)
            .context("the plugin host does not start")?;
        let gateway =
            Gateway::start(config, store, host, clock.clone(), ids).await.context("the gateway does not start")?;
        Ok(Self { gateway, clock })
    }

    /// The database.
    pub(crate) fn store(&self) -> &Store {
        self.gateway.store()
    }
}

/// Makes the data folder and the folders in it.
pub(crate) fn make_folders(settings: &Settings) -> anyhow::Result<()> {
    let root = &settings.data.folder;
    for folder in [root.clone(), settings.plugins_folder(), root.join("cache"), root.join("media")] {
        make_folder(&folder)?;
    }
    Ok(())
}

fn make_folder(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| {
        format!(
            "data folder `{}` cannot be made: give this user write access, or choose another with --data",
            folder.display()
        )
    })
}

fn seed() -> anyhow::Result<[u8; 8]> {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("the system gives no random bytes: {error}"))?;
    Ok(seed)
}
