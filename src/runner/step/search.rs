//! Finding our own job again, after the answer that would have named it was lost (asr-rest.md 12).

use std::collections::HashSet;

use jiff::SignedDuration;

use super::look::PATIENCE;
use super::send::Made;
use crate::domain::{Change, Failure, Job, JobId, Retry, StepKind, Text};
use crate::runner::carrier::Carrier;
use crate::runner::desk::Way;

/// How often the jobs are looked through whole: a job may be listed late.
const LOOKS: u32 = 12;

/// How far before the call a job may have begun by the service's clock and still be ours.
const BEFORE: SignedDuration = SignedDuration::from_mins(5);

/// What a search came to.
pub(super) enum Search {
    Found(JobId),
    /// The jobs were read whole, the last time too, and none carries our id. With the jobs of the
    /// same kind that somebody else started for this machine meanwhile.
    NotThere {
        others: Vec<Text>,
    },
    /// The jobs could not be read, so that nothing is known.
    CouldNotLook(Failure),
}

/// Looks for the job that `change` started: its activity id begins with our request id, and its
/// scenario is the change's own, for a child job may carry its parent's id. Lists are shallow, so that
/// every candidate is read whole.
pub(super) async fn find(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    made: &Made,
) -> Way<Search> {
    let mut known = HashSet::new();
    let mut others: Vec<Text> = Vec::new();
    let scenario = change.scenario().unwrap_or_default();
    for look in 1.. {
        let candidates = match look_through(c, step, made, &mut known).await? {
            Ok(candidates) => candidates,
            Err(failure) => return Ok(Search::CouldNotLook(failure)),
        };
        let mut relative = None;
        for job in candidates {
            let ours = made.request.started(job.activity_id.as_str());
            let kind = job.scenario.as_str().eq_ignore_ascii_case(scenario);
            match (ours, kind) {
                (true, true) => return Ok(Search::Found(job.name)),
                (true, false) => relative = Some(only_a_relative(&job)),
                (false, true) if is_about(c, made, &job) => {
                    let words =
                        Text::from(format!("{} ({}), by somebody else", job.title, job.name));
                    if !others.contains(&words) {
                        others.push(words);
                    }
                }
                (false, _) => {}
            }
        }
        if look == LOOKS {
            return Ok(relative.map_or(Search::NotThere { others }, Search::CouldNotLook));
        }
        c.desk.rest(c.poll()).await?;
    }
    Ok(Search::NotThere { others })
}

/// Every recent job that may be ours, read whole, the oldest first. Those whose origin is known are
/// not read again - unless they are ours, so that the last look tells all.
async fn look_through(
    c: &Carrier<'_>,
    step: StepKind,
    made: &Made,
    known: &mut HashSet<JobId>,
) -> Way<Result<Vec<Job>, Failure>> {
    let since = made.at.checked_sub(BEFORE).unwrap_or(made.at);
    let mut whole = Vec::new();
    let jobs = match c.jobs(step, PATIENCE).await? {
        Ok(jobs) => jobs,
        Err(error) => return Ok(Err(error.into())),
    };
    for job in jobs.iter().rev() {
        let old = job.start.is_some_and(|start| start < since);
        if old || known.contains(&job.name) {
            continue;
        }
        let job = match c.job(step, PATIENCE, &job.name).await? {
            Ok(job) => job,
            // Between the list and this it may have gone; the next look tells.
            Err(error) if error.is_absent() => continue,
            Err(error) => return Ok(Err(error.into())),
        };
        let ours = made.request.started(job.activity_id.as_str());
        // A job without an activity id yet may still become ours.
        if !job.activity_id.is_empty() && !ours {
            known.insert(job.name.clone());
        }
        whole.push(job);
    }
    Ok(Ok(whole))
}

/// Whether a job is about the machine, by what it was right before the call or by its name.
fn is_about(c: &Carrier<'_>, made: &Made, job: &Job) -> bool {
    let same = |text: &Text, other: &Text| text.as_str().eq_ignore_ascii_case(other.as_str());
    let ids = &made.before.ids;
    ids.iter().any(|id| same(&job.target_id, id)) || same(&job.target_name, c.name())
}

fn only_a_relative(job: &Job) -> Failure {
    let what = format!(
        "Job {} ({}) carries our request id, but the job that it belongs to was not found.",
        job.name, job.title
    );
    Failure::new(what, "Look at the jobs of the vault.", Retry::LookFirst)
}
