//! The runner's own process: from its errand to the end of the run.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::errand::{Errand, Standing, Task};
use super::execute::{Ended, Order, execute};
use super::ledger::FolderLedger;
use crate::azure::Recorder;
use crate::domain::run::{Letter, Line, Record, Request, Run};
use crate::domain::{Failure, Retry};
use crate::site::Site;
use crate::store::runs::Follow;
use crate::store::{RunFolder, RunTrouble};

/// Between two looks at the journal.
const LOOK: Duration = Duration::from_millis(200);

/// Why a run was not carried out to its end.
#[derive(Clone, Debug)]
pub enum NotCarried {
    /// Another run stands in its way; nothing was sent.
    Conflict(Failure),
    Failed(Failure),
}

impl From<Failure> for NotCarried {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<RunTrouble> for NotCarried {
    fn from(trouble: RunTrouble) -> Self {
        let failure = |advice| Failure::new(format!("{trouble}."), advice, Retry::AfterFixing);
        match &trouble {
            RunTrouble::Rival(rival) if rival.unsettled => {
                Self::Conflict(failure("Resume that run first: failback runs resume."))
            }
            RunTrouble::Rival(_) => Self::Conflict(failure("Wait for it, or stop it first.")),
            RunTrouble::Live(_) | RunTrouble::Elsewhere { .. } => Self::Conflict(failure("")),
            _ => Self::Failed(failure("")),
        }
    }
}

/// Carries a run out in this process, or goes on with it: takes its lock, opens its journal, then
/// works until the run ends, or until `told_to_end` says why the process must. What is exchanged with
/// Azure goes to `recorder`.
///
/// # Errors
/// A run that stands in the way, one that is over, a damaged journal, a site that cannot be asked, a
/// journal that cannot be written.
pub async fn carry(
    folder: RunFolder,
    errand: Errand,
    recorder: Option<Arc<Recorder>>,
    told_to_end: impl Future<Output = &'static str>,
) -> Result<Ended, NotCarried> {
    let plan = folder.plan()?;
    let lock = folder.lock_alone(&plan, &errand.by)?;
    let ledger = FolderLedger::open(folder.clone(), lock)?;
    let so_far = folder.read()?.lines;
    let before = Run::fold(&so_far);
    if before.as_ref().is_some_and(Run::is_closed) {
        let what = format!("Run {} is over.", folder.id());
        let advice = "Look at its machines, then launch the plan again for what is left.";
        return Err(Failure::new(what, advice, Retry::AfterFixing).into());
    }
    let wrong = match (errand.task, before.is_some()) {
        (Task::Begin, true) => Some(("has begun already", "Go on with it: failback runs resume")),
        (Task::Resume, false) => Some(("never began", "Launch its plan: failback run")),
        _ => None,
    };
    if let Some((how, advice)) = wrong {
        let what = format!("Run {} {how}.", folder.id());
        return Err(Failure::new(what, advice, Retry::AfterFixing).into());
    }
    let site = Site::open_with(&errand.profile, errand.secret.clone(), recorder)?;
    let named = errand.named.then(|| plan.slug().clone());
    let order = Order {
        run: folder.id().clone(),
        site: errand.profile.name.as_str().into(),
        slug: before.map_or(named, |run| run.launch.slug),
        by: errand.by.clone(),
        so_far,
    };
    let ended = tokio::select! {
        biased;
        ended = execute(&site, &plan, &order, Box::new(ledger), told_to_end) => ended?,
        never = answering(&folder, &errand) => match never {},
    };
    Ok(ended)
}

/// Gives the answers that the person who launched the run gave beforehand, as soon as they are asked
/// for.
async fn answering(folder: &RunFolder, errand: &Errand) -> std::convert::Infallible {
    let mut waiting: Vec<&Standing> = errand.standing.iter().collect();
    let mut follow = folder.follow();
    while !waiting.is_empty() {
        for line in news(&mut follow) {
            let Record::Asked(question) = &line.record else {
                continue;
            };
            let Some(at) = waiting.iter().position(|s| s.answers(question)) else {
                continue;
            };
            let letter = Letter {
                by: errand.by.clone(),
                at: Timestamp::now(),
                request: Request::Answer(waiting.swap_remove(at).answer(question.id)),
            };
            if let Err(trouble) = folder.put(&letter) {
                tracing::warn!(%trouble, "an answer given beforehand could not be handed over");
            }
        }
        tokio::time::sleep(LOOK).await;
    }
    std::future::pending().await
}

/// What is new in the journal of this process; it writes the journal itself, so that what cannot be
/// read is told by the writing.
fn news(follow: &mut Follow) -> Vec<Line> {
    follow.news().map(|news| news.lines).unwrap_or_default()
}
