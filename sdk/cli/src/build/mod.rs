//! `plugin build`: from a folder with a `plugin.toml` and a Rust crate to one component file.

mod cargo;
mod component;
mod sysroot;
mod toolchain;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::manifest::Declared;
use crate::report;
use toolchain::Toolchain;

/// Variables by which one toolchain speaks to its own children; Debian's must not hear them from `rustup`'s.
const FOREIGN_VARIABLES: [&str; 8] = [
    "CARGO",
    "RUSTC",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTDOC",
    "RUSTUP_TOOLCHAIN",
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTFLAGS",
];

/// A plugin that was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// The component, `<id>.wasm` in the output folder.
    pub file: PathBuf,
    /// The plugin's id.
    pub id: String,
    /// Size of the component in bytes.
    pub size: u64,
    /// Interfaces of the contract that it exports: `channel`, `bot` or `router`, and optional abilities.
    pub exports: BTreeSet<String>,
    /// Host abilities that it imports.
    pub imports: BTreeSet<String>,
    /// What it is and may do, for people.
    pub sentences: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

/// Builds the plugin in this folder to `<out_dir>/<id>.wasm`. Finds or installs what compiles to wasm.
pub fn build(folder: &Path, out_dir: &Path) -> Result<Built> {
    let toolchain = Toolchain::find(&toolchain::cache_folder()?)?;
    build_with(&toolchain, folder, out_dir)
}

/// Builds several plugins, looking for the toolchain once.
pub fn build_all(folders: &[PathBuf], out_dir: &Path) -> Result<Vec<Built>> {
    let toolchain = Toolchain::find(&toolchain::cache_folder()?)?;
    folders.iter().map(|folder| build_with(&toolchain, folder, out_dir)).collect()
}

fn build_with(toolchain: &Toolchain, folder: &Path, out_dir: &Path) -> Result<Built> {
    let start = Instant::now();
    let declared = Declared::read(folder)?;
    let module = cargo::compile(toolchain, folder)?;
    let module = fs::read(&module).with_context(|| format!("cannot read `{}`", module.display()))?;
    let component =
        component::make(&module, &declared.text).with_context(|| format!("in plugin `{}`", declared.id()))?;
    declared.check_exports(&component.exports)?;
    let file = out_dir.join(format!("{}.wasm", declared.id()));
    write_whole(&file, &component.bytes)?;
    let (exports, imports): (Vec<_>, Vec<_>) =
        (component.exports.iter().cloned().collect(), component.imports.iter().cloned().collect());
    Ok(Built {
        file,
        id: declared.id().to_owned(),
        sentences: report::sentences(&declared.manifest, &exports, &imports),
        size: component.bytes.len() as u64,
        exports: component.exports,
        imports: component.imports,
        took: start.elapsed(),
    })
}

/// Writes the file so that nobody ever sees half of it.
fn write_whole(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().context("the output has no folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let part = file.with_extension(format!("part-{}", std::process::id()));
    fs::write(&part, bytes).with_context(|| format!("cannot write `{}`", part.display()))?;
    fs::rename(&part, file).with_context(|| format!("cannot write `{}`", file.display()))
}

/// Runs a command whose output matters only when it fails.
fn run(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {command:?}"))?;
    ensure!(
        output.status.success(),
        "{} failed: {}",
        command.get_program().display(),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(())
}
