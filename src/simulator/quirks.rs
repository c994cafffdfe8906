//! What is inferred and not recorded, as named switches: under each of them the service is as it might also be.
//!
//! The first of them concern what all generations share (jobs, lists, heartbeats) and classic machines, the others
//! what only modernised machines, or only those of Hyper-V, have.

use std::fmt;
use std::str::FromStr;

use super::estate::{EstateFile, FabricKind, MappingSpec, PolicySpec};

/// One way in which the service may differ from what the built-in site does by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quirk {
    /// `currentScenario` shows a job only when it has run for half a minute.
    ScenarioLate,
    /// `currentScenario` is always `None`.
    ScenarioNever,
    /// A job is listed 90 seconds after it began; GET of it answers at once.
    JobsListedLate,
    /// Lists give `activityId: null`. That is recorded, hence always so; the name says it aloud.
    ActivityNullInLists,
    /// The job within a reprotect carries its parent's client request id.
    ChildJobSameId,
    /// After a reprotect the item is not found for 20 seconds and then shows what it was for another 20.
    IdsNew404Briefly,
    /// Shut-down and synchronisation are skipped although `Required`: what was not drained is lost.
    TasksSkipped,
    /// The item follows its job after a minute, and allows nothing meanwhile.
    StateBehindJob,
    /// Cancel is offered on every running job. That is recorded, hence always so; the name says it aloud.
    CancelOnEveryJob,
    /// A second verb on a busy item is answered 409, which is also the default.
    Busy409,
    /// A second verb on a busy item is answered 400.
    Busy400,
    /// A second verb on a busy item is accepted, and its job fails.
    BusyFails,
    /// Every classic container is mapped to itself with a second policy of the other multi-VM setting.
    TwoPolicies,
    /// Every classic container is mapped to itself with a second policy that differs in its name only, and neither
    /// is named after the forward policy: only a person can choose.
    PoliciesAlike,
    /// A master target without datastores stands before the others.
    MtWithoutDatastores,
    /// Every server and agent was last heard of eleven minutes ago.
    OldHeartbeats,
    /// The times of recovery points are hours off.
    RecoveryPointsHoursOff,
    /// The lag of a machine (`lastRpoCalculatedTime`) was computed eleven minutes ago.
    RpoComputedLate,
    /// A failback waits for a person when it has synchronised, in a state and with a description that nobody has
    /// named before; that it waits is told by Resume among its allowed actions.
    SuspendedUnnamed,
    /// The job of a test failover waits to be stopped while the test VM is there, as an example of the public
    /// specification has it.
    TestFailoverWaits,
    /// A reprotect to Azure fails within a quarter of an hour of the machine's start on the site, because its agent has
    /// not registered yet.
    AgentRegistersLate,
    /// States whose words are not known are told in words that nobody has named before.
    StatesUnknown,
    /// The commit of a modernised machine that came home deletes its Azure VM, as it does with classic ones.
    ModernCommitDeletes,
    /// When a failed planned failover has cancelled itself, `lastPlannedFailoverStatus` says so, and not that it failed.
    PlannedStatusCancelled,
    /// A first synchronisation tells neither percent nor bytes. That was recorded of a modernised machine's way home.
    ProgressSilent,
    /// A Hyper-V failback with `ForDownTime` goes straight through, too.
    HypervNeverWaits,
    /// A Hyper-V failback with `ForSynchronization` waits for a person, too.
    HypervAlwaysWaits,
    /// A Hyper-V machine whose failback was broken off in its synchronisation stays in a state of its own.
    CancelledSyncStays,
    /// A Hyper-V machine that failed back is active in Azure until that is committed.
    HypervActiveLate,
    /// What a Hyper-V machine that failed back offers is called FinalizeFailback, not Commit.
    FinalizeFailback,
    /// A reversed Hyper-V machine synchronises before it is protected.
    ReverseSynchronises,
    /// A Hyper-V machine with managed disks can fail back, as is said since 2023.
    ManagedDisksReturn,
}

impl Quirk {
    pub const ALL: &'static [Self] = &[
        Self::ScenarioLate,
        Self::ScenarioNever,
        Self::JobsListedLate,
        Self::ActivityNullInLists,
        Self::ChildJobSameId,
        Self::IdsNew404Briefly,
        Self::TasksSkipped,
        Self::StateBehindJob,
        Self::CancelOnEveryJob,
        Self::Busy409,
        Self::Busy400,
        Self::BusyFails,
        Self::TwoPolicies,
        Self::PoliciesAlike,
        Self::MtWithoutDatastores,
        Self::OldHeartbeats,
        Self::RecoveryPointsHoursOff,
        Self::RpoComputedLate,
        Self::SuspendedUnnamed,
        Self::TestFailoverWaits,
        Self::AgentRegistersLate,
        Self::StatesUnknown,
        Self::ModernCommitDeletes,
        Self::PlannedStatusCancelled,
        Self::ProgressSilent,
        Self::HypervNeverWaits,
        Self::HypervAlwaysWaits,
        Self::CancelledSyncStays,
        Self::HypervActiveLate,
        Self::FinalizeFailback,
        Self::ReverseSynchronises,
        Self::ManagedDisksReturn,
    ];

    /// Whether a classic machine meets it on its way home and back.
    pub fn concerns_classic(self) -> bool {
        !matches!(
            self,
            Self::TestFailoverWaits
                | Self::StatesUnknown
                | Self::ModernCommitDeletes
                | Self::PlannedStatusCancelled
                | Self::ProgressSilent
                | Self::HypervNeverWaits
                | Self::HypervAlwaysWaits
                | Self::CancelledSyncStays
                | Self::HypervActiveLate
                | Self::FinalizeFailback
                | Self::ReverseSynchronises
                | Self::ManagedDisksReturn
        )
    }

    fn name(self) -> &'static str {
        match self {
            Self::ScenarioLate => "scenario-late",
            Self::ScenarioNever => "scenario-never",
            Self::JobsListedLate => "jobs-listed-late",
            Self::ActivityNullInLists => "activity-null-in-lists",
            Self::ChildJobSameId => "child-job-same-id",
            Self::IdsNew404Briefly => "ids-new-404-briefly",
            Self::TasksSkipped => "tasks-skipped",
            Self::StateBehindJob => "state-behind-job",
            Self::CancelOnEveryJob => "cancel-on-every-job",
            Self::Busy409 => "busy-409",
            Self::Busy400 => "busy-400",
            Self::BusyFails => "busy-fails",
            Self::TwoPolicies => "two-policies",
            Self::PoliciesAlike => "policies-alike",
            Self::MtWithoutDatastores => "mt-without-datastores",
            Self::OldHeartbeats => "old-heartbeats",
            Self::RecoveryPointsHoursOff => "recovery-points-hours-off",
            Self::RpoComputedLate => "rpo-computed-late",
            Self::SuspendedUnnamed => "suspended-unnamed",
            Self::TestFailoverWaits => "test-failover-waits",
            Self::AgentRegistersLate => "agent-registers-late",
            Self::StatesUnknown => "states-unknown",
            Self::ModernCommitDeletes => "modern-commit-deletes",
            Self::PlannedStatusCancelled => "planned-status-cancelled",
            Self::ProgressSilent => "progress-silent",
            Self::HypervNeverWaits => "hyperv-never-waits",
            Self::HypervAlwaysWaits => "hyperv-always-waits",
            Self::CancelledSyncStays => "cancelled-sync-stays",
            Self::HypervActiveLate => "hyperv-active-late",
            Self::FinalizeFailback => "finalize-failback",
            Self::ReverseSynchronises => "reverse-synchronises",
            Self::ManagedDisksReturn => "managed-disks-return",
        }
    }
}

impl fmt::Display for Quirk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a text is not a quirk.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("there is no quirk '{0}'; there are {known}", known = known())]
pub struct NotAQuirk(String);

fn known() -> String {
    let names: Vec<&str> = Quirk::ALL.iter().map(|q| q.name()).collect();
    names.join(", ")
}

impl FromStr for Quirk {
    type Err = NotAQuirk;

    fn from_str(text: &str) -> Result<Self, NotAQuirk> {
        let found = Self::ALL.iter().find(|q| q.name() == text);
        found.copied().ok_or_else(|| NotAQuirk(text.to_owned()))
    }
}

/// The quirks that are a matter of what stands in the vault.
pub(super) fn apply(estate: &mut EstateFile, quirks: &[Quirk]) {
    let has = |quirk| quirks.contains(&quirk);
    let classic = |kind| kind == FabricKind::Vmware;
    if has(Quirk::TwoPolicies)
        && let Some(mut second) = estate.policies.iter().find(|p| p.kind == "InMage").cloned()
    {
        second.name.push_str("-2");
        second.multi_vm = Some(second.multi_vm == Some(false));
        for fabric in estate.fabrics.iter_mut().filter(|f| classic(f.kind)) {
            fabric.mappings.push(MappingSpec {
                policy: second.name.clone(),
                name: None,
                back: true,
            });
        }
        estate.policies.push(second);
    }
    let first = estate.policies.iter().find(|p| p.kind == "InMage").cloned();
    if let Some(policy) = first.filter(|_| has(Quirk::PoliciesAlike)) {
        let mut mapped = Vec::new();
        for name in ["home-a", "home-b"] {
            mapped.push(MappingSpec {
                policy: name.to_owned(),
                name: None,
                back: true,
            });
            estate.policies.push(PolicySpec {
                name: name.to_owned(),
                ..policy.clone()
            });
        }
        for fabric in estate.fabrics.iter_mut().filter(|f| classic(f.kind)) {
            fabric.mappings.retain(|m| !m.back);
            fabric.mappings.extend(mapped.iter().cloned());
        }
    }
    for fabric in estate.fabrics.iter_mut().filter(|f| classic(f.kind)) {
        if has(Quirk::MtWithoutDatastores)
            && let Some(mut bare) = fabric.master_targets.first().cloned()
        {
            bare.name.push_str("-bare");
            (bare.id, bare.address) = (None, Some("192.168.4.29".into()));
            bare.datastores.clear();
            fabric.master_targets.insert(0, bare);
        }
    }
    if has(Quirk::OldHeartbeats) {
        let old = |minutes: &mut Option<f64>| {
            *minutes = Some(minutes.unwrap_or(0.0).max(11.0));
        };
        for fabric in &mut estate.fabrics {
            let servers = fabric.process_servers.iter_mut();
            let servers = servers.chain(&mut fabric.master_targets);
            servers
                .chain(&mut fabric.appliances)
                .for_each(|s| old(&mut s.heartbeat_minutes));
        }
        estate
            .machines
            .iter_mut()
            .for_each(|m| old(&mut m.heartbeat_minutes));
    }
}
