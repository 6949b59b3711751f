//! The only place that knows SQL.
//!
//! One SQLite file, one writer with group commit, a pool of readers. Answers of a job leave only after its commit.
//! What is deliberately absent: decisions. Which rows change together is decided by the pipeline, inside `Store::write`.

mod archive;
mod config;
mod error;
mod item;
mod map;
mod open;
mod read;
mod rows;
mod store;
mod tx;
mod value;
mod writer;

pub use archive::{ARCHIVE_SCHEMA, ArchiveLine, Taken};
pub use config::{StoreConfig, Synchronous};
pub use error::{OpenError, StoreError};
pub use item::DeskItem;
pub use read::{BotView, Part, Sought, Stretch, TurnView};
pub use rows::*;
pub use store::Store;
pub use tx::{ChannelState, DeliveryOutcome, KvEntry, Line, NewAgent, NewDelivery, NewTurn, Purged, Tx};
