//! Finding our own job again, after the answer that would have named it was lost (asr-rest.md 12).

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{ArmId, Change, Failure, Job, JobId, RequestId, Retry};
use crate::site::Site;

/// How often the jobs are looked through whole: a job may be listed late.
const LOOKS: u32 = 12;

/// How often a look may fail on the way.
const FAILED_LOOKS: u32 = 60;

/// How far before the call a job may have begun by the service's clock and still be ours.
const BEFORE: SignedDuration = SignedDuration::from_mins(5);

/// What a search came to.
pub(super) enum Search {
    Found(JobId),
    /// The jobs were read whole, the last time too, and none carries our id.
    NotThere,
    /// The jobs could not be read, so that nothing is known.
    CouldNotLook(Failure),
}

/// Looks for the job that `step` started: its activity id begins with `request`, and its scenario is
/// the step's own, for a child job may carry its parent's id. Lists are shallow, so that every
/// candidate is read whole.
pub(super) async fn find(
    site: &Site,
    item: &ArmId,
    step: &Change,
    request: RequestId,
    sent_at: Timestamp,
) -> Search {
    let since = sent_at.checked_sub(BEFORE).unwrap_or(sent_at);
    let mut others = HashSet::new();
    let (mut looks, mut failed) = (0, 0);
    loop {
        let last = match look(site, item, since, &mut others).await {
            Ok(candidates) => {
                let ours = candidates
                    .into_iter()
                    .filter(|j| request.started(j.activity_id.as_str()));
                let (own, others): (Vec<_>, Vec<_>) = ours.partition(|job| {
                    job.scenario
                        .as_str()
                        .eq_ignore_ascii_case(step.scenario().unwrap_or_default())
                });
                if let Some(job) = own.into_iter().min_by_key(|job| job.start) {
                    return Search::Found(job.name);
                }
                looks += 1;
                others.into_iter().next().map(|job| only_a_relative(&job))
            }
            Err(failure) => {
                failed += 1;
                Some(failure)
            }
        };
        if looks >= LOOKS || failed >= FAILED_LOOKS {
            return last.map_or(Search::NotThere, Search::CouldNotLook);
        }
        tokio::time::sleep(site.arm().pace().poll).await;
    }
}

/// Every recent job that may be ours, read whole.
async fn look(
    site: &Site,
    item: &ArmId,
    since: Timestamp,
    others: &mut HashSet<JobId>,
) -> Result<Vec<Job>, Failure> {
    let mut whole = Vec::new();
    for job in site.jobs_near(item).await? {
        let old = job.start.is_some_and(|start| start < since);
        if old || others.contains(&job.name) {
            continue;
        }
        let job = site.job(item, &job.name).await?;
        // A job without an activity id yet may still become ours.
        if !job.activity_id.is_empty() {
            others.insert(job.name.clone());
        }
        whole.push(job);
    }
    Ok(whole)
}

fn only_a_relative(job: &Job) -> Failure {
    let what = format!(
        "Job {} ({}) carries our request id, but the job that it belongs to was not found.",
        job.name, job.title
    );
    Failure::new(what, "Look at the jobs of the vault.", Retry::LookFirst)
}
