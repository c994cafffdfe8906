//! Sends one confirmed change, once, and follows what it started.

use crate::azure::{Accepted, Error, Sent, Status};
use crate::domain::{
    ArmId, Class, Failure, Job, JobId, Level, Machine, Outcome, Problem, RequestId, Retry, Text,
};
use crate::site::Site;

use super::prepared::{Confirmed, Prepared};
use super::progress::{End, Progress};
use super::search;

/// Failed looks at a job in a row, after which it is no longer followed.
const PATIENCE: u32 = 30;

/// Looks at the machine after its job ended: its state may follow the job's end.
const SETTLING: u32 = 10;

/// Carries `confirmed` out. Tells everything that happens, in order; the last piece of news says how
/// it ended.
pub async fn carry_out(
    site: &Site,
    confirmed: &Confirmed,
    tell: impl Fn(Progress) + Send + Sync,
) -> End {
    let prepared = confirmed.prepared();
    let item = &prepared.seen.id;
    if let Err(failure) = still_so(site, prepared).await {
        tell(Progress::NotDone(Box::new(failure)));
        return End::NotDone;
    }
    let request = RequestId::random();
    let sent_at = site.arm().service_now();
    tell(Progress::Sending(request));
    let doing = format!(
        "{} {}",
        prepared.verb.words().to_lowercase(),
        prepared.machine
    );
    let answer = site.arm().change(&doing, &prepared.call, request).await;
    let accepted = match answer.and_then(|answer| Accepted::read(&doing, &answer)) {
        Ok(accepted) => accepted,
        Err(error) if error.sent != Sent::Unknown => {
            tell(Progress::NotDone(Box::new(error.into())));
            return End::NotDone;
        }
        Err(error) => {
            tell(Progress::AnswerLost(Box::new(lost(&error))));
            let Some(job) = search::find(site, item, request, sent_at).await else {
                tell(Progress::NotFound(Box::new(not_found(prepared, request))));
                return End::Unknown;
            };
            tell(Progress::Found(job.clone()));
            return follow(site, prepared, &job, None, &tell).await;
        }
    };
    tell(Progress::Accepted(accepted.job.clone()));
    let job = accepted.job.clone();
    follow(site, prepared, &job, Some(&accepted), &tell).await
}

/// Looks again right before sending: what was confirmed must still be what is there.
async fn still_so(site: &Site, prepared: &Prepared) -> Result<(), Failure> {
    let now = site.machine_now(&prepared.seen.id).await?;
    let seen = &prepared.seen;
    // Lists leave the correlation id out: only two that are given can differ.
    let given = !seen.event_correlation_id.is_empty() && !now.event_correlation_id.is_empty();
    let same = now.class == Class::ClassicHome
        && now.class == seen.class
        && now.place == seen.place
        && now.name == seen.name
        && !(given && now.event_correlation_id != seen.event_correlation_id);
    if same && now.running.is_none() && now.next.offers(prepared.verb) {
        return Ok(());
    }
    let what = format!(
        "Nothing was sent: {} has changed since it was shown.",
        prepared.machine
    );
    let advice = format!("It is now: {}. Refresh and look again.", now.state_words());
    Err(Failure::new(what, advice, Retry::AfterFixing))
}

fn lost(error: &Error) -> Failure {
    let mut failure = Failure::from(error);
    failure.advice =
        "The change may have been made all the same. It is not sent again; the jobs of \
                      the vault are searched for it."
            .into();
    failure
}

fn not_found(prepared: &Prepared, request: RequestId) -> Failure {
    let what = format!(
        "It is not known whether {} is being failed back: no job in the vault carries our request id {request}.",
        prepared.machine
    );
    let advice = "Do not send it again before you have looked: refresh, see the machine's state and the \
                  vault's jobs (Azure portal, Site Recovery jobs). If the machine still offers Fail back \
                  and no failover job appeared within half an hour, the call did not arrive.";
    Failure::new(what, advice, Retry::LookFirst)
}

/// Follows a job to its end.
async fn follow(
    site: &Site,
    prepared: &Prepared,
    job: &JobId,
    accepted: Option<&Accepted>,
    tell: &(impl Fn(Progress) + Sync),
) -> End {
    let item = &prepared.seen.id;
    let poll = site.arm().pace().poll;
    let mut shown: Option<Job> = None;
    let mut failures = 0;
    let mut job = loop {
        match site.job(item, job).await {
            Ok(now) => {
                failures = 0;
                if shown.as_ref() != Some(&now) {
                    tell(Progress::Job(Box::new(now.clone())));
                }
                if now.state.is_over() {
                    break now;
                }
                shown = Some(now);
            }
            Err(failure) => {
                failures += 1;
                if failures == PATIENCE {
                    tell(Progress::LostSight(Box::new(failure)));
                    return End::Unknown;
                }
                // Right after a 202 the job may not be there yet.
                if failures == 3 {
                    tell(Progress::Unreadable(Box::new(failure)));
                }
            }
        }
        tokio::time::sleep(poll).await;
    };
    if let Some(remark) = remark(site, accepted).await {
        job.problems.push(remark);
    }
    let outcome = job.outcome();
    let succeeded = matches!(outcome, Outcome::Succeeded | Outcome::SucceededBut(_));
    let machine = settled(site, item, &prepared.seen, succeeded)
        .await
        .map(Box::new);
    tell(Progress::Ended {
        job: Box::new(job),
        machine,
    });
    End::Done(outcome)
}

/// The operation may carry a warning though its job succeeded (asr-rest.md 0.1).
async fn remark(site: &Site, accepted: Option<&Accepted>) -> Option<Problem> {
    let link = accepted?.status.as_ref()?;
    let status = site.arm().operation(link).await.ok()?;
    let message = status.remark?;
    let level = if status.status == Status::Failed {
        Level::Error
    } else {
        Level::Warning
    };
    Some(Problem {
        level,
        code: Text::default(),
        message,
        causes: Text::default(),
        remedy: Text::default(),
        since: None,
        activity_id: Text::default(),
    })
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
