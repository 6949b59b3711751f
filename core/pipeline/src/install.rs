//! Plugin files: loading, checking, and putting every installation on a new one while the house runs.

use std::path::PathBuf;
use std::sync::Arc;

use passerelle_plugin_host::{LoadError, Plugin};
use passerelle_store::{PluginInstallation, StoreError};

use crate::gateway::Gateway;

/// Why a plugin file was not installed. The version that runs goes on.
#[derive(Debug, thiserror::Error)]
pub enum InstallPluginError {
    /// The file is no sound plugin.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The file cannot be read or written.
    #[error("`{}` cannot be read or written: {reason}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Gateway {
    /// Installs a plugin file: checks it, keeps it in the plugins' folder, and puts every installation on it.
    pub async fn install_plugin(&self, bytes: Vec<u8>) -> Result<Arc<Plugin>, InstallPluginError> {
        let plugin = self.0.host.load(bytes.clone()).await?;
        let path = self.0.config.plugins_dir.join(format!("{}.wasm", plugin.id()));
        let unfinished = path.with_extension("part");
        let written = match tokio::fs::write(&unfinished, &bytes).await {
            Ok(()) => tokio::fs::rename(&unfinished, &path).await,
            Err(error) => Err(error),
        };
        written.map_err(|error| InstallPluginError::File { path, reason: error.to_string() })?;
        self.put_to_work(&plugin).await?;
        Ok(plugin)
    }

    /// Reads the plugins' folder again and puts installations on what has changed. Gives the number of files that
    /// loaded; the others are named in the log, and what ran before goes on.
    pub async fn reload_plugins(&self) -> Result<usize, InstallPluginError> {
        let (mut good, known) = (0, self.0.book.now());
        for plugin in self.load_folder().await {
            good += 1;
            let same = known.plugins.get(plugin.id()).is_some_and(|old| old.digest() == plugin.digest());
            if !same {
                self.put_to_work(&plugin).await?;
            }
        }
        Ok(good)
    }

    /// Loads every plugin file of the folder; what does not load is named in the log.
    pub(crate) async fn load_folder(&self) -> Vec<Arc<Plugin>> {
        let mut loaded = Vec::new();
        for path in wasm_files(&self.0.config.plugins_dir) {
            let read = tokio::fs::read(&path).await.map_err(|error| error.to_string());
            let result = match read {
                Ok(bytes) => self.0.host.load(bytes).await.map_err(|error| error.to_string()),
                Err(error) => Err(error),
            };
            match result {
                Ok(plugin) => loaded.push(plugin),
                Err(error) => tracing::error!(file = %path.display(), error, "a plugin file was not loaded"),
            }
        }
        let first = self.0.book.now().plugins.is_empty();
        if first {
            let plugins = loaded.iter().map(|plugin| (plugin.id().to_owned(), Arc::clone(plugin))).collect();
            self.0.book.change(|directory| directory.plugins = plugins);
        }
        loaded
    }

    async fn put_to_work(&self, plugin: &Arc<Plugin>) -> Result<(), InstallPluginError> {
        let inner = &self.0;
        let installed = PluginInstallation {
            id: plugin.id().to_owned(),
            version: plugin.manifest().plugin.version.clone(),
            digest: plugin.digest().to_owned(),
            installed_at: inner.clock.now(),
        };
        let done = inner.store.write(move |tx| {
            Box::pin(async move {
                tx.set_plugin(&installed);
                Ok(())
            })
        });
        done.await?;
        inner.book.change(|directory| {
            directory.plugins.insert(plugin.id().to_owned(), Arc::clone(plugin));
        });
        let users: Vec<_> = inner
            .book
            .now()
            .integrations
            .values()
            .filter(|entry| entry.row.plugin.as_deref() == Some(plugin.id()))
            .map(|entry| (entry.row.app, entry.row.id))
            .collect();
        for (app, id) in users {
            self.read_integration(app, id).await?;
        }
        Ok(())
    }
}

fn wasm_files(folder: &std::path::Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"))
        .collect();
    files.sort();
    files
}
