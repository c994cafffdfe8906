//! What is inferred and not recorded, as named switches: under each of them the service is as it might also be.
//!
//! All of them concern classic machines, and the shared parts (jobs, lists, heartbeats) the others as well. Nothing
//! is switched yet of what only the modernised generation and Hyper-V have - where a cancelled failback leaves its
//! machine, what `dataSyncOption` does, when a Hyper-V item moves - since none of their verbs but Commit is carried
//! out here.

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
    ];

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
