//! The binary `passerelle`: reads the settings, puts the house together, starts it and stops it.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage, 78 the configuration is not sound.

mod archive;
mod cli;
mod commands;
mod config;
mod demo;
mod failure;
mod house;
mod logging;
mod run;
mod signals;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    // Two TLS providers are in the dependency graph; without a choice rustls panics at its first use.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let cli = cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::Failure::failed(error).report(),
    };
    let outcome = runtime.block_on(commands::run(cli));
    // Blocking work that nobody waits for, such as a compilation, must not hold the end up.
    runtime.shutdown_background();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
