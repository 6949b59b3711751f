//! The `webhooks` of the document: what receivers are sent, one entry per trigger.

use serde_json::{Map, Value, json};

use super::schema::named;
use super::schemas::{TOLD, Told};

/// One entry per trigger.
pub(super) fn webhooks() -> Map<String, Value> {
    TOLD.iter().map(|told| (told.trigger.to_owned(), json!({ "post": request(told) }))).collect()
}

fn request(told: &Told) -> Value {
    let (request, event): (Value, Value) = (named("WebhookRequest").into(), named(told.name).into());
    let schema = json!({ "allOf": [request, { "properties": { "events": { "contains": event } } }] });
    json!({
        "summary": format!("`{}`", told.trigger),
        "description": "Sent to webhooks that ask for this trigger, at least once. A request may hold events of other \
                        triggers, too.",
        "parameters": [
            header("X-API-Key", "The webhook's secret."),
            header("webhook-id", "Names the request; the same in every try."),
            header("webhook-timestamp", "Seconds since 1970."),
            header("webhook-signature", "`v1,` and the signature of Standard Webhooks."),
        ],
        "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } },
        "responses": {
            "2XX": { "description": "Taken." },
            "default": { "description": "Not taken. It is sent again where that may help." },
        },
        "security": [],
    })
}

fn header(name: &str, about: &str) -> Value {
    json!({ "name": name, "in": "header", "required": true, "description": about, "schema": { "type": "string" } })
}
