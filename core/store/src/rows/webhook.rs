//! Webhooks of API clients, and what they have not taken yet.

use passerelle_model::id::{AppId, ConversationId, EventId, IntegrationId, WebhookId};
use passerelle_model::time::Timestamp;

use super::Secret;

/// A webhook of an API client.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// Which.
    pub id: WebhookId,
    /// Of which integration.
    pub integration: IntegrationId,
    /// Where to.
    pub target: String,
    /// What it wants to hear of.
    pub triggers: Vec<String>,
    /// Whether whole users are wanted.
    pub include_full_user: bool,
    /// Whether whole sources are wanted.
    pub include_full_source: bool,
    /// Whether a conversation's events must arrive one after the other.
    pub ordered: bool,
    /// Proves that we call.
    pub secret: Secret,
}

/// A webhook with what decides about what it hears.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    /// The webhook.
    pub webhook: Webhook,
    /// Whose.
    pub app: AppId,
    /// It hears what was committed after this cursor.
    pub since: i64,
}

/// An event for one webhook.
#[derive(Clone, Debug, PartialEq)]
pub struct NewNotice {
    /// For which webhook.
    pub webhook: WebhookId,
    /// Which event.
    pub event: EventId,
    /// Whose order it stands in.
    pub conversation: Option<ConversationId>,
    /// The event as the webhook wants it: JSON.
    pub body: String,
    /// When it is given up.
    pub give_up_at: Timestamp,
}

/// An event that waits for its receiver, or was given up.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Its row; rises in the order of the log.
    pub id: i64,
    /// Which event.
    pub event: EventId,
    /// Whose order it stands in.
    pub conversation: Option<ConversationId>,
    /// The event as the webhook wants it: JSON.
    pub body: String,
    /// Failed tries so far.
    pub tries: u32,
    /// When it is given up.
    pub give_up_at: Timestamp,
    /// What the receiver answered last.
    pub status: Option<u16>,
    /// Why it failed last.
    pub reason: Option<String>,
    /// When it was handed out.
    pub created_at: Timestamp,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq)]
pub struct NoticeFailure {
    /// When to try again; none gives up.
    pub next: Option<Timestamp>,
    /// What the receiver answered.
    pub status: Option<u16>,
    /// Why it failed.
    pub reason: String,
}
