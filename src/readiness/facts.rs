//! What is known, from where, since when; and why not.
//!
//! Facts only ever add up: what a check concludes from some of them, more of them do not turn into
//! its contrary. A check that could be wrong without a fact asks for it first.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::identity::Judged;
use crate::domain::infrastructure::Fabric;
use crate::domain::machine::Ties;
use crate::domain::particulars::{Particulars, Registrar};
use crate::domain::recovery_point::RecoveryPoint;
use crate::domain::{ArmId, Job, Machine, Policy, Registration, Text};

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
    /// Protectable items: how the site's discovery knows machines.
    Registrations,
    Policies,
    /// Providers: who speaks for a site.
    Registrars,
    /// The vault's jobs, as a list shows them.
    Jobs,
    /// Microsoft.Compute.
    Compute,
    /// The computer that this program runs on.
    Here,
}

impl Source {
    pub const ALL: [Self; 11] = [
        Self::Items,
        Self::Item,
        Self::RecoveryPoints,
        Self::Fabrics,
        Self::VCenters,
        Self::Registrations,
        Self::Policies,
        Self::Registrars,
        Self::Jobs,
        Self::Compute,
        Self::Here,
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
    pub fn unknown(reason: impl Into<Text>) -> Self {
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
    pub policies: Fact<Vec<Policy>>,
    /// Read where a machine of the plan is Hyper-V's.
    pub registrars: Fact<Vec<Registrar>>,
    /// Newest first; read where a job is to go on.
    pub jobs: Fact<Vec<Job>>,
    /// The programs of the plan's commands, by their names in the plan.
    pub programs: Fact<Vec<(String, Program)>>,
}

/// A program as this computer has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Runs,
    Missing,
    /// Something is there that this account may not execute.
    NotExecutable,
    /// A path that begins nowhere certain.
    Relative,
}

/// What is known about one machine.
#[derive(Clone, Debug)]
pub struct MachineFacts {
    pub item: Fact<Item>,
    pub deep: Fact<Deep>,
    /// The recovery points that have addresses of their own.
    pub points: Fact<Vec<RecoveryPoint>>,
    /// How the discovery or the configuration server's database knows the machine.
    pub registrations: Fact<Vec<Registered>>,
    /// Which of them is the machine in Azure, and what tells so. What an agent's own file said is in
    /// it where somebody read one.
    pub identity: Fact<Judged>,
    pub azure_vm: Fact<AzureVm>,
    /// What this computer keeps of the machine from before; `None` where nothing is kept.
    pub recorded: Fact<Option<Recorded>>,
}

/// What was recorded of a machine, so that it can be compared once it is home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// When it was last looked at, by the service's clock.
    pub at: Timestamp,
    /// When it was last looked into, if ever.
    pub inside: Option<Timestamp>,
    pub temporary: Temporary,
}

/// The temporary disk that Azure lends, as it was when the machine was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Temporary {
    NotTold,
    None,
    OutOfUse,
    /// Its letter, or where it is mounted.
    InUse(Text),
}

/// A protected item, or none under the plan's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// As its own answer has it; a list leaves too much out.
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
    /// Lists leave it out for some classes.
    pub os: Text,
}

/// What only one item's own answer tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deep {
    pub ties: Ties,
    pub agent_heartbeat: Option<Timestamp>,
    /// Capacities in bytes, one a disk under replication; `None` where no disk is told.
    pub disks: Option<Vec<Option<u64>>>,
    /// A disk is, or has to be, copied anew.
    pub resync: bool,
    /// Classic, direction home: the recovery points that stand in the item itself.
    pub tags: Vec<RecoveryPoint>,
    pub more: Particulars,
}

/// A registration, and how it was found to be the machine's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    pub registration: Registration,
    /// By an id that the item names; else by the name alone, which proves nothing.
    pub by_id: bool,
}

/// The VM that Azure names as the machine's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AzureVm {
    There(Instance),
    /// Nothing is under the recorded id, and a VM of that name is under this one. That it is the
    /// same is not proven: no answer of Site Recovery holds what stays when a VM moves.
    Moved(ArmId),
    /// Nothing is under the recorded id, nor in the subscription under that name.
    Missing,
}

/// What the instance view says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// `running`, `deallocated`...: the word after `PowerState/`.
    pub power: Text,
    /// Whether the VM agent reports ready; `None` where there is none.
    pub responsive: Option<bool>,
    /// When Azure last started it, or changed it otherwise.
    pub started: Option<Timestamp>,
    /// The system as the VM agent names it; empty without one.
    pub os: Text,
    /// Its disks, where it was read whole.
    pub disks: Option<AzureDisks>,
}

/// The disks of an Azure VM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AzureDisks {
    /// The managed ones.
    pub managed: Vec<ArmId>,
    /// All of them.
    pub count: usize,
}

/// A vCenter as Site Recovery knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VCenter {
    /// The name of its fabric.
    pub fabric: Text,
    pub name: Text,
    /// `discoveryStatus`.
    pub discovery: Text,
    /// When the service last heard of it.
    pub heartbeat: Option<Timestamp>,
    /// The errors that are reported of it; warnings are left out.
    pub errors: Vec<Text>,
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
            policies: Fact::unknown(reason),
            registrars: Fact::unknown(reason),
            jobs: Fact::unknown(reason),
            programs: Fact::unknown(reason),
        }
    }

    /// What would be known without one source.
    #[must_use]
    pub fn without(mut self, source: Source) -> Self {
        self.items.forget(source);
        self.fabrics.forget(source);
        self.vcenters.forget(source);
        self.policies.forget(source);
        self.registrars.forget(source);
        self.jobs.forget(source);
        self.programs.forget(source);
        for machine in self.machines.values_mut() {
            machine.item.forget(source);
            machine.deep.forget(source);
            machine.points.forget(source);
            machine.registrations.forget(source);
            machine.identity.forget(source);
            machine.azure_vm.forget(source);
            machine.recorded.forget(source);
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
            identity: Fact::unknown(reason),
            azure_vm: Fact::unknown(reason),
            recorded: Fact::unknown(reason),
        }
    }
}
