//! What stands behind one machine: the servers, policies and accounts among which a reprotect of it
//! chooses, in either direction and of every generation.

use super::{Account, Offered, Offers, Provider, StorageAccount};
use crate::domain::ids::ArmId;
use crate::domain::infrastructure::{Component, Role};
use crate::domain::machine::Machine;
use crate::domain::place::Generation;
use crate::domain::policy::Policy;
use crate::domain::text::Text;

/// A reprotect agent of an appliance.
#[derive(Clone, Copy, Debug)]
pub struct Agent<'a> {
    pub server: &'a Component,
    /// The names of the datastores that it reaches.
    pub datastores: &'a [Text],
}

impl Offers {
    /// The servers of one role behind a configuration server or an appliance's fabric.
    pub fn servers<'a>(
        &'a self,
        fabric: &ArmId,
        role: fn(&Role) -> bool,
    ) -> impl Iterator<Item = &'a Component> + use<'a> {
        let components = self.fabric(fabric).map(|fabric| &fabric.components);
        let all = components.into_iter().flatten();
        all.filter(move |component| role(&component.role))
    }

    /// The process servers behind a machine: of its configuration server, or of its appliances.
    #[must_use]
    pub fn process_servers(&self, machine: &ArmId) -> Vec<&Component> {
        let fabric = machine.up_to("replicationFabrics");
        let role = |role: &Role| matches!(role, Role::ProcessServer { .. });
        fabric.map_or_else(Vec::new, |fabric| self.servers(&fabric, role).collect())
    }

    /// The reprotect agents of the appliances behind a machine.
    #[must_use]
    pub fn reprotect_agents(&self, machine: &ArmId) -> Vec<Agent<'_>> {
        let fabric = machine.up_to("replicationFabrics");
        let components = fabric.and_then(|fabric| self.fabric(&fabric));
        let components = components.map(|fabric| fabric.components.as_slice());
        let mut agents = Vec::new();
        for server in components.unwrap_or_default() {
            if let Role::ReprotectAgent { datastores } = &server.role {
                agents.push(Agent { server, datastores });
            }
        }
        agents
    }

    /// The storage accounts that could take the log of a modernised machine on its way home.
    #[must_use]
    pub fn log_storage(&self) -> Vec<&StorageAccount> {
        let all = self.choices.as_ref().map(|c| c.storage.as_slice());
        all.unwrap_or_default().iter().collect()
    }

    /// The accounts that the machine's configuration server or appliances keep.
    #[must_use]
    pub fn accounts(&self, machine: &ArmId) -> Vec<&Account> {
        let fabric = machine.up_to("replicationFabrics");
        let all = self.choices.as_ref().map(|c| c.accounts.as_slice());
        let own = |account: &&Account| Some(&account.fabric) == fabric.as_ref();
        all.unwrap_or_default().iter().filter(own).collect()
    }

    /// The hosts and VMM servers of Hyper-V, but for the one that a machine belongs to.
    #[must_use]
    pub fn other_hosts(&self, machine: &Offered) -> Vec<&Provider> {
        let own = machine.detail().and_then(|d| d.at_home.provider.as_ref());
        let vault = machine.id().up_to("vaults");
        let all = self.choices.as_ref().map(|c| c.providers.as_slice());
        let other =
            |p: &&Provider| p.hyper_v && Some(&p.id) != own && p.id.up_to("vaults") == vault;
        all.unwrap_or_default().iter().filter(other).collect()
    }

    /// What a provider is called.
    #[must_use]
    pub fn provider(&self, id: &ArmId) -> Option<&Provider> {
        let mut all = self.choices.as_ref()?.providers.iter();
        all.find(|provider| provider.id == *id)
    }

    /// The policies with which a classic machine can be protected home: `InMage`, mapped from its
    /// container to itself (asr-rest.md 13).
    #[must_use]
    pub fn failback_policies(&self, machine: &ArmId) -> Vec<&Policy> {
        self.mapped(machine, "InMage", true)
    }

    /// The policies with which a machine can be protected to Azure: of its generation, mapped from
    /// its container to Azure. Hyper-V keeps its own.
    #[must_use]
    pub fn forward_policies(&self, machine: &Machine) -> Vec<&Policy> {
        match machine.provider().generation() {
            Some(Generation::Classic) => self.mapped(&machine.id, "InMageAzureV2", false),
            Some(Generation::Modernised) => self.mapped(&machine.id, "InMageRcm", false),
            Some(Generation::HyperV) | None => Vec::new(),
        }
    }

    fn mapped(&self, machine: &ArmId, kind: &str, home: bool) -> Vec<&Policy> {
        let container = machine.up_to("replicationProtectionContainers");
        let (Some(container), Some(choices)) = (container, &self.choices) else {
            return Vec::new();
        };
        let mapped = |policy: &&Policy| {
            let mut all = choices.mappings.iter();
            all.any(|m| m.home == home && m.container == container && m.policy == policy.id)
        };
        let of_kind = |policy: &&Policy| policy.kind.as_str().eq_ignore_ascii_case(kind);
        let all = choices.policies.iter();
        all.filter(of_kind).filter(mapped).collect()
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
        let mut all = self.choices.as_ref()?.policies.iter();
        let forward = all.find(|p| {
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

    /// The forward policy of a machine that came home: the one that it says it had; else the only
    /// one; else the one after which its failback policy is named. `None`: a person chooses.
    #[must_use]
    pub fn preferred_forward(&self, machine: &Offered) -> Option<&Policy> {
        let candidates = self.forward_policies(&machine.machine);
        let had = machine.detail().and_then(|d| d.at_home.policy.as_ref());
        if let Some(had) = candidates.iter().find(|p| Some(&p.id) == had) {
            return Some(had);
        }
        if let [only] = candidates.as_slice() {
            return Some(only);
        }
        let back = machine.machine.policy.as_str();
        let named = |p: &&&Policy| format!("{}-failback", p.name).eq_ignore_ascii_case(back);
        candidates.iter().find(named).copied()
    }
}
