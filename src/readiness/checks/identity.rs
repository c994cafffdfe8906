//! Which of a machine's registrations is the one that runs in Azure.
//!
//! What is *as expected* and was not confirmed proves nothing: an agent's own file, once it is read,
//! may say otherwise. It stands in nobody's way, for over Azure the service chooses, and it is never
//! counted as passed.

use crate::domain::identity::{Judged, Verdict as Found};
use crate::readiness::ask::{Machine, Verdict, doubt, failed, not_for, passed};

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
    let judged = m.identity()?;
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
    let judged = m.identity()?;
    match &judged.verdict {
        Found::NotApplicable => not_for(why(judged)),
        Found::AsExpected {
            confirmed: false, ..
        }
        | Found::CannotTell => doubt("nobody read drscout.conf there, or it settles nothing"),
        Found::AsExpected { .. } | Found::Keep(_) => passed(why(judged)),
        Found::Contradiction | Found::Clone | Found::NeverRegistered => failed(why(judged)),
    }
}
