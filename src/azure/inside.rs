//! What Azure has of a VM, to be recorded before it is protected: size, disks, adapters.

use serde::Deserialize;

use crate::domain::guest::{AzureAdapter, AzureDisk, InAzure, Lease};
use crate::domain::{ArmId, Bytes, Failure, Text};

use super::choice::NETWORK;
use super::compute::API_VERSION;
use super::error::Error;
use super::pages::one;
use super::readings::WireView;
use super::send::Arm;
use super::wire::{Many, Part, Resource, Word};

/// Most adapters of a VM that are read; the largest sizes have eight.
const MOST_ADAPTERS: usize = 16;

const GIB: u64 = 1 << 30;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Vm {
    properties: Part<VmProperties>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct VmProperties {
    hardware_profile: Part<Hardware>,
    storage_profile: Part<Storage>,
    network_profile: Part<NetworkProfile>,
    instance_view: Part<WireView>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Hardware {
    vm_size: Word,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Storage {
    os_disk: Part<Disk>,
    data_disks: Many<Part<Disk>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Disk {
    name: Word,
    lun: Word,
    #[serde(rename = "diskSizeGB")]
    size: Word,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct NetworkProfile {
    network_interfaces: Many<Part<Resource>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Nic {
    properties: Part<NicProperties>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct NicProperties {
    mac_address: Word,
    ip_configurations: Many<Part<Configuration>>,
    dns_settings: Part<Dns>,
    enable_accelerated_networking: Word,
    #[serde(rename = "enableIPForwarding")]
    enable_ip_forwarding: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Configuration {
    properties: Part<ConfigurationProperties>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ConfigurationProperties {
    #[serde(rename = "privateIPAddress")]
    address: Word,
    #[serde(rename = "privateIPAllocationMethod")]
    method: Word,
    primary: Word,
    subnet: Part<Resource>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Dns {
    dns_servers: Many<Word>,
}

impl Arm {
    /// An Azure VM from outside. What of it cannot be read is told in it.
    ///
    /// # Errors
    /// When the VM itself cannot be read.
    pub async fn in_azure(&self, vm: &ArmId) -> Result<InAzure, Error> {
        let doing = format!("read Azure VM {}", vm.name());
        let path = format!("{vm}?$expand=instanceView");
        let answer = self.read_versioned(&doing, &path, API_VERSION).await?;
        let wire: Vm = one(&doing, &answer.body)?;
        let p = wire.properties.or_empty();
        let storage = p.storage_profile.or_empty();
        let os = storage.os_disk.0.map(|disk| disk.told(true));
        let data = storage.data_disks.0.into_iter().map(Part::or_empty);
        let mut all = InAzure {
            vm: Some(vm.clone()),
            size: p.hardware_profile.or_empty().vm_size.text(),
            os: p.instance_view.or_empty().view().os,
            disks: os
                .into_iter()
                .chain(data.map(|disk| disk.told(false)))
                .collect(),
            ..InAzure::default()
        };
        let adapters = p.network_profile.or_empty().network_interfaces.0;
        let adapters: Vec<ArmId> = adapters
            .into_iter()
            .filter_map(|own| own.or_empty().id.id())
            .collect();
        if adapters.is_empty() {
            all.unread.push("Azure does not tell its adapters".into());
        }
        for id in adapters.into_iter().take(MOST_ADAPTERS) {
            match self.adapter(&id).await {
                Ok(adapter) => all.adapters.push(adapter),
                Err(error) => all.unread.push(Failure::from(error).what),
            }
        }
        Ok(all)
    }

    async fn adapter(&self, id: &ArmId) -> Result<AzureAdapter, Error> {
        let doing = format!("read adapter {}", Text::from(id.name()));
        let answer = self.read_versioned(&doing, id.as_str(), NETWORK).await?;
        let nic: Nic = one(&doing, &answer.body)?;
        Ok(nic.told(id))
    }
}

impl Disk {
    fn told(&self, system: bool) -> AzureDisk {
        let lun = self.lun.number().and_then(|n| u32::try_from(n).ok());
        AzureDisk {
            name: self.name.text(),
            size: self
                .size
                .number()
                .and_then(|n| n.checked_mul(GIB))
                .map(Bytes),
            lun: lun.filter(|_| !system),
        }
    }
}

impl Nic {
    fn told(self, id: &ArmId) -> AzureAdapter {
        let p = self.properties.or_empty();
        let configurations = p.ip_configurations.0.into_iter().map(Part::or_empty);
        let all: Vec<_> = configurations.map(|c| c.properties.or_empty()).collect();
        let primary = all.iter().position(|c| c.primary.is("true")).unwrap_or(0);
        let first = all.into_iter().nth(primary).unwrap_or_default();
        let yes = |word: &Word| match word.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        let servers = p.dns_settings.or_empty().dns_servers.0;
        AzureAdapter {
            id: Some(id.clone()),
            mac: p
                .mac_address
                .as_str()
                .to_ascii_lowercase()
                .replace('-', ":")
                .into(),
            address: first.address.text(),
            lease: match first.method.as_str().to_ascii_lowercase().as_str() {
                "static" => Lease::Fixed,
                "dynamic" => Lease::Dhcp,
                _ => Lease::Unknown,
            },
            subnet: first.subnet.or_empty().id.id(),
            name_servers: servers.iter().map(Word::text).collect(),
            accelerated: yes(&p.enable_accelerated_networking),
            forwarding: yes(&p.enable_ip_forwarding),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adapter_tells_its_address_and_how_it_came_by_it() {
        let text = r#"{"properties":{"macAddress":"00-0D-3A-11-22-33","enableAcceleratedNetworking":true,
            "dnsSettings":{"dnsServers":["10.8.0.5"]},"ipConfigurations":[
            {"properties":{"privateIPAddress":"10.8.0.9","privateIPAllocationMethod":"Dynamic","primary":false}},
            {"properties":{"privateIPAddress":"10.8.0.4","privateIPAllocationMethod":"Static","primary":true,
             "subnet":{"id":"/subscriptions/s/subnets/servers"}}}]}}"#;
        let id = ArmId::parse("/subscriptions/s/networkInterfaces/n").unwrap();
        let adapter = serde_json::from_str::<Nic>(text).unwrap().told(&id);
        assert_eq!(adapter.address.as_str(), "10.8.0.4");
        assert_eq!(adapter.lease, Lease::Fixed);
        assert_eq!(adapter.mac.as_str(), "00:0d:3a:11:22:33");
        assert_eq!(adapter.name_servers, ["10.8.0.5".into()]);
        assert_eq!(adapter.accelerated, Some(true));
    }

    #[test]
    fn an_empty_answer_tells_nothing_and_harms_nothing() {
        let id = ArmId::parse("/subscriptions/s/networkInterfaces/n").unwrap();
        let adapter =
            serde_json::from_str::<Nic>(r#"{"properties":{"ipConfigurations":[null,3,{}]}}"#);
        let adapter = adapter.unwrap().told(&id);
        assert_eq!(adapter.lease, Lease::Unknown);
    }
}
