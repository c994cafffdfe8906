//! Whether a plan may be launched now, what holds it back, and what to do about it.

use super::MOST;
use crate::domain::plan::{StatementKind, Subject};
use crate::readiness::{Finding, Findings, Outcome, Severity};
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::monitor::{Launching, Readied};

/// Whether it may be launched, then what holds it back with what to do, then what was agreed to.
pub(super) fn ready(state: &Launching, readied: &Readied, doc: &mut Document<'_>) {
    let findings = &readied.findings;
    let (tone, words) = summary(findings, state.waits().is_some());
    doc.toned(0, tone, &words);
    let blocking: Vec<&Finding> = findings.0.iter().filter(|f| f.blocks()).collect();
    let groups = alike(&blocking);
    for group in groups.iter().take(MOST) {
        one(state, group, doc);
    }
    if groups.len() > MOST {
        let words = format!("... and {} more", groups.len() - MOST);
        doc.words(2, &words, doc.look().theme.text);
    }
    // What was said of several machines at once is told once.
    let mut told: Vec<String> = Vec::new();
    for (finding, answer) in findings.answered() {
        let what = match answer.kind {
            StatementKind::Consent => "consented to",
            StatementKind::Attestation => "attested",
        };
        let words = format!(
            "{} {what} by {}: {} (\"{}\")",
            finding.row.id, answer.who, finding.words, answer.why
        );
        if !told.contains(&words) {
            told.push(words);
        }
    }
    for words in told.iter().take(MOST) {
        doc.toned(0, Tone::Amber, words);
    }
}

/// `Ready: 55 passed, 1 attested, 2 good to know`, or what holds it back; what is unknown is never
/// counted as passed.
fn summary(findings: &Findings, waits: bool) -> (Tone, String) {
    let answered = |kind| findings.answered().filter(|(_, a)| a.kind == kind).count();
    let counts = [
        (findings.count(Outcome::Passed), "passed"),
        (findings.blocked().count(), "blocked"),
        (
            findings.waiting(StatementKind::Consent).count(),
            "without consent",
        ),
        (
            findings.waiting(StatementKind::Attestation).count(),
            "unknown",
        ),
        (answered(StatementKind::Consent), "consented to"),
        (answered(StatementKind::Attestation), "attested"),
        (findings.remarks().count(), "good to know"),
    ];
    let words: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let words = match words.as_slice() {
        [] => "no check could be made".into(),
        some => some.join(", "),
    };
    match findings.ready() {
        true => (Tone::Good, format!("Ready: {words}")),
        false if waits && findings.blocked().next().is_none() => (
            Tone::Amber,
            format!("Not ready yet: {words}. It waits for your word below."),
        ),
        false => (
            Tone::Bad,
            format!("Not ready, and not launched: {words}. Put it right, then open this again."),
        ),
    }
}

fn wants_consent(finding: &Finding) -> bool {
    finding.outcome == Outcome::Failed && finding.row.severity == Severity::Warning
}

/// The same finding about several machines or servers, together.
fn alike<'a>(findings: &[&'a Finding]) -> Vec<Vec<&'a Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let same = |group: &&mut Vec<&Finding>| {
            group.first().is_some_and(|first| {
                first.row.id == finding.row.id
                    && first.outcome == finding.outcome
                    && first.words == finding.words
            })
        };
        // The findings of a check stand together.
        match groups.last_mut().filter(same) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// Most names in front of one finding.
const MOST_NAMES: usize = 12;

/// A finding that holds the plan back, about what, and what to do.
fn one(state: &Launching, group: &[&Finding], doc: &mut Document<'_>) {
    let Some(finding) = group.first() else {
        return;
    };
    let name = |finding: &&Finding| match &finding.subject {
        Subject::Machine(id) => state.plan.machine_name(id).to_string(),
        Subject::Server(server) => server.to_string(),
        Subject::Plan => "the plan".into(),
    };
    let names: Vec<String> = group.iter().take(MOST_NAMES).map(name).collect();
    let mut about = names.join(", ");
    if group.len() > MOST_NAMES {
        about.push_str(&format!(" and {} more", group.len() - MOST_NAMES));
    }
    let (tone, then) = match finding.outcome {
        Outcome::Unknown => (
            Tone::Unknown,
            " If you know that it is so, attest to it below.",
        ),
        _ if wants_consent(finding) => {
            (Tone::Amber, " If you want it nevertheless, consent below.")
        }
        _ => (Tone::Bad, ""),
    };
    let words = format!("{}  {about}: {}", finding.row.id, finding.words);
    doc.toned(0, tone, &words);
    // Why it is not known does not tell what somebody would attest to.
    let wanted = match finding.outcome {
        Outcome::Unknown => format!("Wanted: {}. ", finding.row.title),
        _ => String::new(),
    };
    let words = format!(
        "{wanted}What to do: {}.{then}",
        finding.what_to_do().trim_end_matches('.')
    );
    doc.words(2, &words, doc.look().theme.text);
}
