//! What can go wrong with the database, by what the caller should do next.

use std::path::PathBuf;

/// A read or a job that did not work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database was locked for longer than we wait.
    #[error("the database is busy")]
    Busy,
    /// The store is closing.
    #[error("the database is closing")]
    Closed,
    /// The disk is full.
    #[error("the disk is full: make room in the data folder")]
    Full,
    /// The disk, or the memory, failed the database.
    #[error("the database cannot reach its disk ({0}): look at the data folder's disk and rights")]
    Disk(String),
    /// A unique name or number is taken.
    #[error("{0} exists already")]
    Duplicate(String),
    /// A row does not hold what it should.
    #[error("a row of the database cannot be read: {0}")]
    BadRow(String),
    /// Anything else that SQLite says.
    #[error("the database failed: {0}")]
    Database(String),
}

impl StoreError {
    /// Whether the same job may work later as it is: the fault is the machine's and not the job's.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Busy | Self::Full | Self::Disk(_))
    }

    /// The same error for another waiting job.
    pub(crate) fn copied(&self) -> Self {
        match self {
            Self::Busy => Self::Busy,
            Self::Closed => Self::Closed,
            Self::Full => Self::Full,
            Self::Disk(what) => Self::Disk(what.clone()),
            Self::Duplicate(what) => Self::Duplicate(what.clone()),
            Self::BadRow(what) => Self::BadRow(what.clone()),
            Self::Database(what) => Self::Database(what.clone()),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let Some(told) = error.as_database_error() else {
            return match error {
                sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Self::Closed,
                sqlx::Error::PoolTimedOut => Self::Busy,
                other => Self::Database(other.to_string()),
            };
        };
        let code = told.code().and_then(|code| code.parse().ok()).unwrap_or(0);
        Self::told(code, told.message())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match &error {
            rusqlite::Error::SqliteFailure(failure, message) => {
                Self::told(failure.extended_code, message.as_deref().unwrap_or_default())
            }
            other => Self::Database(other.to_string()),
        }
    }
}

impl StoreError {
    /// What SQLite's extended result code means.
    fn told(code: i32, message: &str) -> Self {
        match (code, code & 0xff) {
            // A primary key or another unique index.
            (1555 | 2067, _) => Self::Duplicate(message.rsplit(": ").next().unwrap_or_default().to_owned()),
            (_, 5 | 6) => Self::Busy,
            (_, 13) => Self::Full,
            // No memory, read-only, input or output, cannot open.
            (_, 7 | 8 | 10 | 14) => Self::Disk(message.to_owned()),
            _ => Self::Database(message.to_owned()),
        }
    }
}

/// Why the database could not be opened. Each is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or the file cannot be written.
    #[error("`{}` cannot be written ({reason}): give this user write access, or choose another data folder", .path.display())]
    ReadOnly {
        /// Which.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file is not a database, or is damaged.
    #[error("`{}` is not a sound SQLite database ({reason}): restore it from a backup, or move it away to start anew", .path.display())]
    Corrupt {
        /// Which.
        path: PathBuf,
        /// What SQLite says.
        reason: String,
    },
    /// The database was made by a newer program.
    #[error("`{}` was made by a newer version (migration {found}, this program knows {known}): update the program", .path.display())]
    TooNew {
        /// Which.
        path: PathBuf,
        /// The newest migration in the database.
        found: i64,
        /// The newest migration that we know.
        known: i64,
    },
    /// The SQLite library is too old.
    #[error("SQLite {found} can damage a database in WAL mode: link version {needed} or newer")]
    OldLibrary {
        /// Its version.
        found: String,
        /// What is needed.
        needed: &'static str,
    },
    /// A setting did not take.
    #[error("SQLite did not take `{setting}`: it says `{found}`; a network file system cannot hold the data folder")]
    Setting {
        /// Which.
        setting: &'static str,
        /// What it is instead.
        found: String,
    },
    /// Anything else.
    #[error("`{}` cannot be opened: {reason}", .path.display())]
    Other {
        /// Which.
        path: PathBuf,
        /// What SQLite says.
        reason: String,
    },
}
