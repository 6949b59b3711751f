//! The desk: what becomes of a conversation when people shall answer it.
//!
//! It reads the log with a cursor (`reader`) and makes tickets of what it finds there, offers them to agents who are
//! available (`offers`), carries out what agents do to them (`change`, `merge`), and exchanges letters with customers
//! (`mail`). Rules are pure functions (`rules`); writes are functions inside the store's writer, so that they can share a
//! transaction with a command. What is deliberately absent: messages and control, which belong to the command door, SQL,
//! plugins and HTTP.

mod act;
mod audit;
mod automations;
mod call;
mod case;
mod change;
mod defaults;
mod desk;
mod dry_run;
mod effect;
mod field_values;
pub mod items;
mod macros;
pub mod mail;
mod merge;
mod offers;
pub mod one_time;
mod open;
mod password;
mod phrases;
mod presence;
pub mod queues;
mod reader;
mod references;
pub mod rules;
mod sayings;
pub mod search;
pub mod staff;
mod triggers;

pub use act::Act;
pub use automations::run_automations;
pub use call::{Call, log_call};
pub use change::{TicketChange, change, note};
pub use defaults::defaults;
pub use desk::{Desk, DeskConfig, DeskParts, OfferMode};
pub use dry_run::{DryMatch, DryRun, MAX_LOOKED_AT, try_queues, try_trigger};
pub use effect::Effect;
pub use field_values::field_value;
pub use macros::{Applied, apply_macro, count_macro};
pub use merge::{MAX_MERGED, Merge, merge};
pub use offers::{Answered, accept, decline, set_available};
pub use open::{NewTicket, create};
pub use password::{MAX_PASSWORD, MIN_PASSWORD, PasswordError, fits_nobody, hash, is_right};
pub use phrases::{Phrases, phrases};
pub use presence::Presence;
pub use sayings::{ToSay, said, take_saying, unsaid};
pub use staff::{Deed, MAX_TOKENS, SETUP_KIND, may_set_up};
pub use triggers::MAX_PASSES;

use passerelle_store::StoreError;

/// Why something at the desk was not done. Nothing of it happened.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such thing in this app.
    #[error("{0} does not exist")]
    NotFound(&'static str),
    /// A field does not fit.
    #[error("`{field}` {reason}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What would be right.
        reason: String,
    },
    /// Something inside of a rule does not fit.
    #[error("`{place}` {reason}")]
    Misfit {
        /// Where, such as `conditions.all[1].operator`.
        place: String,
        /// What would be right.
        reason: String,
    },
    /// Somebody else was faster, or it is over.
    #[error("{0}")]
    Conflict(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DeskError {
    /// A field that does not fit.
    pub(crate) fn invalid(field: &'static str, reason: impl Into<String>) -> Self {
        Self::Invalid { field, reason: reason.into() }
    }
}
