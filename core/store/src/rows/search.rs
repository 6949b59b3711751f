//! A question to the search, as the desk has understood it.

use passerelle_model::desk::{PersonId, Priority, Role, TicketStatus, TicketType};
use passerelle_model::time::Timestamp;

use super::{Agent, Ticket, User};

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// Only things of this kind.
    pub kind: Option<SearchKind>,
    /// All of these hold.
    pub terms: Vec<SearchTerm>,
    /// What it is sorted by.
    pub order: SearchOrder,
    /// Whether the first one comes first, and not the last.
    pub ascending: bool,
}

/// A kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchKind {
    /// Tickets.
    Ticket,
    /// End users and agents.
    User,
}

/// What results are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchOrder {
    /// When it was changed.
    #[default]
    Updated,
    /// When it was made.
    Created,
    /// How urgent it is.
    Priority,
    /// Where it stands.
    Status,
    /// What it is about.
    Type,
}

/// Something that holds, or that does not.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchTerm {
    /// Whether it must not hold.
    pub negated: bool,
    /// What.
    pub test: SearchTest,
}

/// Where words stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchPlace {
    /// Anywhere.
    Anywhere,
    /// In a ticket's subject.
    Subject,
    /// In what was said.
    Said,
}

/// Somebody's part in a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchRole {
    /// Works on it.
    Assignee,
    /// The customer.
    Requester,
    /// Made it.
    Submitter,
}

/// Somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchPerson {
    /// Nobody.
    Nobody,
    /// The one with this number.
    Number(PersonId),
    /// Those with this name or address.
    Named(String),
}

/// Something that can hold.
#[derive(Clone, Debug, PartialEq)]
pub enum SearchTest {
    /// These words stand there, one after the other.
    Words {
        /// Which.
        text: String,
        /// Whether the last one may go on.
        prefix: bool,
        /// Where.
        place: SearchPlace,
    },
    /// It has this number.
    Number(i64),
    /// It stands at one of these.
    Status(Vec<TicketStatus>),
    /// It is as urgent as one of these.
    Priority(Vec<Option<Priority>>),
    /// It is about this.
    Type(Option<TicketType>),
    /// It has this tag; none: it has no tags.
    Tag(Option<String>),
    /// Somebody has this part in it.
    Person(SearchRole, SearchPerson),
    /// A group with this name or number works on it; none: no group does.
    Group(Option<String>),
    /// It came by this channel.
    Via(String),
    /// A custom field has this value: the one of this name, or any.
    Field(Option<String>, String),
    /// It was made between these: from the first on, before the second.
    Created(Option<Timestamp>, Option<Timestamp>),
    /// It was changed between these.
    Updated(Option<Timestamp>, Option<Timestamp>),
    /// It was solved between these, and is.
    Solved(Option<Timestamp>, Option<Timestamp>),
    /// The user is an agent or an admin; none: an end user.
    Role(Option<Role>),
    /// Nothing does.
    Never,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq)]
pub enum SearchHit {
    /// A ticket.
    Ticket(Box<Ticket>),
    /// An end user.
    User(Box<User>),
    /// An agent.
    Agent(Box<Agent>),
}
