//! The way to Azure: failover, another recovery point, a test \[004\].

use jiff::Timestamp;

use crate::domain::plan::{AzurePoint, Intent};
use crate::domain::recovery_point::{Consistency, RecoveryPoint};
use crate::readiness::ask::{Doubt, Machine, Verdict, Whole, doubt, failed, judge, passed};

/// Most data disks of an Azure VM.
const MOST_DISKS: usize = 64;

/// Largest managed disk, in bytes.
const LARGEST_DISK: u64 = 32 << 40;

/// Longest name of an Azure VM.
const LONGEST_NAME: usize = 64;

pub fn drill_was_run(m: &Machine<'_>) -> Verdict {
    judge(
        m.deep()?.more.tested.is_some(),
        "a test failover has succeeded",
        "no test failover has ever succeeded",
    )
}

/// What the service itself objects to, and what the plan sets.
pub fn fits_azure(m: &Machine<'_>) -> Verdict {
    let deep = m.deep()?;
    if let Some(objection) = deep.more.objections.first() {
        return failed(format!("Azure objects: {objection}"));
    }
    if let Some(disks) = &deep.disks {
        // The system's own disk is none of the data disks.
        if disks.len() > MOST_DISKS + 1 {
            return failed(format!("it has more than {MOST_DISKS} data disks"));
        }
        if disks.iter().flatten().any(|bytes| *bytes > LARGEST_DISK) {
            return failed("a disk is larger than 32 TiB");
        }
    }
    let name = match m.whole.plan.intent() {
        Intent::FailOver(plan) => plan.machine(m.id).and_then(|own| own.target.name.as_ref()),
        _ => None,
    };
    match name {
        Some(name) if !is_vm_name(name.as_str()) => failed(format!(
            "{name} is no name for an Azure VM: letters, digits and - alone, at most {LONGEST_NAME}, \
             with a letter or a digit at both ends"
        )),
        _ => passed("Azure objects to nothing"),
    }
}

fn is_vm_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=LONGEST_NAME).contains(&name.len())
        && name.chars().all(plain)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

pub fn shut_down_first(w: &Whole<'_>) -> Verdict {
    let first = matches!(w.plan.intent(), Intent::FailOver(plan) if plan.shut_down);
    judge(
        first,
        "each is shut down first; where that fails, the failover goes on",
        "they are left running: users may work on two machines at once",
    )
}

/// Azure does not see into the machine. Of Hyper-V it tells whether Site Recovery opens it.
pub fn can_be_reached(m: &Machine<'_>) -> Verdict {
    match m.deep()?.more.reach.as_str().to_ascii_lowercase().as_str() {
        "always" => passed("Site Recovery opens Remote Desktop or SSH in Azure"),
        "never" | "onlyontestfailover" => failed(
            "Site Recovery does not open Remote Desktop or SSH at a failover: it has to be open before",
        ),
        _ => doubt("Azure does not tell whether Remote Desktop or SSH is open in the machine"),
    }
}

/// The point that the plan wants of a machine.
pub fn choice<'a>(m: &Machine<'a>) -> Result<&'a AzurePoint, Doubt> {
    let own = match m.whole.plan.intent() {
        Intent::FailOver(plan) => plan.machine(m.id).map(|own| plan.point_of(own)),
        Intent::ChangePoint(plan) => plan.machine(m.id).map(|own| &own.point),
        Intent::TestFailover(plan) => plan.machine(m.id).map(|own| &own.point),
        _ => None,
    };
    own.map_or_else(|| doubt("the plan chooses no point in Azure"), Ok)
}

/// Whether a point is one that the choice means.
fn is_meant(choice: &AzurePoint, point: &RecoveryPoint) -> bool {
    match choice {
        AzurePoint::Latest | AzurePoint::LatestProcessed => true,
        AzurePoint::LatestApplication => point.consistency == Consistency::Application,
        AzurePoint::Custom { id, .. } => point.id.as_ref() == Some(id),
    }
}

pub fn has_the_point(m: &Machine<'_>) -> Verdict {
    let choice = choice(m)?;
    let any = m.points()?.iter().any(|point| is_meant(choice, point));
    match choice {
        AzurePoint::Latest | AzurePoint::LatestProcessed => {
            judge(any, "it has a recovery point", "it has no recovery point")
        }
        AzurePoint::LatestApplication => judge(
            any,
            "it has an application-consistent point",
            "it has no application-consistent point",
        ),
        AzurePoint::Custom { .. } => judge(
            any,
            "the chosen point is there",
            "the chosen point is not there any more",
        ),
    }
}

/// The time of the newest point that is meant.
pub fn newest(m: &Machine<'_>) -> Result<Option<Timestamp>, Doubt> {
    let choice = choice(m)?;
    let meant = m.points()?.iter().filter(|point| is_meant(choice, point));
    Ok(meant.filter_map(|point| point.time).max())
}
