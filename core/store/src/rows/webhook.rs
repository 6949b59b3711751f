//! Webhooks of API clients, and what they have not taken yet.

use std::time::Duration;

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

/// One request to a receiver, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Its row, which rises with time; zero before it is written.
    pub id: i64,
    /// What the receiver saw as `webhook-id`. A request that is sent again has the same one.
    pub request: String,
    /// The events that it carried, each with its type.
    pub events: Vec<(EventId, String)>,
    /// What came of it.
    pub outcome: AttemptOutcome,
    /// What the receiver answered, if it did.
    pub status: Option<u16>,
    /// Why it was not taken.
    pub reason: Option<String>,
    /// From its first byte to the end of the answer.
    pub took: Duration,
    /// When it began.
    pub at: Timestamp,
}

/// What came of a request to a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The receiver took it.
    Delivered,
    /// The receiver will never take it.
    Refused,
    /// Perhaps later.
    Failed,
}

impl AttemptOutcome {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}
