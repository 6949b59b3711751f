//! Conversations, their members, messages and log.

use passerelle_model::content::Content;
use passerelle_model::event::Event;
use passerelle_model::extras::MessageExtras;
use passerelle_model::id::{
    AppId, ClientId, ConversationId, IntegrationId, MessageId, ParticipantId, SwitchboardIntegrationId, UserId,
};
use passerelle_model::metadata::Metadata;
use passerelle_model::people::Author;
use passerelle_model::snapshot::ConversationSnapshot;
use passerelle_model::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::User;

/// One user on any channel, or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConversationKind {
    /// Exactly one user.
    Personal,
    /// Any number of users, without channels of vendors.
    SdkGroup,
}

/// A conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    /// Which.
    pub id: ConversationId,
    /// Whose.
    pub app: AppId,
    /// Of what kind.
    pub kind: ConversationKind,
    /// The user of a personal conversation.
    pub user: Option<UserId>,
    /// Whether it is the user's first personal one, which channels use.
    pub is_default: bool,
    /// Name to show.
    pub display_name: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Picture.
    pub icon_url: Option<String>,
    /// Facts of the business.
    pub metadata: Metadata,
    /// Who is in control.
    pub active: Option<SwitchboardIntegrationId>,
    /// To whom control is offered.
    pub pending: Option<SwitchboardIntegrationId>,
    /// Rises with every change of control; a command under an older number is refused.
    pub control_epoch: u64,
    /// Number of the newest event.
    pub last_seq: u64,
    /// Type name of the channel that the user wrote from last.
    pub channel_type: Option<String>,
    /// Tags, in the order in which they came.
    pub tags: Vec<String>,
    /// Facts that bots captured for the ticket.
    pub fields: Metadata,
    /// What the router decided last.
    pub routing: Option<Routing>,
    /// When the business last read.
    pub business_last_read: Option<Timestamp>,
    /// When the last message came, or when it was made.
    pub last_updated_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Conversation {
    /// A user's first personal conversation, empty.
    pub fn personal(id: ConversationId, user: &User, now: Timestamp) -> Self {
        Self {
            kind: ConversationKind::Personal,
            user: Some(user.id),
            is_default: true,
            ..Self::group(id, user.app, now)
        }
    }

    /// A group, empty.
    pub fn group(id: ConversationId, app: AppId, now: Timestamp) -> Self {
        Self {
            id,
            app,
            kind: ConversationKind::SdkGroup,
            user: None,
            is_default: false,
            display_name: None,
            description: None,
            icon_url: None,
            metadata: Metadata::default(),
            active: None,
            pending: None,
            control_epoch: 0,
            last_seq: 0,
            channel_type: None,
            tags: Vec::new(),
            fields: Metadata::default(),
            routing: None,
            business_last_read: None,
            last_updated_at: now,
            created_at: now,
        }
    }

    /// What events keep of it.
    pub fn snapshot(&self) -> ConversationSnapshot {
        ConversationSnapshot {
            id: self.id,
            user: self.user,
            is_group: self.kind == ConversationKind::SdkGroup,
            metadata: self.metadata.clone(),
            active: self.active,
            pending: self.pending,
        }
    }
}

/// What the router decided, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Routing {
    /// Queue.
    pub queue: String,
    /// Group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// `low`, `normal`, `high` or `urgent`.
    pub priority: String,
    /// Why, in words.
    pub reason: String,
}

/// A user's membership.
#[derive(Clone, Debug, PartialEq)]
pub struct Participant {
    /// Which.
    pub id: ParticipantId,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Who.
    pub user: UserId,
    /// The business's own id of the user.
    pub user_external_id: Option<String>,
    /// Business messages since the user last read.
    pub unread_count: u64,
    /// When the user last read.
    pub last_read: Option<Timestamp>,
    /// The user's channels, most recent first: type name and client.
    pub clients: Vec<(String, ClientId)>,
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Which.
    pub id: MessageId,
    /// Where.
    pub conversation: ConversationId,
    /// Number of the event that added it.
    pub seq: u64,
    /// Who wrote it.
    pub author: Author,
    /// What it says. Of a deleted message nothing is left but an empty text.
    pub content: Content,
    /// Where it came from.
    pub source: MessageSource,
    /// What it says beside its content.
    pub extras: MessageExtras,
    /// Facts of the business.
    pub metadata: Metadata,
    /// The message that it answers.
    pub in_reply_to: Option<MessageId>,
    /// When we took it in.
    pub received_at: Timestamp,
    /// When its author changed it.
    pub edited_at: Option<Timestamp>,
    /// When it was taken back.
    pub deleted_at: Option<Timestamp>,
}

/// Where a message came from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MessageSource {
    /// The channel's type name, or `api:conversations`.
    pub kind: String,
    /// Through which integration.
    pub integration: Option<IntegrationId>,
    /// By which identity.
    pub client: Option<ClientId>,
    /// The vendor's id.
    pub original_id: Option<String>,
    /// The vendor's time.
    pub original_at: Option<Timestamp>,
}

/// An entry of the log with its place in the feed.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEvent {
    /// Rises by commit order over all conversations; a reader resumes after the last one it saw.
    pub cursor: i64,
    /// Whose.
    pub app: AppId,
    /// What.
    pub event: Event,
}
