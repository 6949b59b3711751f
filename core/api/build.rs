//! Puts into the binary what browsers need: three files of Swagger UI, out of the crate that carries them, and the widget
//! and the workspace as `make web` has built them. No network is needed, neither now nor later.
//!
//! A server that is built before they are has none, and says so when it is asked for one.

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const FILES: &[&str] = &["swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"];
/// What is built for browsers: the name of its table, and where it is, seen from this crate.
const BUILT: &[(&str, &str)] =
    &[("widget_files.rs", "../web/widget/dist"), ("workspace_files.rs", "../web/workspace/dist")];
/// The types of their files; everything else in the folders is left out.
const TYPES: &[(&str, &str)] = &[
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("woff2", "font/woff2"),
];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    take_swagger(&out)?;
    let crate_dir = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo sets CARGO_MANIFEST_DIR")?;
    for (table, place) in BUILT {
        let folder = Path::new(&crate_dir).join(place);
        println!("cargo::rerun-if-changed={}", folder.display());
        fs::write(out.join(table), list(&folder)?)?;
    }
    Ok(())
}

fn take_swagger(out: &Path) -> Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    for name in FILES {
        let end = format!("/dist/{name}");
        let mut names = archive.file_names().filter_map(std::result::Result::ok);
        let inside = names.find(|path| path.ends_with(&end)).ok_or("the archive has changed")?.into_owned();
        drop(names);
        let mut bytes = Vec::new();
        archive.by_name(&inside)?.read_to_end(&mut bytes)?;
        fs::write(out.join(name), bytes)?;
    }
    Ok(())
}

/// The built files as a table of Rust.
fn list(folder: &Path) -> Result<String> {
    let mut table = String::from("const BUILT: &[crate::built::Built] = &[\n");
    for path in files(folder)? {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let Some((_, kind)) = TYPES.iter().find(|(known, _)| *known == extension) else { continue };
        let name = path.strip_prefix(folder)?.to_str().ok_or("a file's name is no text")?.replace('\\', "/");
        let packed = PathBuf::from(format!("{}.br", path.display()));
        let packed = match packed.exists() {
            true => format!("Some(include_bytes!({:?}))", packed),
            false => "None".to_owned(),
        };
        writeln!(table, "    ({name:?}, {kind:?}, include_bytes!({path:?}), {packed}),")?;
    }
    table.push_str("];\n");
    Ok(table)
}

/// Every file below the folder, in order; none where it is not there.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}
