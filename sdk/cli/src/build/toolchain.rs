//! Finds what can compile to wasm: the active toolchain, a library that was made before, `rustup`, Debian's packages.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use super::sysroot::{Debian, TARGET};
use crate::terminal::progress;

/// How long `rustup` may take; without network it would wait much longer.
const RUSTUP_PATIENCE: Duration = Duration::from_secs(90);

/// Something that compiles to wasm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The toolchain of the `cargo` in the path.
    Active,
    /// Debian's, with a standard library of our making.
    Debian(Debian),
}

impl Toolchain {
    /// The first that works, in the order of the least effort.
    pub(crate) fn find(cache: &Path) -> Result<Self> {
        if active_has_target() {
            return Ok(Self::Active);
        }
        if let Some(debian) = Debian::ready(cache) {
            return Ok(Self::Debian(debian));
        }
        if rustup_adds_target() && active_has_target() {
            return Ok(Self::Active);
        }
        Debian::prepare(cache).map(Self::Debian)
    }

    /// `cargo` of this toolchain, ready for wasm.
    pub(crate) fn cargo(&self) -> Command {
        match self {
            Self::Active => Command::new("cargo"),
            Self::Debian(debian) => debian.cargo(),
        }
    }

    /// For people.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Active => "the active toolchain",
            Self::Debian(_) => "Debian's toolchain",
        }
    }
}

/// Whether the active compiler has a standard library for wasm. The folder alone is no proof.
fn active_has_target() -> bool {
    let Ok(output) = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output() else {
        return false;
    };
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let Ok(entries) = folder.read_dir() else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

fn rustup_adds_target() -> bool {
    let mut command = Command::new("rustup");
    command.args(["target", "add", TARGET]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return false };
    progress(format!("asking rustup for {TARGET} …"));
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if start.elapsed() < RUSTUP_PATIENCE => std::thread::sleep(Duration::from_millis(50)),
            _ => {
                child.kill().ok();
                child.wait().ok();
                return false;
            }
        }
    }
}

/// Where toolchain pieces are kept between builds: `$XDG_CACHE_HOME/passerelle`, or the same under `~/.cache`.
#[expect(clippy::disallowed_methods, reason = "the cache folder is the user's and no setting of the server")]
pub(crate) fn cache_folder() -> Result<PathBuf> {
    let base = match std::env::var("XDG_CACHE_HOME") {
        Ok(folder) if Path::new(&folder).is_absolute() => PathBuf::from(folder),
        _ => std::env::home_dir().context("there is no home folder to keep the wasm toolchain in")?.join(".cache"),
    };
    Ok(base.join("passerelle"))
}
