//! The short forms that events use.

use passerelle_model::delivery::RejectionKind;
use passerelle_model::event::EventSource;
use passerelle_model::snapshot::{ClientSnapshot, ConversationSnapshot, UserSnapshot};
use passerelle_store::Client;
use serde_json::{Map, Value, json};

use crate::wire::content::put;
use crate::wire::conversation::Seats;
use crate::wire::{closed, people, time};

/// Characters of the name of a client.
const MAX_NAME: usize = 128;

/// Which conversation, and who was in control.
pub(super) fn conversation(found: &ConversationSnapshot, seats: &Seats) -> Value {
    let mut shown = Map::new();
    put(&mut shown, "id", Some(&found.id.to_string()));
    put(&mut shown, "type", Some(if found.is_group { "sdkGroup" } else { "personal" }));
    if !found.metadata.is_empty() {
        shown.insert("metadata".to_owned(), people::metadata(&found.metadata));
    }
    seats.put(&mut shown, found.active, found.pending);
    shown.into()
}

/// Which user.
pub(super) fn user(user: &UserSnapshot) -> Value {
    let mut shown = Map::new();
    put(&mut shown, "id", Some(&user.id.to_string()));
    shown.insert("authenticated".to_owned(), user.authenticated.into());
    put(&mut shown, "externalId", user.external_id.as_deref());
    shown.into()
}

/// An identity as it was. Types outside the closed list are left out, and the channel stands in `info`.
pub(super) fn client(client: &ClientSnapshot) -> Value {
    let mut shown = Map::new();
    put(&mut shown, "id", Some(&client.id.to_string()));
    put(&mut shown, "status", Some(people::status(client.status)));
    put(&mut shown, "integrationId", client.integration.map(|id| id.to_string()).as_deref());
    put(&mut shown, "externalId", client.external_id.as_deref());
    let name: Option<String> = client.display_name.as_ref().map(|name| name.chars().take(MAX_NAME).collect());
    put(&mut shown, "displayName", name.as_deref());
    put(&mut shown, "lastSeen", client.last_seen_at.map(time::show).as_deref());
    put(&mut shown, "linkedAt", client.linked_at.map(time::show).as_deref());
    if closed::is_client_type(&client.channel_type) {
        put(&mut shown, "type", Some(&client.channel_type));
    } else {
        shown.insert("info".to_owned(), json!({ "channel": client.channel_type }));
    }
    shown.into()
}

/// Through what something came, with the identity where the reader wants it.
pub(super) fn source(source: &EventSource, whole: Option<&Client>) -> Value {
    let mut shown = Map::new();
    put(&mut shown, "type", Some(&source.kind));
    put(&mut shown, "integrationId", source.integration.map(|id| id.to_string()).as_deref());
    if let Some(client) = whole {
        shown.insert("client".to_owned(), people::client(client));
    }
    shown.into()
}

/// The code of a message that will not arrive.
pub(super) const fn failure_code(kind: Option<RejectionKind>) -> &'static str {
    match kind {
        Some(RejectionKind::RecipientGone) => "recipient_unavailable",
        Some(RejectionKind::Content) => "unsupported_content",
        Some(RejectionKind::WindowClosed) => "messaging_window_closed",
        Some(RejectionKind::Other) | None => "uncategorized_error",
    }
}

/// The API knows two codes for a switchboard action that could not be done.
pub(super) fn control_error(code: &str) -> Value {
    match code {
        "switchboard_invalid_target" => {
            json!({ "code": code, "message": "The switchboardIntegration is unknown, ambiguous or in control already" })
        }
        "switchboard_disabled" => {
            json!({ "code": "switchboard_invalid_action", "message": "The switchboard is not enabled" })
        }
        _ => json!({ "code": "switchboard_invalid_action", "message": "There is nothing to accept or to release" }),
    }
}

/// The API's reasons of a change of control; others are ours and stay inside.
pub(super) fn control_reason(reason: &str) -> Option<&'static str> {
    match reason {
        "ticket-closed" => Some("ticketClosed"),
        "transfer-to-email" => Some("transferToEmail"),
        _ => None,
    }
}
