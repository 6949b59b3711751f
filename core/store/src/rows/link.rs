//! Identities that shall become a user's.

use passerelle_model::content::Content;
use passerelle_model::id::{AppId, ClientId, ConversationId, IntegrationId, UserId};
use passerelle_model::people::{ClientStatus, Profile};
use passerelle_model::time::Timestamp;

use super::Client;

/// How a link is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// At once.
    Immediate,
    /// When the person writes on the channel.
    UserActivity,
    /// When the person says yes to the question that the message asks.
    Prompt,
}

/// A link that waits for the channel or for the person.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The id of the client that it becomes.
    pub id: ClientId,
    /// Whose.
    pub app: AppId,
    /// Whose the identity shall be.
    pub user: UserId,
    /// Through which integration.
    pub integration: IntegrationId,
    /// Type name of the channel.
    pub channel_type: String,
    /// The person's id on the channel.
    pub external_id: String,
    /// The conversation that it is linked to.
    pub conversation: ConversationId,
    /// How it is confirmed.
    pub confirmation: Confirmation,
    /// What the person is told; not part of the conversation.
    pub message: Option<Content>,
    /// Whether it becomes the channel that answers go to.
    pub is_primary: bool,
    /// Whether the channel knows the person.
    pub is_matched: bool,
    /// Tries to tell the person so far.
    pub attempts: u32,
    /// When it was asked for.
    pub created_at: Timestamp,
}

impl Link {
    /// The client as it is shown until it is one.
    pub fn pending(&self) -> Client {
        Client {
            id: self.id,
            user: self.user,
            integration: self.integration,
            channel_type: self.channel_type.clone(),
            external_id: self.external_id.clone(),
            address: self.external_id.clone(),
            conversation: self.conversation,
            status: ClientStatus::Pending,
            profile: Profile::default(),
            last_seen_at: self.created_at,
            created_at: self.created_at,
        }
    }
}
