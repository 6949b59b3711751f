//! Words for the person at the terminal. The only place of the server that prints; everything else is logged.

use std::io::Write;

/// A line of the answer, on standard output. A closed pipe is nobody's fault.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A line beside the answer, on standard error.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
