//! `plugin new`: a plugin that builds and passes its fixtures from the first minute.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use clap::ValueEnum;

use crate::terminal::say;

/// The kinds of plugins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Connects a vendor's channel.
    Channel,
    /// Answers conversations.
    Bot,
    /// Decides who takes care.
    Router,
}

type Files = &'static [(&'static str, &'static str)];

macro_rules! template {
    ($kind:literal: $($file:literal),+ $(,)?) => {
        &[
            ("Cargo.toml", include_str!(concat!("../../templates/", $kind, "/Cargo.toml.template"))),
            (".gitignore", "/target\n"),
            $(($file, include_str!(concat!("../../templates/", $kind, "/", $file)))),+
        ]
    };
}

const CHANNEL: Files = template!(
    "channel": "plugin.toml", "README.md", "src/lib.rs", "src/vendor.rs", "fixtures/capabilities.json",
    "fixtures/receive-text.json", "fixtures/receive-nothing.json", "fixtures/send-text.json",
    "fixtures/send-refused.json", "fixtures/send-too-fast.json",
);
const BOT: Files = template!(
    "bot": "plugin.toml", "README.md", "src/lib.rs", "fixtures/conversation.json", "fixtures/human.json",
);
const ROUTER: Files = template!(
    "router": "plugin.toml", "README.md", "src/lib.rs", "fixtures/language.json", "fixtures/default.json",
);

/// Makes a plugin of this kind in a new folder, whose name becomes the plugin's id.
pub(crate) fn new(kind: Kind, folder: &Path, sdk_path: Option<&Path>) -> Result<()> {
    let id = id(folder)?;
    let is_taken = folder.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    ensure!(!is_taken, "`{}` is not empty: choose another folder", folder.display());
    let sdk = sdk_dependency(sdk_path)?;
    let files = match kind {
        Kind::Channel => CHANNEL,
        Kind::Bot => BOT,
        Kind::Router => ROUTER,
    };
    for (name, text) in files {
        let file = folder.join(name);
        let parent = file.parent().unwrap_or(folder);
        fs::create_dir_all(parent).with_context(|| format!("cannot make the folder `{}`", parent.display()))?;
        let text = text.replace("@ID@", &id).replace("@TYPE@", word(&id)).replace("@NAME@", &name_of(&id));
        let text = text.replace("@SDK@", &sdk);
        fs::write(&file, text).with_context(|| format!("cannot write `{}`", file.display()))?;
    }
    say(format!("made `{id}` in `{}`. Next:", folder.display()));
    say(format!("  passerelle plugin test {}    builds it and runs its fixtures", folder.display()));
    say(format!("  {}    is where to begin", folder.join("src/lib.rs").display()));
    Ok(())
}

fn id(folder: &Path) -> Result<String> {
    let name = folder.file_name().context("give the plugin's folder a name")?.to_string_lossy();
    let is_name = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    if name.len() > 64 || !name.bytes().all(is_name) || !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        bail!("`{name}` cannot be a plugin's id: use 1 to 64 of a-z, 0-9 and `-`, with a letter first");
    }
    Ok(name.into_owned())
}

/// The id without the kind before it: `pager` for `channel-pager`.
fn word(id: &str) -> &str {
    ["channel-", "bot-", "router-"].iter().find_map(|kind| id.strip_prefix(kind)).unwrap_or(id)
}

fn name_of(id: &str) -> String {
    let spaced = word(id).replace('-', " ");
    let mut letters = spaced.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// How the new plugin finds the SDK: where the author says, in a checkout, or by version.
fn sdk_dependency(given: Option<&Path>) -> Result<String> {
    let found = match given {
        Some(path) => {
            ensure!(is_sdk(path), "`{}` is not the SDK's folder", path.display());
            Some(path.to_owned())
        }
        None => checkout(),
    };
    Ok(match found {
        Some(path) => {
            let path = path.canonicalize().with_context(|| format!("cannot find `{}`", path.display()))?;
            format!("{{ path = {:?} }}", path.display().to_string())
        }
        None => format!("{:?}", env!("CARGO_PKG_VERSION")),
    })
}

/// The SDK of the checkout that we are in, or of the one that this command was built from, if it is still there.
fn checkout() -> Option<PathBuf> {
    let here = std::env::current_dir().ok();
    let above = here.iter().flat_map(|here| here.ancestors()).map(|folder| folder.join("sdk/guest"));
    let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guest");
    above.chain([built_from]).find(|path| is_sdk(path))
}

fn is_sdk(path: &Path) -> bool {
    fs::read_to_string(path.join("Cargo.toml")).is_ok_and(|text| text.contains("name = \"passerelle-sdk\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_the_folder() {
        assert_eq!(id(Path::new("plugins/channel-carrier-pigeon")).ok().as_deref(), Some("channel-carrier-pigeon"));
        assert_eq!(name_of("channel-carrier-pigeon"), "Carrier pigeon");
        assert_eq!(word("pager"), "pager");
        for bad in ["Pager", "pa ger", "7", "-x", "é"] {
            assert!(id(Path::new(bad)).is_err(), "{bad}");
        }
    }
}
