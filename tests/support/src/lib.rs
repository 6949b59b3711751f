//! The shared vocabulary of the tests: a gateway that is the real binary, a strict channel that is not a real vendor,
//! a Telegram emulator, people who write and read, and waits that end.
//!
//! Deliberately absent: anything from `core`. A test that uses this crate sees what an outsider sees.

pub mod api;
pub mod channel;
pub mod database;
pub mod desk;
pub mod emulator;
pub mod gateway;
pub mod http;
pub mod mail_server;
pub mod paths;
pub mod plugins;
pub mod process;
pub mod receiver;
pub mod script;
pub mod seed;
pub mod wait;

pub use api::Api;
pub use channel::FakeChannel;
pub use desk::Agent;
pub use emulator::Emulator;
pub use gateway::Gateway;
pub use mail_server::MailServer;
pub use receiver::{Manner, Receiver};
pub use wait::within;
