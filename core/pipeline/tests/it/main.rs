//! The whole path with real plugins: a strict channel of the tests, its adapter, and a bot that echoes.

mod control;
mod house;
mod inbound;
mod linking;
mod outbound;
mod parked;
mod plugins;
mod reload;
mod removal;
mod settings;
mod trouble;
mod vendor;
