//! Lines for the operator, on standard error: what went wrong, under the id that the client was told.

use std::fmt::Display;
use std::io::Write as _;

/// Something went wrong, and somebody should look.
pub fn error(text: impl Display) {
    line("error", text);
}

/// Something is odd, or worth knowing.
pub fn note(text: impl Display) {
    line("note", text);
}

/// A closed standard error is no reason to stop serving.
fn line(level: &str, text: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{level}: {text}");
}
