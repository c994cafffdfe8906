//! What is known, from where, since when; and why not.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::infrastructure::Fabric;
use crate::domain::recovery_point::RecoveryPoint;
use crate::domain::{ArmId, Machine, Text};

/// Who told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Site Recovery's list of protected items.
    Items,
    /// One protected item, read whole.
    Item,
    RecoveryPoints,
    /// Fabrics with their servers.
    Fabrics,
    VCenters,
    ProtectableItems,
    /// Microsoft.Compute.
    Compute,
}

impl Source {
    pub const ALL: [Self; 7] = [
        Self::Items,
        Self::Item,
        Self::RecoveryPoints,
        Self::Fabrics,
        Self::VCenters,
        Self::ProtectableItems,
        Self::Compute,
    ];
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact<T> {
    Known {
        value: T,
        source: Source,
        /// By the service's clock.
        read_at: Timestamp,
    },
    /// The reason holds no times and no request ids: attestations are tied to it.
    Unknown { reason: Text },
}

impl<T> Fact<T> {
    #[must_use]
    pub fn unknown(reason: &str) -> Self {
        Self::Unknown {
            reason: reason.into(),
        }
    }

    /// Forgets what `source` told.
    pub fn forget(&mut self, source: Source) {
        if matches!(self, Self::Known { source: told, .. } if *told == source) {
            *self = Self::unknown("it was not read");
        }
    }
}

/// Everything that checks may look at.
#[derive(Clone, Debug)]
pub struct Facts {
    /// For every machine of the plan; one without an entry is wholly unknown.
    pub machines: HashMap<ArmId, MachineFacts>,
    /// Every protected item of the vaults, for groups; known only when the whole list was read.
    pub items: Fact<Vec<Sibling>>,
    /// Without vCenters, which are read apart.
    pub fabrics: Fact<Vec<Fabric>>,
    pub vcenters: Fact<Vec<VCenter>>,
}

/// What is known about one machine.
#[derive(Clone, Debug)]
pub struct MachineFacts {
    pub item: Fact<Item>,
    pub deep: Fact<Deep>,
    pub points: Fact<Vec<RecoveryPoint>>,
    /// How the discovery or the configuration server's database knows the machine.
    pub registrations: Fact<Vec<Registration>>,
    pub azure_vm: Fact<AzureVm>,
}

/// A protected item, or none under the plan's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    Protected(Box<Machine>),
    /// 404, or a list read to its end without it.
    Absent,
}

/// A protected item as far as groups care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sibling {
    pub id: ArmId,
    pub name: Text,
    pub group_id: Text,
    pub os: Text,
}

/// What only one item's own answer tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deep {
    /// What the machine was before it ever failed over; the Azure side of every failed-over machine
    /// is discovered as "Physical" and says nothing about that (asr-rest.md 13).
    pub origin: Option<Origin>,
    pub os_version: Text,
    pub agent_heartbeat: Option<Timestamp>,
    /// Capacities in bytes, one a disk under replication.
    pub disks: Option<Vec<Option<u64>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Vmware,
    Physical,
}

/// One registration of a machine with its configuration server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    pub id: Text,
    pub address: Text,
}

/// The VM that Azure names as the machine's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AzureVm {
    There(Instance),
    /// The same VM under another id.
    Moved(ArmId),
    /// 404 at the recorded id, and nobody found it elsewhere.
    Missing,
}

/// What the instance view says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// `running`, `deallocated`...: the word after `PowerState/`.
    pub power: Text,
    /// Whether the VM agent reports ready; `None` where there is none.
    pub responsive: Option<bool>,
    pub started: Option<Timestamp>,
    /// When the service gave this view: "now" by its own clock.
    pub seen: Timestamp,
}

/// A vCenter as Site Recovery knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VCenter {
    /// The name of its fabric.
    pub fabric: Text,
    pub name: Text,
    /// `discoveryStatus`.
    pub discovery: Text,
}

impl Facts {
    /// Nothing is known yet.
    #[must_use]
    pub fn none(reason: &str) -> Self {
        Self {
            machines: HashMap::new(),
            items: Fact::unknown(reason),
            fabrics: Fact::unknown(reason),
            vcenters: Fact::unknown(reason),
        }
    }

    /// What would be known without one source.
    #[must_use]
    pub fn without(mut self, source: Source) -> Self {
        self.items.forget(source);
        self.fabrics.forget(source);
        self.vcenters.forget(source);
        for machine in self.machines.values_mut() {
            machine.item.forget(source);
            machine.deep.forget(source);
            machine.points.forget(source);
            machine.registrations.forget(source);
            machine.azure_vm.forget(source);
        }
        self
    }
}

impl MachineFacts {
    #[must_use]
    pub fn none(reason: &str) -> Self {
        Self {
            item: Fact::unknown(reason),
            deep: Fact::unknown(reason),
            points: Fact::unknown(reason),
            registrations: Fact::unknown(reason),
            azure_vm: Fact::unknown(reason),
        }
    }
}
