//! Error codes that are met on the way home: what they mean, what can be done now, and whether
//! trying again can help. Azure's own words always come first; this is added to them. A code that
//! is not here has no explanation: none is made up.

mod table;
#[cfg(test)]
mod tests;

use crate::domain::{Failure, Problem, Retry};

/// What one error means for somebody who wants a machine home.
#[derive(Debug)]
pub struct Explanation {
    /// The codes that it is known by; the first is how people call it.
    pub codes: &'static [&'static str],
    /// Parts of the service's words by which it is known where no code is told; lower case.
    pub phrases: &'static [&'static str],
    pub means: &'static str,
    /// What can be done now, most likely first.
    pub now: &'static [&'static str],
    /// Whether the same again can help.
    pub again: Retry,
    /// The source documents 000 to 004, or a page of Microsoft's.
    pub sources: &'static [&'static str],
}

impl Explanation {
    /// The lines that tell it, most important first; no line is empty.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("That means: {}", self.means)];
        lines.extend(
            self.now
                .iter()
                .map(|step| format!("What can be done: {step}")),
        );
        lines.push(format!("Trying again: {}", self.again_words()));
        lines
    }

    #[must_use]
    pub fn again_words(&self) -> &'static str {
        match self.again {
            Retry::MayHelp => "may help as it is, after some minutes.",
            Retry::AfterFixing => "helps once the cause is gone.",
            Retry::LookFirst => "only after a look at what was done already.",
        }
    }
}

/// What a failure means, beyond what the service says of it.
#[must_use]
pub fn explain(failure: &Failure) -> Option<&'static Explanation> {
    by_code(failure.code.as_str())
        .or_else(|| by_words(failure.said.as_str()))
        .or_else(|| by_words(failure.what.as_str()))
}

/// What a problem of a job, a task, a machine or a server means.
#[must_use]
pub fn explain_problem(problem: &Problem) -> Option<&'static Explanation> {
    by_code(problem.code.as_str()).or_else(|| by_words(problem.message.as_str()))
}

/// The explanation of a code as the service spells it.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static Explanation> {
    let code = code.trim();
    let same = |known: &&str| known.eq_ignore_ascii_case(code);
    table::TABLE.iter().find(|e| e.codes.iter().any(same))
}

/// The explanation of words that name no code.
fn by_words(words: &str) -> Option<&'static Explanation> {
    if words.is_empty() {
        return None;
    }
    let words = words.to_lowercase();
    let holds = |e: &&Explanation| e.phrases.iter().any(|phrase| words.contains(phrase));
    table::TABLE.iter().find(holds)
}
