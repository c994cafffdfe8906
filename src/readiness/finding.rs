//! What the checks found.

use super::catalogue::{Row, Severity};
use crate::domain::Text;
use crate::domain::plan::{Fingerprint, Statement, StatementKind, Subject};

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
    /// What a person can say to it: consent to a warning, attest to what could not be found out.
    /// `None` where there is nothing to say.
    #[must_use]
    pub fn wants(&self) -> Option<StatementKind> {
        match (self.outcome, self.row.severity) {
            (_, Severity::Information) => None,
            (Outcome::Failed, Severity::Warning) => Some(StatementKind::Consent),
            (Outcome::Unknown, _) => Some(StatementKind::Attestation),
            _ => None,
        }
    }

    /// What to do about it, as it came out.
    #[must_use]
    pub fn what_to_do(&self) -> &'static str {
        match self.outcome {
            Outcome::Unknown => self.row.when_unknown,
            Outcome::Passed | Outcome::Failed | Outcome::NotApplicable => self.row.what_to_do,
        }
    }

    /// Whether it holds the plan back: a failed blocker always; a failed warning until somebody
    /// consents; what is unknown until somebody attests. Information never does.
    #[must_use]
    pub fn blocks(&self) -> bool {
        match (self.outcome, self.row.severity) {
            (_, Severity::Information) => false,
            (Outcome::Failed, Severity::Blocker) => true,
            _ => self.wants().is_some() && self.answer.is_none(),
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

    /// What stops the plan, whatever anybody says.
    pub fn blocked(&self) -> impl Iterator<Item = &Finding> {
        let stops = |f: &&Finding| f.blocks() && f.wants().is_none();
        self.0.iter().filter(stops)
    }

    /// What waits for a person's word of this kind.
    pub fn waiting(&self, kind: StatementKind) -> impl Iterator<Item = &Finding> {
        let waits = move |f: &&Finding| f.blocks() && f.wants() == Some(kind);
        self.0.iter().filter(waits)
    }

    /// What a person answered, and what counts.
    pub fn answered(&self) -> impl Iterator<Item = (&Finding, &Statement)> {
        let all = self.0.iter();
        all.filter_map(|f| Some((f, f.answer.as_ref()?)))
    }

    /// What is said and never in the way: information that is not as usual.
    pub fn remarks(&self) -> impl Iterator<Item = &Finding> {
        let said = |f: &&Finding| {
            f.row.severity == Severity::Information
                && matches!(f.outcome, Outcome::Failed | Outcome::Unknown)
        };
        self.0.iter().filter(said)
    }

    pub fn of<'a>(&'a self, check: &'a str) -> impl Iterator<Item = &'a Finding> {
        self.0.iter().filter(move |finding| finding.row.id == check)
    }
}
