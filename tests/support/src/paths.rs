//! Where things are: the checkout, the target folder, the binary, the built plugins.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default()
}

/// The folder with the programs of this build, such as `target/debug`.
pub fn programs() -> Result<PathBuf> {
    let exe = std::env::current_exe().context("the path of this program")?;
    let folder = exe.parent().context("the folder of this program")?;
    // Tests live in `deps`, programs beside it.
    Ok(if folder.ends_with("deps") { folder.parent().unwrap_or(folder).to_path_buf() } else { folder.to_path_buf() })
}

/// The binary under test: `PASSERELLE_BINARY`, or the one built beside this program.
pub fn binary() -> Result<PathBuf> {
    let path = match setting("PASSERELLE_BINARY") {
        Some(path) => PathBuf::from(path),
        None => programs()?.join("passerelle"),
    };
    if !path.is_file() {
        bail!("`{}` is not there: run `cargo build -p passerelle-server` first", path.display());
    }
    Ok(path)
}

/// Where built plugins are: `PASSERELLE_PLUGINS_DIR`, or `plugins` beside the folder of the programs.
pub fn built_plugins() -> Result<PathBuf> {
    match setting("PASSERELLE_PLUGINS_DIR") {
        Some(path) => Ok(PathBuf::from(path)),
        None => Ok(programs()?.parent().context("the target folder")?.join("plugins")),
    }
}

fn setting(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests are told by the environment where the things under test are")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
