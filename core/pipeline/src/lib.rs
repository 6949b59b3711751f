//! The path of a message: seven stations, one command door, one feed of committed events.
//!
//! Each station is a module, and its output type can be made by that module only, so that a step cannot be skipped.

mod backoff;
mod command;
mod config;
mod failpoint;
mod installation;
mod lane;

pub use command::*;
pub use config::GatewayConfig;
pub use installation::{IntegrationChange, NewIntegration, NewIntegrationKind, NewWebhook};
