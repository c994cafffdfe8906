//! Printing: the one place that writes to standard output and error.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is where commands print"
)]

use std::io::{self, Write};

use serde_json::{Value, json};

use super::exit::Exit;
use crate::domain::{Failure, Retry, Text};
use crate::readiness::codes::{self, Explanation};

/// Why a command did not do what was wanted.
#[derive(Debug)]
pub struct Complaint {
    pub failure: Failure,
    pub exit: Exit,
}

impl Complaint {
    /// The command line, or a file it names, is wrong.
    pub fn usage(what: impl Into<Text>, advice: impl Into<Text>) -> Self {
        Self {
            failure: Failure::new(what, advice, Retry::AfterFixing),
            exit: Exit::Usage,
        }
    }

    pub fn failed(failure: Failure) -> Self {
        Self {
            failure,
            exit: Exit::Failed,
        }
    }

    pub fn print(&self, json: bool) {
        if json {
            print_json(&json!({ "schema": "failback/error/1", "error": self.failure }));
        }
        let mut lines = self.failure.lines().into_iter();
        if let Some(first) = lines.next() {
            eprintln!("failback: {first}");
        }
        let explained = codes::explain(&self.failure).map(Explanation::lines);
        lines
            .chain(explained.unwrap_or_default())
            .for_each(|line| eprintln!("  {line}"));
    }
}

impl From<Failure> for Complaint {
    fn from(failure: Failure) -> Self {
        Self::failed(failure)
    }
}

/// The words of an error as a sentence. What begins with a name, of a file as of a machine, keeps it as
/// it is written: `name` is that of the file that it is about, if it is about one.
pub fn sentence(words: &str, name: Option<&str>) -> String {
    let words = words.trim_end_matches('.');
    if name.is_some_and(|name| words.starts_with(name)) {
        return format!("{words}.");
    }
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// Prints one JSON document on standard output. A reader that went away is no failure of ours.
pub fn print_json(value: &Value) {
    let _ = writeln!(io::stdout().lock(), "{value:#}");
}

/// Prints one JSON document on a line of its own: one piece of news in a stream.
pub fn print_json_line(value: &Value) {
    let _ = writeln!(io::stdout().lock(), "{value}");
}

/// Prints a line on standard output.
pub fn print(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Prints a line on standard output for somebody who must still be there: an error says that they are
/// gone.
pub fn tell(line: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

/// A word of a command line that is offered to be copied: whatever a machine is called, a shell takes
/// it for one word and nothing else.
pub fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Prints a line on standard error: what is not the answer itself.
pub fn remark(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_offered_to_a_shell_is_one_word() {
        assert_eq!(quoted("web-01"), "'web-01'");
        assert_eq!(quoted("a'; rm -rf ~ #"), r"'a'\''; rm -rf ~ #'");
    }
}
