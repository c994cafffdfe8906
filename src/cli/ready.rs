//! Readiness, computed again right before something is launched.

use serde_json::{Value, json};

use super::check::{self, Said};
use super::exit::Exit;
use super::findings;
use super::launched::Ran;
use super::output::{self, Complaint, print_json};
use crate::domain::plan::Statement;
use crate::domain::{Failure, Person, Plan, Retry};
use crate::readiness::{self, Facts, Findings};
use crate::runner;
use crate::site::Site;
use crate::store::Runs;

/// What is found out about a plan, with the words of the person who launches it.
pub struct Judged {
    pub findings: Findings,
    /// What was said now and counts, to be kept in the plan.
    pub said: Vec<Statement>,
    /// The plan's last run.
    ran: Option<Ran>,
}

/// Reads the facts of `plan` and judges it. What is `said` is added to the plan where it answers
/// something. `runs`: where its last run is looked for.
pub async fn judge(
    site: &Site,
    runs: Option<&Runs>,
    plan: &mut Plan,
    said: &[Said],
    by: &Person,
) -> Result<Judged, Complaint> {
    check::tell_lost(site).await;
    let facts: Facts = site.facts(plan).await;
    let ran = runs.map(|runs| Ran::last(runs, plan)).transpose()?;
    let ran = ran.flatten().map(|ran| ran.seen(plan, &facts));
    let mut findings = readiness::evaluate(plan, &facts);
    let now = site.arm().service_now();
    let statements = check::state(plan, &findings, said, by, now)?;
    if !statements.is_empty() {
        plan.statements.extend(statements.iter().cloned());
        findings = readiness::evaluate(plan, &facts);
    }
    Ok(Judged {
        findings,
        said: statements,
        ran,
    })
}

/// What would become of a launch now, for those who only look at its calls.
pub enum Outlook {
    /// A run stands in the way.
    Taken(Failure),
    Judged(Judged),
}

impl Outlook {
    /// Looks for a run in the way, and judges the plan where there is none. `kept`: whether the plan
    /// has a name of its own, under which it may have run before.
    pub async fn of(
        site: &Site,
        runs: Option<&Runs>,
        kept: bool,
        plan: &Plan,
        said: &[Said],
        by: &Person,
    ) -> Result<Self, Complaint> {
        if let Some(Err(why)) = runs.map(|runs| runner::is_free(runs, plan)) {
            return Ok(Self::Taken(why.failure().clone()));
        }
        let last = runs.filter(|_| kept);
        let judged = judge(site, last, &mut plan.clone(), said, by).await?;
        Ok(Self::Judged(judged))
    }

    /// What stops it, a line each; nothing where it is ready.
    pub fn lines(&self, plan: &Plan) -> Vec<String> {
        let judged = match self {
            Self::Taken(failure) => return vec![format!("! Stopped: {}", failure.what)],
            Self::Judged(judged) if judged.findings.ready() => return Vec::new(),
            Self::Judged(judged) => judged,
        };
        let stopped = judged.findings.blocked().map(|finding| {
            let subject = plan.subject_name(&finding.subject);
            let (check, words) = (finding.row.id, &finding.words);
            format!("! Stopped by {check}: {subject}: {words}")
        });
        let head = findings::headline(plan, &judged.findings);
        std::iter::once(format!("! {head}"))
            .chain(stopped)
            .collect()
    }

    pub fn json(&self, plan: &Plan) -> Value {
        let lines = self.lines(plan);
        let stopped: Vec<Value> = match self {
            Self::Taken(_) => Vec::new(),
            Self::Judged(judged) => {
                let blocked = judged.findings.blocked();
                blocked
                    .map(|f| findings::one(plan, f, judged.ran.as_ref()))
                    .collect()
            }
        };
        json!({ "ready": lines.is_empty(), "words": lines, "stoppedBy": stopped })
    }
}

impl Judged {
    /// Says everything that holds a plan back that is not ready; the command then ends so.
    pub fn refusal(&self, site: &str, plan: &Plan, json: bool) -> Option<Exit> {
        if self.findings.ready() {
            return None;
        }
        if json {
            let ran = self.ran.as_ref();
            print_json(&findings::whole(site, plan, &self.findings, ran));
        } else {
            let lines = findings::lines(plan, &self.findings, self.ran.as_ref());
            lines.iter().for_each(|line| output::print(line));
        }
        let what = format!("Nothing was sent: {} is not ready.", plan.name);
        let advice =
            "Put right what stops it; --consent CHECK and --attest CHECK=TEXT say the rest.";
        // In JSON the findings tell it already: one document is all that a reader gets.
        Complaint::failed(Failure::new(what, advice, Retry::AfterFixing)).print(false);
        Some(Exit::NotReady)
    }
}
