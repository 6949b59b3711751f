//! What an event keeps of things that may be gone when it is told: enough to name them, and nothing private.

use serde::{Deserialize, Serialize};

use crate::id::{ClientId, ConversationId, IntegrationId, SwitchboardIntegrationId, UserId};
use crate::metadata::Metadata;
use crate::people::ClientStatus;
use crate::time::Timestamp;

/// A conversation as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationSnapshot {
    /// Which.
    pub id: ConversationId,
    /// Whose it was; none for a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// Whether it is a group.
    pub is_group: bool,
    /// Facts of the business.
    pub metadata: Metadata,
    /// Who was in control.
    pub active: Option<SwitchboardIntegrationId>,
    /// To whom control was offered.
    pub pending: Option<SwitchboardIntegrationId>,
}

/// A user, without anything private: whoever wants more reads the user while it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserSnapshot {
    /// Which.
    pub id: UserId,
    /// The business's own id.
    pub external_id: Option<String>,
    /// Whether the user has proved who it is.
    #[serde(default)]
    pub authenticated: bool,
}

/// An identity on a channel as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientSnapshot {
    /// Which.
    pub id: ClientId,
    /// Through which integration.
    pub integration: Option<IntegrationId>,
    /// Type name of the channel.
    pub channel_type: String,
    /// The person's id on the channel.
    pub external_id: Option<String>,
    /// Name to show.
    pub display_name: Option<String>,
    /// Its state.
    pub status: ClientStatus,
    /// When it was linked.
    pub linked_at: Option<Timestamp>,
    /// When the person was last heard of.
    pub last_seen_at: Option<Timestamp>,
}

/// Two things of which one stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair<T> {
    /// What stays.
    pub surviving: T,
    /// What is gone.
    pub discarded: T,
}

/// Two users who became one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Merge {
    /// Who stays and who is gone.
    pub users: Pair<UserSnapshot>,
    /// Conversations that became one.
    pub conversations: Option<Pair<ConversationSnapshot>>,
    /// Clients that became one.
    pub clients: Option<Pair<ClientSnapshot>>,
    /// What was known of the one who is gone and is not kept.
    pub discarded_metadata: Metadata,
    /// Why: `api`, `channelLinking` or `sdkLogin`.
    pub reason: String,
}

/// What went wrong, for programs and for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// A word.
    pub code: String,
    /// A sentence.
    pub message: String,
}
