//! Promises about the repository itself, kept by tests: what is generated is fresh, and what the style asks for holds.

use std::path::{Path, PathBuf};

pub mod bindings;
pub mod contract;
pub mod reference;
pub mod tree;
pub mod vendors;

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("this crate lies two folders below the root").to_owned()
}
