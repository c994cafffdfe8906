//! Sending a change that is recognised by its object afterwards, and not by a job of its own: the power of
//! a VM, a job that waited, a disk in a guest. The intent is on disk before, what came back is on disk after,
//! and nothing is sent where nobody is let in any more. A change of an item is sent by [`super::send`], which
//! also looks at the item before every turn.

use std::time::Duration;

use super::send::{not_sent, numbered, wait, waits};
use crate::azure::{Accepted, Answer, Error, Sent, call_for};
use crate::domain::run::Record;
use crate::domain::{Change, Failure, JobId, StepKind};
use crate::runner::carrier::Carrier;
use crate::runner::desk::Way;

/// Most times a script is offered to a VM in which another one runs: ten minutes at the usual pace.
const OFFERS: u32 = 60;

/// What became of the call.
pub(super) enum Deed {
    Accepted(Answer),
    /// Nobody knows: the object tells.
    Lost,
    /// Certainly nothing was changed.
    NotMade(Failure),
}

/// What is told of it.
pub(super) struct Telling<'a> {
    /// What was being done, to follow "Could not".
    pub doing: &'a str,
    /// What tells what became of it where the answer is lost: a sentence.
    pub lost: &'a str,
    /// The job that the change is made to: no other one carries it out.
    pub job: Option<&'a JobId>,
}

/// Sends `change` once. Where the service turns it away for now, it is sent again under the same id, after
/// the time asked for.
pub(super) async fn send(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    telling: Telling<'_>,
) -> Way<Deed> {
    let Telling { doing, lost, job } = telling;
    let call = call_for(change, c.site.arm().api_version());
    let (attempt, request) = numbered(c, step);
    let intent = Record::Intent {
        attempt: attempt.clone(),
        call: call.clone(),
        request,
        mark: None,
        service_time: c.now(),
    };
    c.desk.write(intent).await?;
    let mut turn = 1;
    loop {
        let answer = c.site.arm().change(doing, &call, request).await;
        // One that names no job was not let go on for sure.
        let read = answer.and_then(|answer| match job {
            Some(_) => Accepted::read(doing, &answer).map(|_| answer),
            None => Ok(answer),
        });
        let error = match read {
            Ok(answer) => {
                let correlation = answer.correlation().unwrap_or_default().into();
                let job = job.cloned();
                let accepted = Record::Accepted {
                    attempt,
                    job,
                    correlation,
                };
                c.desk.write(accepted).await?;
                return Ok(Deed::Accepted(answer));
            }
            Err(error) => error,
        };
        let mut failure = Failure::from(&error);
        if error.sent == Sent::Unknown {
            failure.advice = lost.into();
            let failure = Box::new(failure);
            c.desk
                .write(Record::AnswerLost { attempt, failure })
                .await?;
            return Ok(Deed::Lost);
        }
        let halt = match pause(c, change, &error, turn) {
            _ if error.is_sign_in() => Some(c.sign_in_again(&error)),
            None => None,
            Some(pause) => match wait(c, pause).await {
                Ok(()) => {
                    turn += 1;
                    continue;
                }
                Err(halt) => Some(halt),
            },
        };
        not_sent(c, attempt, &failure).await?;
        return match halt {
            Some(halt) => Err(halt),
            None => Ok(Deed::NotMade(failure)),
        };
    }
}

/// How long to wait before it is sent again, where that is worth waiting.
fn pause(c: &Carrier<'_>, change: &Change, error: &Error, turn: u32) -> Option<Duration> {
    let script = matches!(change, Change::TakeTemporaryOffline { .. });
    match script && error.another_script_runs() && turn < OFFERS {
        true => Some(c.poll()),
        false => waits(c, error, turn),
    }
}
