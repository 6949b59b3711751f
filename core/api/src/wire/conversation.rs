//! Conversations and messages on the wire.

use passerelle_model::id::{AppId, IntegrationId, SwitchboardIntegrationId};
use passerelle_store::{Conversation, ConversationKind, Message, SeatRow, Store, StoreError};
use serde_json::{Map, Value, json};

use super::content::{self, MediaLinks, put};
use super::event::Telling;
use super::{extras, people, switchboard, time};
use crate::call::{Call, stored};
use crate::error::ApiError;

/// The seats of an app's switchboard, by which conversations say who is in control.
pub(crate) struct Seats(Vec<SeatRow>);

impl Seats {
    /// The seats of the caller's app; none where there is no enabled switchboard.
    pub(crate) async fn load(call: &Call) -> Result<Self, ApiError> {
        stored(Self::of(call.api.store(), call.app()?).await)
    }

    /// The seats of this app.
    pub(crate) async fn of(store: &Store, app: AppId) -> Result<Self, StoreError> {
        let boards = store.switchboards(app).await?;
        let Some(board) = boards.into_iter().find(|board| board.enabled) else { return Ok(Self(Vec::new())) };
        store.seats(app, board.id).await.map(Self)
    }

    /// The seat with this id, if it still exists.
    pub(crate) fn row(&self, id: SwitchboardIntegrationId) -> Option<&SeatRow> {
        self.0.iter().find(|seat| seat.id == id)
    }

    /// The seat of our agents: the first one with this type word where no integration sits.
    pub(crate) fn desk(&self, seat_type: &str) -> Option<&SeatRow> {
        self.0.iter().find(|seat| seat.integration.is_none() && seat.integration_type == seat_type)
    }

    /// The integrations that do not hear of this: they have a seat, and neither control nor an offer, and do not want to
    /// hear what others do. All others do, and everybody hears what is about no conversation.
    pub(crate) fn deaf(&self, telling: &Telling<'_>) -> Vec<IntegrationId> {
        if telling.conversation().is_none() {
            return Vec::new();
        }
        let (active, pending) = telling.control();
        let hears = |seat: &SeatRow| seat.deliver_standby_events || active == Some(seat.id) || pending == Some(seat.id);
        let seated = self.0.iter().filter_map(|seat| seat.integration);
        seated.filter(|own| !self.0.iter().any(|seat| seat.integration == Some(*own) && hears(seat))).collect()
    }

    fn find(&self, id: Option<SwitchboardIntegrationId>) -> Option<Value> {
        self.row(id?).map(switchboard::seat_in_conversation)
    }

    /// Adds who is in control and to whom it is offered.
    pub(crate) fn put(
        &self,
        shown: &mut Map<String, Value>,
        active: Option<SwitchboardIntegrationId>,
        pending: Option<SwitchboardIntegrationId>,
    ) {
        let held = [("activeSwitchboardIntegration", active), ("pendingSwitchboardIntegration", pending)];
        for (name, seat) in held {
            if let Some(seat) = self.find(seat) {
                shown.insert(name.to_owned(), seat);
            }
        }
    }
}

/// A conversation.
pub(crate) fn show(conversation: &Conversation, seats: &Seats) -> Value {
    let mut shown = Map::new();
    put(&mut shown, "id", Some(&conversation.id.to_string()));
    let kind = match conversation.kind {
        ConversationKind::Personal => "personal",
        ConversationKind::SdkGroup => "sdkGroup",
    };
    put(&mut shown, "type", Some(kind));
    shown.insert("isDefault".to_owned(), conversation.is_default.into());
    put(&mut shown, "displayName", conversation.display_name.as_deref());
    put(&mut shown, "description", conversation.description.as_deref());
    put(&mut shown, "iconUrl", conversation.icon_url.as_deref());
    shown.insert("metadata".to_owned(), people::metadata(&conversation.metadata));
    seats.put(&mut shown, conversation.active, conversation.pending);
    put(&mut shown, "businessLastRead", conversation.business_last_read.map(time::show).as_deref());
    put(&mut shown, "lastUpdatedAt", Some(&time::show(conversation.last_updated_at)));
    put(&mut shown, "createdAt", Some(&time::show(conversation.created_at)));
    shown.into()
}

/// A message. `seq` is an extra key of ours: the message's place in the conversation's one order.
pub(crate) fn message(message: &Message, links: MediaLinks<'_>) -> Value {
    let mut source = Map::new();
    put(&mut source, "type", Some(&message.source.kind));
    put(&mut source, "integrationId", message.source.integration.map(|id| id.to_string()).as_deref());
    put(&mut source, "originalMessageId", message.source.original_id.as_deref());
    put(&mut source, "originalMessageTimestamp", message.source.original_at.map(time::show).as_deref());
    let mut shown = json!({
        "id": message.id.to_string(),
        "received": time::show(message.received_at),
        "author": people::author(&message.author),
        "content": content::show(&message.content, links),
        "source": source,
        "seq": message.seq,
    });
    if !message.metadata.is_empty() {
        shown["metadata"] = people::metadata(&message.metadata);
    }
    extras::show(&message.extras, &mut shown);
    if message.deleted_at.is_some() {
        shown["deleted"] = true.into();
        // A placeholder: its place in the order is all that is left.
        if let Some(shown) = shown.as_object_mut() {
            shown.remove("content");
        }
    }
    shown
}

/// The message that another one answers.
pub(crate) fn quoted(answered: &Message, links: MediaLinks<'_>) -> Value {
    json!({ "type": "message", "message": message(answered, links) })
}
