//! Integrations and webhooks.

use crate::openapi::schema::{
    Object, Schema, any_object, any_text, flag, full_text, id, integer, list, named, object, text, time, url, word,
};
use crate::wire::closed;
use crate::wire::limits::{MAX_DISPLAY_NAME, MAX_REPLAYED, MAX_SECRETS, MAX_TRIGGERS, MAX_VALUE};

pub(super) fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("Integration", integration()),
        ("IntegrationCreate", create()),
        ("IntegrationUpdate", update()),
        ("Webhook", webhook()),
        ("WebhookCreate", webhook_create()),
        ("WebhookUpdate", webhook_update()),
        ("Attempt", attempt()),
        ("DeadLetter", dead_letter()),
        ("DeadLetterReplay", dead_letter_replay()),
        ("Replayed", object("How many are sent again.").needs("replayed", integer(0..=u64::MAX)).into()),
    ]
}

fn integration() -> Schema {
    object("A channel, a plugin or an API client. Fields of the channel's plugin stand beside these; secrets never do.")
        .needs("id", id())
        .needs("type", word(closed::integration_types()).about("`custom` for API clients and for other kinds."))
        .needs("status", named("IntegrationStatus"))
        .has("displayName", full_text(MAX_DISPLAY_NAME))
        .has("defaultResponderId", id())
        .has("webhooks", list(named("Webhook"), 1..=1).about("Only with `custom`: the first one."))
        .has("metadata", named("Metadata"))
        .has("channel", any_text().about("The kind of a channel that has no type of its own. Ours."))
        .has("plugin", any_text().about("The id of the plugin. Ours."))
        .has("settings", any_object().about("The plugin's settings. Ours."))
        .has("statusReason", any_text().about("Why the status is what it is. Ours."))
        .has("webhookUrl", any_text().about("Where the vendor sends its webhooks. Ours."))
        .open()
        .into()
}

fn create() -> Schema {
    plugin_fields("What is to be connected.")
        .needs("type", full_text(MAX_DISPLAY_NAME).about("`custom`, or the type of an installed plugin."))
        .takes("webhooks", list(named("WebhookCreate"), 0..=1).about("Needed for an API client: exactly one."))
        .takes("plugin", text(MAX_DISPLAY_NAME).about("The id of an installed plugin. Ours."))
        .takes("metadata", named("MetadataChange"))
        .into()
}

fn update() -> Schema {
    plugin_fields("What changes; `null` unsets.").takes("status", word(["active", "inactive"])).into()
}

fn plugin_fields(about: &'static str) -> Object {
    let secrets = Schema::from(object("Secrets by name. Never shown again."))
        .rule("additionalProperties", full_text(MAX_VALUE).into())
        .rule("maxProperties", MAX_SECRETS.into());
    object(about)
        .takes("displayName", text(MAX_DISPLAY_NAME))
        .takes("defaultResponderId", id())
        .takes("settings", any_object().about("The plugin's settings. Ours."))
        .takes("secrets", secrets)
        .takes("grantedHosts", list(any_text(), 0..=MAX_SECRETS).about("Hosts that the plugin may call. Ours."))
        .open()
}

fn webhook() -> Schema {
    object("Where events are sent to.")
        .needs("id", id())
        .needs("version", named("WebhookVersion"))
        .needs("target", any_text())
        .needs("triggers", list(any_text(), 0..=MAX_TRIGGERS))
        .has("secret", full_text(64).about("What we send in `X-API-Key`."))
        .needs("includeFullUser", flag())
        .needs("includeFullSource", flag())
        .has("ordered", flag().about("Whether a conversation's events come one after the other. Ours."))
        .into()
}

fn webhook_create() -> Schema {
    object("A new webhook.")
        .needs("target", url(MAX_VALUE))
        .needs("triggers", list(any_text(), 0..=MAX_TRIGGERS))
        .takes("includeFullUser", flag())
        .takes("includeFullSource", flag())
        .takes("ordered", flag().about("Whether a conversation's events must come one after the other. Ours."))
        .into()
}

fn webhook_update() -> Schema {
    object("A changed webhook; what is absent stays.")
        .takes("target", url(MAX_VALUE))
        .takes("triggers", list(any_text(), 0..=MAX_TRIGGERS))
        .takes("includeFullUser", flag())
        .takes("includeFullSource", flag())
        .takes("ordered", flag())
        .into()
}

fn attempt() -> Schema {
    let event = object("").needs("id", id()).needs("type", any_text());
    object("A request to a receiver. Ours.")
        .needs("id", any_text())
        .needs("requestId", any_text().about("What the receiver saw as `webhook-id`; the same when it is sent again."))
        .needs("createdAt", time())
        .needs("durationMs", integer(0..=u64::from(u32::MAX)))
        .needs("outcome", word(["delivered", "refused", "failed"]))
        .has("status", integer(100..=599).about("What the receiver answered, if it did.").or_null())
        .has("reason", any_text().about("Why it was not taken.").or_null())
        .needs("events", list(event, 1..=100))
        .into()
}

fn dead_letter() -> Schema {
    object("An event that a receiver did not take. Ours.")
        .needs("id", id().about("The id of the event."))
        .needs("type", any_text())
        .needs("createdAt", time())
        .needs("tries", integer(0..=u64::from(u32::MAX)))
        .has("status", integer(100..=599).about("What the receiver answered last.").or_null())
        .has("reason", any_text().or_null())
        .needs("event", any_object().about("The event as it was sent."))
        .into()
}

fn dead_letter_replay() -> Schema {
    object("Which dead letters to send again; all where none is named. Ours.")
        .takes("ids", list(id(), 1..=MAX_REPLAYED))
        .into()
}
