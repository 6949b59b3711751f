//! Business rules: conditions on a ticket and actions on it, as administrators write them down.
//!
//! `field` says what a condition can look at, `condition` and `action` parse what was written into what can be carried out,
//! `facts` holds what is known of a ticket, `evaluate` says whether conditions hold and why. Everything here is pure: how a
//! view is counted stands in the store, how a rule is carried out in the desk.

mod action;
mod condition;
mod evaluate;
mod facts;
mod field;

pub use action::{Action, Deed, Target};
pub use condition::{Condition, Conditions, Plan, Test};
pub use evaluate::{HOUR_MICROS, Verdict};
pub use facts::{Controller, Facts, FieldKeys, Look, Remark, Update, Viewer, fold, shown};
pub use field::{Field, Moment, Operator};

use serde::{Deserialize, Serialize};

use crate::desk::{GroupId, PersonId, words};

/// Characters of a rule's title.
pub const MAX_TITLE: usize = 255;
/// Characters of a rule's description.
pub const MAX_DESCRIPTION: usize = 1000;
/// Conditions of one rule, those of both lists together.
pub const MAX_CONDITIONS: usize = 50;
/// Actions of one rule.
pub const MAX_ACTIONS: usize = 50;
/// Rules of one kind in an app.
pub const MAX_RULES: usize = 500;
/// Characters of a condition's value.
pub const MAX_VALUE: usize = 1000;
/// Characters of what an action says.
pub const MAX_SAYING: usize = 4096;

words! {
    /// What a rule is for.
    RuleKind {
        /// Lists tickets.
        View = "view",
        /// Changes a ticket when an agent asks for it.
        Macro = "macro",
        /// Changes a ticket when something happened to it.
        Trigger = "trigger",
        /// Changes a ticket when time has passed.
        Automation = "automation",
        /// Chooses the groups that a ticket is offered to.
        Queue = "queue",
    }
}

/// Something in a rule that does not fit, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{place}` {reason}")]
pub struct RuleFault {
    /// Where, such as `conditions.all[1].operator`.
    pub place: String,
    /// What would be right.
    pub reason: String,
}

impl RuleFault {
    /// A fault at this place.
    pub fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { place: place.into(), reason: reason.into() }
    }
}

/// Refuses a title that is empty or too long.
pub fn check_title(title: &str) -> Result<(), RuleFault> {
    let fits = (1..=MAX_TITLE).contains(&title.trim().chars().count());
    fits.then_some(()).ok_or_else(|| RuleFault::new("title", format!("needs 1 to {MAX_TITLE} characters")))
}

words! {
    /// What a view shows of a ticket, sorts by or groups by.
    Column {
        /// Its number.
        Id = "nice_id",
        /// Its subject.
        Subject = "subject",
        /// The customer's name.
        Requester = "requester",
        /// The agent's name.
        Assignee = "assignee",
        /// The group's name.
        Group = "group",
        /// Where it stands.
        Status = "status",
        /// How urgent it is.
        Priority = "priority",
        /// What it is about.
        Type = "type",
        /// The channel that it came by.
        Channel = "via",
        /// When it was made.
        Created = "created",
        /// When it was changed.
        Updated = "updated",
        /// Since when it waits for an agent.
        Queued = "queued",
    }
}

impl Column {
    /// What a column's word means; the words of the ticket's own fields are known, too.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "id" => Some(Self::Id),
            "created_at" => Some(Self::Created),
            "updated_at" => Some(Self::Updated),
            "queued_at" => Some(Self::Queued),
            "requester_id" => Some(Self::Requester),
            "assignee_id" => Some(Self::Assignee),
            "group_id" => Some(Self::Group),
            "channel" => Some(Self::Channel),
            other => Self::of(other),
        }
    }
}

/// How a view shows its tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Execution {
    /// What it shows, from left to right.
    pub columns: Vec<Column>,
    /// What stands together.
    pub group_by: Option<Column>,
    /// Whether the last group comes first.
    pub group_descending: bool,
    /// What it sorts by.
    pub sort_by: Column,
    /// Whether the last one comes first.
    pub sort_descending: bool,
}

impl Default for Execution {
    fn default() -> Self {
        Self {
            columns: vec![Column::Subject, Column::Requester, Column::Updated],
            group_by: None,
            group_descending: false,
            sort_by: Column::Id,
            sort_descending: true,
        }
    }
}

/// Who may use a view or a macro.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Restriction {
    /// Every agent.
    #[default]
    Everybody,
    /// The agents of a group.
    Group(GroupId),
    /// One agent.
    Agent(PersonId),
}

impl Restriction {
    /// Whether this agent may use it.
    pub fn admits(self, viewer: &Viewer) -> bool {
        match self {
            Self::Everybody => true,
            Self::Group(group) => viewer.groups.contains(&group),
            Self::Agent(agent) => viewer.agent == Some(agent),
        }
    }
}
