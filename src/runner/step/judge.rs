//! What a job, the remark of its operation and the machine together come to. Pure.

use super::{advice, expect};
use crate::domain::run::{End, Mark};
use crate::domain::{
    Change, Failure, Job, JobState, Level, Machine, Outcome, Problem, Retry, Task, Text,
};

/// The task that ends a pending failover within a reprotect; skipped where none is pending.
const COMMITS: &str = "VmCommitFailover";

/// What the tasks of a failover home mean when they are skipped (asr-rest.md 4.2).
const SKIPPED_HOME: &[(&str, &str)] = &[
    (
        "VmShutdownVmOnPrimary",
        "Azure did not shut its VM down: it may still run beside the machine at home",
    ),
    (
        "VmPrepareForUnPlannedFailover",
        "Azure did not synchronise the latest changes: what had not arrived is not at home",
    ),
];

/// The same on the way to Azure \[004\].
const SKIPPED_TO_AZURE: &[(&str, &str)] = &[
    (
        "VmShutdownVmOnPrimary",
        "the machine at home was not shut down: it may still run beside the one in Azure",
    ),
    (
        "VmPrepareForUnPlannedFailover",
        "the latest changes were not synchronised: what had not been sent is not in Azure",
    ),
];

/// What a task means that was skipped.
fn skipped(change: &Change) -> &'static [(&'static str, &'static str)] {
    match change {
        Change::FailBack { .. } => SKIPPED_HOME,
        Change::FailOver { .. } => SKIPPED_TO_AZURE,
        _ => &[],
    }
}

/// How a change ended. `Err` is a job that failed or was cancelled: certainly over.
pub(super) fn judge(
    job: &Job,
    remark: Option<Problem>,
    machine: Option<&Machine>,
    change: &Change,
    before: &Mark,
    name: &Text,
) -> Result<End, Failure> {
    if job.state != JobState::Succeeded {
        let mut failure = failure_of(job, name);
        failure.advice = advice::of(change, job, name).into();
        return Err(failure);
    }
    let mut but = match without_expected(job, change, before).outcome() {
        Outcome::SucceededBut(but) => but,
        _ => Vec::new(),
    };
    for (_, task) in job.flat_tasks() {
        // Tried and failed comes to the same, though the job went on \[004\].
        if task.is_skipped() || matches!(task.state, JobState::Failed) {
            let meaning = skipped(change).iter().find(|(name, _)| is(task, name));
            but.extend(meaning.map(|(_, words)| Text::from(*words)));
        }
    }
    but.extend(remark.map(|problem| problem.message));
    but.extend(unlike_success(machine, change));
    Ok(match but.is_empty() {
        true => End::Done,
        false => End::DoneBut(once(but)),
    })
}

fn is(task: &Task, name: &str) -> bool {
    task.name.as_str().eq_ignore_ascii_case(name)
}

/// The job without what is skipped every day: the commit within a reprotect of a machine that has
/// nothing to commit.
fn without_expected(job: &Job, change: &Change, before: &Mark) -> Job {
    let mut job = job.clone();
    let reprotect = matches!(
        change,
        Change::Protect { .. } | Change::ProtectToAzure { .. }
    );
    if reprotect && !before.uncommitted {
        job.tasks
            .retain(|task| !(is(task, COMMITS) && task.is_skipped()));
    }
    job
}

/// Why a job that succeeded is not a green end: the machine does not show it.
pub(super) fn unlike_success(machine: Option<&Machine>, change: &Change) -> Option<Text> {
    match machine {
        None => Some("the machine could not be read again: its state is unknown".into()),
        Some(machine) if expect::shows(machine, change) => None,
        Some(machine) => {
            let shown = expect::shown(machine);
            Some(format!("the job is over, but the machine is still shown as: {shown}").into())
        }
    }
}

/// Each word once, in their order.
fn once(words: Vec<Text>) -> Vec<Text> {
    let mut each: Vec<Text> = Vec::new();
    for word in words {
        if !word.is_empty() && !each.contains(&word) {
            each.push(word);
        }
    }
    each
}

pub(super) fn warning(message: impl Into<Text>, level: Level) -> Problem {
    Problem {
        level,
        code: Text::default(),
        message: message.into(),
        causes: Text::default(),
        remedy: Text::default(),
        since: None,
        activity_id: Text::default(),
    }
}

/// What a job that failed or was cancelled said, Azure's own words first.
pub(in crate::runner) fn failure_of(job: &Job, name: &Text) -> Failure {
    let ended = match job.state {
        JobState::Cancelled => "was cancelled",
        _ => "failed",
    };
    let tasks = job.flat_tasks();
    let struck = tasks
        .iter()
        .rev()
        .find(|(_, task)| !task.problems.is_empty() || task.state == JobState::Failed);
    let place = struck.map_or(String::new(), |(_, task)| format!(" at \"{}\"", task.title));
    let what = format!("{} of {name} {ended}{place} (job {}).", job.title, job.name);
    let mut failure = Failure::new(what, "", Retry::AfterFixing);
    let problems = job
        .problems
        .iter()
        .chain(tasks.iter().flat_map(|(_, task)| &task.problems));
    if let Some(worst) = problems.min_by_key(|problem| problem.level) {
        failure.code = worst.code.clone();
        failure.said = worst.message.clone();
        failure.causes = worst.causes.clone();
        failure.recommended = worst.remedy.clone();
        failure.activity_id = worst.activity_id.clone();
    }
    if failure.activity_id.is_empty() {
        failure.activity_id = job.activity_id.clone();
    }
    failure
}
