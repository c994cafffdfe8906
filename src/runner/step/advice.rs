//! What to do about a job that failed, where the state that it leaves behind is dangerous. Pure.

use crate::domain::call::WayHome;
use crate::domain::{Change, Job, JobState, Task, Text};

/// The task in which the data of a Hyper-V failback comes home.
const SYNCHRONISES: &str = "VmPrepareForFailover";

/// What to do now; empty where Azure's own words are all there is to say.
pub(super) fn of(change: &Change, job: &Job, name: &Text) -> String {
    match change {
        Change::FailBack {
            way: WayHome::HyperV(_),
            ..
        } if may_have_synchronised(job) => torn(name),
        Change::CancelFailover { .. } => cancel_again(name, job),
        _ => String::new(),
    }
}

/// The machine at home is half old and half new \[003\].
fn torn(name: &Text) -> String {
    format!(
        "Do not boot {name} at home: its disks there are not whole. Run the failback again; that \
         finishes the synchronisation [003]."
    )
}

/// After a failed cancellation \[004\]. `job` is the one that failed.
pub(super) fn cancel_again(name: &Text, job: &Job) -> String {
    let activity = match job.activity_id.is_empty() {
        true => String::new(),
        false => format!(", activity id {}", job.activity_id),
    };
    format!(
        "Do what Azure recommends, then cancel the failover of {name} again by hand: Cancel failover. \
         If that fails again, ask Microsoft's support, with job {}{activity}. Never disable the \
         replication of {name}: the way back would be gone [004].",
        job.name
    )
}

/// Whether its data was on the way: by the task that brings it. A job that was cancelled and does not
/// tell its tasks may have been that far.
fn may_have_synchronised(job: &Job) -> bool {
    let tasks = job.flat_tasks();
    let begun = |task: &Task| {
        task.name.as_str().eq_ignore_ascii_case(SYNCHRONISES)
            && !matches!(task.state, JobState::NotStarted)
            && !task.is_skipped()
    };
    match tasks.is_empty() {
        true => true,
        false => tasks.iter().any(|(_, task)| begun(task)),
    }
}
