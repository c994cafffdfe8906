//! A registration, and a machine whose registrations are looked for.

use std::net::IpAddr;

use jiff::Timestamp;

use super::host::Called;
use crate::domain::ids::ArmId;
use crate::domain::machine::{Machine, Ties};
use crate::domain::place::{Class, Place};
use crate::domain::registration::Registration;
use crate::domain::text::Text;

/// A registration that may be a machine's, with what else the list tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub registration: Registration,
    pub power: Power,
    /// `supportedReplicationProviders`: `InMage` of the one in Azure, `InMageAzureV2` of the one at
    /// home (asr-rest.md 3).
    pub providers: Vec<Text>,
    /// When its agent was last heard of. A configuration server tells it, Azure's list does not: over
    /// Azure alone it is never known.
    pub heartbeat: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Power {
    On,
    Off,
    #[default]
    NotTold,
}

impl Power {
    /// Reads `poweredOn`, or the word behind `PowerState/`.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "on" | "true" | "poweredon" | "running" => Self::On,
            "off" | "false" | "poweredoff" | "stopped" | "deallocated" => Self::Off,
            _ => Self::NotTold,
        }
    }
}

impl Candidate {
    /// What the agent is called there.
    #[must_use]
    pub fn called(&self) -> &Called {
        self.registration.agent.called()
    }

    /// The addresses that are told; loopback is nobody's.
    #[must_use]
    pub fn addresses(&self) -> Vec<IpAddr> {
        let parts = self.registration.address.as_str().split([',', ';', ' ']);
        let known = parts.filter_map(|part| part.trim().parse::<IpAddr>().ok());
        known
            .filter(|address| !address.is_loopback() && !address.is_unspecified())
            .collect()
    }
}

/// A machine that is protected, as far as its identity goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub id: ArmId,
    pub name: Text,
    pub class: Class,
    pub place: Place,
    /// The names of registrations that its own answer tells.
    pub registrations: Vec<Text>,
    /// Azure may have given its VM another name than its own (asr-rest.md 13).
    pub azure_vm: Option<ArmId>,
    /// Of the VM in Azure, where they are known. Site Recovery tells those that were wanted for it, and
    /// its own adapters are not read: none are filled in yet.
    pub addresses: Vec<IpAddr>,
    /// Of the VM in Azure, where its instance view was read, as readiness does.
    pub power: Power,
    /// When it was last failed over.
    pub failed_over: Option<Timestamp>,
}

impl Subject {
    /// What the machine's own answer tells; of its VM nothing but the id.
    #[must_use]
    pub fn of(machine: &Machine, ties: &Ties) -> Self {
        Self {
            id: machine.id.clone(),
            name: machine.name.clone(),
            class: machine.class.clone(),
            place: machine.place.clone(),
            registrations: ties.registrations.clone(),
            azure_vm: machine.azure_vm.clone(),
            addresses: Vec::new(),
            power: Power::NotTold,
            failed_over: machine.last_failover,
        }
    }

    /// By what names it may be registered: its own, and its VM's.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let vm = self.azure_vm.as_ref().map(ArmId::name);
        std::iter::once(self.name.as_str())
            .chain(vm)
            .filter(|name| !name.is_empty())
    }
}
