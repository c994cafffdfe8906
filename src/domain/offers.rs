//! What can be chosen on a site: machines, servers, datastores, accounts, policies, recovery points.
//! What Azure knows is offered; what could not be read says so, and is not taken for "there is none".

mod behind;
mod resource;

use std::sync::Arc;

use jiff::Timestamp;

use super::ids::ArmId;
use super::infrastructure::Fabric;
use super::machine::{Detail, Machine};
use super::plan::Plan;
use super::policy::Policy;
use super::text::Text;

pub use behind::Agent;
pub use resource::{Account, HostVm, Network, Provider, Size, StorageAccount, Subnet};

/// Everything that the wizards offer.
#[derive(Clone, Debug, Default)]
pub struct Offers {
    /// In the order in which people look for them: by name.
    pub machines: Vec<Offered>,
    /// With their vCenters.
    pub fabrics: Vec<Fabric>,
    /// `None` while they are being read.
    pub choices: Option<Choices>,
    /// The plans that are kept for the site.
    pub plans: Vec<Plan>,
    /// The service's time of the reading.
    pub now: Option<Timestamp>,
}

/// What is read beside machines and servers.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    pub accounts: Vec<Account>,
    pub policies: Vec<Policy>,
    pub mappings: Vec<Mapping>,
    /// Every VM of the subscription.
    pub azure_vms: Vec<ArmId>,
    pub storage: Vec<StorageAccount>,
    pub networks: Vec<Network>,
    pub providers: Vec<Provider>,
    /// What could not be read, a sentence each.
    pub unread: Vec<Text>,
}

/// One machine.
#[derive(Clone, Debug)]
pub struct Offered {
    pub machine: Arc<Machine>,
    pub detail: Reading,
    /// How often the configuration server knows it; `None` while that was not read.
    pub registrations: Option<usize>,
    /// Hyper-V that is at home: the machine on its host; `None` while that was not read, or is not
    /// known.
    pub host_vm: Option<HostVm>,
    /// The sizes that it can have in Azure; `None` where they were not read, or could not be.
    pub sizes: Option<Vec<Size>>,
}

/// What only a deep read of a machine tells.
#[derive(Clone, Debug, Default)]
pub enum Reading {
    #[default]
    NotYet,
    Read(Box<Detail>),
    Failed(Text),
}

/// A policy that a container is mapped with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    pub container: ArmId,
    pub policy: ArmId,
    /// From the container to itself: the way home (asr-rest.md 3).
    pub home: bool,
}

/// The kind of a machine's operating system: a master target is of one kind, and takes that alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    Windows,
    Linux,
    /// Azure's list does not say.
    Unknown,
}

impl System {
    /// Reads a name as the service writes it: `Windows`, `LINUX`, `CentOS Linux 7.9`.
    #[must_use]
    pub fn of(name: &Text) -> Self {
        let name = name.as_str().to_ascii_lowercase();
        match (name.contains("windows"), name.contains("linux")) {
            (true, _) => Self::Windows,
            (false, true) => Self::Linux,
            (false, false) => Self::Unknown,
        }
    }

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Windows => "Windows",
            Self::Linux => "Linux",
            Self::Unknown => "unknown",
        }
    }
}

impl Offered {
    #[must_use]
    pub fn of(machine: Arc<Machine>) -> Self {
        Self {
            machine,
            detail: Reading::NotYet,
            registrations: None,
            host_vm: None,
            sizes: None,
        }
    }

    #[must_use]
    pub fn id(&self) -> &ArmId {
        &self.machine.id
    }

    #[must_use]
    pub fn detail(&self) -> Option<&Detail> {
        match &self.detail {
            Reading::Read(detail) => Some(detail),
            Reading::NotYet | Reading::Failed(_) => None,
        }
    }

    #[must_use]
    pub fn system(&self) -> System {
        System::of(&self.machine.os)
    }

    /// The configuration server behind which it is: its fabric's id.
    #[must_use]
    pub fn fabric(&self) -> Option<ArmId> {
        self.id().up_to("replicationFabrics")
    }
}

impl Offers {
    /// Takes news of machines and servers; what was read deeply of a machine stays known.
    pub fn renew(&mut self, machines: Vec<Arc<Machine>>, fabrics: Vec<Fabric>) {
        let mut known = std::mem::take(&mut self.machines);
        let mut renewed: Vec<Offered> = machines.into_iter().map(Offered::of).collect();
        renewed.sort_by_cached_key(|offered| offered.machine.name.as_str().to_lowercase());
        for offered in &mut renewed {
            if let Some(at) = known.iter().position(|old| old.id() == offered.id()) {
                let old = known.swap_remove(at);
                offered.detail = old.detail;
                offered.registrations = old.registrations;
                offered.host_vm = old.host_vm;
                offered.sizes = old.sizes;
                // Lists leave the system out for some classes.
                if offered.system() == System::Unknown {
                    let mut machine = (*offered.machine).clone();
                    machine.os.clone_from(&old.machine.os);
                    offered.machine = Arc::new(machine);
                }
            }
        }
        self.machines = renewed;
        self.fabrics = fabrics;
    }

    /// Takes machines that were read deeply.
    pub fn learn(&mut self, read: Vec<Offered>) {
        for new in read {
            if let Some(known) = self.machines.iter_mut().find(|old| old.id() == new.id()) {
                *known = new;
            }
        }
    }

    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&Offered> {
        self.machines.iter().find(|offered| offered.id() == id)
    }

    /// The machines that are called so: by id, by the item's name, or by their own name.
    #[must_use]
    pub fn called(&self, words: &str) -> Vec<&Offered> {
        let is = |offered: &&Offered| {
            let machine = &offered.machine;
            machine.id.as_str().eq_ignore_ascii_case(words)
                || machine.id.name().eq_ignore_ascii_case(words)
                || machine.name.as_str().eq_ignore_ascii_case(words)
        };
        self.machines.iter().filter(is).collect()
    }

    /// The machines of the same replication group, itself among them. A group id on a single
    /// machine is its own name (asr-rest.md 13).
    #[must_use]
    pub fn group(&self, of: &Machine) -> Vec<&Offered> {
        let same = |offered: &&Offered| {
            let other = &offered.machine;
            let grouped = !of.group_id.is_empty() && other.group_id == of.group_id;
            other.id == of.id || (grouped && other.id.up_to("vaults") == of.id.up_to("vaults"))
        };
        self.machines.iter().filter(same).collect()
    }

    #[must_use]
    pub fn fabric(&self, id: &ArmId) -> Option<&Fabric> {
        self.fabrics.iter().find(|fabric| fabric.id == *id)
    }
}

#[cfg(test)]
mod tests;
