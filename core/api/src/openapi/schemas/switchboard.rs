//! Switchboards and their seats.

use crate::openapi::schema::{Object, Schema, any_text, flag, full_text, id, integer, object, text};
use crate::wire::limits::MAX_WORD;

pub(super) fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        (
            "Switchboard",
            object("Who can be in control of an app's conversations.")
                .needs("id", id())
                .needs("enabled", flag())
                .has("defaultSwitchboardIntegrationId", id())
                .into(),
        ),
        (
            "SwitchboardUpdate",
            object("What changes.").takes("enabled", flag()).takes("defaultSwitchboardIntegrationId", id()).into(),
        ),
        ("SwitchboardIntegration", seat()),
        ("SwitchboardIntegrationCreate", create()),
        ("SwitchboardIntegrationUpdate", update()),
    ]
}

fn seat() -> Schema {
    object("A seat of the switchboard.")
        .needs("id", id())
        .needs("name", full_text(MAX_WORD))
        .needs("integrationId", id())
        .needs("integrationType", any_text())
        .needs("deliverStandbyEvents", flag())
        .has("nextSwitchboardIntegrationId", id().about("Who is meant by `next` while this one is in control."))
        .has("messageHistoryCount", integer(1..=10))
        .into()
}

fn create() -> Schema {
    let either = serde_json::json!([{ "required": ["integrationId"] }, { "required": ["integrationType"] }]);
    let seat = rules("A new seat, for an integration or for a type.")
        .needs("name", name())
        .has("integrationId", id())
        .has("integrationType", full_text(MAX_WORD));
    Schema::from(seat).rule("anyOf", either)
}

fn update() -> Schema {
    let seat = rules("What changes; `null` unsets.").takes("name", name());
    seat.takes("integrationId", id()).takes("integrationType", text(MAX_WORD)).into()
}

fn name() -> Schema {
    full_text(MAX_WORD).rule("pattern", "^[A-Za-z0-9_-]+$".into())
}

fn rules(about: &'static str) -> Object {
    object(about)
        .takes("deliverStandbyEvents", flag())
        .takes("nextSwitchboardIntegrationId", id())
        .takes("messageHistoryCount", integer(1..=10))
}
