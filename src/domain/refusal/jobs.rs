//! What may be done to a job: Resume and Restart where the service allows them and a row of ours
//! knows the job; Cancel never.

use super::{Refusal, Situation};
use crate::domain::call::JobAction;
use crate::domain::job::{Job, Outcome};

/// Jobs of which both actions may be offered, by `scenarioName`: they send no failover, end nothing,
/// and their repetition is what their first sending was.
const HARMLESS: [&str; 5] = [
    "EnableDr",
    "EnableProtection",
    "TestFailover",
    "TestFailoverCleanup",
    "UpdateVmProperties",
];

const FAILOVERS: [&str; 3] = ["UnplannedFailover", "PlannedFailover", "Failback"];

const REPROTECTS: [&str; 2] = [
    "SwitchReplicationGroupProtection",
    "ReprotectReplicationGroup",
];

const COMMITS: [&str; 2] = ["CommitFailover", "FailoverCommit"];

fn is(job: &Job, known: &[&str]) -> bool {
    let scenario = job.scenario.as_str();
    known.iter().any(|k| scenario.eq_ignore_ascii_case(k))
}

const fn refusal(why: &'static str, instead: &'static str, source: &'static str) -> Refusal {
    Refusal {
        why,
        instead,
        source,
    }
}

const NOT_ALLOWED: Refusal = refusal(
    "Azure does not allow it for this job now.",
    "Look at the job's errors and what they recommend.",
    "asr-rest.md 6",
);
const UNKNOWN: Refusal = refusal(
    "failback does not know what kind of job this is.",
    "Look at it in the Azure portal.",
    "asr-rest.md 6",
);
const OVER: Refusal = refusal(
    "A job that does not wait cannot go on.",
    "Wait for its end.",
    "asr-rest.md 6",
);
const FAILOVER_AGAIN: Refusal = refusal(
    "A failover sent again as it was would look at nothing first.",
    "Send it anew with Fail back or Fail over to Azure, which check the machine first.",
    "[001] FB-01",
);
const COMMIT_AGAIN: Refusal = refusal(
    "A commit cannot be taken back, and is sent only once somebody looked at the machine.",
    "Send it anew with Commit.",
    "[001] COM-02",
);
const PROTECT_AGAIN: Refusal = refusal(
    "A reprotect sent again as it was could commit a failover unasked.",
    "Send it anew with Protect or Protect to Azure, which check the machine first.",
    "asr-rest.md 13",
);
const CANCEL_AGAIN: Refusal = refusal(
    "A cancellation is not restarted but sent anew.",
    "Follow the job's recommended action, then Cancel failover; never disable the replication.",
    "[004] MOD-09, MOD-18",
);

/// Whether `action` may be offered for `job`. `situation` is the machine that the job is about, where
/// it is known.
///
/// # Errors
/// Why not, and what to do instead.
pub fn job_action(
    situation: Option<&Situation<'_>>,
    job: &Job,
    action: JobAction,
) -> Result<(), Refusal> {
    let listed = match action {
        JobAction::Resume => job.allows("Resume"),
        JobAction::Restart => job.allows("Restart"),
    };
    if !listed {
        return Err(NOT_ALLOWED);
    }
    if action == JobAction::Resume && job.outcome() != Outcome::Waiting {
        return Err(OVER);
    }
    if is(job, &HARMLESS) {
        return Ok(());
    }
    match action {
        // A failback that waits after its synchronisation: Complete failover.
        JobAction::Resume if is(job, &FAILOVERS) => {
            let waits = situation.and_then(Situation::waiting_failback);
            match waits {
                Some(waiting) if waiting.id == job.id => Ok(()),
                _ => Err(UNKNOWN),
            }
        }
        JobAction::Restart if is(job, &FAILOVERS) => Err(FAILOVER_AGAIN),
        JobAction::Restart if is(job, &COMMITS) => Err(COMMIT_AGAIN),
        JobAction::Restart if is(job, &REPROTECTS) => Err(PROTECT_AGAIN),
        JobAction::Restart if is(job, &["CancelFailover"]) => Err(CANCEL_AGAIN),
        _ => Err(UNKNOWN),
    }
}

/// Why a job is not cancelled, whatever it lists.
pub const JOB_CANCEL: Refusal = refusal(
    "failback cancels no job: Azure lists Cancel on every running job, also on those that it would harm.",
    "Let it end; a modernised failback is taken back by Cancel failover afterwards.",
    "asr-rest.md 13",
);
const CANCEL_FAILBACK: Refusal = refusal(
    "The job of a Hyper-V failback must not be cancelled: once its data synchronisation began, the \
     machine at home would be corrupt.",
    "Let it end. If somebody cancelled it, do not boot the machine at home: run Fail back again.",
    "[003] HV-29, HV-30",
);
const CANCEL_FAILOVER: Refusal = refusal(
    "A failover under way must not be cancelled: replication was stopped before it and does not resume.",
    "Let it end; a modernised failback is taken back by Cancel failover afterwards.",
    "[004] FWD-09, MOD-07",
);
const CANCEL_COMMIT: Refusal = refusal(
    "A commit under way must not be cancelled: what it deletes is gone already.",
    "Let it end.",
    "[001] COM-02",
);
const CANCEL_CANCELLATION: Refusal = refusal(
    "A cancellation under way must not be cancelled itself: the machine would be neither here nor there.",
    "Let it end. If it fails, Cancel failover again; never disable the replication.",
    "[004] MOD-16, MOD-18",
);

/// Why this job is not cancelled. It never is.
#[must_use]
pub fn job_cancel(situation: Option<&Situation<'_>>, job: &Job) -> Refusal {
    let failback = |s: &Situation<'_>| s.job.is_some_and(|own| own.id == job.id) && s.fails_back();
    match () {
        () if situation.is_some_and(failback) => CANCEL_FAILBACK,
        () if is(job, &FAILOVERS) => CANCEL_FAILOVER,
        () if is(job, &COMMITS) => CANCEL_COMMIT,
        () if is(job, &["CancelFailover"]) => CANCEL_CANCELLATION,
        () => JOB_CANCEL,
    }
}
