//! Station 4, record: makes what came in part of its conversation, in one transaction per request.
//!
//! The only station that writes what users said. Knows nothing of plugins or the network.

use std::sync::Arc;

use passerelle_model::content::Content;
use passerelle_model::event::{EventKind, EventSource};
use passerelle_model::id::{IdSource, MessageId, RawInboundId};
use passerelle_model::inbound::{Activity, InboundEvent, InboundKind, InboundMessage, ReceiptStatus};
use passerelle_model::masking::mask_content;
use passerelle_model::metadata::Metadata;
use passerelle_model::people::{Author, ClientStatus, Profile};
use passerelle_model::time::Timestamp;
use passerelle_store::{Conversation, DueTurn, KvEntry, MediaFile, Message, MessageSource, RawState, StoreError, Tx};

use crate::control::Hands;
use crate::directory::{Directory, Entry};
use crate::gateway::Inner;
use crate::insist::insist;
use crate::normalize::{self, Normalized};
use crate::publish::Sign;
use crate::resolve::{Resolved, resolve};
use crate::turn;

/// Where events came from, and what is written down when they are recorded.
pub(crate) enum Origin {
    /// A request of the vendor.
    Request { raw: RawInboundId, tries: u32, received_at: Timestamp },
    /// A poll, which goes on from this cursor.
    Poll { cursor: String },
}

/// What was recorded and what follows from it. Made here alone.
pub(crate) struct Recorded {
    turns: Vec<DueTurn>,
    signs: Vec<Sign>,
}

/// What the writer said to a job, with the job, so that it can be done again. Made here alone.
pub(crate) struct Submitted {
    job: Arc<Recording>,
    outcome: Result<Recorded, StoreError>,
}

impl Submitted {
    /// The same, unless it could not be recorded.
    pub(crate) fn checked(mut self) -> Result<Self, StoreError> {
        let outcome = std::mem::replace(&mut self.outcome, Err(StoreError::Closed));
        outcome.map(|recorded| Self { outcome: Ok(recorded), ..self })
    }
}

/// Hands the request to the writer; order is kept by the order of these calls.
pub(crate) fn submit(inner: &Arc<Inner>, normalized: Normalized) -> impl Future<Output = Submitted> + use<> {
    let (inner, now) = (Arc::clone(inner), inner.clock.now());
    let job = Arc::new(Recording {
        directory: inner.book.now(),
        ids: Arc::clone(&inner.ids),
        now,
        entry: normalized.entry,
        events: normalized.events,
        files: normalized.files,
        kv: normalized.kv,
        origin: normalized.origin,
    });
    async move {
        let outcome = job.write(&inner).await;
        Submitted { job, outcome }
    }
}

/// Brings the bot turns on their way. Called in the order of arrival: what the database did not take is done again here,
/// before anything that came later is handed on.
pub(crate) async fn hand_on(inner: &Arc<Inner>, submitted: Submitted) {
    inner.failpoint.hit("after-record");
    let Submitted { job, outcome } = submitted;
    let outcome = match outcome {
        Err(error) if error.is_passing() => insist("events of a channel", || job.write(inner)).await,
        ended => ended,
    };
    match outcome {
        Ok(recorded) => {
            recorded.signs.into_iter().for_each(|sign| inner.show(sign));
            for due in recorded.turns {
                turn::push(inner, due).await;
            }
        }
        Err(error) => {
            if let Origin::Request { raw, tries, .. } = job.origin {
                let reason = format!("its events could not be recorded: {error}");
                normalize::failed(inner, raw, job.entry.row.id, tries + 1, &reason).await;
            }
        }
    }
}

struct Recording {
    directory: Arc<Directory>,
    ids: Arc<IdSource>,
    now: Timestamp,
    entry: Arc<Entry>,
    events: Vec<InboundEvent>,
    files: Vec<MediaFile>,
    kv: Vec<KvEntry>,
    origin: Origin,
}

impl Recording {
    async fn write(self: &Arc<Self>, inner: &Inner) -> Result<Recorded, StoreError> {
        let job = Arc::clone(self);
        inner.store.write(move |tx| Box::pin(async move { job.run(tx).await })).await
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Recorded, StoreError> {
        let mut signs = Vec::new();
        for file in &self.files {
            tx.insert_media(file, self.now);
        }
        for event in &self.events {
            self.record(tx, event, &mut signs).await?;
        }
        tx.put_kv(self.entry.row.id, &self.kv);
        match &self.origin {
            Origin::Request { raw, tries, received_at } => tx.set_raw(*raw, RawState::Done, *tries, *received_at, None),
            Origin::Poll { cursor } => tx.set_poll_cursor(self.entry.row.id, cursor, self.now),
        }
        tx.finish().await?;
        Ok(Recorded { turns: tx.take_turns(), signs })
    }

    async fn record(&self, tx: &mut Tx<'_>, event: &InboundEvent, signs: &mut Vec<Sign>) -> Result<(), StoreError> {
        let channel_type = self.channel_type();
        let Some(mut resolved) = resolve(tx, &self.ids, &self.entry.row, channel_type, event, self.now).await? else {
            return Ok(());
        };
        let hands = Hands::new(&self.directory, self.entry.row.app, &self.ids, self.now);
        let source = self.source(&resolved);
        if resolved.is_new {
            // Somebody is in control before the beginning is told, so that it says who.
            self.take_up(tx, &hands, &mut resolved).await?;
            let (user, reason) = (Some(resolved.user.id), "message".to_owned());
            let source = source.clone();
            hands.append(tx, &resolved.conversation, EventKind::ConversationCreated { user, reason, source });
        }
        let occurred_at = event.occurred_at;
        match &event.kind {
            InboundKind::Message(message) => self.message(tx, &hands, &mut resolved, message, occurred_at).await?,
            InboundKind::Edited(message) => self.edited(tx, &hands, &resolved, message).await?,
            InboundKind::Deleted(name) => {
                if let Some((message, conversation)) = self.named(tx, &resolved, name).await? {
                    tx.delete_message(message, self.now);
                    hands.append(tx, &conversation, EventKind::MessageDeleted { message });
                }
            }
            InboundKind::Postback { payload, text, message } => {
                self.take_up(tx, &hands, &mut resolved).await?;
                if self.directory.settings(self.entry.row.app).echo_postback {
                    let label = self.label(tx, &resolved, payload, text.as_deref(), message.as_deref()).await?;
                    self.echo(tx, &resolved, label, payload, occurred_at);
                }
                let kind = EventKind::Postback {
                    user: resolved.user.id,
                    payload: payload.clone(),
                    text: text.clone(),
                    metadata: Metadata::default(),
                    source,
                };
                hands.append(tx, &resolved.conversation, kind);
                hands.turn_for_event(tx, &resolved.conversation);
            }
            InboundKind::Activity(activity) => self.activity(tx, &hands, &resolved, *activity, signs),
            InboundKind::Receipt { message, status } => self.receipt(tx, &hands, &resolved, message, status).await?,
            InboundKind::Reachable(reachable) => {
                let status = if *reachable { ClientStatus::Active } else { ClientStatus::Blocked };
                tx.set_client_status(resolved.client.id, status);
                let kind = EventKind::ClientReachable { client: resolved.client.id, reachable: *reachable };
                hands.append(tx, &resolved.conversation, kind);
            }
            InboundKind::Other(name) => {
                tracing::debug!(integration = %self.entry.row.id, name, "an event of no interest")
            }
        }
        Ok(())
    }

    async fn message(
        &self,
        tx: &mut Tx<'_>,
        hands: &Hands<'_>,
        resolved: &mut Resolved,
        message: &InboundMessage,
        occurred_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.take_up(tx, hands, resolved).await?;
        let conversation = resolved.conversation.id;
        let in_reply_to = match &message.in_reply_to {
            Some(name) => tx.message_named(conversation, self.entry.row.id, name).await?,
            None => None,
        };
        let recorded = Message {
            metadata: message.metadata.clone(),
            in_reply_to,
            ..self.said(resolved, self.kept(&message.content), Some(message.id.clone()), occurred_at)
        };
        tx.append_message(self.entry.row.app, self.ids.next(self.now), &recorded);
        tx.name_message(conversation, self.entry.row.id, &message.id, recorded.id);
        hands.turn_for_event(tx, &resolved.conversation);
        Ok(())
    }

    /// A message of the user with this content.
    fn said(
        &self,
        resolved: &Resolved,
        content: Content,
        original_id: Option<String>,
        original_at: Option<Timestamp>,
    ) -> Message {
        Message {
            id: self.ids.next(self.now),
            conversation: resolved.conversation.id,
            seq: 0,
            author: Author::User { user_id: resolved.user.id, display_name: display_name(&resolved.user.profile) },
            content,
            extras: Default::default(),
            source: MessageSource {
                kind: self.channel_type().to_owned(),
                integration: Some(self.entry.row.id),
                client: Some(resolved.client.id),
                original_id,
                original_at,
            },
            metadata: Metadata::default(),
            in_reply_to: None,
            received_at: self.now,
            edited_at: None,
            deleted_at: None,
        }
    }

    /// What is stored of a content.
    fn kept(&self, content: &Content) -> Content {
        let mut content = content.clone();
        if self.directory.settings(self.entry.row.app).mask_credit_card_numbers {
            mask_content(&mut content);
        }
        content
    }

    /// The pressed button as a message of the user. A bot is called for the press, and not for this once more.
    fn echo(&self, tx: &mut Tx<'_>, resolved: &Resolved, label: String, payload: &str, occurred_at: Option<Timestamp>) {
        let content = Content::Text { text: label, actions: Vec::new(), payload: Some(payload.to_owned()) };
        let message = self.said(resolved, content, None, occurred_at);
        tx.append_message(self.entry.row.app, self.ids.next(self.now), &message);
    }

    /// What stands on a pressed button: as the channel tells it, or as the message with the button has it. Its payload
    /// where nobody knows.
    async fn label(
        &self,
        tx: &mut Tx<'_>,
        resolved: &Resolved,
        payload: &str,
        told: Option<&str>,
        message: Option<&str>,
    ) -> Result<String, StoreError> {
        if let Some(text) = told {
            return Ok(text.to_owned());
        }
        let conversation = resolved.conversation.id;
        let named = match message {
            Some(name) => tx.message_named(conversation, self.entry.row.id, name).await?,
            None => None,
        };
        let asked = match named {
            Some(id) => tx.message(conversation, id).await?,
            None => None,
        };
        let found = asked.as_ref().and_then(|asked| asked.content.postback_label(payload));
        Ok(found.unwrap_or(payload).to_owned())
    }

    /// The user turns to us: the channel becomes the one to answer on, and somebody must be in control.
    async fn take_up(&self, tx: &mut Tx<'_>, hands: &Hands<'_>, resolved: &mut Resolved) -> Result<(), StoreError> {
        if resolved.conversation.channel_type.as_deref() != Some(self.channel_type()) {
            resolved.conversation.channel_type = Some(self.channel_type().to_owned());
            tx.update_conversation(&resolved.conversation);
        }
        hands.begin(tx, &mut resolved.conversation, self.entry.row.default_responder, resolved.is_new).await
    }

    async fn edited(
        &self,
        tx: &mut Tx<'_>,
        hands: &Hands<'_>,
        resolved: &Resolved,
        message: &InboundMessage,
    ) -> Result<(), StoreError> {
        // An edit of a message that we never saw has nothing to change.
        if let Some((known, conversation)) = self.named(tx, resolved, &message.id).await? {
            tx.edit_message(self.entry.row.app, known, &self.kept(&message.content), self.now);
            hands.append(tx, &conversation, EventKind::MessageEdited { message: known });
        }
        Ok(())
    }

    /// The message that the vendor calls so, with its conversation: the one that the channel writes to, or one that a
    /// merged user brought along.
    async fn named(
        &self,
        tx: &mut Tx<'_>,
        resolved: &Resolved,
        name: &str,
    ) -> Result<Option<(MessageId, Conversation)>, StoreError> {
        let (here, integration) = (&resolved.conversation, self.entry.row.id);
        if let Some(message) = tx.message_named(here.id, integration, name).await? {
            return Ok(Some((message, here.clone())));
        }
        let Some((message, there)) = tx.message_named_anywhere(resolved.user.id, integration, name).await? else {
            return Ok(None);
        };
        Ok(tx.conversation(here.app, there).await?.map(|conversation| (message, conversation)))
    }

    fn activity(
        &self,
        tx: &mut Tx<'_>,
        hands: &Hands<'_>,
        resolved: &Resolved,
        activity: Activity,
        signs: &mut Vec<Sign>,
    ) {
        let (conversation, user, source) = (resolved.conversation.id, resolved.user.id, self.source(resolved));
        if activity == Activity::Read {
            tx.mark_read(conversation, user, self.now);
            hands.append(tx, &resolved.conversation, EventKind::Read { user: Some(user), source });
        } else {
            let app = resolved.conversation.app;
            signs.push(Sign { app, conversation, user: Some(user), activity, source });
        }
    }

    async fn receipt(
        &self,
        tx: &mut Tx<'_>,
        hands: &Hands<'_>,
        resolved: &Resolved,
        name: &str,
        status: &ReceiptStatus,
    ) -> Result<(), StoreError> {
        let Some((message, conversation)) = self.named(tx, resolved, name).await? else { return Ok(()) };
        let integration = Some(self.entry.row.id);
        let reached =
            |read| EventKind::DeliveredToUser { message, integration, external_ids: vec![name.to_owned()], read };
        let kind = match status {
            ReceiptStatus::Delivered => reached(false),
            ReceiptStatus::Read => reached(true),
            ReceiptStatus::Failed(reason) => {
                let Some(delivery) = tx.delivery_of(message).await? else { return Ok(()) };
                let reason = reason.clone();
                EventKind::DeliveryFailed { message, delivery, integration, kind: None, uncertain: false, reason }
            }
        };
        hands.append(tx, &conversation, kind);
        Ok(())
    }

    fn channel_type(&self) -> &str {
        &self.entry.row.kind
    }

    fn source(&self, resolved: &Resolved) -> EventSource {
        EventSource {
            kind: self.channel_type().to_owned(),
            integration: Some(self.entry.row.id),
            client: Some(resolved.client.id),
        }
    }
}

/// The name to show beside a user's messages.
pub(crate) fn display_name(profile: &Profile) -> Option<String> {
    match (&profile.given_name, &profile.surname) {
        (Some(given), Some(surname)) => Some(format!("{given} {surname}")),
        (Some(name), None) | (None, Some(name)) => Some(name.clone()),
        (None, None) => profile.display_name.clone(),
    }
}
