//! Machines by the hundred, all of them following from the seed.

use super::estate::{EstateFile, FabricKind, JobSpec, MachineSpec};
use super::site::UNPROTECTED;
use super::stage::STAGES;

const ROLES: &[&str] = &[
    "web", "app", "sql", "file", "dc", "mail", "erp", "build", "print", "log", "cache", "vdi",
];

/// Stages that nothing stays in for long.
const PASSING: &[&str] = &[
    "classic-test",
    "modern-test",
    "modern-cancel-failed",
    "hyperv-failing-back",
    "hyperv-sync-cancelled",
    "hyperv-initial",
];

/// Brings the estate to `count` protected machines: fewer of those written down, or more that are
/// made up. What is not protected stays beside those it is written behind.
pub(super) fn fill(estate: &mut EstateFile, count: usize, seed: u64) {
    let mut protected = 0;
    estate.machines.retain(|machine| {
        protected += usize::from(machine.stage != UNPROTECTED);
        protected <= count
    });
    let missing = count.saturating_sub(protected);
    let names: Vec<String> = estate.machines.iter().map(|m| m.name.clone()).collect();
    estate.jobs.retain(|j: &JobSpec| names.contains(&j.machine));
    for plan in &mut estate.plans {
        for group in &mut plan.groups {
            group.retain(|n| names.contains(n));
        }
    }
    if estate.fabrics.is_empty() {
        return;
    }
    let mut random = fastrand::Rng::with_seed(seed);
    let mut group_left = 0;
    let mut group = String::new();
    let written = estate.machines.len();
    for number in written..written + missing {
        // Half of the machines are classic when there is a choice.
        let fabric = match estate.fabrics.len() {
            1 => &estate.fabrics[0],
            n if random.bool() => &estate.fabrics[random.usize(1..n)],
            _ => &estate.fabrics[0],
        };
        let role = ROLES[random.usize(..ROLES.len())];
        let (prefix, target) = match fabric.kind {
            FabricKind::Vmware => ("classic-", "classic-ready"),
            FabricKind::Appliance => ("modern-", "modern-ready"),
            FabricKind::Hyperv | FabricKind::Vmm => ("hyperv-", "hyperv-committed"),
        };
        let stages: Vec<&str> = STAGES
            .iter()
            .map(|s| s.key)
            .filter(|k| k.starts_with(prefix) && !PASSING.contains(k))
            .collect();
        let stage = if random.u8(..10) < 6 {
            target
        } else {
            stages[random.usize(..stages.len())]
        };
        let problem = match random.u8(..20) {
            0 => Some("rpo"),
            1 => Some("no-heartbeat"),
            2..4 => Some("no-test-failover"),
            4 => Some("no-app-consistent"),
            _ => None,
        };
        if group_left == 0 && random.u8(..25) == 0 {
            group_left = random.usize(2..4);
            group = format!("group-{number}");
        }
        let grouped = group_left > 0 && fabric.kind == FabricKind::Vmware;
        group_left -= usize::from(grouped);
        estate.machines.push(MachineSpec {
            name: format!("{role}-{:05}", number + 1),
            fabric: fabric.name.clone(),
            stage: stage.to_owned(),
            os: Some(
                if random.u8(..10) < 6 {
                    "Windows"
                } else {
                    "Linux"
                }
                .to_owned(),
            ),
            disks: (0..random.usize(1..4))
                .map(|_| random.u64(20..600))
                .collect(),
            group: grouped.then(|| group.clone()),
            problems: problem.map(Into::into).into_iter().collect(),
            rpo_seconds: Some(random.u64(20..600)),
            progress: Some(random.u8(1..100)),
            ..MachineSpec::default()
        });
    }
}
