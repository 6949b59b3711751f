//! The manifest beside a plugin's source, as far as building needs it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};

/// What a `plugin.toml` declares.
pub(crate) struct Declared {
    /// The plugin's id.
    pub(crate) id: String,
    /// `channel`, `bot` or `router`.
    pub(crate) world: String,
    /// The text, as it goes into the component.
    pub(crate) text: String,
}

impl Declared {
    /// Reads the manifest in this folder.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let file = folder.join("plugin.toml");
        let text = fs::read_to_string(&file)
            .with_context(|| format!("cannot read `{}`: every plugin has a manifest", file.display()))?;
        let table: toml::Table = text.parse().with_context(|| format!("`{}` is not valid TOML", file.display()))?;
        let word = |key: &str| {
            let value = table.get("plugin").and_then(|plugin| plugin.get(key)).and_then(toml::Value::as_str);
            value.map(str::to_owned).with_context(|| format!("`{}` lacks `plugin.{key}`", file.display()))
        };
        Ok(Self { id: word("id")?, world: word("world")?, text })
    }

    /// Compares the declared world with what was built.
    pub(crate) fn check_exports(&self, exports: &BTreeSet<String>) -> Result<()> {
        let world = self.world.as_str();
        ensure!(
            exports.contains(world),
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
