//! A short run of the torture program, so that every change is tortured a little.

use std::process::Command;

use anyhow::{Result, ensure};

#[test]
fn a_few_kills_lose_nothing() -> Result<()> {
    let arguments = ["--cycles", "6", "--check-every", "3", "--conversations", "8"];
    holds(&arguments, &["cycles=6 ", " lost=0 ", " duplicated=0 ", " reordered=0 "])
}

#[test]
fn a_few_kills_at_the_desk_leave_no_ticket_alone() -> Result<()> {
    let arguments = ["--desk", "--cycles", "6", "--check-every", "3", "--conversations", "6"];
    holds(&arguments, &["cycles=6 ", " lost=0 ", " orphans=0 ", " torn=0 "])
}

fn holds(arguments: &[&str], promises: &[&str]) -> Result<()> {
    let output = Command::new(env!("CARGO_BIN_EXE_passerelle-torture")).args(arguments).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{said}{complained}");
    ensure!(said.lines().count() == 1, "not one line: {said}");
    for promise in promises {
        ensure!(said.contains(promise), "`{said}` lacks `{promise}`");
    }
    Ok(())
}
