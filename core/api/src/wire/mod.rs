//! The shapes of the Conversations API, and how the model turns into them and back.

pub(crate) mod action;
pub(crate) mod activity;
pub(crate) mod app;
pub(crate) mod closed;
pub(crate) mod content;
pub(crate) mod conversation;
pub(crate) mod device;
pub(crate) mod event;
pub(crate) mod extras;
pub(crate) mod fields;
pub(crate) mod integration;
pub(crate) mod limits;
pub(crate) mod people;
pub(crate) mod switchboard;
pub(crate) mod time;
