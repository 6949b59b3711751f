//! The log: everything that changed a conversation, in one dense order, and what happened to an app's users and clients.

use serde::{Deserialize, Serialize};

use crate::delivery::RejectionKind;
use crate::desk::{AuditId, PersonId, TicketId};
use crate::id::{
    ClientId, ConversationId, DeliveryId, EventId, IntegrationId, MessageId, SwitchboardIntegrationId, UserId,
};
use crate::inbound::Activity;
use crate::metadata::Metadata;
use crate::snapshot::{ClientSnapshot, ConversationSnapshot, Fault, Merge, UserSnapshot};
use crate::time::Timestamp;

/// One entry of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Unique and sorted by creation.
    pub id: EventId,
    /// Where in which conversation; none for what happens to the app's users and clients, or to a conversation that is
    /// gone.
    pub place: Option<Place>,
    /// When it was recorded.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
}

impl Event {
    /// The conversation whose log it stands in.
    pub fn conversation(&self) -> Option<ConversationId> {
        self.place.map(|place| place.conversation)
    }
}

/// The place of an event in its conversation, and who held control right after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose log it is.
    pub conversation: ConversationId,
    /// 1, 2, 3 … within the conversation, without a gap.
    pub seq: u64,
    /// The seat in control.
    pub active: Option<SwitchboardIntegrationId>,
    /// The seat to which control was offered.
    pub pending: Option<SwitchboardIntegrationId>,
}

/// Through what something came in: a channel, or the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventSource {
    /// The channel's type name, or `api:conversations`.
    pub kind: String,
    /// Through which integration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integration: Option<IntegrationId>,
    /// By which identity of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
}

impl EventSource {
    /// What came by the API.
    pub const API: &str = "api:conversations";
}

impl Default for EventSource {
    fn default() -> Self {
        Self { kind: Self::API.into(), integration: None, client: None }
    }
}

/// How control came to a seat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Gained {
    /// Somebody passed it.
    #[default]
    Passed,
    /// The seat accepted an offer.
    Accepted,
    /// Nobody had it, so that the default seat took over. The API has no event for that.
    Defaulted,
}

/// What happened. The stored form is tagged with `type`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum EventKind {
    /// The conversation began.
    ConversationCreated {
        /// Whose it is; none for a group.
        user: Option<UserId>,
        /// Why: the API's `creationReason`.
        #[serde(default = "no_reason")]
        reason: String,
        /// Through what.
        #[serde(default)]
        source: EventSource,
    },
    /// The conversation is gone, with its log.
    ConversationRemoved {
        /// What it was.
        conversation: ConversationSnapshot,
    },
    /// A user became a member.
    ParticipantJoined {
        /// Who.
        user: UserId,
    },
    /// A user is no member any more.
    ParticipantLeft {
        /// Who.
        user: UserId,
    },
    /// A message became part of it.
    MessageAdded {
        /// Which.
        message: MessageId,
    },
    /// The user changed a message.
    MessageEdited {
        /// Which.
        message: MessageId,
    },
    /// A message was taken back.
    MessageDeleted {
        /// Which.
        message: MessageId,
    },
    /// Every message before this event was taken back.
    MessagesDeleted,
    /// The user pressed a postback button.
    Postback {
        /// Who.
        user: UserId,
        /// The payload of the button.
        payload: String,
        /// Its text.
        text: Option<String>,
        /// Facts of the button.
        #[serde(default)]
        metadata: Metadata,
        /// Through what.
        #[serde(default)]
        source: EventSource,
    },
    /// A read mark. Typing is passing and is not logged.
    Read {
        /// Who read; the business when absent.
        user: Option<UserId>,
        /// Through what.
        #[serde(default)]
        source: EventSource,
    },
    /// Control changed hands.
    ControlPassed {
        /// From whom.
        from: Option<SwitchboardIntegrationId>,
        /// To whom.
        to: SwitchboardIntegrationId,
        /// The new control epoch.
        epoch: u64,
        /// Why.
        reason: String,
        /// How.
        #[serde(default)]
        how: Gained,
        /// Facts for the receiver.
        metadata: Metadata,
    },
    /// Control was offered.
    ControlOffered {
        /// To whom.
        to: SwitchboardIntegrationId,
        /// Facts for the receiver.
        metadata: Metadata,
    },
    /// Control was let go.
    ControlReleased {
        /// By whom.
        from: Option<SwitchboardIntegrationId>,
        /// The new control epoch.
        epoch: u64,
        /// Why.
        reason: String,
        /// Facts for whoever is next.
        #[serde(default)]
        metadata: Metadata,
    },
    /// A switchboard action that could not be done.
    ControlFailed {
        /// Which: `passControl`, `offerControl`, `acceptControl`.
        action: String,
        /// A word such as `switchboard_invalid_target`.
        code: String,
        /// What came with the action.
        #[serde(default)]
        metadata: Metadata,
    },
    /// The router decided who should take care.
    Routed {
        /// Queue.
        queue: String,
        /// Group.
        group: Option<String>,
        /// Agent.
        agent: Option<String>,
        /// `low`, `normal`, `high` or `urgent`.
        priority: String,
        /// Tags it added.
        tags: Vec<String>,
        /// Why, in words.
        reason: String,
    },
    /// Tags were added.
    Tagged {
        /// Which.
        tags: Vec<String>,
    },
    /// Facts were captured for the ticket.
    FieldsCaptured {
        /// Which.
        fields: Metadata,
    },
    /// The vendor took a message.
    DeliveredToChannel {
        /// Which message.
        message: MessageId,
        /// Which way out.
        delivery: DeliveryId,
        /// By which integration.
        integration: IntegrationId,
        /// The vendor's ids.
        external_ids: Vec<String>,
        /// Whether nothing more will follow.
        is_final: bool,
    },
    /// A message reached the user.
    DeliveredToUser {
        /// Which message.
        message: MessageId,
        /// By which integration.
        #[serde(default)]
        integration: Option<IntegrationId>,
        /// The vendor's name of the message.
        #[serde(default)]
        external_ids: Vec<String>,
        /// Whether the vendor says that it was read.
        read: bool,
    },
    /// A message will not arrive, or nobody knows.
    DeliveryFailed {
        /// Which message.
        message: MessageId,
        /// Which way out.
        delivery: DeliveryId,
        /// By which integration.
        #[serde(default)]
        integration: Option<IntegrationId>,
        /// What kind of refusal; none where it is uncertain.
        kind: Option<RejectionKind>,
        /// Whether it may have arrived all the same.
        uncertain: bool,
        /// Why.
        reason: String,
    },
    /// A client was blocked or became reachable again.
    ClientReachable {
        /// Which.
        client: ClientId,
        /// Whether it can be reached.
        reachable: bool,
    },
    /// A plugin failed on an event of this conversation; the event is parked until somebody acts.
    PluginFault {
        /// Which plugin.
        plugin: String,
        /// The event that it failed on.
        seq: u64,
        /// What stopped it.
        fault: String,
    },
    /// A passing sign of somebody who types. Told to whoever listens and never stored.
    #[serde(skip)]
    TypingShown {
        /// Who; the business when absent.
        user: Option<UserId>,
        /// What.
        activity: Activity,
        /// Through what.
        source: EventSource,
    },
    /// A user's standing changed.
    UserUpdated {
        /// Who.
        user: UserSnapshot,
        /// Why: `authentication` or `localeDetection`.
        reason: String,
        /// Through what.
        source: EventSource,
    },
    /// A user is gone, with everything that was the user's.
    UserRemoved {
        /// Who it was.
        user: UserSnapshot,
    },
    /// Two users turned out to be one person.
    UserMerged(Box<Merge>),
    /// A user has one more identity on a channel.
    ClientAdded {
        /// Which.
        client: ClientSnapshot,
        /// Whose.
        user: UserSnapshot,
        /// The conversation that it is linked to.
        conversation: Option<ConversationId>,
        /// Why: `channelLinking`, `sdkLogin` or `authCode`.
        reason: String,
        /// Through what.
        source: EventSource,
    },
    /// Something was done to a ticket.
    TicketChanged {
        /// Which.
        ticket: TicketId,
        /// What was done.
        audit: AuditId,
    },
    /// An agent can be offered tickets from now on, or not.
    AvailabilityChanged {
        /// Who.
        agent: PersonId,
    },
    /// An identity changed its state.
    ClientUpdated {
        /// Which.
        client: ClientSnapshot,
        /// Whose.
        user: UserSnapshot,
        /// The conversation that it is linked to.
        conversation: Option<ConversationId>,
        /// Why: `confirmed` or `matched`. Blocked and unblocked stand in the conversation's log
        /// ([`Self::ClientReachable`]).
        reason: String,
    },
    /// A user lost an identity.
    ClientRemoved {
        /// Which.
        client: ClientSnapshot,
        /// Whose.
        user: UserSnapshot,
        /// The conversation that it was linked to.
        conversation: Option<ConversationId>,
        /// Why: `api`, `linkCancelled`, `linkFailed` or `theft`.
        reason: String,
        /// What went wrong with a link.
        error: Option<Fault>,
        /// Through what.
        source: EventSource,
    },
}

fn no_reason() -> String {
    "none".into()
}
