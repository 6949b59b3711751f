//! Makes the SDK's bindings from the contract, and tells whether the committed ones are fresh.
//!
//! They are committed so that building a plugin never compiles a WIT parser. Not formatted by rustfmt: the generated
//! code nests so deeply that its indentation alone would be two megabytes, so lines start at the margin instead.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use wit_bindgen_core::{Files, WorldGenerator as _};
use wit_parser::Resolve;

const HEADER: &str = "\
//! Bindings of the plugin contract. Generated: `cargo run -p passerelle-tidy -- bless` makes them from `sdk/wit/next`.
//!
//! Lines start at the margin on purpose (see `tests/tidy/src/bindings.rs`). The custom section that describes the world
//! `everything` is left out: `passerelle plugin build` describes the world that a plugin really offers.

";

/// Where the bindings are kept.
pub fn path(root: &Path) -> PathBuf {
    root.join("sdk/guest/src/bindings.rs")
}

/// Makes the bindings from the contract.
pub fn generate(root: &Path) -> Result<String> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(root.join("sdk/wit/next")).context("the contract does not parse")?;
    let world = resolve.select_world(&[package], Some("everything"))?;
    let options = wit_bindgen_rust::Opts {
        format: true,
        pub_export_macro: true,
        generate_all: true,
        disable_custom_section_link_helpers: true,
        additional_derive_attributes: vec!["PartialEq".into()],
        ..Default::default()
    };
    let mut files = Files::default();
    options.build().generate(&mut resolve, world, &mut files)?;
    let (_, source) = files.iter().next().context("the generator made no file")?;
    trim(std::str::from_utf8(source)?)
}

/// Cuts the macro and the custom section that offer the whole world, and the indentation.
fn trim(source: &str) -> Result<String> {
    let end = source.find("\n/// Generates `#[unsafe(no_mangle)]`").context("the generator's output has changed")?;
    let kept = &source[..=end];
    ensure!(!kept.contains("link_section"), "a custom section is left in the bindings");
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.fold(HEADER.to_owned(), |out, line| out + line + "\n"))
}

/// Writes fresh bindings.
pub fn bless(root: &Path) -> Result<()> {
    fs::write(path(root), generate(root)?).context("cannot write the bindings")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_bindings_are_made_from_the_contract() {
        let root = crate::root();
        let committed = fs::read_to_string(path(&root)).unwrap_or_default();
        assert!(
            committed == generate(&root).expect("the contract generates"),
            "sdk/guest/src/bindings.rs is stale: run `cargo run -p passerelle-tidy -- bless` and commit the result"
        );
    }
}
