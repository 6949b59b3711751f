//! What administrators make of the desk: rules, fields, forms, queues, and texts that agents use.

use passerelle_model::desk::{
    AgentStatusId, AvailabilityStatus, ContentItemId, GroupId, QueueId, RuleId, ShortcutId, TicketFieldId,
    TicketFormId, TicketId,
};
use passerelle_model::id::AppId;
use passerelle_model::rule::{Action, Conditions, Execution, Restriction, RuleKind};
use passerelle_model::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A view, a macro, a trigger or an automation.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Which; what the store gave.
    pub id: RuleId,
    /// Of which app.
    pub app: AppId,
    /// Which of the four.
    pub kind: RuleKind,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Whether it is in use.
    pub active: bool,
    /// Its place among the rules of its kind; the lowest comes first.
    pub position: i64,
    /// Who may use it; views and macros only.
    pub restriction: Restriction,
    /// When it is about a ticket; not of macros.
    pub conditions: Conditions,
    /// What it does; not of views.
    pub actions: Vec<Action>,
    /// How it shows tickets; views only.
    pub execution: Execution,
    /// How often it was used. The store counts.
    pub used: u64,
    /// When it was used last.
    pub used_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
}

impl Rule {
    /// A rule that is in use, for everybody, and does nothing yet.
    pub fn new(app: AppId, kind: RuleKind, title: &str, now: Timestamp) -> Self {
        Self {
            id: RuleId(0),
            app,
            kind,
            title: title.to_owned(),
            description: String::new(),
            active: true,
            position: 0,
            restriction: Restriction::Everybody,
            conditions: Conditions::default(),
            actions: Vec::new(),
            execution: Execution::default(),
            used: 0,
            used_at: None,
            created_at: now,
            updated_at: now,
        }
    }
}

/// What rules want said to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// Which.
    pub id: i64,
    /// In which app.
    pub app: AppId,
    /// On which ticket.
    pub ticket: TicketId,
    /// What.
    pub text: String,
    /// The rule's number.
    pub rule: RuleId,
    /// The rule's kind.
    pub kind: RuleKind,
    /// The rule's title.
    pub title: String,
    /// Since when it waits.
    pub created_at: Timestamp,
}

/// What kind of value a field of tickets has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    Textarea,
    /// True or false.
    Checkbox,
    /// A day: `2026-11-28`.
    Date,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// A text that fits a pattern.
    Regexp,
    /// One of its options.
    Tagger,
    /// Any of its options.
    Multiselect,
}

impl FieldKind {
    /// Every one, with its word.
    pub const ALL: &[(Self, &'static str)] = &[
        (Self::Text, "text"),
        (Self::Textarea, "textarea"),
        (Self::Checkbox, "checkbox"),
        (Self::Date, "date"),
        (Self::Integer, "integer"),
        (Self::Decimal, "decimal"),
        (Self::Regexp, "regexp"),
        (Self::Tagger, "tagger"),
        (Self::Multiselect, "multiselect"),
    ];

    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("text", |(_, word)| word)
    }

    /// What a word means.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }
}

/// Something that a field's value can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldOption {
    /// What agents read.
    pub name: String,
    /// What is kept; one word, unique in the field.
    pub value: String,
}

/// A field of tickets that the app has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketField {
    /// Which; what the store gave.
    pub id: TicketFieldId,
    /// Of which app.
    pub app: AppId,
    /// What kind of value it has.
    pub kind: FieldKind,
    /// What agents read.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The name under which bots capture it and tickets keep it; unique in the app, and never changed.
    pub key: String,
    /// What its value can be; of `Tagger` and `Multiselect`.
    pub options: Vec<FieldOption>,
    /// What its value fits; of `Regexp`.
    pub pattern: Option<String>,
    /// Whether a ticket needs it before it is solved.
    pub required: bool,
    /// Whether customers see it.
    pub visible_in_portal: bool,
    /// Whether customers may fill it in.
    pub editable_in_portal: bool,
    /// Whether it is in use.
    pub active: bool,
    /// Whether it may be removed.
    pub removable: bool,
    /// Its place; the lowest comes first.
    pub position: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
}

/// A form: which fields a ticket shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketForm {
    /// Which; what the store gave.
    pub id: TicketFormId,
    /// Of which app.
    pub app: AppId,
    /// Unique in the app.
    pub name: String,
    /// The fields, from top to bottom.
    pub fields: Vec<TicketFieldId>,
    /// Whether it is in use.
    pub active: bool,
    /// Whether tickets without a form show this one. At most one of an app is.
    pub is_default: bool,
    /// Its place; the lowest comes first.
    pub position: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
}

/// A queue: which groups a ticket is offered to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Which; what the store gave.
    pub id: QueueId,
    /// Of which app.
    pub app: AppId,
    /// Unique in the app.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Tickets of the queue with the highest number are offered first.
    pub priority: i64,
    /// Its place: a ticket comes into the first queue that is about it.
    pub position: i64,
    /// Which tickets it is about.
    pub conditions: Conditions,
    /// The groups that are asked first.
    pub primary_groups: Vec<GroupId>,
    /// The groups that are asked when nobody of the first ones can take the ticket.
    pub secondary_groups: Vec<GroupId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
}

/// A text that agents insert by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// Which; what the store gave.
    pub id: ShortcutId,
    /// Of which app.
    pub app: AppId,
    /// What is typed behind `/`; unique in the app.
    pub name: String,
    /// The text, perhaps with placeholders.
    pub message: String,
    /// Tags that a ticket gets with it.
    pub tags: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
}

/// What a text says in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Which language, BCP 47.
    pub locale: String,
    /// The text, perhaps with placeholders.
    pub content: String,
}

/// Dynamic content: a text with variants by language, said as `{{dc.name}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentItem {
    /// Which; what the store gave.
    pub id: ContentItemId,
    /// Of which app.
    pub app: AppId,
    /// Letters, digits, `_` and `-`; unique in the app.
    pub name: String,
    /// The language for customers of whose language there is no variant.
    pub default_locale: String,
    /// At least the one of the default language.
    pub variants: Vec<Variant>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
}

/// A status of agents that the app has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentStatus {
    /// Which; what the store gave, above the numbers of the stock statuses.
    pub id: AgentStatusId,
    /// Of which app.
    pub app: AppId,
    /// Unique in the app.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The stock status that it counts as.
    pub category: AvailabilityStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
}
