//! Carrying a change out: attempt after attempt, each only when a person wants it, until it is done
//! or given up.

use jiff::Timestamp;

use super::held::Held;
use super::judge;
use super::point::Wish;
use super::send::{self, Made, Sending};
use super::trouble::{self, Decision};
use super::undone::{self, Undone};
use super::{cut_over, follow, search, unknown};
use crate::domain::call::WayHome;
use crate::domain::run::{Attempt, End, Mark, Outcome, Record};
use crate::domain::{Change, Failure, Job, JobId, JobState, Machine, Retry, StepKind, Text};
use crate::runner::carrier::{Carrier, Inheritance, Memory};
use crate::runner::desk::Way;

pub(super) use super::follow::{Beside, Until};

/// Searches that must agree that nobody made a change.
const SEARCHES: u32 = 2;

/// What an attempt came to.
pub(super) enum Fate {
    Ended(End),
    /// Its job waits to be completed, which is a step of its own.
    Held(Box<Held>),
    /// It is to be sent again: nobody made it, or a pause came between. With the machine that a
    /// person was asked about.
    Again(Option<Box<Machine>>),
    /// Certainly not made.
    Trouble(Failure),
    /// Its job is over, and failed or was cancelled.
    Over(Box<Broken>),
    /// Certainly not made: Azure does not let us.
    Denied(Failure),
}

/// A change whose job failed.
pub(super) struct Broken {
    pub failure: Failure,
    /// The machine right before it was sent.
    pub before: Mark,
    /// When it was sent, by the service's clock; `None` where this run did not send it.
    pub sent: Option<Timestamp>,
    /// Azure took it back by itself, and started its VM again.
    pub restarted: bool,
}

/// How a change is made.
pub(super) struct Making<'a> {
    pub step: StepKind,
    pub wish: Wish<'a>,
    /// The machine that a person was asked about.
    pub confirmed: Option<Machine>,
    pub until: Until,
}

/// Makes `change`, with as many attempts as a person wants. `confirmed` is the machine that a person
/// was asked about.
pub(super) async fn make(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    confirmed: Option<&Machine>,
    memory: &mut Memory,
) -> Way<End> {
    let making = Making {
        step,
        wish: Wish::Known(change),
        confirmed: confirmed.cloned(),
        until: Until::Over,
    };
    make_so(c, making, memory).await
}

/// As [`make`]. What is to be sent may be told only then.
pub(super) async fn make_so(
    c: &Carrier<'_>,
    mut making: Making<'_>,
    memory: &mut Memory,
) -> Way<End> {
    let step = making.step;
    let mut denied = false;
    let mut but: Vec<Text> = Vec::new();
    // What was sent, or may have been, is seen through before anything else.
    let mut inherited = Box::pin(pick_up(c, &making)).await?;
    loop {
        let fate = match inherited.take() {
            Some(fate) => fate,
            None => {
                c.desk.gate().await?;
                if step == StepKind::FailBack {
                    match cut_over::quiet_and_drained(c, memory).await? {
                        Ok(words) => but.extend(words),
                        Err(end) => return Ok(end),
                    }
                }
                match making.wish.change(c, step).await? {
                    Ok(change) => Box::pin(attempt(c, &making, &change)).await?,
                    Err(failure) => Fate::Trouble(failure),
                }
            }
        };
        let failure = match fate {
            Fate::Ended(end) => return Ok(with(end, but)),
            Fate::Held(held) => {
                memory.held = Some(*held);
                return Ok(with(End::Done, but));
            }
            Fate::Again(asked) => {
                if asked.is_some() {
                    making.confirmed = asked.map(|machine| *machine);
                }
                continue;
            }
            Fate::Denied(failure) if !denied => {
                denied = true;
                // Reading is allowed, or the look before would have said so. Whether sending is
                // allowed again only sending tells: a person says when.
                let why = format!("{} {} Then let it go on.", failure.what, failure.advice);
                c.desk.pause(why).await?;
                continue;
            }
            Fate::Over(broken) => {
                if broken.restarted {
                    // Its applications run again.
                    memory.quiet = None;
                    c.keep(memory).await?;
                }
                if trouble::registers(c, step, &broken).await? {
                    continue;
                }
                broken.failure
            }
            Fate::Denied(failure) | Fate::Trouble(failure) => failure,
        };
        // What a person types the name for they type it for again, of the machine as it is then.
        let bound = bound(c, step).await?;
        match trouble::decide(c, step, &failure, bound.is_some(), memory).await? {
            Decision::Retry if step == StepKind::Commit => {}
            Decision::Retry => making.confirmed = bound,
            Decision::GiveUp => return Ok(End::Failed(Box::new(failure))),
        }
    }
}

/// The machine, where what the step sends must be confirmed by its name now.
async fn bound(c: &Carrier<'_>, step: StepKind) -> Way<Option<Machine>> {
    if !matches!(
        step,
        StepKind::Commit | StepKind::CancelFailover | StepKind::Protect
    ) {
        return Ok(None);
    }
    let now = c.machine(step, 3).await?.ok().map(|(machine, _)| machine);
    let now = now.unwrap_or_else(|| c.first.clone());
    Ok((step != StepKind::Protect || now.commit_pending()).then_some(now))
}

/// An end with what came before it.
fn with(end: End, mut but: Vec<Text>) -> End {
    match end {
        End::Done if !but.is_empty() => End::DoneBut(but),
        End::DoneBut(words) => {
            but.extend(words);
            End::DoneBut(but)
        }
        end => end,
    }
}

async fn attempt(c: &Carrier<'_>, making: &Making<'_>, change: &Change) -> Way<Fate> {
    let (step, until) = (making.step, making.until);
    let confirmed = making.confirmed.as_ref();
    Ok(match send::send(c, step, change, confirmed).await? {
        Sending::NotMade(failure) => Fate::Trouble(failure),
        Sending::Denied(failure) => Fate::Denied(failure),
        Sending::Postponed => Fate::Again(None),
        Sending::Already => {
            let words = "somebody else did it already: nothing was sent";
            Fate::Ended(End::DoneBut(vec![words.into()]))
        }
        Sending::Accepted(made, accepted) => {
            let job = accepted.job.clone();
            let beside = Beside::Told(accepted);
            let sent = Sent {
                change,
                made: &made,
                until,
                beside,
            };
            see_through(c, step, &sent, &job).await?
        }
        Sending::Lost(made, failure) => {
            let sent = Sent {
                change,
                made: &made,
                until,
                beside: Beside::Lost,
            };
            lost(c, step, &sent, failure).await?
        }
    })
}

/// A change that was sent.
pub(super) struct Sent<'a> {
    pub change: &'a Change,
    pub made: &'a Made,
    pub until: Until,
    pub beside: Beside,
}

/// Follows a job to its end, or to where it waits, and judges it.
async fn see_through(c: &Carrier<'_>, step: StepKind, sent: &Sent<'_>, job: &JobId) -> Way<Fate> {
    let mut evidence = Vec::new();
    loop {
        let failure = match follow::until(c, step, job, sent.until).await? {
            Ok(job) if !job.state.is_over() => return at_rest(c, step, sent, job).await,
            Ok(job) => {
                let before = &sent.made.before;
                let mut fate = over(c, step, sent.change, before, &sent.beside, &job).await?;
                if let Fate::Over(broken) = &mut fate {
                    broken.sent = Some(sent.made.at);
                }
                return Ok(fate);
            }
            Err(failure) => failure,
        };
        match unknown::out_of_sight(c, step, sent.change, job, &failure, &mut evidence).await? {
            Some(fate) => return Ok(fate),
            None => continue,
        }
    }
}

/// A job that waits where its step ends.
async fn at_rest(c: &Carrier<'_>, step: StepKind, sent: &Sent<'_>, job: Job) -> Way<Fate> {
    if !matches!(sent.change, Change::TestFailover { .. }) {
        return Ok(Fate::Held(Box::new(Held {
            job: job.name,
            before: sent.made.before.clone(),
            beside: sent.beside.clone(),
        })));
    }
    // The job of a test waits for its clean-up.
    let machine = follow::settled(c, step, sent.change, true).await?;
    let end = match judge::unlike_success(machine.as_ref(), sent.change) {
        None => End::Done,
        Some(words) => End::DoneBut(vec![words]),
    };
    Ok(Fate::Ended(end))
}

/// What a job that is over comes to.
pub(super) async fn over(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    before: &Mark,
    beside: &Beside,
    job: &Job,
) -> Way<Fate> {
    let succeeded = job.state == JobState::Succeeded;
    let remark = match succeeded {
        true => follow::remark(c, step, beside).await?,
        false => None,
    };
    let modernised = matches!(
        change,
        Change::FailBack {
            way: WayHome::Modernised(_),
            ..
        }
    );
    // A failover that failed may be taken back by the service itself.
    let undone = match modernised && !succeeded {
        true => Some(undone::look(c, step, job).await?),
        false => None,
    };
    let machine = match &undone {
        Some(_) => None,
        None => follow::settled(c, step, change, succeeded).await?,
    };
    let mut failure = match judge::judge(job, remark, machine.as_ref(), change, before, c.name()) {
        Ok(end) => return Ok(Fate::Ended(end)),
        Err(failure) => failure,
    };
    if let Some(undone) = &undone {
        failure.advice = undone.advice(c.name()).into();
    }
    Ok(Fate::Over(Box::new(Broken {
        failure,
        before: before.clone(),
        sent: None,
        restarted: matches!(undone, Some(Undone::Back { .. })),
    })))
}

/// What a runner before sent, or may have: found, followed and judged as if it had been sent now.
async fn pick_up(c: &Carrier<'_>, making: &Making<'_>) -> Way<Option<Fate>> {
    let (step, until) = (making.step, making.until);
    let Some(last) = c.inherited(step, Inheritance::Change) else {
        return Ok(None);
    };
    let (Some(change), Some(before)) = (making.wish.sent(&last.call), last.mark) else {
        return Ok(None);
    };
    let made = Made {
        attempt: Attempt {
            machine: c.id().clone(),
            step,
            attempt: last.attempt,
        },
        request: last.request,
        at: last.at,
        before,
    };
    let sent = Sent {
        change: &change,
        made: &made,
        until,
        beside: Beside::Lost,
    };
    let failure = match last.outcome {
        Outcome::NotSent => return Ok(None),
        Outcome::Accepted(Some(job)) => return see_through(c, step, &sent, &job).await.map(Some),
        Outcome::Lost(failure) => *failure,
        Outcome::Open | Outcome::Accepted(None) => {
            let what = format!(
                "The runner ended as \"{}\" of {} was about to be sent.",
                step.words(),
                c.name()
            );
            Failure::new(what, "", Retry::LookFirst)
        }
    };
    lost(c, step, &sent, failure).await.map(Some)
}

/// Whether it was made is not known: our job is looked for. What is certainly not there after two
/// searches, some time apart, is sent again where it can be taken back; everything else a person
/// decides.
async fn lost(c: &Carrier<'_>, step: StepKind, sent: &Sent<'_>, failure: Failure) -> Way<Fate> {
    let (change, made) = (sent.change, sent.made);
    let mut evidence = Vec::new();
    let mut searches = 0;
    loop {
        let search = search::find(c, step, change, made).await?;
        if let search::Search::Found(job) = &search {
            c.desk
                .write(Record::Found {
                    attempt: made.attempt.clone(),
                    job: job.clone(),
                })
                .await?;
            return see_through(c, step, sent, job).await;
        }
        let found = unknown::Found::look(c, step, change, made, search).await?;
        if found.nobody_made_it {
            searches += 1;
            if searches < SEARCHES {
                c.desk.rest(c.site.arm().pace().apart).await?;
                continue;
            }
            if found.reversible {
                let words = format!(
                    "Nobody made it: {SEARCHES} searches found no job of it, and {} has not moved. \
                     It is sent again.",
                    c.name()
                );
                c.remark(step, words).await?;
                return Ok(Fate::Again(None));
            }
        }
        let asked = unknown::not_found(c, step, change, &found, &failure, &mut evidence);
        if let Some(fate) = asked.await? {
            return Ok(fate);
        }
    }
}
