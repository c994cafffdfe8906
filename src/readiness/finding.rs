//! What the checks found.

use super::catalogue::{Row, Severity};
use crate::domain::Text;
use crate::domain::plan::{Fingerprint, Statement, Subject};

/// What one check found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Passed,
    Failed,
    /// It could not be decided.
    Unknown,
    /// The rule is for another generation, or for another kind of plan.
    NotApplicable,
}

/// One check on one subject.
#[derive(Clone, Debug)]
pub struct Finding {
    pub row: &'static Row,
    pub subject: Subject,
    pub outcome: Outcome,
    /// One sentence: what was seen, or why it could not be.
    pub words: Text,
    /// Of the outcome and what it rests on.
    pub fact: Fingerprint,
    /// The consent or attestation that answers it. The outcome stays what it is.
    pub answer: Option<Statement>,
}

impl Finding {
    /// Whether it holds the plan back: a failed blocker always; a failed warning until somebody
    /// consents; what is unknown until somebody attests. Information never does.
    #[must_use]
    pub fn blocks(&self) -> bool {
        match (self.outcome, self.row.severity) {
            (Outcome::Passed | Outcome::NotApplicable, _) | (_, Severity::Information) => false,
            (Outcome::Failed, Severity::Blocker) => true,
            (Outcome::Failed, Severity::Warning) | (Outcome::Unknown, _) => self.answer.is_none(),
        }
    }
}

/// All of them: in the catalogue's order, and the plan's within a row.
#[derive(Clone, Debug, Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// Whether the plan may be started.
    #[must_use]
    pub fn ready(&self) -> bool {
        !self.0.is_empty() && !self.0.iter().any(Finding::blocks)
    }

    /// How many have an outcome; answered ones keep theirs, so attested is not passed.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.0.iter().filter(|f| f.outcome == outcome).count()
    }

    pub fn of<'a>(&'a self, check: &'a str) -> impl Iterator<Item = &'a Finding> {
        self.0.iter().filter(move |finding| finding.row.id == check)
    }
}
