//! The runner's own process: from its errand to the end of the run.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::errand::{Errand, Standing};
use super::execute::{Order, execute};
use super::ledger::{FolderLedger, Ledger};
use crate::azure::Recorder;
use crate::domain::run::{Closing, Letter, Line, Record, Request};
use crate::domain::{Failure, Person, Retry};
use crate::site::Site;
use crate::store::runs::Follow;
use crate::store::{Journal, RunFolder, RunTrouble};

/// Between two looks at the journal.
const LOOK: Duration = Duration::from_millis(200);
/// How long a runner that was told to end waits for the answers to what it has sent. Systems that
/// go down wait longer than this before they kill.
const GRACE: Duration = Duration::from_secs(60);

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
            RunTrouble::Rival(_) => Self::Conflict(failure("Wait for it, or stop it first.")),
            RunTrouble::Live(_) => Self::Conflict(failure("")),
            _ => Self::Failed(failure("")),
        }
    }
}

/// Carries a run out in this process: takes its lock, opens its journal, then works until the run
/// ends, or until `told_to_end` says why it must not go on. `None` after that: the run is paused,
/// what was sent has its answer where there was one within a minute, and the journal says so. What
/// is exchanged with Azure goes to `recorder`.
///
/// # Errors
/// A run that stands in the way, one that has begun already, a site that cannot be asked, a journal
/// that cannot be written.
pub async fn carry(
    folder: RunFolder,
    errand: Errand,
    recorder: Option<Arc<Recorder>>,
    told_to_end: impl Future<Output = &'static str>,
) -> Result<Option<Closing>, NotCarried> {
    let plan = folder.plan()?;
    let lock = folder.lock_alone(&plan, &errand.by)?;
    if Journal::open(&folder, &lock)?.lines() > 0 {
        let what = format!("Run {} has begun already.", folder.id());
        let advice = "Look at its machines, then launch the plan again for what is left.";
        return Err(Failure::new(what, advice, Retry::LookFirst).into());
    }
    let site = Site::open_with(&errand.profile, errand.secret.clone(), recorder)?;
    let order = Order {
        run: folder.id().clone(),
        site: errand.profile.name.as_str().into(),
        slug: errand.named.then(|| plan.slug().clone()),
        by: errand.by.clone(),
    };
    let mut ledger = FolderLedger::open(folder.clone(), &lock)?;
    let ended = tokio::select! {
        biased;
        closing = execute(&site, &plan, &order, &mut ledger) => Ok(closing?),
        why = pausing(&folder, told_to_end) => Err(why),
        never = answering(&folder, &errand) => match never {},
    };
    match ended {
        Ok(closing) => Ok(Some(closing)),
        Err(why) => {
            ledger.append(Record::Paused { why: why.into() })?;
            Ok(None)
        }
    }
}

/// Waits until the process must end, then until nothing that was sent is without its answer.
async fn pausing(folder: &RunFolder, told: impl Future<Output = &'static str>) -> &'static str {
    let why = told.await;
    let letter = Letter {
        by: Person {
            name: why.into(),
            host: "".into(),
            from: None,
        },
        at: Timestamp::now(),
        request: Request::Pause,
    };
    if folder.put(&letter).is_err() {
        return why;
    }
    // Ignored on purpose: after that what is still without an answer is looked for by the next run.
    let _ = tokio::time::timeout(GRACE, quiet(folder)).await;
    why
}

/// Waits until the run is paused and every change that was announced has its outcome.
async fn quiet(folder: &RunFolder) {
    let mut follow = folder.follow();
    let mut paused = false;
    let mut open = 0_usize;
    loop {
        for line in news(&mut follow) {
            match &line.record {
                Record::Intent { .. } => open += 1,
                Record::Accepted { .. } | Record::NotSent { .. } | Record::AnswerLost { .. } => {
                    open = open.saturating_sub(1);
                }
                Record::Paused { .. } => paused = true,
                Record::WentOn => paused = false,
                _ => {}
            }
        }
        if paused && open == 0 {
            return;
        }
        tokio::time::sleep(LOOK).await;
    }
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
