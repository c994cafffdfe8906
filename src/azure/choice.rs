//! The calls that read what can be chosen.

use crate::domain::ArmId;
use crate::domain::offers::{Account, Mapping};

use super::compute;
use super::error::Error;
use super::send::Arm;
use super::vault::Vault;
use super::wire;

/// Most Azure VMs of a subscription that are read.
const MOST_VMS: usize = 5_000;

impl Arm {
    /// The accounts that the configuration servers of a vault keep.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn accounts(&self, vault: &Vault) -> Result<Vec<Account>, Error> {
        let doing = format!("read the accounts of vault {}", vault.name());
        let path = vault.child("replicationFabrics");
        let mut all = Vec::new();
        let keep = |page: Vec<Vec<Account>>| all.extend(page.into_iter().flatten());
        self.pages(&doing, &path, wire::Accounts::accounts, keep)
            .await?;
        Ok(all)
    }

    /// Which policies the containers of a vault are mapped with.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn mappings(&self, vault: &Vault) -> Result<Vec<Mapping>, Error> {
        let doing = format!("read the policy mappings of vault {}", vault.name());
        let path = vault.child("replicationProtectionContainerMappings");
        let mut all = Vec::new();
        let keep = |page| all.extend::<Vec<_>>(page);
        self.pages(&doing, &path, wire::ContainerMapping::mapping, keep)
            .await?;
        Ok(all)
    }

    /// The VMs of the subscription in which a vault lies.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn azure_vms(&self, vault: &Vault) -> Result<Vec<ArmId>, Error> {
        let subscription = vault.id().segment("subscriptions").unwrap_or_default();
        let doing = format!("list the VMs of subscription {subscription}");
        let path =
            format!("/subscriptions/{subscription}/providers/Microsoft.Compute/virtualMachines");
        let first = self
            .read_versioned(&doing, &path, compute::API_VERSION)
            .await?;
        let mut all: Vec<ArmId> = Vec::new();
        let door = |vm: wire::Resource| vm.id.id();
        let keep = |page: Vec<ArmId>| {
            let room = MOST_VMS.saturating_sub(all.len());
            all.extend(page.into_iter().take(room));
        };
        self.pages_from(&doing, first, door, keep).await?;
        Ok(all)
    }
}
