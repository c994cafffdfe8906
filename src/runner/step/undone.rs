//! A modernised failback that failed: Azure takes it back by itself, and may fail at that, too
//! \[004\].

use super::advice;
use super::look::PATIENCE;
use super::send::SETTLING;
use crate::domain::{Job, JobState, Machine, Place, StepKind, Text, Verb};
use crate::runner::carrier::Carrier;
use crate::runner::desk::Way;

/// Looks at a machine that is taken back: twenty minutes at the usual pace; it takes six.
const LOOKS: u32 = 4 * SETTLING;

/// Looks in a row that must agree that nothing is under way: it may begin a moment later.
const AGREED: u32 = 3;

/// What became of a failback whose job failed.
pub(super) enum Undone {
    /// It had not begun: the machine is where it was, and nothing was taken back.
    Untouched,
    /// Azure took it back: the machine is where it was, its VM started again.
    Back { job: Option<Box<Job>> },
    /// Taking it back failed.
    Stuck { job: Option<Box<Job>> },
    /// It did not come to rest; the machine as it was seen last.
    Unsettled(Text),
}

impl Undone {
    pub(super) fn advice(&self, name: &Text) -> String {
        let which = |job: &Option<Box<Job>>| match job {
            Some(job) => format!(" (job {})", job.name),
            None => String::new(),
        };
        match self {
            Self::Untouched => format!(
                "Nothing was done to {name} yet: it is where it was, in Azure. Put right what Azure \
                 names, then send it again."
            ),
            Self::Back { job } => format!(
                "Azure took the failed failover back by itself{}: {name} is where it was, in Azure, \
                 and its VM was started again, so that it is to be quiesced anew. Put right what \
                 Azure names, then send it again [004].",
                which(job)
            ),
            Self::Stuck { job: Some(job) } => format!(
                "Azure tried to take the failed failover back by itself, and that failed, too{}. {}",
                said(job),
                advice::cancel_again(name, job)
            ),
            Self::Stuck { job: None } => format!(
                "Azure did not take the failed failover back: cancel the failover of {name} by hand: \
                 Cancel failover. If that fails, ask Microsoft's support. Never disable the \
                 replication of {name}: the way back would be gone [004]."
            ),
            Self::Unsettled(shown) => format!(
                "{name} has not come to rest after it: it is shown as {shown}. Azure may be taking \
                 the failover back; look at it before anything is sent. Never disable its \
                 replication [004]."
            ),
        }
    }
}

/// What a failed job said, in brackets.
fn said(job: &Job) -> String {
    let problems = job.flat_tasks().into_iter().flat_map(|(_, t)| &t.problems);
    let worst = job.problems.iter().chain(problems).min_by_key(|p| p.level);
    worst.map_or(String::new(), |problem| {
        format!(" ({}: {})", problem.code, problem.message)
    })
}

/// Looks until the machine has come to rest after `failed`.
pub(super) async fn look(c: &Carrier<'_>, step: StepKind, failed: &Job) -> Way<Undone> {
    let mut began = false;
    let mut quiet = 0;
    let mut told = false;
    let mut shown = Text::from("unknown");
    for look in 0..LOOKS {
        if look > 0 {
            c.desk.rest(c.poll()).await?;
        }
        let job = cancellation(c, step, failed).await?;
        began |= job.is_some();
        if let Some(job) = &job
            && !told
        {
            told = true;
            let words = format!(
                "Azure takes the failed failover of {} back by itself (job {})",
                c.name(),
                job.name
            );
            c.remark(step, words).await?;
        }
        let live = job.as_ref().is_some_and(|job| !job.state.is_over());
        let Ok((machine, _)) = c.machine(step, 1).await? else {
            quiet = 0;
            continue;
        };
        shown = super::expect::shown(&machine);
        let cancels = |m: &Machine| {
            let word = m.running.as_ref().map(|running| running.scenario.as_str());
            word.is_some_and(|word| word.eq_ignore_ascii_case("CancelFailover"))
        };
        began |= cancels(&machine);
        if live || machine.running.is_some() {
            quiet = 0;
            continue;
        }
        quiet += 1;
        let whole = |job: Option<Job>| job.filter(|job| job.state.is_over()).map(Box::new);
        let failed_job = job
            .as_ref()
            .is_some_and(|job| job.state != JobState::Succeeded);
        let in_azure = machine.place == Place::Azure;
        if in_azure && machine.next.offers(Verb::FailBack) && !failed_job {
            if began {
                return Ok(Undone::Back { job: whole(job) });
            }
            if quiet >= AGREED {
                return Ok(Undone::Untouched);
            }
        } else if machine.next.offers(Verb::Cancel) && (began || quiet >= AGREED) {
            return Ok(Undone::Stuck { job: whole(job) });
        }
    }
    Ok(Undone::Unsettled(shown))
}

/// The newest cancellation of the machine that began after the failed job did, read whole. What cannot
/// be read now the next look tells.
async fn cancellation(c: &Carrier<'_>, step: StepKind, failed: &Job) -> Way<Option<Job>> {
    let Ok(jobs) = c.jobs(step, PATIENCE).await? else {
        return Ok(None);
    };
    let own = |job: &&Job| {
        let later = job.start.zip(failed.start).is_none_or(|(own, of)| own > of);
        let named = job.target_name == failed.target_name || job.target_id == failed.target_id;
        later && named && job.scenario.as_str().eq_ignore_ascii_case("CancelFailover")
    };
    let Some(job) = jobs.iter().find(own) else {
        return Ok(None);
    };
    match c.job(step, 1, &job.name).await? {
        Ok(whole) => Ok(Some(whole)),
        Err(_) => Ok(Some(job.clone())),
    }
}
