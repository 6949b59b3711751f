//! What the tables hold, as the rest of the house sees it: ids and times of the model, no SQL.

mod conversation;
mod desk;
mod integration;
mod link;
mod mail;
mod media;
mod oauth;
mod once;
mod parked;
mod people;
mod removal;
mod rules;
mod search;
mod switchboard;
mod tenant;
mod webhook;
mod widget;
mod work;

pub use conversation::{Conversation, ConversationKind, Message, MessageSource, Participant, Routing, StoredEvent};
pub use desk::{
    Agent, AgentGroup, AgentSession, AgentToken, Audit, AuditEvent, AuditLog, Availability, CallFacts, Candidate,
    Comment, Membership, NewComment, NumberPage, Offer, OneTime, Person, Said, Ticket, TicketFilter,
};
pub use integration::{Integration, IntegrationFilter, IntegrationStatus, PluginInstallation};
pub use link::{Confirmation, Link};
pub use mail::{Mail, MailIn, MailState, NewMail};
pub use media::{MediaAccess, MediaFile};
pub use oauth::{Digest, OauthClient, OauthCode, OauthGrant};
pub use once::{Once, Repeat};
pub use parked::Parked;
pub use people::{Client, Device, User};
pub use removal::{Removal, RemovalTarget};
pub use rules::{
    AgentStatus, ContentItem, FieldKind, FieldOption, Queue, Rule, Saying, Shortcut, TicketField, TicketForm, Variant,
};
pub use search::{
    Search, SearchHit, SearchKind, SearchOrder, SearchPerson, SearchPlace, SearchRole, SearchTerm, SearchTest,
};
pub use switchboard::{SeatRow, SwitchboardRow};
pub use tenant::{App, Key, KeyScope, Secret};
pub use webhook::{Attempt, AttemptOutcome, NewNotice, Notice, NoticeFailure, Subscription, Webhook};
pub use widget::{InboxEntry, WidgetDevice, WidgetLabels, WidgetPage, WidgetSession};
pub use work::{Counts, Delivery, DeliveryFilter, DueDelivery, DueTurn, RawInbound, RawState, TurnTrigger};

use passerelle_model::id::RawId;

/// A part of a list. `after` and `before` exclude the record they name and exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Records after this one, in the list's own order.
    pub after: Option<RawId>,
    /// Records before this one: the nearest ones, still in the list's own order.
    pub before: Option<RawId>,
    /// 1 to 100.
    pub size: u32,
}

impl Page {
    /// The first page with so many records.
    pub const fn first(size: u32) -> Self {
        Self { after: None, before: None, size }
    }
}

/// A page and whether there is more in the direction of reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Paged<T> {
    /// The records, in the list's own order.
    pub rows: Vec<T>,
    /// Whether the list goes on behind this page (before it, when `before` was asked).
    pub has_more: bool,
}
