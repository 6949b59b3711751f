//! The payload of each kind of event.

use passerelle_model::content::Media;
use passerelle_model::event::{EventKind, EventSource};
use passerelle_model::id::{IntegrationId, MessageId, UserId};
use passerelle_model::inbound::Activity;
use passerelle_model::metadata::Metadata;
use passerelle_model::snapshot::{Merge, Pair, UserSnapshot};
use passerelle_store::Message;
use serde_json::{Map, Value, json};

use super::{Detail, Telling, parts};
use crate::wire::content::put;
use crate::wire::{conversation, people, time};

impl Telling<'_> {
    /// The event as this reader wants it. `seq` is an extra key of ours: the event's number in its conversation's log.
    pub(crate) fn show(&self, detail: Detail) -> Value {
        let mut shown = json!({
            "id": self.event.id.to_string(),
            "type": self.trigger,
            "createdAt": time::show(self.event.at),
            "payload": self.payload(detail),
        });
        let is_logged = !matches!(self.event.kind, EventKind::TypingShown { .. });
        if let Some(place) = self.event.place.filter(|_| is_logged) {
            shown["seq"] = place.seq.into();
        }
        shown
    }

    fn payload(&self, detail: Detail) -> Value {
        let mut payload = Map::new();
        if let Some(conversation) = self.show_conversation() {
            payload.insert("conversation".to_owned(), conversation);
        }
        match &self.event.kind {
            EventKind::ConversationCreated { reason, source, .. } => {
                put(&mut payload, "creationReason", Some(reason));
                payload.insert("source".to_owned(), self.show_source(source, detail));
                self.put_user(&mut payload, detail);
            }
            EventKind::ConversationRemoved { conversation } => {
                payload.insert("conversation".to_owned(), parts::conversation(conversation, self.teller.seats()));
            }
            EventKind::ParticipantJoined { .. } | EventKind::ParticipantLeft { .. } => {
                self.put_user(&mut payload, detail);
            }
            EventKind::MessageAdded { .. } | EventKind::MessageEdited { .. } => {
                payload.insert("message".to_owned(), self.show_message(detail));
            }
            EventKind::MessageDeleted { message } => {
                payload.insert("message".to_owned(), json!({ "id": message.to_string() }));
            }
            EventKind::Postback { payload: pressed, metadata, source, .. } => {
                let mut postback = json!({ "payload": pressed });
                put_metadata(&mut postback, metadata);
                payload.insert("postback".to_owned(), postback);
                payload.insert("source".to_owned(), self.show_source(source, detail));
                self.put_user(&mut payload, detail);
            }
            EventKind::Read { user, source } => {
                payload.insert("activity".to_owned(), self.activity("conversation:read", *user, source, detail));
            }
            EventKind::TypingShown { user, activity, source } => {
                let word = if *activity == Activity::TypingStop { "typing:stop" } else { "typing:start" };
                payload.insert("activity".to_owned(), self.activity(word, *user, source, detail));
            }
            EventKind::ControlPassed { reason, metadata, .. } | EventKind::ControlReleased { reason, metadata, .. } => {
                self.put_control(&mut payload, metadata);
                put(&mut payload, "reason", parts::control_reason(reason));
            }
            EventKind::ControlOffered { metadata, .. } => self.put_control(&mut payload, metadata),
            EventKind::ControlFailed { code, metadata, .. } => {
                payload.insert("error".to_owned(), parts::control_error(code));
                self.put_control(&mut payload, metadata);
            }
            EventKind::DeliveredToChannel { message, integration, external_ids, is_final, .. } => {
                self.put_delivery(&mut payload, *message, Some(*integration), external_ids, *is_final, detail);
            }
            EventKind::DeliveredToUser { message, integration, external_ids, .. } => {
                self.put_delivery(&mut payload, *message, *integration, external_ids, true, detail);
            }
            EventKind::DeliveryFailed { message, integration, kind, uncertain, reason, .. } => {
                self.put_delivery(&mut payload, *message, *integration, &[], true, detail);
                let error = json!({ "code": parts::failure_code(*kind), "message": reason, "uncertain": uncertain });
                payload.insert("error".to_owned(), error);
            }
            _ => self.put_people(&mut payload, detail),
        }
        payload.into()
    }

    /// What happened to users and clients.
    fn put_people(&self, payload: &mut Map<String, Value>, detail: Detail) {
        match &self.event.kind {
            EventKind::ClientReachable { reachable, .. } => {
                if let Some(client) = &self.client {
                    payload.insert("client".to_owned(), people::client(client));
                }
                self.put_user(payload, detail);
                put(payload, "reason", Some(if *reachable { "unblocked" } else { "blocked" }));
            }
            EventKind::ClientAdded { client, user, reason, source, .. } => {
                payload.insert("client".to_owned(), parts::client(client));
                self.put_known_user(payload, user, detail);
                put(payload, "reason", Some(reason));
                payload.insert("source".to_owned(), self.show_source(source, detail));
            }
            EventKind::ClientUpdated { client, user, reason, .. } => {
                payload.insert("client".to_owned(), parts::client(client));
                self.put_known_user(payload, user, detail);
                put(payload, "reason", Some(reason));
            }
            EventKind::ClientRemoved { client, user, reason, error, source, .. } => {
                payload.insert("client".to_owned(), parts::client(client));
                self.put_known_user(payload, user, detail);
                put(payload, "reason", Some(reason));
                if let Some(error) = error {
                    payload.insert("error".to_owned(), json!({ "code": error.code, "message": error.message }));
                }
                payload.insert("source".to_owned(), self.show_source(source, detail));
            }
            EventKind::UserUpdated { user, reason, source } => {
                self.put_known_user(payload, user, detail);
                put(payload, "reason", Some(reason));
                payload.insert("source".to_owned(), self.show_source(source, detail));
            }
            EventKind::UserRemoved { user } => {
                payload.insert("user".to_owned(), parts::user(user));
            }
            EventKind::UserMerged(merge) => self.put_merge(payload, merge),
            _ => {}
        }
    }

    fn put_merge(&self, payload: &mut Map<String, Value>, merge: &Merge) {
        payload.insert("mergedUsers".to_owned(), pair(&merge.users, parts::user));
        if let Some(conversations) = &merge.conversations {
            let show = |found: &_| parts::conversation(found, self.teller.seats());
            payload.insert("mergedConversations".to_owned(), pair(conversations, show));
        }
        if let Some(clients) = &merge.clients {
            payload.insert("mergedClients".to_owned(), pair(clients, parts::client));
        }
        if !merge.discarded_metadata.is_empty() {
            payload.insert("discardedMetadata".to_owned(), people::metadata(&merge.discarded_metadata));
        }
        put(payload, "reason", Some(&merge.reason));
    }

    /// The conversation with who held control right after the event.
    fn show_conversation(&self) -> Option<Value> {
        let mut found = self.conversation.as_ref()?.snapshot();
        (found.active, found.pending) = self.control();
        Some(parts::conversation(&found, self.teller.seats()))
    }

    fn show_user(&self, detail: Detail) -> Option<Value> {
        let user = self.user.as_ref()?;
        Some(if detail.full_user { people::user(user) } else { parts::user(&user.snapshot()) })
    }

    fn put_user(&self, payload: &mut Map<String, Value>, detail: Detail) {
        if let Some(user) = self.show_user(detail) {
            payload.insert("user".to_owned(), user);
        }
    }

    /// The user as it is now, or as it was when it is gone.
    fn put_known_user(&self, payload: &mut Map<String, Value>, known: &UserSnapshot, detail: Detail) {
        let shown = self.show_user(detail).unwrap_or_else(|| parts::user(known));
        payload.insert("user".to_owned(), shown);
    }

    fn show_source(&self, source: &EventSource, detail: Detail) -> Value {
        parts::source(source, self.client.as_ref().filter(|_| detail.full_source))
    }

    fn activity(&self, word: &str, user: Option<UserId>, source: &EventSource, detail: Detail) -> Value {
        let mut author = Map::new();
        put(&mut author, "type", Some(if user.is_some() { "user" } else { "business" }));
        put(&mut author, "userId", user.map(|id| id.to_string()).as_deref());
        self.put_user(&mut author, detail);
        json!({ "type": word, "source": self.show_source(source, detail), "author": author })
    }

    fn show_message(&self, detail: Detail) -> Value {
        let Some(message) = &self.message else { return Value::Null };
        let mut shown = self.plain_message(message);
        if let Some(answered) = &self.answered {
            shown["quotedMessage"] = json!({ "type": "message", "message": self.plain_message(answered) });
        }
        if let Some(user) = self.show_user(detail) {
            shown["author"]["user"] = user;
        }
        if let Some(client) = self.client.as_ref().filter(|_| detail.full_source) {
            shown["source"]["client"] = people::client(client);
        }
        shown
    }

    fn plain_message(&self, message: &Message) -> Value {
        let link = |media: &Media| self.teller.links.of(self.teller.app, media);
        conversation::message(message, &link)
    }

    /// What came with a change of control. `messageHistory` is a key of ours: the messages that the target asked for.
    fn put_control(&self, payload: &mut Map<String, Value>, metadata: &Metadata) {
        if !metadata.is_empty() {
            payload.insert("metadata".to_owned(), people::metadata(metadata));
        }
        if !self.history.is_empty() {
            let shown: Vec<Value> = self.history.iter().map(|message| self.plain_message(message)).collect();
            payload.insert("messageHistory".to_owned(), shown.into());
        }
    }

    fn put_delivery(
        &self,
        payload: &mut Map<String, Value>,
        message: MessageId,
        integration: Option<IntegrationId>,
        external_ids: &[String],
        is_final: bool,
        detail: Detail,
    ) {
        self.put_user(payload, detail);
        payload.insert("message".to_owned(), json!({ "id": message.to_string() }));
        let mut destination = Map::new();
        let last = self.conversation.as_ref().and_then(|found| found.channel_type.as_deref());
        put(&mut destination, "type", self.channel.as_deref().or(last).or(Some("none")));
        put(&mut destination, "integrationId", integration.map(|id| id.to_string()).as_deref());
        payload.insert("destination".to_owned(), destination.into());
        if !external_ids.is_empty() {
            let ids: Vec<Value> = external_ids.iter().map(|id| json!({ "id": id })).collect();
            payload.insert("externalMessages".to_owned(), ids.into());
        }
        payload.insert("isFinalEvent".to_owned(), is_final.into());
    }
}

fn put_metadata(shown: &mut Value, metadata: &Metadata) {
    if !metadata.is_empty() {
        shown["metadata"] = people::metadata(metadata);
    }
}

fn pair<T>(pair: &Pair<T>, show: impl Fn(&T) -> Value) -> Value {
    json!({ "surviving": show(&pair.surviving), "discarded": show(&pair.discarded) })
}
