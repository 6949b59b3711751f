//! Events on the wire: `{id, type, createdAt, payload}`, the same for webhooks and for the live stream.
//!
//! A [`Teller`] belongs to one app. It reads what an event is about ([`Teller::read`]), once, and the [`Telling`] is then
//! shown in as much detail as each reader asked for. What has no trigger in the API is told by
//! the live stream only, if at all; what is gone when it is told, is not told. The log names the moment (who held control right after it); names, profiles and contents are those of now.

mod parts;
mod show;
#[cfg(test)]
mod tests;

use passerelle_model::event::{Event, EventKind, EventSource, Gained, Place};
use passerelle_model::id::{AppId, ClientId, ConversationId, EventId, SwitchboardIntegrationId, UserId};
use passerelle_model::inbound::Activity;
use passerelle_model::people::Author;
use passerelle_model::time::Timestamp;
use passerelle_pipeline::Links;
use passerelle_pipeline::Sign;
use passerelle_store::{Client, Conversation, Message, Page, Store, StoreError, StoredEvent, User};

use super::conversation::Seats;

/// Every trigger that a webhook may ask for.
pub(crate) const TRIGGERS: &[&str] = &[
    "conversation:create",
    "conversation:join",
    "conversation:leave",
    "conversation:remove",
    "conversation:message",
    "conversation:message:delivery:channel",
    "conversation:message:delivery:user",
    "conversation:message:delivery:failure",
    "conversation:postback",
    "conversation:read",
    "conversation:typing",
    "conversation:referral",
    "switchboard:passControl",
    "switchboard:passControl:failure",
    "switchboard:offerControl",
    "switchboard:offerControl:failure",
    "switchboard:acceptControl",
    "switchboard:acceptControl:failure",
    "switchboard:releaseControl",
    "client:add",
    "client:update",
    "client:remove",
    "user:merge",
    "user:update",
    "user:remove",
];

/// What the live stream tells beside the triggers, in words of ours: the API has no webhooks for them.
pub(crate) const LIVE_WORDS: &[&str] =
    &["conversation:message:edit", "conversation:message:delete", "conversation:messages:delete"];

/// What the live stream calls what happened; none for what it does not tell.
fn live_word(kind: &EventKind) -> Option<&'static str> {
    match kind {
        EventKind::MessageEdited { .. } => Some("conversation:message:edit"),
        EventKind::MessageDeleted { .. } => Some("conversation:message:delete"),
        EventKind::MessagesDeleted => Some("conversation:messages:delete"),
        others => trigger(others),
    }
}

/// The trigger of what happened; none for what the API does not tell.
pub(crate) fn trigger(kind: &EventKind) -> Option<&'static str> {
    match kind {
        EventKind::ConversationCreated { .. } => Some("conversation:create"),
        EventKind::ConversationRemoved { .. } => Some("conversation:remove"),
        EventKind::ParticipantJoined { .. } => Some("conversation:join"),
        EventKind::ParticipantLeft { .. } => Some("conversation:leave"),
        EventKind::MessageAdded { .. } => Some("conversation:message"),
        EventKind::Postback { .. } => Some("conversation:postback"),
        EventKind::Read { .. } => Some("conversation:read"),
        EventKind::TypingShown { .. } => Some("conversation:typing"),
        EventKind::ControlPassed { how: Gained::Passed, .. } => Some("switchboard:passControl"),
        EventKind::ControlPassed { how: Gained::Accepted, .. } => Some("switchboard:acceptControl"),
        EventKind::ControlOffered { .. } => Some("switchboard:offerControl"),
        EventKind::ControlReleased { .. } => Some("switchboard:releaseControl"),
        EventKind::ControlFailed { action, .. } => match action.as_str() {
            "passControl" => Some("switchboard:passControl:failure"),
            "offerControl" => Some("switchboard:offerControl:failure"),
            "acceptControl" => Some("switchboard:acceptControl:failure"),
            _ => None,
        },
        EventKind::DeliveredToChannel { .. } => Some("conversation:message:delivery:channel"),
        EventKind::DeliveredToUser { .. } => Some("conversation:message:delivery:user"),
        EventKind::DeliveryFailed { .. } => Some("conversation:message:delivery:failure"),
        EventKind::ClientAdded { .. } => Some("client:add"),
        EventKind::ClientUpdated { .. } | EventKind::ClientReachable { .. } => Some("client:update"),
        EventKind::ClientRemoved { .. } => Some("client:remove"),
        EventKind::UserMerged(_) => Some("user:merge"),
        EventKind::UserUpdated { .. } => Some("user:update"),
        EventKind::UserRemoved { .. } => Some("user:remove"),
        EventKind::ControlPassed { how: Gained::Defaulted, .. }
        | EventKind::MessageEdited { .. }
        | EventKind::MessageDeleted { .. }
        | EventKind::MessagesDeleted
        | EventKind::Routed { .. }
        | EventKind::Tagged { .. }
        | EventKind::FieldsCaptured { .. }
        | EventKind::TicketChanged { .. }
        | EventKind::AvailabilityChanged { .. }
        | EventKind::PluginFault { .. } => None,
    }
}

/// How much a reader wants to be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Detail {
    /// Whole users instead of who they are.
    pub(crate) full_user: bool,
    /// The user's identity on the channel beside the source.
    pub(crate) full_source: bool,
}

/// Tells the events of one app, with the seats as they were when it was made: make one for a batch, not for ever.
pub(crate) struct Teller<'a> {
    store: &'a Store,
    links: &'a Links,
    app: AppId,
    seats: Seats,
}

/// An event with everything that its payload needs.
pub(crate) struct Telling<'a> {
    teller: &'a Teller<'a>,
    event: Event,
    trigger: &'static str,
    conversation: Option<Conversation>,
    user: Option<User>,
    client: Option<Client>,
    message: Option<Message>,
    answered: Option<Message>,
    /// Earlier messages, for whoever control comes to and wants them.
    history: Vec<Message>,
    /// The type word of the integration that delivered.
    channel: Option<String>,
}

impl<'a> Teller<'a> {
    /// A teller for one app.
    pub(crate) async fn of(store: &'a Store, links: &'a Links, app: AppId) -> Result<Self, StoreError> {
        Ok(Self { store, links, app, seats: Seats::of(store, app).await? })
    }

    /// The seats of the app; none where there is no switchboard.
    pub(crate) fn seats(&self) -> &Seats {
        &self.seats
    }

    /// Reads what the event is about. None where there is nothing to tell.
    pub(crate) async fn read(&self, stored: &StoredEvent) -> Result<Option<Telling<'_>>, StoreError> {
        if stored.app != self.app {
            return Ok(None);
        }
        self.tell(stored.event.clone()).await
    }

    /// Reads what a passing sign is about. It is given an id and a time, because it has none.
    pub(crate) async fn sign(
        &self,
        sign: &Sign,
        id: EventId,
        at: Timestamp,
    ) -> Result<Option<Telling<'_>>, StoreError> {
        // That something was read is told by the log.
        if sign.app != self.app || sign.activity == Activity::Read {
            return Ok(None);
        }
        let Some(found) = self.store.conversation(self.app, sign.conversation).await? else { return Ok(None) };
        let (active, pending) = (found.active, found.pending);
        let place = Place { conversation: found.id, seq: found.last_seq, active, pending };
        let kind = EventKind::TypingShown { user: sign.user, activity: sign.activity, source: sign.source.clone() };
        self.tell(Event { id, place: Some(place), at, kind }).await
    }

    async fn tell(&self, event: Event) -> Result<Option<Telling<'_>>, StoreError> {
        let Some(trigger) = live_word(&event.kind) else { return Ok(None) };
        let conversation = match about(&event) {
            Some(id) => self.store.conversation(self.app, id).await?,
            None => None,
        };
        if event.place.is_some() && conversation.is_none() {
            // It was removed in the meantime, and that is told by an event of its own.
            return Ok(None);
        }
        let mut telling = Telling {
            teller: self,
            trigger,
            user: None,
            client: None,
            message: None,
            answered: None,
            history: Vec::new(),
            channel: None,
            conversation,
            event,
        };
        let is_whole = telling.read_message().await?;
        telling.read_people().await?;
        telling.read_channel().await?;
        telling.read_history().await?;
        Ok(is_whole.then_some(telling))
    }
}

impl Telling<'_> {
    /// What a webhook must ask for to hear it, or one of [`LIVE_WORDS`].
    pub(crate) fn trigger(&self) -> &'static str {
        self.trigger
    }

    /// The event's own id: the same however often it is told.
    pub(crate) fn id(&self) -> EventId {
        self.event.id
    }

    /// The conversation that it is about, also where that is gone.
    pub(crate) fn conversation(&self) -> Option<ConversationId> {
        about(&self.event).or(match &self.event.kind {
            EventKind::ConversationRemoved { conversation } => Some(conversation.id),
            _ => None,
        })
    }

    /// Whom it is about: the user that it names, or whose conversation it is.
    pub(crate) fn user(&self) -> Option<UserId> {
        self.user_id().or_else(|| self.conversation.as_ref()?.user)
    }

    /// Who held control right after it, and to whom it was offered.
    pub(crate) fn control(&self) -> (Option<SwitchboardIntegrationId>, Option<SwitchboardIntegrationId>) {
        match (&self.event.kind, self.event.place) {
            (EventKind::ConversationRemoved { conversation }, _) => (conversation.active, conversation.pending),
            (_, Some(place)) => (place.active, place.pending),
            _ => self.conversation.as_ref().map_or((None, None), |found| (found.active, found.pending)),
        }
    }

    /// False where the message is gone, so that nothing can be told of it.
    async fn read_message(&mut self) -> Result<bool, StoreError> {
        let (EventKind::MessageAdded { message } | EventKind::MessageEdited { message }, Some(found)) =
            (&self.event.kind, &self.conversation)
        else {
            return Ok(true);
        };
        let (store, app, conversation) = (self.teller.store, self.teller.app, found.id);
        self.message = store.message(app, conversation, *message).await?;
        if let Some(id) = self.message.as_ref().and_then(|message| message.in_reply_to) {
            self.answered = store.message(app, conversation, id).await?;
        }
        Ok(self.message.is_some())
    }

    async fn read_people(&mut self) -> Result<(), StoreError> {
        let (store, app) = (self.teller.store, self.teller.app);
        if let Some(id) = self.client_id() {
            self.client = store.client(app, id).await?;
        }
        if let Some(id) = self.user_id() {
            self.user = store.user(app, id).await?;
        }
        Ok(())
    }

    async fn read_channel(&mut self) -> Result<(), StoreError> {
        let integration = match &self.event.kind {
            EventKind::DeliveredToChannel { integration, .. } => Some(*integration),
            EventKind::DeliveredToUser { integration, .. } | EventKind::DeliveryFailed { integration, .. } => {
                *integration
            }
            _ => None,
        };
        if let Some(id) = integration {
            self.channel = self.teller.store.integration(self.teller.app, id).await?.map(|found| found.kind);
        }
        Ok(())
    }

    async fn read_history(&mut self) -> Result<(), StoreError> {
        let (EventKind::ControlPassed { to, .. } | EventKind::ControlOffered { to, .. }) = &self.event.kind else {
            return Ok(());
        };
        let wanted = self.teller.seats.row(*to).and_then(|seat| seat.message_history_count);
        let (Some(count), Some(place)) = (wanted.filter(|count| *count > 0), self.event.place) else { return Ok(()) };
        let page = self.teller.store.messages(self.teller.app, place.conversation, Page::first(count.min(10))).await?;
        self.history = page.rows.into_iter().filter(|message| message.seq < place.seq).collect();
        Ok(())
    }

    fn source(&self) -> Option<&EventSource> {
        match &self.event.kind {
            EventKind::ConversationCreated { source, .. }
            | EventKind::Postback { source, .. }
            | EventKind::Read { source, .. }
            | EventKind::TypingShown { source, .. }
            | EventKind::UserUpdated { source, .. }
            | EventKind::ClientAdded { source, .. }
            | EventKind::ClientRemoved { source, .. } => Some(source),
            _ => None,
        }
    }

    fn client_id(&self) -> Option<ClientId> {
        match &self.event.kind {
            EventKind::ClientReachable { client, .. } => Some(*client),
            _ => self.message.as_ref().map_or_else(|| self.source()?.client, |message| message.source.client),
        }
    }

    /// The user that the payload shows.
    fn user_id(&self) -> Option<UserId> {
        match &self.event.kind {
            EventKind::ConversationCreated { user, .. }
            | EventKind::Read { user, .. }
            | EventKind::TypingShown { user, .. } => *user,
            EventKind::ParticipantJoined { user }
            | EventKind::ParticipantLeft { user }
            | EventKind::Postback { user, .. } => Some(*user),
            EventKind::MessageAdded { .. } | EventKind::MessageEdited { .. } => {
                match self.message.as_ref().map(|message| &message.author) {
                    Some(Author::User { user_id, .. }) => Some(*user_id),
                    _ => None,
                }
            }
            EventKind::DeliveredToChannel { .. }
            | EventKind::DeliveredToUser { .. }
            | EventKind::DeliveryFailed { .. } => self.conversation.as_ref().and_then(|found| found.user),
            EventKind::ClientReachable { .. } => self.client.as_ref().map(|client| client.user),
            EventKind::UserUpdated { user, .. }
            | EventKind::ClientAdded { user, .. }
            | EventKind::ClientUpdated { user, .. }
            | EventKind::ClientRemoved { user, .. } => Some(user.id),
            _ => None,
        }
    }
}

/// The conversation that an event is about and that may still be there.
fn about(event: &Event) -> Option<ConversationId> {
    match &event.kind {
        EventKind::ClientAdded { conversation, .. }
        | EventKind::ClientUpdated { conversation, .. }
        | EventKind::ClientRemoved { conversation, .. } => *conversation,
        _ => event.conversation(),
    }
}
