//! What a recovery plan says: to which moment, in which order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::order::{Around, MachineOrder, PlanOrder};
use super::window::CommitWindow;
use crate::domain::ids::ArmId;
use crate::domain::text::Text;

/// A recovery plan's machines in their order. A machine stands in a wave, so none is without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recovery {
    /// For every machine that has none of its own.
    pub point: PointChoice,
    /// For every machine that has none of its own.
    #[serde(default)]
    pub quiesce: Quiesce,
    #[serde(default)]
    pub drain: Drain,
    /// Switch each Azure VM off before its failover, as vContinuum did; only ever after the drain.
    #[serde(default)]
    pub stop_azure_vm_first: bool,
    #[serde(default, skip_serializing_if = "PlanOrder::is_usual")]
    pub order: PlanOrder,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit_window: Option<CommitWindow>,
    /// The cut-over of a wave begins when that of the wave before is over; preparation does not
    /// wait (DESIGN.md).
    pub waves: Vec<Wave>,
}

/// Machines that are cut over together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Wave<M = Recovered> {
    pub machines: Vec<M>,
    /// Around its cut-over: before the first of its machines, and when all of them came through.
    #[serde(default, skip_serializing_if = "Around::is_empty")]
    pub hooks: Around,
}

/// One machine of a recovery plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recovered {
    pub id: ArmId,
    /// What people called it when the plan was made.
    pub name: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointChoice>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiesce: Option<Quiesce>,
    /// The VM that it is in Azure. A classic machine that replicates home no longer tells it
    /// (asr-rest.md 8); without it a person sees that it is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azure_vm: Option<ArmId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hyper_v: Option<HyperVReturn>,
    #[serde(default, skip_serializing_if = "MachineOrder::is_usual")]
    pub order: MachineOrder,
}

/// Which recovery point.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum PointChoice {
    #[default]
    Latest,
    LatestApplication,
    /// One point of one machine, by the service's name of it.
    Custom {
        name: Text,
        time: Option<Timestamp>,
    },
}

/// How the applications of a machine are made to stop writing. The machine and its agent keep
/// running.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Quiesce {
    /// A person stops them, and says so when asked.
    #[default]
    Person,
    /// A local command, by argument vector; anything but exit code 0 asks a person.
    Hook {
        command: Vec<String>,
        limit: Minutes,
    },
}

/// How long to wait until nothing is on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Drain {
    /// After which a person is asked whether to wait on or to go on with the loss.
    #[serde(default)]
    pub limit: Minutes,
}

/// A whole number of minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Minutes(pub u32);

impl Default for Minutes {
    fn default() -> Self {
        Self(60)
    }
}

/// What Hyper-V alone asks (HyperVReplicaAzureFailback).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HyperVReturn {
    pub synchronisation: Synchronisation,
    /// Create the VM when it is gone from the host.
    pub create_vm: bool,
    /// Another host than the original: its `replicationRecoveryServicesProviders` id. The VM is
    /// created there, whatever `create_vm` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<ArmId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Synchronisation {
    /// Before the failover: short downtime.
    BeforeFailover,
    /// During the failover: a full download, for a VM that was deleted or long away \[003\].
    FullDownload,
}

impl HyperVReturn {
    /// With the synchronisation before the failover, for a VM that is where it was: what document
    /// 003 recommends but for a VM that was deleted, or that ran in Azure for a month.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            synchronisation: Synchronisation::BeforeFailover,
            create_vm: false,
            host: None,
        }
    }
}

impl<M> Wave<M> {
    /// A wave around which nothing is done.
    #[must_use]
    pub fn of(machines: Vec<M>) -> Self {
        Self {
            machines,
            hooks: Around::default(),
        }
    }
}

impl Recovered {
    /// A machine as the plan's own settings have it.
    #[must_use]
    pub fn new(id: ArmId, name: Text) -> Self {
        Self {
            id,
            name,
            point: None,
            quiesce: None,
            azure_vm: None,
            hyper_v: None,
            order: MachineOrder::default(),
        }
    }
}

impl Recovery {
    /// The usual recovery of `waves`: latest point, a person quiesces, an hour for the drain.
    #[must_use]
    pub fn new(waves: Vec<Wave>) -> Self {
        Self {
            point: PointChoice::Latest,
            quiesce: Quiesce::Person,
            drain: Drain::default(),
            stop_azure_vm_first: false,
            order: PlanOrder::default(),
            commit_window: None,
            waves,
        }
    }

    pub fn machines(&self) -> impl Iterator<Item = &Recovered> {
        self.waves.iter().flat_map(|wave| &wave.machines)
    }

    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&Recovered> {
        self.machines().find(|machine| machine.id == *id)
    }

    /// The wave in which a machine stands, counted from 1.
    #[must_use]
    pub fn wave_of(&self, id: &ArmId) -> Option<usize> {
        let holds = |w: &Wave| w.machines.iter().any(|m| m.id == *id);
        self.waves.iter().position(holds).map(|at| at + 1)
    }

    /// How a machine's applications are stopped.
    #[must_use]
    pub fn quiesce_of<'a>(&'a self, machine: &'a Recovered) -> &'a Quiesce {
        machine.quiesce.as_ref().unwrap_or(&self.quiesce)
    }

    /// The point to which a machine goes.
    #[must_use]
    pub fn point_of<'a>(&'a self, machine: &'a Recovered) -> &'a PointChoice {
        machine.point.as_ref().unwrap_or(&self.point)
    }

    pub(super) fn words(&self, id: &ArmId) -> Option<Vec<String>> {
        let wave = self.wave_of(id)?;
        let machine = self.machine(id)?;
        let point = match self.point_of(machine) {
            PointChoice::Latest => "latest".into(),
            PointChoice::LatestApplication => "latest application".into(),
            PointChoice::Custom { name, .. } => format!("point={name}"),
        };
        let hyper_v = machine.hyper_v.as_ref().map_or("-".into(), |way| {
            let when = match way.synchronisation {
                Synchronisation::BeforeFailover => "before",
                Synchronisation::FullDownload => "full",
            };
            let create = match way.create_vm {
                true => ", create",
                false => "",
            };
            let host = way.host.as_ref().map_or(String::new(), |host| {
                format!(", on {}", host.as_str().to_ascii_lowercase())
            });
            format!("{when}{create}{host}")
        });
        let quiesce = match self.quiesce_of(machine) {
            Quiesce::Person => "person".into(),
            Quiesce::Hook { command, limit } => {
                format!("hook {} min: {}", limit.0, command.join("\u{0}"))
            }
        };
        let stop = match self.stop_azure_vm_first {
            true => "stop first",
            false => "-",
        };
        let azure_vm = machine.azure_vm.as_ref();
        let mut words = vec![
            id.as_str().to_ascii_lowercase(),
            azure_vm.map_or("-".into(), |vm| vm.as_str().to_ascii_lowercase()),
            format!("wave {wave}"),
            point,
            hyper_v,
            quiesce,
            format!("drain {} min", self.drain.limit.0),
            stop.into(),
        ];
        words.extend(machine.order.words());
        words.extend(self.waves[wave - 1].hooks.words("wave"));
        words.extend(self.order.words());
        Some(words)
    }
}
