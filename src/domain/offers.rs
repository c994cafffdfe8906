//! What can be chosen on a site: machines, servers, datastores, accounts, policies, recovery points.
//! What Azure knows is offered; what could not be read says so, and is not taken for "there is none".

use std::sync::Arc;

use jiff::Timestamp;

use super::ids::ArmId;
use super::infrastructure::{Component, Fabric, Role};
use super::machine::{Detail, Machine};
use super::plan::Plan;
use super::policy::Policy;
use super::text::Text;

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
}

/// What only a deep read of a machine tells.
#[derive(Clone, Debug, Default)]
pub enum Reading {
    #[default]
    NotYet,
    Read(Box<Detail>),
    Failed(Text),
}

/// An account that a configuration server keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub fabric: ArmId,
    pub id: Text,
    pub name: Text,
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

    fn policies(&self) -> &[Policy] {
        self.choices.as_ref().map_or(&[], |c| &c.policies)
    }

    fn mappings(&self) -> &[Mapping] {
        self.choices.as_ref().map_or(&[], |c| &c.mappings)
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

    /// The servers of one role behind a configuration server.
    pub fn servers<'a>(
        &'a self,
        fabric: &ArmId,
        role: fn(&Role) -> bool,
    ) -> impl Iterator<Item = &'a Component> + use<'a> {
        let components = self.fabric(fabric).map(|fabric| &fabric.components);
        let all = components.into_iter().flatten();
        all.filter(move |component| role(&component.role))
    }

    /// The policies with which a machine can be protected home: `InMage`, mapped from its container
    /// to itself (asr-rest.md 13).
    #[must_use]
    pub fn failback_policies(&self, machine: &ArmId) -> Vec<&Policy> {
        let Some(container) = machine.up_to("replicationProtectionContainers") else {
            return Vec::new();
        };
        let mapped = |policy: &&Policy| {
            self.mappings()
                .iter()
                .any(|m| m.home && m.container == container && m.policy == policy.id)
        };
        let classic = |policy: &&Policy| policy.kind.as_str().eq_ignore_ascii_case("InMage");
        self.policies()
            .iter()
            .filter(classic)
            .filter(mapped)
            .collect()
    }

    /// The failback policy that goes with the machine's forward one: the only one; else the one
    /// named after it; else the only one of the same multi-VM consistency. `None`: a person chooses
    /// (asr-rest.md 13).
    #[must_use]
    pub fn preferred_policy(&self, machine: &Machine) -> Option<&Policy> {
        let candidates = self.failback_policies(&machine.id);
        if let [only] = candidates.as_slice() {
            return Some(only);
        }
        let forward = machine.policy.as_str();
        let named = format!("{forward}-failback");
        let is_named = |p: &&&Policy| p.name.as_str().eq_ignore_ascii_case(&named);
        if let Some(named) = candidates.iter().find(is_named) {
            return Some(named);
        }
        let vault = machine.id.up_to("vaults");
        let forward = self.policies().iter().find(|p| {
            p.id.up_to("vaults") == vault && p.name.as_str().eq_ignore_ascii_case(forward)
        })?;
        let alike = |p: &&&Policy| {
            !p.multi_vm.is_empty()
                && p.multi_vm
                    .as_str()
                    .eq_ignore_ascii_case(forward.multi_vm.as_str())
        };
        let mut alike = candidates.iter().filter(alike);
        match (alike.next(), alike.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Class, Health, Next, Place, Stage};

    const FABRIC: &str = "/subscriptions/s/vaults/v/replicationFabrics/f";

    fn machine(policy: &str) -> Machine {
        let id = format!("{FABRIC}/replicationProtectionContainers/c/items/a");
        Machine {
            id: ArmId::parse(&id).unwrap(),
            name: "a".into(),
            class: Class::ClassicToAzure,
            place: Place::Azure,
            stage: Stage::Committed,
            running: None,
            sync_percent: None,
            next: Next::default(),
            health: Health::Normal,
            problems: Vec::new(),
            rpo_seconds: None,
            group_id: "".into(),
            group_name: "".into(),
            policy: policy.into(),
            last_failover: None,
            test_failover: "".into(),
            event_correlation_id: "".into(),
            azure_vm: None,
            service_ids: Box::default(),
            os: "".into(),
            address: "".into(),
        }
    }

    fn policy(name: &str, kind: &str, multi_vm: &str) -> Policy {
        let id = format!("/subscriptions/s/vaults/v/replicationPolicies/{name}");
        Policy {
            id: ArmId::parse(&id).unwrap(),
            name: name.into(),
            kind: kind.into(),
            multi_vm: multi_vm.into(),
            threshold: None,
            history: None,
            application: None,
        }
    }

    fn offers(policies: Vec<Policy>) -> Offers {
        let container = format!("{FABRIC}/replicationProtectionContainers/C");
        let mapping = |policy: &Policy| Mapping {
            container: ArmId::parse(&container).unwrap(),
            policy: policy.id.clone(),
            home: policy.kind.as_str() != "InMageAzureV2",
        };
        let choices = Choices {
            mappings: policies.iter().map(mapping).collect(),
            policies,
            ..Choices::default()
        };
        Offers {
            choices: Some(choices),
            ..Offers::default()
        }
    }

    fn preferred(policies: Vec<Policy>) -> Option<String> {
        let offers = offers(policies);
        let preferred = offers.preferred_policy(&machine("day"));
        preferred.map(|policy| policy.name.to_string())
    }

    #[test]
    fn the_failback_policy_is_the_only_one_then_the_namesake_then_the_alike() {
        let day = || policy("day", "InMageAzureV2", "Enabled");
        let (other, rcm) = (
            policy("x", "InMage", "Disabled"),
            policy("r", "InMageRcmFailback", "Enabled"),
        );
        let alone = preferred(vec![day(), other.clone(), rcm]);
        assert_eq!(alone.as_deref(), Some("x"));
        let namesake = policy("DAY-failback", "InMage", "Disabled");
        let alike = policy("alike", "InMage", "enabled");
        let named = preferred(vec![day(), other.clone(), alike.clone(), namesake]);
        assert_eq!(named.as_deref(), Some("DAY-failback"));
        let same = preferred(vec![day(), other.clone(), alike.clone()]);
        assert_eq!(same.as_deref(), Some("alike"));
        let twin = policy("twin", "InMage", "Enabled");
        assert_eq!(
            preferred(vec![day(), alike, twin]),
            None,
            "a person chooses"
        );
        assert_eq!(preferred(vec![day()]), None);
    }

    #[test]
    fn a_policy_mapped_elsewhere_is_none() {
        let mut offers = offers(vec![policy("x", "InMage", "")]);
        offers.choices.as_mut().unwrap().mappings[0].container =
            ArmId::parse("/elsewhere").unwrap();
        assert!(offers.preferred_policy(&machine("day")).is_none());
    }

    #[test]
    fn a_system_is_known_by_its_name() {
        assert_eq!(System::of(&"WINDOWS".into()), System::Windows);
        assert_eq!(System::of(&"CentOS Linux 7.9".into()), System::Linux);
        assert_eq!(System::of(&"".into()), System::Unknown);
    }
}
