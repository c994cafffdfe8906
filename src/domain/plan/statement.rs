//! What a person took upon themselves: consents and attestations.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Fingerprint, Plan};
use crate::domain::ids::ArmId;
use crate::domain::text::Text;

/// Somebody's word about one check on one subject. It counts while both the fact and the part of
/// the plan are what they were when it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statement {
    pub kind: StatementKind,
    /// The check's id: `ELIG-04`.
    pub check: Text,
    pub subject: Subject,
    pub who: Text,
    pub when: Timestamp,
    pub why: Text,
    /// Of the finding that it answers.
    pub fact: Fingerprint,
    /// Of what the plan said about the subject.
    pub part: Fingerprint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StatementKind {
    /// "I know, and want it nevertheless": answers a warning.
    Consent,
    /// "I looked, and it is so": answers what could not be found out.
    Attestation,
}

/// What a check is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Subject {
    Machine(ArmId),
    /// A master target or reprotect agent, by its id.
    Server(Text),
    /// The plan as a whole.
    Plan,
}

impl Statement {
    /// Whether it answers this finding: same check, same subject, same fact, and a plan that says
    /// the same about the subject.
    #[must_use]
    pub fn answers(&self, plan: &Plan, check: &str, subject: &Subject, fact: Fingerprint) -> bool {
        self.check.as_str() == check
            && self.subject == *subject
            && self.fact == fact
            && self.part == plan.part(subject)
    }
}
