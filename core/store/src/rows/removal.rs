//! What is on its way out.

use passerelle_model::id::{AppId, ConversationId, UserId};

/// A removal that is under way: gone for everybody, while its rows are cleared away in batches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Its place in the queue.
    pub id: i64,
    /// Whose.
    pub app: AppId,
    /// What.
    pub target: RemovalTarget,
    /// The external id that a user had.
    pub external_id: Option<String>,
}

/// What is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemovalTarget {
    /// A conversation with its messages and its log.
    Conversation(ConversationId),
    /// A user with clients, personal conversations and devices.
    User(UserId),
    /// An app with everything.
    App(AppId),
}
