//! The manifest beside a plugin's source.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use passerelle_plugin_host::Manifest;

/// A `plugin.toml`, checked by the host's own rules, and its text as it goes into the component.
pub(crate) struct Declared {
    pub(crate) manifest: Manifest,
    pub(crate) text: String,
}

impl Declared {
    /// Reads the manifest in this folder.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let file = folder.join("plugin.toml");
        let text = fs::read_to_string(&file)
            .with_context(|| format!("cannot read `{}`: every plugin has a manifest", file.display()))?;
        let manifest = Manifest::parse(&text).with_context(|| format!("`{}` is not sound", file.display()))?;
        Ok(Self { manifest, text })
    }

    /// The plugin's id.
    pub(crate) fn id(&self) -> &str {
        &self.manifest.plugin.id
    }

    /// Compares the declared world with what was built.
    pub(crate) fn check_exports(&self, exports: &BTreeSet<String>) -> Result<()> {
        let world = self.manifest.plugin.world.to_string();
        ensure!(
            exports.contains(&world),
            "`plugin.toml` says world = \"{world}\", but the code has no `passerelle_sdk::{world}!(…)`"
        );
        for other in ["channel", "bot", "router"] {
            if other != world && exports.contains(other) {
                bail!("the plugin is a {world} by its `plugin.toml`, but its code exports a {other} too: remove one");
            }
        }
        Ok(())
    }
}
