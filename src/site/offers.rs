//! What can be chosen on this site, for the wizards: at once what the estate knows, then what is
//! read beside it, then what only a deep read of the chosen machines tells.

use std::sync::Arc;

use futures::future::join_all;

use super::estate::Estate;
use super::open::Site;
use crate::domain::offers::{Choices, HostVm, Offered, Reading, Size};
use crate::domain::{ArmId, Detail, Failure, Machine, Offers, Place, Provider, Registration, Text};

impl Estate {
    /// What is known already; nothing is read.
    #[must_use]
    pub fn offers(&self) -> Offers {
        let mut offers = Offers::default();
        offers.renew(self.machines.clone(), self.fabrics.clone());
        let read = self.parts.iter().filter_map(|part| part.read_at);
        offers.now = read.max();
        offers
    }
}

impl Site {
    /// Accounts, policies with the containers that they are mapped with, the providers of Hyper-V,
    /// and what Azure has beside: VMs, storage accounts, networks. What cannot be read is told and
    /// leaves the rest alone.
    pub async fn choices(&self) -> Choices {
        let vaults = self.vaults.iter().map(|vault| async move {
            tokio::join!(
                self.arm.accounts(vault),
                self.arm.policies(vault),
                self.arm.mappings(vault),
                self.arm.providers(vault),
            )
        });
        let (vaults, beside) = tokio::join!(join_all(vaults), self.beside());
        let mut choices = beside;
        let unread = &mut choices.unread;
        for (accounts, policies, mappings, providers) in vaults {
            match accounts {
                Ok((accounts, failed)) => {
                    choices.accounts.extend(accounts);
                    unread.extend(failed.into_iter().map(|error| Failure::from(error).what));
                }
                Err(error) => unread.push(Failure::from(error).what),
            }
            let policies = policies.map(|(policies, _)| policies);
            choices.policies.extend(taken(policies, unread));
            choices.mappings.extend(taken(mappings, unread));
            choices.providers.extend(taken(providers, unread));
        }
        choices
    }

    /// What there is in the subscription. All vaults of a site lie in one.
    async fn beside(&self) -> Choices {
        let mut choices = Choices::default();
        let Some(vault) = self.vaults.first() else {
            return choices;
        };
        let (vms, storage, networks) = tokio::join!(
            self.arm.azure_vms(vault),
            self.arm.storage_accounts(vault),
            self.arm.networks(vault),
        );
        choices.azure_vms = taken(vms, &mut choices.unread);
        choices.storage = taken(storage, &mut choices.unread);
        choices.networks = taken(networks, &mut choices.unread);
        choices
    }

    /// These machines, read deeply. One that cannot be read says why.
    pub async fn offered(&self, machines: &[Arc<Machine>]) -> Vec<Offered> {
        let read = join_all(machines.iter().map(|machine| self.one_offered(machine)));
        let registered = self.registered(machines);
        let (mut offered, registered) = tokio::join!(read, registered);
        for own in &mut offered {
            own.registrations = registered
                .as_deref()
                .map(|all| all.iter().filter(|r| is_of(own, r)).count());
        }
        offered
    }

    async fn one_offered(&self, machine: &Arc<Machine>) -> Offered {
        match self.machine(&machine.id).await {
            Ok((machine, detail)) => {
                let (host_vm, sizes) =
                    tokio::join!(self.host_vm_of(&machine, &detail), self.sizes_of(&machine),);
                Offered {
                    detail: Reading::Read(Box::new(detail)),
                    host_vm,
                    sizes,
                    ..Offered::of(Arc::new(machine))
                }
            }
            Err(failure) => Offered {
                detail: Reading::Failed(failure.what),
                ..Offered::of(Arc::clone(machine))
            },
        }
    }

    /// What a reverse replication calls a Hyper-V machine that is at home.
    async fn host_vm_of(&self, machine: &Machine, detail: &Detail) -> Option<HostVm> {
        let at_home = machine.provider() == Provider::HyperV && machine.place == Place::OnPremises;
        let protectable = detail.at_home.protectable.as_ref().filter(|_| at_home)?;
        self.arm.host_vm(protectable).await.ok()?
    }

    /// The sizes that a machine at home can have in Azure.
    async fn sizes_of(&self, machine: &Machine) -> Option<Vec<Size>> {
        match machine.place {
            Place::OnPremises => self.arm.sizes(&machine.id).await.ok(),
            Place::Azure | Place::Unknown(_) => None,
        }
    }

    /// What the discovery knows in the containers of classic machines; `None` when it cannot be
    /// read whole.
    async fn registered(&self, machines: &[Arc<Machine>]) -> Option<Vec<Registration>> {
        let classic = machines
            .iter()
            .filter(|m| m.provider() == Provider::Classic);
        let mut containers: Vec<ArmId> = classic
            .filter_map(|m| m.id.up_to("replicationProtectionContainers"))
            .collect();
        containers.sort_by_key(|id| id.as_str().to_ascii_lowercase());
        containers.dedup();
        let mut all = Vec::new();
        for container in containers {
            let keep = |page| all.extend::<Vec<_>>(page);
            self.arm.registrations(&container, keep).await.ok()?;
        }
        Some(all)
    }
}

/// Whether a registration is a machine's: by an id that either names, else by the name.
fn is_of(offered: &Offered, registration: &Registration) -> bool {
    let ids = offered.detail().map(|d| d.ties.registrations.as_slice());
    let same = |id: &Text| id.as_str().eq_ignore_ascii_case(registration.id.as_str());
    let name = offered.machine.name.as_str();
    registration.item.as_ref() == Some(offered.id())
        || ids.unwrap_or_default().iter().any(same)
        || registration.name.as_str().eq_ignore_ascii_case(name)
}

fn taken<T>(read: Result<Vec<T>, crate::azure::Error>, unread: &mut Vec<Text>) -> Vec<T> {
    match read {
        Ok(all) => all,
        Err(error) => {
            unread.push(Failure::from(error).what);
            Vec::new()
        }
    }
}
