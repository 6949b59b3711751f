//! The words of the house and the rules between them: no I/O, no clock, no wire format.
//!
//! `serde` appears only for the *stored* form of content and events (one JSON text per row, see `passerelle-store`).
//! The Conversations API and the plugin contract have types of their own and convert at their door.

pub mod bot;
pub mod content;
pub mod degrade;
pub mod delivery;
pub mod desk;
pub mod event;
pub mod extras;
pub mod form;
pub mod id;
pub mod inbound;
pub mod masking;
pub mod metadata;
pub mod people;
pub mod placeholder;
pub mod preview;
pub mod render;
pub mod routing;
pub mod rule;
pub mod snapshot;
pub mod switchboard;
pub mod tenant;
pub mod text;
pub mod time;
pub mod widget;
