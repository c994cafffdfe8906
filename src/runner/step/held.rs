//! A Hyper-V failback that synchronised before its failover: its job waits to be completed, and may
//! be completed or cancelled by somebody else meanwhile.

use std::time::Duration;

use super::change::{self, Beside, Broken, Fate, Making};
use super::follow::{self, Until};
use super::look::PATIENCE;
use super::point::Wish;
use crate::domain::call::WayHome;
use crate::domain::plan::HyperVReturn;
use crate::domain::run::{self as kept, End, Mark};
use crate::domain::{Change, JobId, Step, StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::Way;

/// A job that waits to be completed.
#[derive(Clone, Debug)]
pub(in crate::runner) struct Held {
    pub(super) job: JobId,
    /// The machine right before it began, or when it was found.
    pub(super) before: Mark,
    pub(super) beside: Beside,
}

impl Held {
    /// As the journal keeps it.
    pub(in crate::runner) fn written(&self) -> kept::Held {
        kept::Held {
            job: self.job.clone(),
            before: self.before.clone(),
            ours: !matches!(self.beside, Beside::NotOurs),
        }
    }

    pub(in crate::runner) fn read(kept: &kept::Held) -> Self {
        Self {
            job: kept.job.clone(),
            before: kept.before.clone(),
            beside: match kept.ours {
                true => Beside::Lost,
                false => Beside::NotOurs,
            },
        }
    }
}

/// Sends the failback and sees it to where it waits, within `step`.
pub(super) async fn synchronise(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    memory: &mut Memory,
) -> Way<End> {
    memory.held = None;
    let making = Making {
        step,
        wish: Wish::Known(change),
        confirmed: None,
        until: Until::Waiting,
    };
    let end = change::make_so(c, making, memory).await?;
    if memory.held.is_some() {
        return Ok(end);
    }
    let early = Text::from(
        "Azure did not wait for the failback to be completed: the machine came home at once, before \
         its turn",
    );
    Ok(match end {
        End::Done => {
            memory.home = true;
            End::DoneBut(vec![early])
        }
        End::DoneBut(mut words) => {
            memory.home = true;
            words.insert(0, early);
            End::DoneBut(words)
        }
        end => end,
    })
}

/// The change that synchronises, where this run has it.
pub(super) fn synchronisation<'a>(c: &'a Carrier<'_>) -> Option<&'a Change> {
    c.recipe.steps.iter().find_map(|step| match step {
        Step::Synchronise(change) => Some(change),
        _ => None,
    })
}

/// Watches a job that waits, until it does not wait any more.
pub(super) async fn watch(c: &Carrier<'_>, step: StepKind, held: &Held) -> Way<()> {
    let pause = c.poll().saturating_mul(3).max(Duration::from_millis(1));
    loop {
        if let Ok(job) = c.job(step, PATIENCE, &held.job).await?
            && !job.allows("Resume")
        {
            return Ok(());
        }
        c.desk.rest(pause).await?;
    }
}

/// Sees a job that does not wait any more to its end, and judges it.
pub(super) async fn see_through(
    c: &Carrier<'_>,
    step: StepKind,
    held: &Held,
) -> Way<Result<End, Box<Broken>>> {
    let change = failback(c);
    let mut told = Vec::new();
    loop {
        let fate = match follow::until_over_resumed(c, step, &held.job).await? {
            Ok(job) => change::over(c, step, &change, &held.before, &held.beside, &job).await?,
            Err(failure) => {
                let asked =
                    super::unknown::out_of_sight(c, step, &change, &held.job, &failure, &mut told);
                match asked.await? {
                    Some(fate) => fate,
                    None => continue,
                }
            }
        };
        match fate {
            Fate::Ended(end) => return Ok(Ok(end)),
            Fate::Over(broken) => return Ok(Err(broken)),
            // A job that is followed comes to nothing else.
            Fate::Held(_) | Fate::Again(_) | Fate::Trouble(_) | Fate::Denied(_) => {}
        }
    }
}

/// The failback that the job does: as this run sent it, or as such.
pub(super) fn failback(c: &Carrier<'_>) -> Change {
    let usual = || Change::FailBack {
        item: c.id().clone(),
        way: WayHome::HyperV(HyperVReturn::usual()),
    };
    synchronisation(c).cloned().unwrap_or_else(usual)
}
