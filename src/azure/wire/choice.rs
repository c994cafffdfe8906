//! What can be chosen: accounts, and the policies that containers are mapped with
//! (asr-rest.md 2, 3); what Azure has beside Site Recovery; the providers of Hyper-V.

use serde::Deserialize;

use crate::domain::offers::{Account, Mapping, Network, Provider, Size, StorageAccount, Subnet};
use crate::domain::{ArmId, Text};

use super::leaf::{Many, Part, Word};

/// A fabric, of which only the accounts are wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Accounts {
    id: Word,
    properties: Part<Properties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Properties {
    custom_details: Part<Custom>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Custom {
    run_as_accounts: Many<Part<RunAs>>,
    vmware_site_id: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RunAs {
    account_id: Word,
    account_name: Word,
}

impl Accounts {
    /// The fabric's accounts, and where the accounts of its appliances are kept; `None` when the
    /// answer does not say which fabric it is.
    #[must_use]
    pub fn accounts(self) -> Option<Kept> {
        let fabric = self.id.id()?;
        let custom = self.properties.or_empty().custom_details.or_empty();
        let all = custom.run_as_accounts.0.into_iter().map(Part::or_empty);
        let named = all.filter(|account| !account.account_id.is_empty());
        let account = |raw: RunAs| Account {
            fabric: fabric.clone(),
            id: raw.account_id.text(),
            name: raw.account_name.text(),
        };
        Some(Kept {
            accounts: named.map(account).collect(),
            site: custom.vmware_site_id.id(),
            fabric,
        })
    }
}

/// The accounts of one fabric.
#[derive(Debug)]
pub struct Kept {
    pub fabric: ArmId,
    /// Those of a configuration server, which stand in the fabric itself.
    pub accounts: Vec<Account>,
    /// The VMware site that keeps those of an appliance.
    pub site: Option<ArmId>,
}

/// An account that an appliance keeps (`Microsoft.OffAzure/VMwareSites/runAsAccounts`).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SiteAccount {
    id: Word,
    name: Word,
    properties: Part<SiteAccountProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SiteAccountProperties {
    display_name: Word,
}

impl SiteAccount {
    /// Its id and what people call it; `None` without an id.
    #[must_use]
    pub fn named(self) -> Option<(Text, Text)> {
        let name = self.properties.or_empty().display_name;
        let name = if name.is_empty() { &self.name } else { &name };
        Some((self.id.id()?.as_str().into(), name.text()))
    }
}

/// `Microsoft.Storage/storageAccounts`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Storage {
    id: Word,
    location: Word,
    sku: Part<Sku>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sku {
    name: Word,
}

impl Storage {
    #[must_use]
    pub fn account(self) -> Option<StorageAccount> {
        Some(StorageAccount {
            id: self.id.id()?,
            location: self.location.text(),
            sku: self.sku.or_empty().name.text(),
        })
    }
}

/// `Microsoft.Network/virtualNetworks`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct VirtualNetwork {
    id: Word,
    location: Word,
    properties: Part<NetworkProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NetworkProperties {
    subnets: Many<Part<WireSubnet>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WireSubnet {
    name: Word,
    properties: Part<SubnetProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SubnetProperties {
    address_prefix: Word,
    address_prefixes: Many<Word>,
}

impl VirtualNetwork {
    #[must_use]
    pub fn network(self) -> Option<Network> {
        let subnets = self.properties.or_empty().subnets.0.into_iter();
        let subnet = |raw: WireSubnet| {
            let p = raw.properties.or_empty();
            let first = p.address_prefixes.0.first();
            Subnet {
                name: raw.name.text(),
                prefix: match first {
                    Some(first) if p.address_prefix.is_empty() => first.text(),
                    _ => p.address_prefix.text(),
                },
            }
        };
        Some(Network {
            id: self.id.id()?,
            location: self.location.text(),
            subnets: subnets.map(Part::or_empty).map(subnet).collect(),
        })
    }
}

/// `replicationRecoveryServicesProviders`: the hosts and VMM servers of Hyper-V, among others.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ServicesProvider {
    id: Word,
    properties: Part<ProviderProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ProviderProperties {
    fabric_type: Word,
    friendly_name: Word,
    connection_status: Word,
}

impl ServicesProvider {
    #[must_use]
    pub fn provider(self) -> Option<Provider> {
        let id = self.id.id()?;
        let p = self.properties.or_empty();
        let name = if p.friendly_name.is_empty() {
            id.name().into()
        } else {
            p.friendly_name.text()
        };
        let hyper_v = p.fabric_type.is("HyperVSite") || p.fabric_type.is("VMM");
        Some(Provider {
            id,
            name,
            hyper_v,
            connection: p.connection_status.text(),
        })
    }
}

/// One of an item's `targetComputeSizes`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ComputeSize {
    properties: Part<SizeProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SizeProperties {
    name: Word,
    cpu_cores_count: Word,
    #[serde(rename = "memoryInGB")]
    memory_in_gb: Word,
}

impl ComputeSize {
    #[must_use]
    pub fn size(self) -> Option<Size> {
        let p = self.properties.or_empty();
        (!p.name.is_empty()).then(|| Size {
            name: p.name.text(),
            cores: p.cpu_cores_count.number(),
            memory: p.memory_in_gb.scaled(1 << 30),
        })
    }
}

/// A policy that a container is mapped with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ContainerMapping {
    id: Word,
    properties: Part<MappingProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct MappingProperties {
    target_protection_container_id: Word,
    policy_id: Word,
}

impl ContainerMapping {
    /// `None` when the answer does not say which container or which policy.
    #[must_use]
    pub fn mapping(self) -> Option<Mapping> {
        let container = self.id.id()?.up_to("replicationProtectionContainers")?;
        let properties = self.properties.or_empty();
        // The way to Azure is mapped to the literal "Microsoft Azure", which is no id.
        let target: Option<ArmId> = properties.target_protection_container_id.id();
        Some(Mapping {
            home: target.as_ref() == Some(&container),
            policy: properties.policy_id.id()?,
            container,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTAINER: &str =
        "/Subscriptions/s/vaults/v/replicationFabrics/f/replicationProtectionContainers/c";

    fn mapping(target: &str) -> Option<Mapping> {
        let text = format!(
            r#"{{"id":"{CONTAINER}/replicationProtectionContainerMappings/m","properties":
               {{"targetProtectionContainerId":"{target}","policyId":"/subscriptions/s/policies/p"}}}}"#
        );
        serde_json::from_str::<ContainerMapping>(&text)
            .unwrap()
            .mapping()
    }

    #[test]
    fn a_container_mapped_to_itself_is_the_way_home() {
        assert!(mapping(&CONTAINER.to_lowercase()).unwrap().home);
        assert!(!mapping("Microsoft Azure").unwrap().home);
        assert!(!mapping("").unwrap().home);
    }

    #[test]
    fn accounts_without_an_id_are_left_out() {
        let text = r#"{"id":"/s/f","properties":{"customDetails":{"runAsAccounts":
            [{"accountId":"1","accountName":"windows"},{"accountName":"nobody"}]}}}"#;
        let read: Accounts = serde_json::from_str(text).unwrap();
        assert_eq!(read.accounts().unwrap().accounts.len(), 1);
    }
}
