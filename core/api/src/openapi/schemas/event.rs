//! What the live stream tells.

use crate::openapi::schema::{Schema, any_text, named, object};
use crate::wire::event::{LIVE_WORDS, TRIGGERS};

pub(super) fn schemas() -> Vec<(&'static str, Schema)> {
    let payload =
        Schema::from(object("What happened; its fields depend on the type.")).rule("additionalProperties", true.into());
    let event = object("An event, or a word of the stream about itself (`hello`, `heartbeat`, `resync`, `goodbye`).")
        .has("id", named("Id"))
        .needs("type", any_text().about(&format!("One of {}, or a word of the stream.", [TRIGGERS, LIVE_WORDS].concat().join(", "))))
        .has("createdAt", named("Time"))
        .has("payload", payload)
        .has("cursor", named("Id").about("Where to go on after a break. Typing has none: it is passing."));
    vec![("LiveEvent", event.into())]
}
