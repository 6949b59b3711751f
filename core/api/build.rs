//! Takes the three files of Swagger UI that the page of the description needs out of the crate that carries them, so that
//! the binary holds them and no network is needed, neither now nor later.

use std::io::{Cursor, Read as _};
use std::path::Path;

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

const FILES: &[&str] = &["swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    for name in FILES {
        let end = format!("/dist/{name}");
        let mut names = archive.file_names().filter_map(Result::ok);
        let inside = names.find(|path| path.ends_with(&end)).ok_or("the archive has changed")?.into_owned();
        drop(names);
        let mut bytes = Vec::new();
        archive.by_name(&inside)?.read_to_end(&mut bytes)?;
        std::fs::write(Path::new(&folder).join(name), bytes)?;
    }
    Ok(())
}
