//! The desk's words: agents, tickets, offers. The names and numbers are those of the agents' API.
//!
//! Rules on them stand in `core/desk`; what is kept of them, in the store.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Characters of a ticket's subject.
pub const MAX_SUBJECT: usize = 150;
/// Tags of one ticket.
pub const MAX_TAGS: usize = 64;
/// Characters of one tag.
pub const MAX_TAG: usize = 80;
/// Characters of an internal note.
pub const MAX_NOTE: usize = 16_384;
/// Agents who follow one ticket.
pub const MAX_FOLLOWERS: usize = 50;
/// Comments of one ticket.
pub const MAX_COMMENTS: u64 = 5000;

macro_rules! numbers {
    ($($(#[$doc:meta])+ $name:ident;)+) => {
        $(
            $(#[$doc])+
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            #[serde(transparent)]
            pub struct $name(pub i64);

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.fmt(f)
                }
            }

            impl FromStr for $name {
                type Err = std::num::ParseIntError;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    text.parse().map(Self)
                }
            }
        )+
    };
}

numbers! {
    /// Somebody at the desk's side of the house: an agent, or an end user as agents see one.
    PersonId;
    /// A group of agents.
    GroupId;
    /// An agent's place in a group.
    MembershipId;
    /// A ticket.
    TicketId;
    /// A comment on a ticket.
    CommentId;
    /// A record of what changed on a ticket.
    AuditId;
    /// An offer of a ticket to an agent.
    OfferId;
    /// An agent's session in a browser.
    SessionId;
    /// A program's token in the name of an agent.
    TokenId;
    /// A view, a macro, a trigger or an automation.
    RuleId;
    /// A field of tickets that the app has made.
    TicketFieldId;
    /// A form: which fields a ticket shows.
    TicketFormId;
    /// A queue.
    QueueId;
    /// A text that agents insert by its name.
    ShortcutId;
    /// A text with variants by language.
    ContentItemId;
    /// A status of agents that the app has made.
    AgentStatusId;
}

impl PersonId {
    /// What somebody is called of whom nothing is known.
    pub fn stand_in(self) -> String {
        format!("Visitor {self}")
    }
}

/// A word list with its texts, both ways.
macro_rules! words {
    ($(#[$doc:meta])+ $name:ident { $($(#[$item:meta])+ $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$item])+ #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// What a word means.
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What somebody may do at the desk.
    Role {
        /// Works on tickets.
        Agent = "agent",
        /// Works on tickets and changes the desk.
        Admin = "admin",
    }
}

words! {
    /// Where a ticket stands.
    TicketStatus {
        /// Nobody has answered yet.
        New = "new",
        /// Somebody has it and owes an answer.
        Open = "open",
        /// The customer owes an answer.
        Pending = "pending",
        /// A third party owes an answer.
        Hold = "hold",
        /// Done, unless the customer writes again.
        Solved = "solved",
        /// Done for ever.
        Closed = "closed",
    }
}

words! {
    /// How urgent a ticket is; the least urgent first.
    Priority {
        /// It can wait.
        Low = "low",
        /// Like most.
        Normal = "normal",
        /// Before most.
        High = "high",
        /// Before all others.
        Urgent = "urgent",
    }
}

words! {
    /// What a ticket is about.
    TicketType {
        /// A problem that others may have too.
        Problem = "problem",
        /// One case of a problem.
        Incident = "incident",
        /// A question.
        Question = "question",
        /// Something to do.
        Task = "task",
    }
}

words! {
    /// Whether an agent can be offered tickets.
    AvailabilityStatus {
        /// No.
        Offline = "offline",
        /// Yes.
        Online = "online",
        /// Not of live channels.
        Away = "away",
        /// Only what a colleague hands over.
        TransfersOnly = "transfers_only",
    }
}

impl AvailabilityStatus {
    /// The number of the stock status in the agents' API.
    pub const fn number(self) -> u64 {
        match self {
            Self::Offline => 2,
            Self::Online => 3,
            Self::Away => 4,
            Self::TransfersOnly => 5,
        }
    }

    /// The stock status of this number.
    pub fn numbered(number: u64) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.number() == number)
    }
}

words! {
    /// Where an offer stands.
    OfferState {
        /// Waits for the agent.
        Open = "open",
        /// The agent took the ticket.
        Accepted = "accepted",
        /// The agent did not want it.
        Declined = "declined",
        /// The agent did not answer in time.
        TimedOut = "timed_out",
        /// Somebody else has the ticket, or it needs nobody any more.
        Withdrawn = "withdrawn",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for status in TicketStatus::ALL {
            assert_eq!(TicketStatus::of(status.as_str()), Some(*status));
        }
        for status in AvailabilityStatus::ALL {
            assert_eq!(AvailabilityStatus::numbered(status.number()), Some(*status));
        }
        assert_eq!(TicketStatus::of("done"), None);
        assert!(Priority::Low < Priority::Urgent);
    }
}
