//! Sends one confirmed change, once, and follows what it started.

use jiff::Timestamp;

use crate::azure::{Accepted, Error, Kind, Sent};
use crate::domain::{Class, Failure, RequestId, Retry};
use crate::site::Site;

use super::follow::follow;
use super::prepared::{Confirmed, Prepared};
use super::progress::{End, Progress};
use super::search::{self, Search};

/// Most times a call that was turned away for now is sent.
const TURNS: u32 = 5;

/// Carries `confirmed` out. Tells everything that happens, in order; the last piece of news says how
/// it ended.
pub async fn carry_out(
    site: &Site,
    confirmed: &Confirmed,
    tell: impl Fn(Progress) + Send + Sync,
) -> End {
    let prepared = confirmed.prepared();
    let item = &prepared.seen.id;
    let request = RequestId::random();
    let accepted = match send(site, prepared, request, &tell).await {
        Sending::Accepted(accepted) => accepted,
        Sending::NotDone(failure) => {
            tell(Progress::NotDone(Box::new(failure)));
            return End::NotDone;
        }
        Sending::Lost { error, sent_at } => {
            tell(Progress::AnswerLost(Box::new(lost(&error))));
            let search = search::find(site, item, &prepared.step, request, sent_at).await;
            let job = match search {
                Search::Found(job) => job,
                Search::NotThere => {
                    tell(Progress::NotFound(Box::new(not_found(prepared, request))));
                    return End::Unknown;
                }
                Search::CouldNotLook(failure) => {
                    tell(Progress::NotFound(Box::new(not_looked(
                        prepared, request, &failure,
                    ))));
                    return End::Unknown;
                }
            };
            tell(Progress::Found(job.clone()));
            return follow(site, prepared, &job, None, &tell).await;
        }
    };
    tell(Progress::Accepted(accepted.job.clone()));
    let job = accepted.job.clone();
    follow(site, prepared, &job, Some(&accepted), &tell).await
}

/// What became of the call.
enum Sending {
    Accepted(Accepted),
    /// Certainly nothing was changed.
    NotDone(Failure),
    /// Nobody knows.
    Lost {
        error: Error,
        sent_at: Timestamp,
    },
}

/// Sends the call. When the service turns it away for now, it is sent again after the time asked
/// for - and after a fresh look: what was confirmed must still be what is there.
async fn send(
    site: &Site,
    prepared: &Prepared,
    request: RequestId,
    tell: &(impl Fn(Progress) + Sync),
) -> Sending {
    let doing = format!(
        "{} {}",
        prepared.verb.words().to_lowercase(),
        prepared.machine
    );
    let mut turn = 0;
    loop {
        turn += 1;
        if let Err(failure) = still_so(site, prepared).await {
            return Sending::NotDone(failure);
        }
        let sent_at = site.arm().service_now();
        if turn == 1 {
            tell(Progress::Sending(request));
        }
        let answer = site.arm().change(&doing, &prepared.call, request).await;
        let error = match answer.and_then(|answer| Accepted::read(&doing, &answer)) {
            Ok(accepted) => return Sending::Accepted(accepted),
            Err(error) => error,
        };
        match (&error.kind, error.sent) {
            (_, Sent::Unknown) => return Sending::Lost { error, sent_at },
            (Kind::Throttled(asked), Sent::No)
                if turn < TURNS && *asked <= site.arm().pace().patience =>
            {
                tokio::time::sleep((*asked).max(site.arm().pace().retry_base)).await;
            }
            _ => return Sending::NotDone(error.into()),
        }
    }
}

/// Looks right before sending: what was confirmed must still be what is there, and nobody's job may
/// run on the machine. What cannot be looked at is not changed: nobody could follow it, either.
async fn still_so(site: &Site, prepared: &Prepared) -> Result<(), Failure> {
    let seen = &prepared.seen;
    let (now, jobs) = tokio::join!(site.machine_now(&seen.id), site.jobs_near(&seen.id));
    let (now, jobs) = (now?, jobs?);
    // Lists leave the correlation id out: only two that are given can differ.
    let given = !seen.event_correlation_id.is_empty() && !now.event_correlation_id.is_empty();
    let same = now.class == Class::ClassicHome
        && now.class == seen.class
        && now.place == seen.place
        && now.name == seen.name
        && !(given && now.event_correlation_id != seen.event_correlation_id);
    let what = format!(
        "Nothing was sent: {} has changed since it was shown.",
        prepared.machine
    );
    if !same || now.running.is_some() || !now.next.offers(prepared.verb) {
        let advice = format!("It is now: {}. Refresh and look again.", now.state_words());
        return Err(Failure::new(what, advice, Retry::AfterFixing));
    }
    // `currentScenario` alone is no witness (asr-rest.md 12).
    if let Some(job) = jobs
        .iter()
        .find(|job| !job.state.is_over() && now.is_target_of(job))
    {
        let what = format!(
            "Nothing was sent: a job runs on {} already.",
            prepared.machine
        );
        let advice = format!("Wait until it is over: {} ({}).", job.title, job.name);
        return Err(Failure::new(what, advice, Retry::AfterFixing));
    }
    Ok(())
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

fn not_looked(prepared: &Prepared, request: RequestId, why: &Failure) -> Failure {
    let what = format!(
        "It is not known whether {} is being failed back: the job with our request id {request} could not be looked for. {}",
        prepared.machine, why.what
    );
    Failure {
        what: what.into(),
        retry: Retry::LookFirst,
        ..not_found(prepared, request)
    }
}
