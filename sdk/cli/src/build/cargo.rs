//! Runs cargo on a plugin's folder and finds the module that it made.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::sysroot::TARGET;
use super::toolchain::Toolchain;
use crate::terminal::progress;

/// The profile for plugins: fast code, small files, names kept so that backtraces read.
const PROFILE: [(&str, &str); 6] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3"),
    ("CARGO_PROFILE_RELEASE_LTO", "fat"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    ("CARGO_PROFILE_RELEASE_STRIP", "debuginfo"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

/// What `cargo metadata` tells.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    manifest_path: PathBuf,
    name: String,
}

/// One line of cargo's report.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

/// Compiles the plugin in this folder; returns the core module's file.
///
/// Wasm builds have a target folder of their own, so that another compiler's artefacts are left alone.
pub(super) fn compile(toolchain: &Toolchain, folder: &Path) -> Result<PathBuf> {
    let manifest_path = folder.join("Cargo.toml").canonicalize().with_context(|| {
        format!("there is no `Cargo.toml` in `{}`; `passerelle plugin new` makes a plugin", folder.display())
    })?;
    let metadata = metadata(folder, &manifest_path)?;
    let package = metadata.packages.iter().find(|package| package.manifest_path == manifest_path);
    let package = package.with_context(|| format!("`{}` is no package", manifest_path.display()))?;
    let build = |is_offline: bool| {
        let mut command = toolchain.cargo();
        command
            .current_dir(folder) // Cargo looks for its settings from here upwards.
            .args(["build", "--release", "--lib", "--target", TARGET])
            .args(["--message-format", "json-render-diagnostics"])
            .arg("--manifest-path")
            .arg(&manifest_path)
            .arg("--target-dir")
            .arg(metadata.target_directory.join("wasm"))
            .args(is_offline.then_some("--offline"))
            .envs(PROFILE);
        command
    };
    progress(format!("compiling `{}` with {} …", package.name, toolchain.name()));
    let output = match execute(&mut build(false))? {
        Ended::Well(output) => output,
        // Everything may be in cargo's cache all the same; cargo asks the registry when there is no lock file.
        Ended::Badly { is_network: true } => match execute(&mut build(true))? {
            Ended::Well(output) => output,
            Ended::Badly { .. } => bail!("`{}` does not compile without the network", package.name),
        },
        Ended::Badly { is_network: false } => bail!("`{}` does not compile; the compiler says why above", package.name),
    };
    module(&output, &manifest_path).with_context(|| {
        format!(
            "`{}` makes no wasm module: give its Cargo.toml `[lib] crate-type = [\"cdylib\", \"rlib\"]`",
            package.name
        )
    })
}

fn metadata(folder: &Path, manifest_path: &Path) -> Result<Metadata> {
    let mut command = Command::new("cargo");
    command.current_dir(folder);
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"]).arg(manifest_path);
    let output = command.output().context("cannot run `cargo`; is Rust installed?")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// How cargo ended.
enum Ended {
    /// With this report.
    Well(String),
    /// With an error, which is on the terminal.
    Badly { is_network: bool },
}

/// Runs cargo. Its progress and its errors go on to the terminal while they come.
fn execute(command: &mut Command) -> Result<Ended> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot run `cargo`; is Rust installed?")?;
    let stderr = child.stderr.take().context("cargo's errors cannot be read")?;
    let watcher = std::thread::spawn(move || {
        let mut is_network = false;
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            is_network |= speaks_of_network(&line);
            progress(&line);
        }
        is_network
    });
    let mut output = String::new();
    child.stdout.take().context("cargo's report cannot be read")?.read_to_string(&mut output)?;
    let is_network = watcher.join().unwrap_or(false);
    Ok(if child.wait()?.success() { Ended::Well(output) } else { Ended::Badly { is_network } })
}

fn speaks_of_network(line: &str) -> bool {
    ["failed to download", "failed to query replaced source", "Could not resolve host", "spurious network error"]
        .iter()
        .any(|sign| line.contains(sign))
}

fn module(output: &str, manifest_path: &Path) -> Option<PathBuf> {
    let artifacts = output.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let ours = artifacts.filter(|it| it.reason == "compiler-artifact" && it.manifest_path == manifest_path);
    ours.flat_map(|it| it.filenames).find(|file| file.extension().is_some_and(|extension| extension == "wasm"))
}
