//! The wasm standard library, made from Debian's packages where `rustup target add` cannot help.
//!
//! It is built once and kept, named after the compiler that made it. A folder of that name is always whole: it is
//! made elsewhere and renamed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use sha2::{Digest as _, Sha256};

use super::run;
use crate::terminal::progress;

/// The Debian packages that can compile to wasm.
pub(crate) const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];
pub(super) const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_BIN: &str = "/usr/bin";
const LINKER: &str = "/usr/bin/wasm-ld-19";
/// The first compiler that knows this workspace's edition and language.
const OLDEST_COMPILER: (u32, u32) = (1, 95);

/// Debian's toolchain with a wasm standard library beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Debian {
    sysroot: PathBuf,
}

impl Debian {
    /// The toolchain, if its packages are here and its library was made before.
    pub(super) fn ready(cache: &Path) -> Option<Self> {
        let sysroot = sysroot_folder(cache, &compiler()?);
        sysroot.is_dir().then_some(Self { sysroot })
    }

    /// The toolchain; installs the packages and makes the library where they are missing.
    pub(super) fn prepare(cache: &Path) -> Result<Self> {
        if compiler().is_none() {
            install_packages()?;
        }
        let compiler = compiler().context("the Debian packages are installed, but their compiler does not run")?;
        let sysroot = sysroot_folder(cache, &compiler);
        if !sysroot.is_dir() {
            make_library(cache, &sysroot)?;
        }
        Ok(Self { sysroot })
    }

    /// `cargo`, set up so that nothing of another toolchain shines through.
    pub(super) fn cargo(&self) -> Command {
        let mut command = debian_cargo();
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", LINKER);
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", format!("--sysroot {}", self.sysroot.display()));
        command
    }
}

/// What Debian's compiler says of itself, if all that is needed is installed and new enough.
fn compiler() -> Option<String> {
    let source = Path::new("/usr/lib/rustlib/src/rust/library/std");
    if !source.is_dir() || !Path::new(LINKER).is_file() || !Path::new(DEBIAN_BIN).join("cargo").is_file() {
        return None;
    }
    let output = Command::new(format!("{DEBIAN_BIN}/rustc")).arg("-vV").output().ok()?;
    let says = String::from_utf8(output.stdout).ok()?;
    is_new_enough(&says).then_some(says)
}

fn is_new_enough(says: &str) -> bool {
    let release = says.lines().find_map(|line| line.strip_prefix("release: ")).unwrap_or_default();
    let mut numbers = release.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= OLDEST_COMPILER
}

fn sysroot_folder(cache: &Path, compiler: &str) -> PathBuf {
    cache.join(format!("wasm-sysroot-{}", &hex::encode(Sha256::digest(compiler))[..16]))
}

fn install_packages() -> Result<()> {
    let by_hand = format!("apt-get install -y --no-install-recommends {}", PACKAGES.join(" "));
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    let has_apt = Path::new("/usr/bin/apt-get").is_file();
    if !has_apt || !is_root {
        bail!(
            "no toolchain here can compile to {TARGET}: run `rustup target add {TARGET}`, or as root on Debian `{by_hand}`"
        );
    }
    progress(format!("installing {} …", PACKAGES.join(", ")));
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("/usr/bin/apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut command)
    };
    apt(&["update", "-qq"]).ok(); // An old list may do; what is missing shows in the next step.
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(PACKAGES);
    apt(&arguments).with_context(|| format!("cannot install the wasm toolchain; try `{by_hand}`"))?;
    ensure!(compiler().is_some(), "Debian's compiler is too old for plugins: run `rustup target add {TARGET}`");
    Ok(())
}

/// Compiles the standard library, with bitcode so that plugins can be optimised across crates.
fn make_library(cache: &Path, sysroot: &Path) -> Result<()> {
    progress("making the wasm standard library, once (about a minute) …");
    let work = cache.join(format!("making-{}", std::process::id()));
    let made = make_library_in(&work).and_then(|library| {
        if !sysroot.is_dir() {
            fs::rename(library, sysroot).context("cannot keep the wasm standard library")?;
        }
        Ok(())
    });
    fs::remove_dir_all(&work).ok();
    made
}

fn make_library_in(work: &Path) -> Result<PathBuf> {
    const MANIFEST: &str = "[package]\nname = \"passerelle-empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\
                            [lib]\n[profile.release]\ncodegen-units = 1\n[workspace]\n";
    fs::create_dir_all(work.join("src")).with_context(|| format!("cannot write to `{}`", work.display()))?;
    fs::write(work.join("Cargo.toml"), MANIFEST)?;
    fs::write(work.join("src/lib.rs"), "#![no_std]\n")?;
    let mut command = debian_cargo();
    command
        .current_dir(work)
        .args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort", "--target-dir", "target"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Cembed-bitcode=yes");
    run(&mut command).context("cannot make the wasm standard library")?;
    let library = work.join("sysroot").join("lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&library)?;
    for entry in fs::read_dir(work.join("target").join(TARGET).join("release/deps"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libpasserelle_empty") {
            fs::copy(entry.path(), library.join(&name))?;
        }
    }
    Ok(work.join("sysroot"))
}

fn debian_cargo() -> Command {
    let mut command = Command::new(format!("{DEBIAN_BIN}/cargo"));
    for name in super::FOREIGN_VARIABLES {
        command.env_remove(name);
    }
    command.env("PATH", format!("{DEBIAN_BIN}:/bin"));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_compiler_is_not_taken() {
        for (release, expected) in
            [("1.63.0", false), ("1.94.9", false), ("1.95.0", true), ("2.0.0", true), ("", false)]
        {
            assert_eq!(is_new_enough(&format!("rustc\nrelease: {release}\nLLVM version: 22")), expected, "{release}");
        }
    }
}
