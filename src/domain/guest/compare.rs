//! Holds what a machine is now against what was recorded of it.

use super::model::{Guest, System};
use super::record::Before;
use super::rules::{Lost, RULES};
use crate::domain::text::Text;

/// What one rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// As in `requirements.tsv`, or a word where no row is of it.
    pub code: &'static str,
    pub title: &'static str,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Looked at on both sides, and as it was.
    Same,
    /// At least one.
    Lost(Vec<Lost>),
    /// One of the sides does not tell: why.
    Unknown(Text),
}

impl Outcome {
    /// What was found, or that nothing is missing.
    pub(super) fn of(lost: Vec<Lost>) -> Self {
        match lost.is_empty() {
            true => Self::Same,
            false => Self::Lost(lost),
        }
    }
}

/// Every rule that is for the machine's system, in the order of the table. A record without a look
/// inside leaves all of them unknown; with one that may be of no time before, nothing is the same.
#[must_use]
pub fn compare(before: &Before<'_>, now: &Guest) -> Vec<Compared> {
    let (record, doubt) = (before.record, &before.doubt);
    let before = record.guest.as_ref();
    let system = match (before.map(|b| b.system), now.system) {
        (Some(System::Unknown) | None, system) | (Some(system), System::Unknown) => system,
        (Some(before), now) if before != now => System::Unknown,
        (Some(system), _) => system,
    };
    let other = before.is_some_and(|b| {
        b.system != now.system && b.system != System::Unknown && now.system != System::Unknown
    });
    let fits =
        |own: Option<System>| own.is_none_or(|own| own == system || system == System::Unknown);
    let rules = RULES.iter().filter(|rule| fits(rule.system));
    let outcome = |rule: &super::rules::Rule| match before {
        _ if other => Outcome::Unknown(
            "it is another system than was recorded: is it the same machine?".into(),
        ),
        None => Outcome::Unknown("nothing was recorded from inside the machine".into()),
        Some(before) => match ((rule.judge)(record, before, now), doubt) {
            (Outcome::Same, Some(doubt)) => Outcome::Unknown(doubt.clone()),
            (outcome, _) => outcome,
        },
    };
    rules
        .map(|rule| Compared {
            code: rule.code,
            title: rule.title,
            outcome: outcome(rule),
        })
        .collect()
}
