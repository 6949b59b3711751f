//! `bless` rewrites what is generated. Checks are tests: `cargo test -p passerelle-tidy`.

use anyhow::{Result, bail};

fn main() -> Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("bless") => passerelle_tidy::bindings::bless(&passerelle_tidy::root()),
        _ => bail!("say what to do: `bless` rewrites the generated files"),
    }
}
