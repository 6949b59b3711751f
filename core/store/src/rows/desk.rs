//! The desk: agents and how they come in, groups, tickets with what was said and done on them, offers.

use passerelle_model::desk::{
    AgentStatusId, AuditId, AvailabilityStatus, CommentId, GroupId, MembershipId, OfferId, OfferState, PersonId,
    Priority, QueueId, Role, SessionId, TicketFormId, TicketId, TicketStatus, TicketType, TokenId,
};
use passerelle_model::id::{AppId, ConversationId, MessageId, UserId};
use passerelle_model::metadata::Metadata;
use passerelle_model::rule::RuleKind;
use passerelle_model::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Digest, Secret};

/// Somebody with a number at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Which.
    pub id: PersonId,
    /// Whose.
    pub app: AppId,
    /// The end user; none for agents.
    pub user: Option<UserId>,
}

/// An agent.
#[derive(Clone, Debug, PartialEq)]
pub struct Agent {
    /// Which.
    pub id: PersonId,
    /// Of which app.
    pub app: AppId,
    /// Signs in with it; unique in the house.
    pub email: String,
    /// The name that customers see.
    pub name: String,
    /// What the agent may do.
    pub role: Role,
    /// An argon2id hash in its text form.
    pub password: Secret,
    /// Tickets that the agent may have at once.
    pub capacity: u32,
    /// False for one who has left.
    pub active: bool,
    /// The language that the agent reads, BCP 47.
    pub locale: Option<String>,
    /// Whether signing in needs a one-time code.
    pub two_factor: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
}

/// What an agent's one-time codes are made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTime {
    /// In base32.
    pub secret: Secret,
    /// Whether the agent has shown a code, so that signing in needs one.
    pub confirmed: bool,
    /// The last time step whose code was used.
    pub step: u64,
}

/// Something that was done to the desk itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLog {
    /// Which; what the store gave.
    pub id: i64,
    /// In which app.
    pub app: AppId,
    /// Who; none where the house did it.
    pub actor: Option<PersonId>,
    /// `create`, `update`, `destroy`, `login` …
    pub action: String,
    /// What kind of thing, such as `user`.
    pub source_type: String,
    /// Which, where it has a number.
    pub source_id: Option<i64>,
    /// What it is called.
    pub source_label: String,
    /// What changed, in words.
    pub description: String,
    /// From which address.
    pub address: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// A browser in which an agent has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentSession {
    /// Which.
    pub id: SessionId,
    /// Of its token, which is kept nowhere.
    pub digest: Digest,
    /// Whose.
    pub agent: PersonId,
    /// What the browser says of itself, at most 200 characters.
    pub browser: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last heard of, to the minute.
    pub last_seen_at: Timestamp,
}

/// A token with which a program comes in as an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentToken {
    /// Which.
    pub id: TokenId,
    /// Whose.
    pub agent: PersonId,
    /// What it is for.
    pub description: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A group of agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentGroup {
    /// Which.
    pub id: GroupId,
    /// Of which app.
    pub app: AppId,
    /// Unique in the app.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
}

/// An agent's place in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Which.
    pub id: MembershipId,
    /// Who.
    pub agent: PersonId,
    /// In which group.
    pub group: GroupId,
    /// Since when.
    pub created_at: Timestamp,
}

/// A ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticket {
    /// Which; what the store gave.
    pub id: TicketId,
    /// Whose.
    pub app: AppId,
    /// One line, at most 150 characters.
    pub subject: String,
    /// Where it stands.
    pub status: TicketStatus,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// What it is about.
    pub kind: Option<TicketType>,
    /// The customer.
    pub requester: PersonId,
    /// Who made it.
    pub submitter: PersonId,
    /// Who works on it.
    pub assignee: Option<PersonId>,
    /// Which group works on it.
    pub group: Option<GroupId>,
    /// In the order in which they came.
    pub tags: Vec<String>,
    /// Custom fields.
    pub fields: Metadata,
    /// The channel that it came by.
    pub via: String,
    /// The form that it shows; the app's default one where it has none.
    pub form: Option<TicketFormId>,
    /// The queue that it came into when it began to wait.
    pub queue: Option<QueueId>,
    /// What is talked about; none for a ticket that somebody wrote down.
    pub conversation: Option<ConversationId>,
    /// The closed ticket that it goes on from.
    pub follow_up_of: Option<TicketId>,
    /// Since when it waits for an agent.
    pub queued_at: Option<Timestamp>,
    /// When it got the status that it has. The store notes it.
    pub status_at: Timestamp,
    /// When it was given to the agent who has it. The store notes it.
    pub assigned_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
}

/// What was said on a ticket: a message of its conversation, or a text of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// Which.
    pub id: CommentId,
    /// On which ticket.
    pub ticket: TicketId,
    /// Who; none for bots.
    pub author: Option<PersonId>,
    /// Whether the customer sees it.
    pub public: bool,
    /// The message.
    pub message: Option<MessageId>,
    /// The text.
    pub body: Option<String>,
    /// How it came to be: `web`, `email`, `voice`.
    pub via: String,
    /// The call that it is about.
    pub call: Option<CallFacts>,
    /// When.
    pub created_at: Timestamp,
}

/// The facts of a call. The stored form is JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallFacts {
    /// The number that was called, as people write it.
    pub phone: String,
    /// How long it took, in seconds.
    pub duration_seconds: Option<u64>,
}

/// A comment to write.
#[derive(Clone, Debug, PartialEq)]
pub struct NewComment {
    /// On which ticket.
    pub ticket: TicketId,
    /// Who; none for bots.
    pub author: Option<PersonId>,
    /// Whether the customer sees it.
    pub public: bool,
    /// What is said.
    pub said: Said,
}

/// What a comment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// What a message of the conversation says.
    Message(MessageId),
    /// This.
    Text(String),
    /// Files of the app, by their handles, and words that may be none.
    Files {
        /// The words.
        text: String,
        /// The handles.
        files: Vec<String>,
    },
}

/// One line of an audit. The stored form is JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum AuditEvent {
    /// A field had this from the beginning.
    Create {
        /// Which.
        field_name: String,
        /// What.
        value: Option<String>,
    },
    /// A field has become another.
    Change {
        /// Which.
        field_name: String,
        /// What it is.
        value: Option<String>,
        /// What it was.
        previous_value: Option<String>,
    },
    /// Something was said.
    Comment {
        /// Where it stands.
        comment: CommentId,
        /// Whether the customer sees it.
        public: bool,
    },
    /// A rule of the house did what stands beside it, or was stopped.
    Rule {
        /// The number of the rule, or of the queue.
        rule: i64,
        /// What it is called.
        title: String,
        /// What it is.
        kind: RuleKind,
        /// Why, in words.
        reason: String,
    },
    /// An agent was offered the ticket, or answered.
    Offer {
        /// To whom.
        agent: PersonId,
        /// What became of it.
        state: OfferState,
        /// Why, in words.
        reason: String,
    },
}

/// What was done to a ticket at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Which.
    pub id: AuditId,
    /// Of which ticket.
    pub ticket: TicketId,
    /// Who; none for bots, routers and rules.
    pub author: Option<PersonId>,
    /// What.
    pub events: Vec<AuditEvent>,
    /// When.
    pub created_at: Timestamp,
}

/// An offer of a ticket: a lease on the question whether the agent takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub id: OfferId,
    /// What.
    pub ticket: TicketId,
    /// To whom.
    pub agent: PersonId,
    /// Where it stands.
    pub state: OfferState,
    /// Why this agent, in words.
    pub reason: String,
    /// When it runs out.
    pub until: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Whether an agent can be offered tickets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Availability {
    /// Whose.
    pub agent: PersonId,
    /// What the agent said, or what became of it.
    pub status: AvailabilityStatus,
    /// Which of the app's own statuses, where the agent chose one.
    pub custom: Option<AgentStatusId>,
    /// Why, where the house changed it.
    pub reason: Option<String>,
    /// Since when.
    pub since: Timestamp,
}

/// What the choice of an agent for a ticket needs to know of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub agent: PersonId,
    /// Whether tickets can be offered.
    pub status: AvailabilityStatus,
    /// Since when the status holds.
    pub since: Timestamp,
    /// Tickets that the agent may have at once.
    pub capacity: u32,
    /// Tickets that the agent has, and those that are offered right now.
    pub load: u32,
    /// The groups that the agent is in.
    pub groups: Vec<GroupId>,
    /// When the agent last let this ticket pass.
    pub passed_at: Option<Timestamp>,
}

/// Which tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// Only of this requester.
    pub requester: Option<PersonId>,
    /// Only of this assignee.
    pub assignee: Option<PersonId>,
}

/// A part of a list of numbered things, the oldest first. `after` and `before` exclude the thing they name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberPage {
    /// Things after this one.
    pub after: Option<i64>,
    /// Things before this one: the nearest ones.
    pub before: Option<i64>,
    /// 1 to 100.
    pub size: u32,
}
