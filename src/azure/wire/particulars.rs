//! What only some generations tell: the parts of a protected item that readiness alone asks for, and
//! the providers that speak for their sites.

use serde::Deserialize;

use crate::domain::infrastructure::FabricKind;
use crate::domain::particulars::{Discovered, Particulars, Registrar};
use crate::domain::{ArmId, Class, Level, Place, Text};

use super::item::HealthError;
use super::leaf::{Many, Part, Word};

/// A protected item once more.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ItemParticulars {
    properties: Part<Properties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Properties {
    recovery_services_provider_id: Word,
    last_successful_test_failover_time: Word,
    active_location: Word,
    provider_specific_details: Part<Details>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Details {
    instance_type: Word,
    use_managed_disks: Word,
    encryption: Word,
    enable_rdp_on_target_option: Word,
    recovery_azure_resource_group_id: Word,
    #[serde(rename = "recoveryAzureVMName", alias = "recoveryAzureVmName")]
    recovery_azure_vm_name: Word,
    target_resource_group_id: Word,
    target_vm_name: Word,
    last_planned_failover_status: Word,
    reprotect_agent_id: Word,
    discovered_vm_details: Part<Seen>,
    vm_nics: Many<Part<Nic>>,
    protected_disks: Many<Part<Disk>>,
    validation_errors: Many<HealthError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Seen {
    power_status: Word,
    vmware_tools_status: Word,
    is_deleted: Word,
    last_discovery_time_in_utc: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Nic {
    #[serde(rename = "vMNetworkName")]
    vm_network_name: Word,
    #[serde(rename = "sourceIPAddressType")]
    source_ip_address_type: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Disk {
    target_managed_disk_id: Word,
}

/// `true` and `false`, in whatever case; anything else is not told.
fn flag(word: &Word, yes: &str, no: &str) -> Option<bool> {
    if word.is(yes) {
        return Some(true);
    }
    word.is(no).then_some(false)
}

/// The VM of that name in that resource group; `None` where one of the two is not told.
fn named(group: &Word, name: &Word) -> Option<ArmId> {
    let group = group.id()?;
    if name.is_empty() || name.as_str().contains('/') {
        return None;
    }
    let id = format!(
        "{group}/providers/Microsoft.Compute/virtualMachines/{}",
        name.as_str()
    );
    ArmId::parse(&id)
}

impl ItemParticulars {
    #[must_use]
    pub fn particulars(self) -> Particulars {
        let p = self.properties.or_empty();
        let d = p.provider_specific_details.or_empty();
        let class = Class::of(d.instance_type.as_str());
        let hyper_v = class == Class::HyperV;
        let modernised = class == Class::ModernisedToAzure;
        let nics: Vec<Nic> = d.vm_nics.0.into_iter().map(Part::or_empty).collect();
        let disks = d.protected_disks.0.into_iter().map(Part::or_empty);
        let over = Place::of(&class, p.active_location.as_str(), None) == Place::Azure;
        let errors = d.validation_errors.0.into_iter().map(HealthError::problem);
        let azure_named = match (hyper_v, modernised) {
            (true, _) => named(
                &d.recovery_azure_resource_group_id,
                &d.recovery_azure_vm_name,
            ),
            (_, true) => named(&d.target_resource_group_id, &d.target_vm_name),
            _ => None,
        };
        Particulars {
            registrar: p.recovery_services_provider_id.id(),
            tested: p.last_successful_test_failover_time.time(),
            managed_disks: flag(&d.use_managed_disks, "true", "false").filter(|_| hyper_v),
            encrypted: flag(&d.encryption, "Enabled", "Disabled").filter(|_| hyper_v),
            reach: d.enable_rdp_on_target_option.text(),
            switches: match hyper_v {
                true => switches(&nics),
                false => Vec::new(),
            },
            planned_failover: d.last_planned_failover_status.text(),
            reprotect_agent: d.reprotect_agent_id.text(),
            discovered: d.discovered_vm_details.0.map(|seen| seen.discovered()),
            fixed_address: fixed(&nics).filter(|_| modernised),
            azure_named,
            azure_disks: match over && modernised {
                true => disks
                    .filter_map(|d| d.target_managed_disk_id.id())
                    .collect(),
                false => Vec::new(),
            },
            objections: errors
                .filter(|problem| problem.level == Level::Error)
                .map(|problem| problem.message)
                .collect(),
        }
    }
}

fn switches(nics: &[Nic]) -> Vec<Text> {
    let mut all: Vec<Text> = Vec::new();
    for name in nics.iter().map(|nic| nic.vm_network_name.text()) {
        if !name.is_empty() && !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// Whether any adapter has a fixed address; `None` where one does not say and none is fixed.
fn fixed(nics: &[Nic]) -> Option<bool> {
    let each: Vec<Option<bool>> = nics
        .iter()
        .map(|nic| flag(&nic.source_ip_address_type, "Static", "Dynamic"))
        .collect();
    if each.contains(&Some(true)) {
        return Some(true);
    }
    let told = !each.is_empty() && each.iter().all(Option::is_some);
    told.then_some(false)
}

impl Seen {
    fn discovered(self) -> Discovered {
        Discovered {
            power: self.power_status.text(),
            tools: self.vmware_tools_status.text(),
            deleted: flag(&self.is_deleted, "true", "false"),
            seen: self.last_discovery_time_in_utc.time(),
        }
    }
}

/// `replicationRecoveryServicesProviders`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireRegistrar {
    id: Word,
    name: Word,
    properties: Part<RegistrarProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RegistrarProperties {
    fabric_type: Word,
    friendly_name: Word,
    connection_status: Word,
    last_heart_beat: Word,
}

impl WireRegistrar {
    /// `None` when the answer does not even say which one it is.
    #[must_use]
    pub fn registrar(self) -> Option<Registrar> {
        let id = self.id.id()?;
        let p = self.properties.or_empty();
        let name = match p.friendly_name.is_empty() {
            true => &self.name,
            false => &p.friendly_name,
        };
        Some(Registrar {
            name: name.text(),
            kind: match p.fabric_type.as_str().to_ascii_lowercase().as_str() {
                "hypervsite" => FabricKind::HyperVSite,
                "vmm" => FabricKind::Vmm,
                "vmware" => FabricKind::ClassicVmware,
                "inmagercm" | "vmwarev2" => FabricKind::ModernisedVmware,
                _ => FabricKind::Other(p.fabric_type.text()),
            },
            connection: p.connection_status.text(),
            heartbeat: p.last_heart_beat.time(),
            id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(details: &str, location: &str) -> Particulars {
        let text = format!(
            r#"{{"properties":{{"activeLocation":"{location}","providerSpecificDetails":{details}}}}}"#
        );
        serde_json::from_str::<ItemParticulars>(&text)
            .unwrap()
            .particulars()
    }

    #[test]
    fn a_hyper_v_machine_tells_its_group_and_name_and_how_its_disks_are() {
        let read = read(
            r#"{"instanceType":"HyperVReplicaAzure","useManagedDisks":"false","encryption":"Disabled",
                "recoveryAzureVmName":"vm","recoveryAzureResourceGroupId":"/subscriptions/s/resourceGroups/g",
                "vmNics":[{"vMNetworkName":"lan"},{"vMNetworkName":"lan"}]}"#,
            "Recovery",
        );
        assert_eq!(
            (read.managed_disks, read.encrypted),
            (Some(false), Some(false))
        );
        let vm = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm";
        assert_eq!(read.azure_named, ArmId::parse(vm));
        assert_eq!(read.switches, [Text::from("lan")]);
    }

    #[test]
    fn a_name_that_would_lead_elsewhere_is_no_name() {
        let read = read(
            r#"{"instanceType":"HyperVReplicaAzure","recoveryAzureVmName":"a/../b",
                "recoveryAzureResourceGroupId":"/subscriptions/s/resourceGroups/g"}"#,
            "Recovery",
        );
        assert_eq!(read.azure_named, None);
    }

    #[test]
    fn an_address_is_fixed_when_one_is_and_told_when_all_are() {
        let of = |nics: &str| {
            let details = format!(r#"{{"instanceType":"InMageRcm","vmNics":{nics}}}"#);
            read(&details, "Primary").fixed_address
        };
        assert_eq!(of(r#"[{"sourceIPAddressType":"Static"},{}]"#), Some(true));
        assert_eq!(of(r#"[{"sourceIPAddressType":"Dynamic"}]"#), Some(false));
        assert_eq!(of(r#"[{"sourceIPAddressType":"Dynamic"},{}]"#), None);
        assert_eq!(of("[]"), None);
    }

    #[test]
    fn disks_in_azure_are_told_of_a_machine_that_is_there() {
        let details = r#"{"instanceType":"InMageRcm","protectedDisks":[
            {"targetManagedDiskId":"/subscriptions/s/disks/a"},{"targetManagedDiskId":null}]}"#;
        assert_eq!(read(details, "Recovery").azure_disks.len(), 1);
        assert!(read(details, "Primary").azure_disks.is_empty());
    }
}
