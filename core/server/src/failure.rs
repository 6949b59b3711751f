//! How the program ends when it cannot do what it was asked: one line, and an exit code that scripts can tell apart.

use std::process::ExitCode;

use crate::config::ConfigError;
use crate::terminal;

/// The configuration is not sound (`EX_CONFIG` of sysexits).
const CONFIG: u8 = 78;
/// Anything else.
const FAILED: u8 = 1;

/// Why the program ends.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    line: String,
}

impl Failure {
    /// A failure that is no matter of configuration. The chain of causes becomes one line.
    pub(crate) fn failed(error: impl Into<anyhow::Error>) -> Self {
        Self { code: FAILED, line: format!("{:#}", error.into()).replace('\n', " ") }
    }

    /// Ends the program with this line.
    pub(crate) fn line(line: impl Into<String>) -> Self {
        Self { code: FAILED, line: line.into() }
    }

    /// Tells the person at the terminal, and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        terminal::complain(&format!("passerelle: {}", self.line));
        ExitCode::from(self.code)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self { code: CONFIG, line: error.to_string() }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::failed(error)
    }
}
