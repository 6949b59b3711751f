//! Why a command was not carried out, by what the caller should do next.

use passerelle_model::switchboard::MAX_SEATS;
use passerelle_store::StoreError;

/// Why a command was not carried out. Nothing of it happened.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The thing does not exist in this app.
    #[error("{0} does not exist")]
    NotFound(&'static str),
    /// The caller may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// Something with this name or number exists already.
    #[error("{0}")]
    Conflict(String),
    /// A field does not fit.
    #[error("`{field}` {reason}")]
    Invalid {
        /// Path of the field.
        field: String,
        /// What is wrong, and what would be right.
        reason: String,
    },
    /// A rule forbids it; the text is the caller's, in the API's words.
    #[error("{0}")]
    Refused(String),
    /// The switchboard has as many integrations as it may.
    #[error("Switchboard has reached the max number of switchboard integrations ({MAX_SEATS})")]
    TooManySeats,
    /// The conversation holds as many messages as it may.
    #[error("the conversation is full: delete messages first")]
    Locked,
    /// The app's files leave no room.
    #[error("the app's files are at their limit of {0} bytes: remove attachments first")]
    NoRoom(u64),
    /// It may work later.
    #[error("{0}; try again")]
    Unavailable(String),
    /// A fault of ours.
    #[error("{0}")]
    Bug(String),
}

impl CommandError {
    /// A field that does not fit.
    pub fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), reason: reason.into() }
    }
}

/// Why a job ends early.
#[derive(Debug)]
pub enum Stop {
    /// It is refused, and nothing of it happened.
    Refused(CommandError),
    /// It is refused, and what was written down about that stays.
    Noted(CommandError),
    /// The database failed.
    Failed(StoreError),
}

impl From<CommandError> for Stop {
    fn from(error: CommandError) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::Closed | StoreError::Full | StoreError::Disk(_) => {
                Self::Unavailable(error.to_string())
            }
            StoreError::Duplicate(what) => Self::Conflict(format!("{what} exists already")),
            StoreError::Database(_) | StoreError::BadRow(_) => Self::Bug(error.to_string()),
        }
    }
}
