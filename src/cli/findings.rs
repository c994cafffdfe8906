//! Findings, for people and for programs.

use serde_json::{Value, json};

use super::launched::{Ran, UnderWay};
use crate::domain::plan::StatementKind;
use crate::domain::{Plan, Subject};
use crate::readiness::{Finding, Findings, Outcome, Severity};

/// `failback/check/1`. Fields are only ever added.
pub fn whole(site: &str, plan: &Plan, findings: &Findings, ran: Option<&Ran>) -> Value {
    json!({
        "schema": "failback/check/1",
        "site": site,
        "plan": { "name": plan.name, "slug": plan.slug(), "kind": plan.intent().word() },
        "ready": findings.ready(),
        "counts": {
            "blocked": findings.blocked().count(),
            "needsConsent": findings.waiting(StatementKind::Consent).count(),
            "needsAttestation": findings.waiting(StatementKind::Attestation).count(),
            "answered": findings.answered().count(),
            "passed": findings.count(Outcome::Passed),
            "failed": findings.count(Outcome::Failed),
            "unknown": findings.count(Outcome::Unknown),
            "notApplicable": findings.count(Outcome::NotApplicable),
        },
        "findings": findings.0.iter().map(|f| one(plan, f, ran)).collect::<Vec<_>>(),
        "ran": ran.map(|ran| json!({ "run": ran.run(), "words": ran.head() })),
        "underWay": null,
    })
}

/// The same of a plan that is under way: nothing is judged.
pub fn not_judged(site: &str, plan: &Plan, run: &UnderWay) -> Value {
    let mut all = whole(site, plan, &Findings::default(), None);
    all["underWay"] = run.json();
    all
}

/// One finding.
pub fn one(plan: &Plan, finding: &Finding, ran: Option<&Ran>) -> Value {
    let (kind, id) = match &finding.subject {
        Subject::Machine(id) => ("machine", Some(id.to_string())),
        Subject::Server(id) => ("server", Some(id.to_string())),
        Subject::Plan => ("plan", None),
    };
    json!({
        "check": finding.row.id,
        "title": finding.row.title,
        "severity": match finding.row.severity {
            Severity::Blocker => "blocker",
            Severity::Warning => "warning",
            Severity::Information => "information",
        },
        "outcome": match finding.outcome {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::Unknown => "unknown",
            Outcome::NotApplicable => "notApplicable",
        },
        "subject": { "kind": kind, "id": id, "name": plan.subject_name(&finding.subject) },
        "words": finding.words,
        "whatToDo": to_do(finding, ran),
        "sources": finding.row.sources,
        "holdsBack": finding.blocks(),
        "answeredBy": finding.wants(),
        "answer": finding.answer,
    })
}

/// What is to be done about a finding.
fn to_do(finding: &Finding, ran: Option<&Ran>) -> String {
    let nothing = ran.and_then(|ran| ran.to_do(&finding.subject));
    nothing.unwrap_or_else(|| finding.what_to_do().to_owned())
}

/// What there is to say, most pressing first. `ran`: the plan's last run.
pub fn lines(plan: &Plan, findings: &Findings, ran: Option<&Ran>) -> Vec<String> {
    let mut lines: Vec<String> = ran.iter().map(|ran| ran.head().to_owned()).collect();
    lines.push(headline(plan, findings));
    let consent = findings.waiting(StatementKind::Consent);
    let attest = findings.waiting(StatementKind::Attestation);
    let groups: [(&str, &str, Vec<&Finding>); 4] = [
        ("x", "These stop the plan", findings.blocked().collect()),
        (
            "!",
            "These need your consent: --consent CHECK",
            consent.collect(),
        ),
        (
            "?",
            "These could not be found out: look, then --attest CHECK=WHAT-YOU-SAW",
            attest.collect(),
        ),
        ("i", "Good to know", findings.remarks().collect()),
    ];
    for (mark, title, group) in groups {
        if group.is_empty() {
            continue;
        }
        lines.extend([String::new(), title.to_owned()]);
        lines.extend(
            alike(&group, ran)
                .iter()
                .flat_map(|g| told(plan, mark, g, ran)),
        );
    }
    let answered: Vec<String> = findings
        .answered()
        .map(|(finding, said)| {
            let verb = match said.kind {
                StatementKind::Consent => "consented",
                StatementKind::Attestation => "attested",
            };
            let subject = plan.subject_names(&finding.subject);
            let id = finding.row.id;
            format!("  {id:8} {subject}: {} {verb}: {}", said.who, said.why)
        })
        .collect();
    if !answered.is_empty() {
        lines.extend([String::new(), "These were answered".into()]);
        lines.extend(answered);
    }
    lines
}

/// How many are in the way, and how many are not.
pub fn headline(plan: &Plan, findings: &Findings) -> String {
    let passed = findings.count(Outcome::Passed);
    let counts = [
        (findings.blocked().count(), "stop it"),
        (
            findings.waiting(StatementKind::Consent).count(),
            "wait for consent",
        ),
        (
            findings.waiting(StatementKind::Attestation).count(),
            "could not be found out",
        ),
    ];
    let waiting: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let name = &plan.name;
    match findings.ready() {
        true => format!("{name} is ready: {passed} checks passed."),
        false => format!(
            "{name} is not ready: {}; {passed} passed.",
            waiting.join(", ")
        ),
    }
}

/// Findings of one check that say the same of several subjects, together.
fn alike<'a>(group: &[&'a Finding], ran: Option<&Ran>) -> Vec<Vec<&'a Finding>> {
    let mut all: Vec<Vec<&Finding>> = Vec::new();
    for finding in group {
        let same = |known: &&mut Vec<&Finding>| {
            let first = known.first();
            first.is_some_and(|f| {
                let same = f.row.id == finding.row.id && f.words == finding.words;
                same && to_do(f, ran) == to_do(finding, ran)
            })
        };
        match all.iter_mut().find(same) {
            Some(known) => known.push(finding),
            None => all.push(vec![finding]),
        }
    }
    all
}

fn told(plan: &Plan, mark: &str, group: &[&Finding], ran: Option<&Ran>) -> Vec<String> {
    let Some(first) = group.first() else {
        return Vec::new();
    };
    let row = first.row;
    let names: Vec<_> = group
        .iter()
        .map(|f| plan.subject_names(&f.subject).to_string())
        .collect();
    vec![
        format!(
            "  {mark} {:8} {}: {}",
            row.id,
            names.join(", "),
            first.words
        ),
        format!("      wanted: {}", row.title),
        format!(
            "      to do:  {} [{}]",
            to_do(first, ran),
            row.sources.join(", ")
        ),
    ]
}
