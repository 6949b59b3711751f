//! `bless` rewrites what is generated. Checks are tests: `cargo test -p passerelle-tidy`.

use anyhow::{Result, bail};

fn main() -> Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("bless") => {
            let root = passerelle_tidy::root();
            passerelle_tidy::bindings::bless(&root)?;
            passerelle_tidy::reference::bless(&root)
        }
        _ => bail!("say what to do: `bless` rewrites the generated files"),
    }
}
