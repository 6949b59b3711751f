//! What a router is told and what it answers.

use crate::id::ConversationId;
use crate::metadata::Metadata;
use crate::time::Timestamp;

/// What is known when control reaches the agents.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Type name of the channel.
    pub channel_type: String,
    /// The user's language.
    pub locale: Option<String>,
    /// The conversation's tags.
    pub tags: Vec<String>,
    /// What bots captured and what came with the hand-over.
    pub fields: Metadata,
    /// The user's last words, at most 1000 characters.
    pub last_text: Option<String>,
    /// When the hand-over happened.
    pub at: Timestamp,
}

/// How urgent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Priority {
    /// Can wait.
    Low,
    /// As usual.
    #[default]
    Normal,
    /// Soon.
    High,
    /// Now.
    Urgent,
}

impl Priority {
    /// The word in events and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}

/// Who should take care.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Name of the queue.
    pub queue: String,
    /// Name of the group.
    pub group: Option<String>,
    /// Name of one agent.
    pub agent: Option<String>,
    /// How urgent.
    pub priority: Priority,
    /// Tags to add.
    pub tags: Vec<String>,
    /// Why, in words.
    pub reason: String,
}
