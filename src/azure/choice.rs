//! The calls that read what can be chosen.

use serde::de::DeserializeOwned;

use crate::domain::ArmId;
use crate::domain::offers::{Account, HostVm, Mapping, Network, Provider, Size, StorageAccount};

use super::compute;
use super::error::Error;
use super::pages::one;
use super::send::Arm;
use super::vault::Vault;
use super::wire;

/// Most Azure VMs of a subscription that are read.
const MOST_VMS: usize = 5_000;
/// Most storage accounts or networks of a subscription that are kept.
const MOST_RESOURCES: usize = 2_000;

// Each resource provider has api versions of its own.
const STORAGE: &str = "2023-01-01";
pub(super) const NETWORK: &str = "2023-09-01";
const OFF_AZURE: &str = "2020-01-01";

impl Arm {
    /// The accounts that the configuration servers and the appliances of a vault keep, and what
    /// went wrong with those of an appliance: the others are known all the same.
    ///
    /// # Errors
    /// When the fabrics cannot be read.
    pub async fn accounts(&self, vault: &Vault) -> Result<(Vec<Account>, Vec<Error>), Error> {
        let doing = format!("read the accounts of vault {}", vault.name());
        let path = vault.child("replicationFabrics");
        let mut fabrics: Vec<wire::Kept> = Vec::new();
        let keep = |page: Vec<wire::Kept>| fabrics.extend(page);
        self.pages(&doing, &path, wire::Accounts::accounts, keep)
            .await?;
        let mut all = Vec::new();
        let mut failed = Vec::new();
        for kept in fabrics {
            all.extend(kept.accounts);
            let Some(site) = kept.site else { continue };
            match self.site_accounts(&kept.fabric, &site).await {
                Ok(own) => all.extend(own),
                Err(error) => failed.push(error),
            }
        }
        Ok((all, failed))
    }

    /// The accounts that the appliances of a fabric keep.
    async fn site_accounts(&self, fabric: &ArmId, site: &ArmId) -> Result<Vec<Account>, Error> {
        let doing = format!("read the accounts of {}", site.name());
        let path = format!("{site}/runAsAccounts");
        let first = self.read_versioned(&doing, &path, OFF_AZURE).await?;
        let mut all = Vec::new();
        let account = |(id, name)| Account {
            fabric: fabric.clone(),
            id,
            name,
        };
        let keep = |page: Vec<_>| all.extend(page.into_iter().map(account));
        self.pages_from(&doing, first, wire::SiteAccount::named, keep)
            .await?;
        Ok(all)
    }

    /// The storage accounts of the subscription in which a vault lies.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn storage_accounts(&self, vault: &Vault) -> Result<Vec<StorageAccount>, Error> {
        let kind = "Microsoft.Storage/storageAccounts";
        self.resources(vault, kind, STORAGE, wire::Storage::account)
            .await
    }

    /// The virtual networks of the subscription in which a vault lies, with their subnets.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn networks(&self, vault: &Vault) -> Result<Vec<Network>, Error> {
        let kind = "Microsoft.Network/virtualNetworks";
        self.resources(vault, kind, NETWORK, wire::VirtualNetwork::network)
            .await
    }

    async fn resources<W, D>(
        &self,
        vault: &Vault,
        kind: &str,
        version: &str,
        door: fn(W) -> Option<D>,
    ) -> Result<Vec<D>, Error>
    where
        W: DeserializeOwned + 'static,
        D: Send + 'static,
    {
        let subscription = vault.id().segment("subscriptions").unwrap_or_default();
        let what = kind.rsplit('/').next().unwrap_or_default();
        let doing = format!("list the {what} of subscription {subscription}");
        let path = format!("/subscriptions/{subscription}/providers/{kind}");
        let first = self.read_versioned(&doing, &path, version).await?;
        let mut all: Vec<D> = Vec::new();
        let keep = |page: Vec<D>| {
            let room = MOST_RESOURCES.saturating_sub(all.len());
            all.extend(page.into_iter().take(room));
        };
        self.pages_from(&doing, first, door, keep).await?;
        Ok(all)
    }

    /// The providers of a vault: the hosts and VMM servers of Hyper-V, and those of VMware.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn providers(&self, vault: &Vault) -> Result<Vec<Provider>, Error> {
        let doing = format!("read the providers of vault {}", vault.name());
        let path = vault.child("replicationRecoveryServicesProviders");
        let mut all = Vec::new();
        let keep = |page: Vec<Provider>| all.extend(page);
        self.pages(&doing, &path, wire::ServicesProvider::provider, keep)
            .await?;
        Ok(all)
    }

    /// The machine on its Hyper-V host behind a registration; `None` where the answer does not say.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn host_vm(&self, protectable: &ArmId) -> Result<Option<HostVm>, Error> {
        let doing = format!("read the registration {}", protectable.name());
        let answer = self.read(&doing, protectable.as_str()).await?;
        one::<wire::Protectable>(&doing, &answer.body).map(wire::Protectable::host_vm)
    }

    /// The sizes that a machine can have in Azure.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn sizes(&self, item: &ArmId) -> Result<Vec<Size>, Error> {
        let doing = format!("read the sizes for {}", item.name());
        let path = format!("{item}/targetComputeSizes");
        let mut all = Vec::new();
        let keep = |page: Vec<Size>| all.extend(page);
        self.pages(&doing, &path, wire::ComputeSize::size, keep)
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
