//! The log of a conversation: everything that changed it, in one dense order.

use serde::{Deserialize, Serialize};

use crate::delivery::RejectionKind;
use crate::id::{
    ClientId, ConversationId, DeliveryId, EventId, IntegrationId, MessageId, SwitchboardIntegrationId, UserId,
};
use crate::inbound::Activity;
use crate::metadata::Metadata;
use crate::time::Timestamp;

/// One entry of a conversation's log.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Unique and sorted by creation.
    pub id: EventId,
    /// Whose log it is.
    pub conversation: ConversationId,
    /// 1, 2, 3 … within the conversation, without a gap.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
}

/// What happened. The stored form is tagged with `type`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum EventKind {
    /// The conversation began.
    ConversationCreated {
        /// Whose it is.
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
    /// The user pressed a postback button.
    Postback {
        /// Who.
        user: UserId,
        /// The payload of the button.
        payload: String,
        /// Its text.
        text: Option<String>,
    },
    /// A read mark. Typing is passing and is not logged.
    Read {
        /// Who read; the business when absent.
        user: Option<UserId>,
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
    },
    /// A switchboard action that could not be done.
    ControlFailed {
        /// Which: `passControl`, `offerControl`, `acceptControl`.
        action: String,
        /// A word such as `switchboard_invalid_target`.
        code: String,
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
        /// Whether the vendor says that it was read.
        read: bool,
    },
    /// A message will not arrive, or nobody knows.
    DeliveryFailed {
        /// Which message.
        message: MessageId,
        /// Which way out.
        delivery: DeliveryId,
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
    /// A passing sign worth telling live readers; never stored.
    #[serde(skip)]
    ActivityShown {
        /// Who; the business when absent.
        user: Option<UserId>,
        /// What.
        activity: Activity,
    },
}
