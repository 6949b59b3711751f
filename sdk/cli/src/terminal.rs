//! What the person at the terminal sees: results on standard output, progress on standard error.

/// A line of the result.
#[expect(clippy::print_stdout, reason = "this is the command's answer")]
pub(crate) fn say(line: impl AsRef<str>) {
    println!("{}", line.as_ref());
}

/// A line about what goes on.
#[expect(clippy::print_stderr, reason = "progress goes where pipes do not carry it")]
pub(crate) fn progress(line: impl AsRef<str>) {
    eprintln!("{}", line.as_ref());
}
