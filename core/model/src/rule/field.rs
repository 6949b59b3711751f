//! What conditions can look at, and how.

use super::RuleKind;
use crate::desk::{Priority, TicketStatus, TicketType, words};

/// Something about a ticket that a condition looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// Where it stands.
    Status,
    /// How urgent it is.
    Priority,
    /// What it is about.
    Type,
    /// Which group works on it.
    Group,
    /// Who works on it.
    Assignee,
    /// The customer.
    Requester,
    /// Its tags.
    Tags,
    /// The channel that it came by.
    Channel,
    /// Its form.
    Form,
    /// Its queue.
    Queue,
    /// A custom field: its number, or the name under which bots capture it.
    Custom(String),
    /// Words of its subject.
    Subject,
    /// Words of what was said just now.
    Comment,
    /// Whether what was said just now is public.
    CommentIsPublic,
    /// Whether it was made or changed just now.
    UpdateType,
    /// Who is in control of its conversation.
    Control,
    /// The customer's language.
    Locale,
    /// Hours since something happened to it.
    Since(Moment),
}

/// Something that happened to a ticket at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It got the status that it has, and that is this one.
    Status(TicketStatus),
    /// It was made.
    Created,
    /// It was changed last.
    Updated,
    /// It was given to the agent who has it.
    Assigned,
}

words! {
    /// How a condition compares.
    Operator {
        /// Is this.
        Is = "is",
        /// Is anything but this.
        IsNot = "is_not",
        /// Comes before this.
        LessThan = "less_than",
        /// Comes after this.
        GreaterThan = "greater_than",
        /// Has at least one of these.
        Includes = "includes",
        /// Has none of these.
        NotIncludes = "not_includes",
        /// Is known.
        Present = "present",
        /// Is not known.
        NotPresent = "not_present",
        /// Has become another just now.
        Changed = "changed",
        /// Is what it was before.
        NotChanged = "not_changed",
        /// Has become this just now.
        ChangedTo = "changed_to",
        /// Was this until just now.
        ChangedFrom = "changed_from",
        /// Has not become this just now.
        NotChangedTo = "not_changed_to",
        /// Was not this until just now.
        NotChangedFrom = "not_changed_from",
    }
}

use Operator::{
    Changed, ChangedFrom, ChangedTo, GreaterThan, Includes, Is, IsNot, LessThan, NotChanged, NotChangedFrom,
    NotChangedTo, NotIncludes, NotPresent, Present,
};

const CHANGES: &[Operator] = &[Changed, NotChanged, ChangedTo, ChangedFrom, NotChangedTo, NotChangedFrom];
const CUSTOM_FIELDS: &str = "custom_fields_";

impl Operator {
    /// What an operator's word means; the short words for changes are known, too.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "value" => Some(ChangedTo),
            "value_previous" => Some(ChangedFrom),
            "not_value" => Some(NotChangedTo),
            "not_value_previous" => Some(NotChangedFrom),
            other => Self::of(other),
        }
    }

    /// Whether it compares with a value.
    pub const fn needs_value(self) -> bool {
        !matches!(self, Present | NotPresent | Changed | NotChanged)
    }

    /// Whether it compares with what was before.
    pub const fn is_change(self) -> bool {
        matches!(self, Changed | NotChanged | ChangedTo | ChangedFrom | NotChangedTo | NotChangedFrom)
    }
}

impl Field {
    /// What a field's word means.
    pub fn parse(word: &str) -> Option<Self> {
        let known = Self::plain().find(|field| field.word() == word);
        known.or_else(|| match word {
            "channel" => Some(Self::Channel),
            _ => {
                let key = word.strip_prefix(CUSTOM_FIELDS)?;
                (1..=128).contains(&key.chars().count()).then(|| Self::Custom(key.to_owned()))
            }
        })
    }

    /// Every field but the custom ones.
    pub fn plain() -> impl Iterator<Item = Self> {
        let moments = [Moment::Created, Moment::Updated, Moment::Assigned].map(Self::Since);
        let statuses = TicketStatus::ALL.iter().map(|status| Self::Since(Moment::Status(*status)));
        [
            Self::Status,
            Self::Priority,
            Self::Type,
            Self::Group,
            Self::Assignee,
            Self::Requester,
            Self::Tags,
            Self::Channel,
            Self::Form,
            Self::Queue,
            Self::Subject,
            Self::Comment,
            Self::CommentIsPublic,
            Self::UpdateType,
            Self::Control,
            Self::Locale,
        ]
        .into_iter()
        .chain(moments)
        .chain(statuses)
    }

    /// The word in conditions.
    pub fn word(&self) -> String {
        let word = match self {
            Self::Status => "status",
            Self::Priority => "priority",
            Self::Type => "type",
            Self::Group => "group_id",
            Self::Assignee => "assignee_id",
            Self::Requester => "requester_id",
            Self::Tags => "current_tags",
            Self::Channel => "via_id",
            Self::Form => "ticket_form_id",
            Self::Queue => "queue",
            Self::Custom(key) => return format!("{CUSTOM_FIELDS}{key}"),
            Self::Subject => "subject_includes_word",
            Self::Comment => "comment_includes_word",
            Self::CommentIsPublic => "comment_is_public",
            Self::UpdateType => "update_type",
            Self::Control => "conversation_control",
            Self::Locale => "requester_locale",
            Self::Since(Moment::Status(status)) => return status.as_str().to_uppercase(),
            Self::Since(Moment::Created) => "created_at",
            Self::Since(Moment::Updated) => "updated_at",
            Self::Since(Moment::Assigned) => "assigned_at",
        };
        word.to_owned()
    }

    /// How it can be compared in rules of this kind; not at all where the list is empty.
    pub fn operators(&self, kind: RuleKind) -> Vec<Operator> {
        let now: &[Operator] = match self {
            Self::Status => &[Is, IsNot, LessThan, GreaterThan],
            Self::Priority => &[Is, IsNot, LessThan, GreaterThan, Present, NotPresent],
            Self::Type | Self::Group | Self::Assignee | Self::Form | Self::Queue => &[Is, IsNot, Present, NotPresent],
            Self::Requester | Self::Channel | Self::Control | Self::Locale => &[Is, IsNot],
            Self::Tags => &[Includes, NotIncludes, Present, NotPresent],
            Self::Custom(_) => &[Is, IsNot, LessThan, GreaterThan, Includes, NotIncludes, Present, NotPresent],
            Self::Subject | Self::Comment => &[Includes, NotIncludes, Is, IsNot],
            Self::CommentIsPublic | Self::UpdateType => &[Is],
            Self::Since(_) => &[Is, LessThan, GreaterThan],
        };
        let is_timed = matches!(self, Self::Since(_));
        let is_momentary = matches!(self, Self::Comment | Self::CommentIsPublic | Self::UpdateType);
        match kind {
            RuleKind::Macro => Vec::new(),
            RuleKind::View | RuleKind::Automation if is_momentary => Vec::new(),
            RuleKind::Trigger if is_timed => Vec::new(),
            RuleKind::Queue if is_timed || is_momentary || *self == Self::Queue => Vec::new(),
            RuleKind::Trigger if self.can_change() => now.iter().chain(CHANGES).copied().collect(),
            RuleKind::Trigger if *self == Self::Tags => now.iter().chain(&[Changed, NotChanged]).copied().collect(),
            _ => now.to_vec(),
        }
    }

    /// Whether it is one value that an update can replace.
    const fn can_change(&self) -> bool {
        matches!(
            self,
            Self::Status
                | Self::Priority
                | Self::Type
                | Self::Group
                | Self::Assignee
                | Self::Form
                | Self::Queue
                | Self::Custom(_)
        )
    }

    /// The words that its value can be; none where it is anything else.
    pub fn choices(&self) -> Option<Vec<&'static str>> {
        let words = match self {
            Self::Status => TicketStatus::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Priority => Priority::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Type => TicketType::ALL.iter().map(|word| word.as_str()).collect(),
            Self::CommentIsPublic => vec!["true", "false"],
            Self::UpdateType => vec!["Create", "Change"],
            Self::Control => vec!["desk", "bot", "none"],
            _ => return None,
        };
        Some(words)
    }

    /// Whether an empty value means that there is none.
    pub(super) const fn may_be_none(&self) -> bool {
        matches!(
            self,
            Self::Priority | Self::Type | Self::Group | Self::Assignee | Self::Form | Self::Queue | Self::Custom(_)
        )
    }
}
