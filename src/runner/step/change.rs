//! Carrying a change out: attempt after attempt, each only when a person wants it, until it is done
//! or given up.

use super::judge;
use super::send::{self, Made, Sending};
use super::trouble::{self, Decision};
use super::{cut_over, follow, search, unknown};
use crate::azure::Accepted;
use crate::domain::run::{End, Record};
use crate::domain::{Change, Failure, JobId, Machine, StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::Way;

/// What an attempt came to.
pub(super) enum Fate {
    Ended(End),
    /// It is to be sent again: a person wants it, or a pause came between.
    Again,
    /// Certainly not made, or its job is over and failed.
    Trouble(Failure),
    /// Certainly not made: Azure does not let us.
    Denied(Failure),
}

/// Protect: after it the item no longer tells which VM it is in Azure (asr-rest.md 8), so that it is
/// written down before.
pub(super) async fn protect(c: &Carrier<'_>, change: &Change) -> Way<End> {
    if let Some(vm) = c.azure_vm() {
        c.remark(StepKind::Protect, format!("The VM in Azure is {vm}"))?;
    }
    make(c, StepKind::Protect, change, None, &mut Memory::default()).await
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
    let mut denied = false;
    let mut but: Vec<Text> = Vec::new();
    loop {
        c.desk.gate().await?;
        if step == StepKind::FailBack {
            match cut_over::quiet_and_drained(c, memory).await? {
                Ok(words) => but.extend(words),
                Err(end) => return Ok(end),
            }
        }
        let failure = match Box::pin(attempt(c, step, change, confirmed)).await? {
            Fate::Ended(end) => return Ok(with(end, but)),
            Fate::Again => continue,
            Fate::Denied(failure) if !denied => {
                denied = true;
                // Reading is allowed, or the look before would have said so. Whether sending is
                // allowed again only sending tells: a person says when.
                let why = format!("{} {} Then let it go on.", failure.what, failure.advice);
                c.desk.pause(why)?;
                continue;
            }
            Fate::Denied(failure) | Fate::Trouble(failure) => failure,
        };
        match trouble::decide(c, step, &failure, memory).await? {
            Decision::Retry => {}
            Decision::GiveUp => return Ok(End::Failed(Box::new(failure))),
        }
    }
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

async fn attempt(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    confirmed: Option<&Machine>,
) -> Way<Fate> {
    Ok(match send::send(c, step, change, confirmed).await? {
        Sending::NotMade(failure) => Fate::Trouble(failure),
        Sending::Denied(failure) => Fate::Denied(failure),
        Sending::Postponed => Fate::Again,
        Sending::Already => {
            let words = "somebody else did it already: nothing was sent";
            Fate::Ended(End::DoneBut(vec![words.into()]))
        }
        Sending::Accepted(made, accepted) => {
            let job = accepted.job.clone();
            see_through(c, step, change, &made, &job, Some(&accepted)).await?
        }
        Sending::Lost(made, failure) => lost(c, step, change, &made, failure).await?,
    })
}

/// Follows a job to its end and judges it.
pub(super) async fn see_through(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    made: &Made,
    job: &JobId,
    accepted: Option<&Accepted>,
) -> Way<Fate> {
    let mut evidence = Vec::new();
    loop {
        let failure = match follow::until_over(c, step, job).await? {
            Ok(job) => {
                let succeeded = job.state == crate::domain::JobState::Succeeded;
                let remark = follow::remark(c, step, accepted).await?;
                let machine = follow::settled(c, step, change, succeeded).await?;
                let end = judge::judge(&job, remark, machine.as_ref(), change, &made.seen);
                return Ok(end.map_or_else(Fate::Trouble, Fate::Ended));
            }
            Err(failure) => failure,
        };
        match unknown::out_of_sight(c, step, change, job, &failure, &mut evidence).await? {
            Some(fate) => return Ok(fate),
            None => continue,
        }
    }
}

/// The answer was lost: our job is looked for; what is not found a person decides.
async fn lost(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    made: &Made,
    failure: Failure,
) -> Way<Fate> {
    let mut evidence = Vec::new();
    loop {
        let search = search::find(c, step, change, made).await?;
        if let search::Search::Found(job) = &search {
            c.desk.write(Record::Found {
                attempt: made.attempt.clone(),
                job: job.clone(),
            })?;
            return see_through(c, step, change, made, job, None).await;
        }
        let asked = unknown::not_found(c, step, change, made, &search, &failure, &mut evidence);
        if let Some(fate) = asked.await? {
            return Ok(fate);
        }
    }
}
