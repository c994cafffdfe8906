//! Finding our own job again, after the answer that would have named it was lost (asr-rest.md 12).

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{ArmId, JobId, RequestId};
use crate::site::Site;

/// How often the list of jobs is looked through: a job may be listed late.
const LOOKS: u32 = 12;

/// How far before the call a job may have begun by the service's clock and still be ours.
const BEFORE: SignedDuration = SignedDuration::from_mins(5);

/// Looks for a job whose activity id begins with `request`. Lists are shallow, so that every
/// candidate is read whole. `None`: no job carries it, as far as was looked.
pub(super) async fn find(
    site: &Site,
    item: &ArmId,
    request: RequestId,
    sent_at: Timestamp,
) -> Option<JobId> {
    let vault = site.vault_of(item)?;
    let since = sent_at.checked_sub(BEFORE).unwrap_or(sent_at);
    let mut others = HashSet::new();
    for look in 0..LOOKS {
        if look > 0 {
            tokio::time::sleep(site.arm().pace().poll).await;
        }
        let Ok((jobs, _)) = site.arm().jobs(vault).await else {
            continue;
        };
        let recent = jobs
            .iter()
            .filter(|job| job.start.is_none_or(|start| start >= since));
        for candidate in recent {
            if others.contains(&candidate.name) {
                continue;
            }
            let Ok(whole) = site.arm().job(vault, &candidate.name).await else {
                continue;
            };
            if request.started(whole.activity_id.as_str()) {
                return Some(whole.name);
            }
            // A job without an activity id yet may still become ours.
            if !whole.activity_id.is_empty() {
                others.insert(whole.name);
            }
        }
    }
    None
}
