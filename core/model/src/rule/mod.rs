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

use crate::desk::words;

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
