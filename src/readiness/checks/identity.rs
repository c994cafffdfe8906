//! Which of a machine's registrations is the one that runs in Azure.
//!
//! What is *as expected* and was not confirmed proves nothing: an agent's own file, once it is read,
//! may say otherwise. It stands in nobody's way, for over Azure the service chooses, and it is never
//! counted as passed.

use crate::domain::Text;
use crate::domain::identity::{Judged, Verdict as Found};
use crate::domain::plan::Fingerprint;
use crate::readiness::ask::{Doubt, Machine, Verdict, doubt, failed, not_for, passed};
use crate::readiness::catalogue::{Severity, row};
use crate::readiness::evaluate::unknown;

/// The grounds as one sentence.
fn why(judged: &Judged) -> String {
    let all: Vec<&str> = judged
        .why
        .iter()
        .map(crate::domain::text::Text::as_str)
        .collect();
    format!("{}: {}", judged.verdict.word(), all.join("; "))
}

pub fn agrees(m: &Machine<'_>) -> Verdict {
    agree(m.identity()?)
}

fn agree(judged: &Judged) -> Verdict {
    match &judged.verdict {
        Found::NotApplicable => not_for(why(judged)),
        Found::AsExpected {
            confirmed: false, ..
        } => not_for("as expected, and not confirmed: the service chooses by itself (DUP-03)"),
        Found::AsExpected { .. } | Found::Keep(_) => passed(why(judged)),
        Found::CannotTell => doubt(why(judged)),
        Found::Contradiction | Found::Clone | Found::NeverRegistered => failed(why(judged)),
    }
}

pub fn confirmed(m: &Machine<'_>) -> Verdict {
    confirm(m.identity()?)
}

fn confirm(judged: &Judged) -> Verdict {
    match &judged.verdict {
        Found::NotApplicable => not_for(why(judged)),
        Found::AsExpected { .. } | Found::Keep(_) if judged.is_confirmed() => passed(why(judged)),
        Found::AsExpected { .. } | Found::Keep(_) | Found::CannotTell => {
            doubt("nobody read drscout.conf there, or it settles nothing")
        }
        Found::Contradiction | Found::Clone | Found::NeverRegistered => failed(why(judged)),
    }
}

/// What a person may attest to about a machine's registrations, before there is a plan: the checks
/// that cannot be decided, in the words that they will find.
#[must_use]
pub fn doubts(judged: &Judged) -> Vec<(&'static str, Text, Fingerprint)> {
    let both = [("DUP-02", agree(judged)), ("DUP-03", confirm(judged))];
    let open = both.into_iter().filter_map(|(check, verdict)| {
        let Err(Doubt(words)) = verdict else {
            return None;
        };
        let waits = row(check).is_some_and(|row| row.severity != Severity::Information);
        let fact = unknown(check, &words);
        waits.then_some((check, words, fact))
    });
    open.collect()
}
