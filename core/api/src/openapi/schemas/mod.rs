//! The shapes of the API, a file per owner. Limits are the constants that the readers of bodies use.

mod action;
mod app;
mod attachment;
mod content;
mod conversation;
mod event;
mod integration;
mod message;
mod people;
mod switchboard;

pub(super) use event::{TOLD, Told};
use serde_json::json;

use super::document;
use super::schema::{Schema, any_text, object};

/// Every named schema.
pub(super) fn all() -> Vec<(&'static str, Schema)> {
    let owners = [
        basics(),
        document::common(),
        app::schemas(),
        people::schemas(),
        conversation::schemas(),
        message::schemas(),
        content::schemas(),
        action::schemas(),
        attachment::schemas(),
        integration::schemas(),
        switchboard::schemas(),
        event::schemas(),
    ];
    owners.into_iter().flatten().collect()
}

fn basics() -> Vec<(&'static str, Schema)> {
    let scalar = json!({ "type": ["string", "number", "boolean"] });
    let change = json!({ "type": ["string", "number", "boolean", "null"] });
    vec![
        (
            "Id",
            any_text()
                .rule("pattern", "^[0-9a-f]{24}$".into())
                .about("An id of ours; ids sort by the time when they were made.")
                .example("66b0000000000000000000a1"),
        ),
        (
            "Time",
            any_text()
                .rule("format", "date-time".into())
                .rule("pattern", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$".into())
                .about("UTC, always with three decimals.")
                .example("2025-03-01T08:00:02.113Z"),
        ),
        (
            "Metadata",
            Schema::from(object("Flat facts, at most 4096 bytes of JSON.")).rule("additionalProperties", scalar),
        ),
        (
            "MetadataChange",
            Schema::from(object("Changed facts; `null` unsets one.")).rule("additionalProperties", change),
        ),
    ]
}
