//! Following a change to its end: the job, what the operation says beside it, the machine.

use super::expect;
use super::judge::warning;
use super::look::PATIENCE;
use super::send::SETTLING;
use super::waiting::Waiting;
use crate::azure::{Accepted, OperationStatus, Status};
use crate::domain::run::Record;
use crate::domain::{Change, Failure, Job, JobId, Level, Machine, Problem, StepKind};
use crate::runner::carrier::{Carrier, Inheritance};
use crate::runner::desk::Way;

/// How far a job is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    Over,
    /// Or until it allows Resume, whatever its state is called (asr-rest.md 6).
    Waiting,
}

/// Where the operation beside a job tells its remarks.
#[derive(Clone, Debug)]
pub(super) enum Beside {
    Told(Accepted),
    /// The answer that would have said it was lost.
    Lost,
    /// Another run, or somebody else, began it.
    NotOurs,
}

/// Reads the job until it is over, or waits where that is wanted, writing down what is news. `Err` is
/// a job that cannot be read any more; it goes on in Azure.
pub(super) async fn until(
    c: &Carrier<'_>,
    step: StepKind,
    job: &JobId,
    until: Until,
) -> Way<Result<Job, Failure>> {
    // One that a runner before let go on, or may have, is not asked about at once.
    let waiting = match (until, c.inherited(step, Inheritance::Action)) {
        (Until::Over, Some(sent)) => Waiting::resumed(sent.at),
        _ => Waiting::default(),
    };
    follow(c, step, job, until, waiting).await
}

/// The same to its end, of a job that was let go on a moment ago: it may still show that it waits.
pub(super) async fn until_over_resumed(
    c: &Carrier<'_>,
    step: StepKind,
    job: &JobId,
) -> Way<Result<Job, Failure>> {
    follow(c, step, job, Until::Over, Waiting::resumed(c.now())).await
}

async fn follow(
    c: &Carrier<'_>,
    step: StepKind,
    job: &JobId,
    until: Until,
    mut waiting: Waiting,
) -> Way<Result<Job, Failure>> {
    let mut shown: Option<Job> = None;
    loop {
        // Right after a 202 the job may not be there yet.
        let now = match c.job(step, PATIENCE, job).await? {
            Ok(now) => now,
            Err(error) => return Ok(Err(error.into())),
        };
        if shown.as_ref() != Some(&now) {
            c.desk
                .write(Record::Job {
                    machine: c.id().clone(),
                    step,
                    job: Box::new(now.clone()),
                })
                .await?;
        }
        if now.state.is_over() || (until == Until::Waiting && now.allows("Resume")) {
            return Ok(Ok(now));
        }
        waiting.see_to(c, step, &now).await?;
        shown = Some(now);
    }
}

/// What the operation says beside its job: it may carry a warning though the job succeeded
/// (asr-rest.md 0.1). What could not be read is not taken for silence.
pub(super) async fn remark(
    c: &Carrier<'_>,
    step: StepKind,
    beside: &Beside,
) -> Way<Option<Problem>> {
    let unknown = "whether Azure added a remark to the operation is not known";
    let unread = |why: &str| Some(warning(format!("{unknown}: {why}"), Level::Warning));
    let watch = match beside {
        Beside::NotOurs => return Ok(None),
        Beside::Lost => return Ok(unread("the answer to the call was lost")),
        Beside::Told(accepted) => accepted.watch.as_ref(),
    };
    let Some(watch) = watch else {
        return Ok(unread("the answer did not say where it is told"));
    };
    for _ in 0..SETTLING {
        let read = c.read(step, 3, || c.site.arm().operation(watch)).await?;
        let OperationStatus { status, remark } = match read {
            Ok(read) => read,
            Err(error) => return Ok(unread(Failure::from(error).what.as_str())),
        };
        match status {
            Status::Running => {}
            Status::Succeeded => {
                return Ok(remark.map(|words| warning(words, Level::Warning)));
            }
            other => {
                let ended = || format!("the operation ended as {other:?}").into();
                return Ok(Some(warning(remark.unwrap_or_else(ended), Level::Error)));
            }
        }
        c.desk.rest(c.poll()).await?;
    }
    Ok(unread("it has not ended yet"))
}

/// The machine once it shows what was done, or as it is when it does not for so long. `None`: it
/// cannot be read.
pub(super) async fn settled(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    succeeded: bool,
) -> Way<Option<Machine>> {
    let mut last = None;
    for look in 0..SETTLING {
        if look > 0 {
            c.desk.rest(c.poll()).await?;
        }
        // After a reprotect it may not be found for a while.
        last = match c.machine(step, 1).await? {
            Ok((machine, _)) => Some(machine),
            Err(_) => continue,
        };
        let done = |machine: &Machine| match succeeded {
            true => expect::shows(machine, change),
            false => machine.running.is_none() && !machine.next.verbs.is_empty(),
        };
        if last.as_ref().is_some_and(done) {
            break;
        }
    }
    Ok(last)
}
