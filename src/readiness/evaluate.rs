//! Asks every row about every subject.

use super::ask::{Doubt, Machine, Said, Server, Verdict, Whole};
use super::catalogue::{Check, On, Row, rows};
use super::facts::Facts;
use super::finding::{Finding, Findings, Outcome};
use crate::domain::place::Provider;
use crate::domain::plan::{Fingerprint, Subject};
use crate::domain::{Plan, Text};

/// Judges a plan by what is known. Rows for another kind of plan are left out.
#[must_use]
pub fn evaluate(plan: &Plan, facts: &Facts) -> Findings {
    let whole = Whole { plan, facts };
    let fitting = rows().filter(|row| row.when.fits(plan.intent()));
    Findings(fitting.flat_map(|row| ask(row, whole)).collect())
}

fn ask(row: &'static Row, whole: Whole<'_>) -> Vec<Finding> {
    let find = |subject, verdict| finding(row, whole.plan, subject, verdict);
    match row.check {
        Check::Machine(check) => {
            let asked = |machine: Machine<'_>| {
                let verdict = applies(row.on, &machine).and_then(|fits| match fits {
                    None => check(&machine),
                    Some(said) => Ok(said),
                });
                find(Subject::Machine(machine.id.clone()), verdict)
            };
            whole.machines().into_iter().map(asked).collect()
        }
        Check::Server(check) => {
            let asked = |id: &str| find(Subject::Server(id.into()), check(&Server { whole, id }));
            servers(whole).into_iter().map(asked).collect()
        }
        Check::Plan(check) => vec![find(Subject::Plan, check(&whole))],
    }
}

/// The servers that the plan names, each once.
fn servers(whole: Whole<'_>) -> Vec<&str> {
    let mut named: Vec<&str> = Vec::new();
    let machines = whole.protection().map(|p| p.machines.as_slice());
    for server in machines
        .unwrap_or_default()
        .iter()
        .filter_map(|m| m.target.server())
    {
        if !named.iter().any(|n| n.eq_ignore_ascii_case(server)) {
            named.push(server);
        }
    }
    named
}

/// Whether a rule is for a machine's generation; unknown when that is.
fn applies(on: On, machine: &Machine<'_>) -> Result<Option<Said>, Doubt> {
    if on == On::All {
        return Ok(None);
    }
    let provider = machine.item()?.provider();
    let fits = match on {
        On::All => true,
        On::Classic => provider == Provider::Classic,
        On::Modernised => provider == Provider::Modernised,
        On::HyperV => provider == Provider::HyperV,
        On::Vmware => matches!(provider, Provider::Classic | Provider::Modernised),
    };
    let other = || Said::NotApplicable(format!("not for {}", provider.word()).into());
    Ok((!fits).then(other))
}

/// The fact of a doubt of a check.
pub(super) fn unknown(check: &str, words: &Text) -> Fingerprint {
    fact(check, UNKNOWN, words)
}

const UNKNOWN: &str = "unknown";

fn fact(check: &str, mark: &str, words: &Text) -> Fingerprint {
    Fingerprint::of([check, mark, words.as_str()])
}

fn finding(row: &'static Row, plan: &Plan, subject: Subject, verdict: Verdict) -> Finding {
    let (outcome, words, mark) = match verdict {
        Ok(Said::Passed(words)) => (Outcome::Passed, words, "passed"),
        Ok(Said::Failed(words)) => (Outcome::Failed, words, "failed"),
        Ok(Said::NotApplicable(words)) => (Outcome::NotApplicable, words, "not applicable"),
        Err(Doubt(words)) => (Outcome::Unknown, words, UNKNOWN),
    };
    let fact = fact(row.id, mark, &words);
    let mut finding = Finding {
        row,
        subject,
        outcome,
        words,
        fact,
        answer: None,
    };
    let kind = finding.wants();
    let mut said = plan.statements.iter().rev();
    finding.answer = said
        .find(|s| Some(s.kind) == kind && s.answers(plan, row.id, &finding.subject, fact))
        .cloned();
    finding
}
