//! Following a change to its end: the job, what the operation says beside it, the machine.

use crate::azure::{Accepted, OperationStatus, Status};
use crate::domain::{ArmId, Failure, Job, JobId, JobState, Level, Machine, Place, Problem, Text};
use crate::site::Site;

use super::prepared::Prepared;
use super::progress::{End, Progress};

/// Failed looks at a job in a row, after which it is no longer followed.
const PATIENCE: u32 = 30;

/// Failed looks in a row after which the person is told.
const TOLD_AFTER: u32 = 3;

/// Looks at the machine after its job ended: its state may follow the job's end.
const SETTLING: u32 = 10;

/// Follows a job to its end.
pub(super) async fn follow(
    site: &Site,
    prepared: &Prepared,
    job: &JobId,
    accepted: Option<&Accepted>,
    tell: &(impl Fn(Progress) + Sync),
) -> End {
    let item = &prepared.seen.id;
    let mut job = match until_over(site, item, job, tell).await {
        Ok(job) => job,
        Err(failure) => {
            tell(Progress::LostSight(Box::new(failure)));
            return End::Unknown;
        }
    };
    job.problems.extend(remark(site, accepted).await);
    let succeeded = job.state == JobState::Succeeded;
    let machine = settled(site, item, &prepared.seen, succeeded).await;
    if succeeded {
        job.problems.extend(unlike_success(machine.as_ref()));
    }
    let outcome = job.outcome();
    tell(Progress::Ended {
        job: Box::new(job),
        machine: machine.map(Box::new),
    });
    End::Done(outcome)
}

/// Reads the job until it is over, telling what is news.
async fn until_over(
    site: &Site,
    item: &ArmId,
    job: &JobId,
    tell: &(impl Fn(Progress) + Sync),
) -> Result<Job, Failure> {
    let mut shown: Option<Job> = None;
    let mut failures = 0;
    loop {
        match site.job(item, job).await {
            Ok(now) => {
                let unreadable = std::mem::take(&mut failures) >= TOLD_AFTER;
                if unreadable || shown.as_ref() != Some(&now) {
                    tell(Progress::Job(Box::new(now.clone())));
                }
                if now.state.is_over() {
                    return Ok(now);
                }
                shown = Some(now);
            }
            Err(failure) => {
                failures += 1;
                match failures {
                    PATIENCE => return Err(failure),
                    // Right after a 202 the job may not be there yet.
                    TOLD_AFTER => tell(Progress::Unreadable(Box::new(failure))),
                    _ => {}
                }
            }
        }
        // The longer it cannot be read, the less often it is tried: roles come back after minutes.
        let pause = site
            .arm()
            .pace()
            .poll
            .saturating_mul(1 << (failures / 5).min(6));
        tokio::time::sleep(pause).await;
    }
}

/// Why a job that succeeded is not a green end: the machine does not show it.
fn unlike_success(machine: Option<&Machine>) -> Option<Problem> {
    let message = match machine {
        None => "the machine could not be read again: its state is unknown".into(),
        Some(machine) if machine.place == Place::OnPremises => return None,
        Some(machine) => {
            let (place, state) = (machine.place.word(), machine.state_words());
            format!("the job is over, but the machine is still shown as: {place}, {state}")
        }
    };
    Some(warning(message, Level::Warning))
}

fn warning(message: impl Into<Text>, level: Level) -> Problem {
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

/// What the operation says beside its job: it may carry a warning though the job succeeded
/// (asr-rest.md 0.1). What could not be read is not taken for silence.
async fn remark(site: &Site, accepted: Option<&Accepted>) -> Option<Problem> {
    let unknown = "whether Azure added a remark to the operation is not known";
    let Some(watch) = accepted.and_then(|accepted| accepted.watch.as_ref()) else {
        return Some(warning(
            format!("{unknown}: the answer to the call was lost"),
            Level::Warning,
        ));
    };
    for _ in 0..SETTLING {
        match site.arm().operation(watch).await {
            Ok(OperationStatus {
                status: Status::Running,
                ..
            }) => {}
            Ok(OperationStatus {
                status: Status::Succeeded,
                remark,
            }) => {
                return remark.map(|words| warning(words, Level::Warning));
            }
            Ok(OperationStatus { status, remark }) => {
                let words =
                    remark.unwrap_or_else(|| format!("the operation ended as {status:?}").into());
                return Some(warning(words, Level::Error));
            }
            Err(error) => {
                let why = Failure::from(error).what;
                return Some(warning(format!("{unknown}: {why}"), Level::Warning));
            }
        }
        tokio::time::sleep(site.arm().pace().poll).await;
    }
    Some(warning(
        format!("{unknown}: it has not ended yet"),
        Level::Warning,
    ))
}

/// The machine once its state has followed the job's end, or as it is when it does not.
async fn settled(site: &Site, item: &ArmId, before: &Machine, succeeded: bool) -> Option<Machine> {
    let mut last = None;
    for look in 0..SETTLING {
        if look > 0 {
            tokio::time::sleep(site.arm().pace().poll).await;
        }
        if let Ok(machine) = site.machine_now(item).await {
            let moved = machine.stage != before.stage || machine.place != before.place;
            let resting = machine.running.is_none() && !machine.next.verbs.is_empty();
            last = Some(machine);
            if resting && (moved || !succeeded) {
                break;
            }
        }
    }
    last
}
