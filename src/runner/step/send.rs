//! Sending a change, once: a fresh look, the intent on disk, the call, what came back on disk.

use jiff::Timestamp;

use super::expect::{self, Unready};
use super::look::PATIENCE;
use crate::azure::{Accepted, Error, Kind, Sent, call_for};
use crate::domain::run::{Attempt, Mark, Record};
use crate::domain::{Change, Failure, Machine, RequestId, Retry, StepKind};
use crate::runner::carrier::Carrier;
use crate::runner::desk::Way;

/// Most times a call that was turned away for now is sent.
const TURNS: u32 = 5;

/// Looks at a machine that has not come to rest yet.
pub(super) const SETTLING: u32 = 30;

/// One attempt that is on disk.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub attempt: Attempt,
    pub request: RequestId,
    /// When, by the service's clock.
    pub at: Timestamp,
    /// The machine right before.
    pub before: Mark,
}

/// What became of a call.
pub(super) enum Sending {
    Accepted(Made, Accepted),
    /// Nobody knows.
    Lost(Made, Failure),
    /// Certainly nothing was changed.
    NotMade(Failure),
    /// Certainly nothing was changed, because Azure does not let us.
    Denied(Failure),
    /// It was done before, by somebody else.
    Already,
    /// Certainly nothing was changed: the service was busy, and then the run was paused.
    Postponed,
}

/// Sends `change`. When the service turns it away for now, it is sent again after the time asked
/// for - and after a fresh look.
pub(super) async fn send(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    confirmed: Option<&Machine>,
) -> Way<Sending> {
    let seen = loop {
        match still_so(c, step, change, confirmed).await? {
            Ok(seen) if !c.desk.is_paused() => break seen,
            // What was looked at before a pause is looked at again after it.
            Ok(_) => c.desk.gate().await?,
            Err(Unready::Already) => return Ok(Sending::Already),
            Err(Unready::Refused(failure) | Unready::Unsettled(failure)) => {
                return Ok(Sending::NotMade(failure));
            }
        }
    };
    let Some(made) = intend(c, step, change, &seen).await? else {
        return Ok(Sending::Postponed);
    };
    let attempt = made.attempt.clone();
    let doing = format!("{} {}", step.words(), c.name());
    let call = call_for(change, c.site.arm().api_version());
    let mut turn = 1;
    loop {
        let answer = c.site.arm().change(&doing, &call, made.request).await;
        let error = match answer.and_then(|answer| Accepted::read(&doing, &answer)) {
            Ok(accepted) => {
                c.desk
                    .write(Record::Accepted {
                        attempt,
                        job: Some(accepted.job.clone()),
                        correlation: accepted.correlation.clone(),
                    })
                    .await?;
                return Ok(Sending::Accepted(made, accepted));
            }
            Err(error) => error,
        };
        if error.sent == Sent::Unknown {
            let failure = lost(&error);
            c.desk
                .write(Record::AnswerLost {
                    attempt,
                    failure: Box::new(failure.clone()),
                })
                .await?;
            return Ok(Sending::Lost(made, failure));
        }
        if error.is_sign_in() {
            not_sent(c, attempt, &Failure::from(&error)).await?;
            return Err(c.sign_in_again(&error));
        }
        let failure = match waits(c, &error, turn) {
            None => Failure::from(&error),
            Some(pause) => {
                turn += 1;
                let rested = c.desk.rest(pause).await;
                if rested.is_err() || c.desk.is_paused() {
                    not_sent(c, attempt, &Failure::from(&error)).await?;
                    return rested.map(|()| Sending::Postponed);
                }
                match still_so(c, step, change, confirmed).await? {
                    Ok(_) => continue,
                    Err(Unready::Refused(failure) | Unready::Unsettled(failure)) => failure,
                    Err(Unready::Already) => Failure::from(&error),
                }
            }
        };
        not_sent(c, attempt, &failure).await?;
        return Ok(match error.is_denied() {
            true => Sending::Denied(failure),
            false => Sending::NotMade(failure),
        });
    }
}

/// How long a busy service asks to wait, where that is worth waiting.
pub(super) fn waits(c: &Carrier<'_>, error: &Error, turn: u32) -> Option<std::time::Duration> {
    let pace = c.site.arm().pace();
    match (&error.kind, error.sent) {
        (Kind::Throttled(asked), Sent::No) if turn < TURNS && *asked <= pace.patience => {
            Some((*asked).max(pace.retry_base))
        }
        _ => None,
    }
}

/// Waits as a busy service asks, and to the end of a pause.
pub(super) async fn wait(c: &Carrier<'_>, pause: std::time::Duration) -> Way<()> {
    c.desk.rest(pause).await?;
    c.desk.gate().await
}

pub(super) async fn not_sent(c: &Carrier<'_>, attempt: Attempt, failure: &Failure) -> Way<()> {
    let failure = Box::new(failure.clone());
    c.desk.write(Record::NotSent { attempt, failure }).await
}

/// Puts the intent on disk; nothing is sent before. `None`: the run was paused at this moment.
async fn intend(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    seen: &Machine,
) -> Way<Option<Made>> {
    let (attempt, request) = numbered(c, step);
    let made = Made {
        attempt: attempt.clone(),
        request,
        at: c.now(),
        before: Mark::of(seen),
    };
    let intent = Record::Intent {
        attempt,
        call: call_for(change, c.site.arm().api_version()),
        request,
        mark: Some(made.before.clone()),
        service_time: made.at,
    };
    Ok(c.desk.intend(intent).await?.then_some(made))
}

/// The next attempt at a step, and the id of its request.
pub(super) fn numbered(c: &Carrier<'_>, step: StepKind) -> (Attempt, RequestId) {
    let number = c.desk.next_attempt(c.id(), step);
    let request = RequestId::derived(c.run.as_str(), c.id(), step.word(), number);
    let attempt = Attempt {
        machine: c.id().clone(),
        step,
        attempt: number,
    };
    (attempt, request)
}

/// Looks right before sending. What cannot be looked at is not changed: nobody could follow it,
/// either. A machine that has not come to rest is looked at again for a while.
async fn still_so(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    confirmed: Option<&Machine>,
) -> Way<Result<Machine, Unready>> {
    let unread = |error: Error| Ok(Err(Unready::Refused(error.into())));
    let mut look = 0;
    loop {
        look += 1;
        let jobs = match c.jobs(step, PATIENCE).await? {
            Ok(jobs) => jobs,
            Err(error) => return unread(error),
        };
        let machine = match c.machine(step, PATIENCE).await? {
            Ok((machine, _)) => machine,
            Err(error) => return unread(error),
        };
        match expect::ready(&machine, &jobs, change) {
            Ok(()) => {}
            Err(Unready::Unsettled(_)) if look < SETTLING => {
                c.desk.rest(c.poll()).await?;
                continue;
            }
            Err(unready) => return Ok(Err(unready)),
        }
        // Nobody was asked whether it may be committed.
        if matches!(change, Change::Protect { .. })
            && confirmed.is_none()
            && machine.commit_pending()
        {
            let what = format!(
                "Nothing was sent: the failover of {} is not committed, and Protect would commit it.",
                c.name()
            );
            let advice = "Look at it; then try again, and confirm it by its name.";
            let failure = Failure::new(what, advice, Retry::AfterFixing);
            return Ok(Err(Unready::Refused(failure)));
        }
        if let Some(asked) = confirmed.filter(|asked| !expect::same(asked, &machine)) {
            let what = format!(
                "Nothing was sent: {} has changed since it was confirmed.",
                c.name()
            );
            let (was, is) = (expect::shown(asked), expect::shown(&machine));
            let advice = format!("It was: {was}. It is now: {is}.");
            let failure = Failure::new(what, advice, Retry::AfterFixing);
            return Ok(Err(Unready::Refused(failure)));
        }
        return Ok(Ok(machine));
    }
}

pub(super) fn lost(error: &Error) -> Failure {
    let mut failure = Failure::from(error);
    failure.advice =
        "The change may have been made all the same. It is not sent again; the jobs of \
                      the vault are searched for it."
            .into();
    failure
}
