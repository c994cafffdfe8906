//! What there is in Azure beside Site Recovery that its requests name: storage accounts, virtual networks, sizes of
//! VMs, and the accounts that an appliance keeps. Only the accounts of an appliance were recorded.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::clock::{after, ticks};
use super::estate::FabricKind;
use super::fabrics::run_as_id;
use super::site::Site;
use super::world::World;

/// Sizes of the target region: name, cores, memory in GB, data disks, adapters.
pub(super) const SIZES: &[(&str, u32, f64, u32, u32)] = &[
    ("Standard_A2m_v2", 2, 16.0, 4, 2),
    ("Standard_B2ms", 2, 8.0, 4, 3),
    ("Standard_D2s_v5", 2, 8.0, 4, 2),
    ("Standard_D4s_v5", 4, 16.0, 8, 2),
    ("Standard_D8s_v5", 8, 32.0, 16, 4),
    ("Standard_E4s_v5", 4, 32.0, 8, 2),
    ("Standard_E8s_v5", 8, 64.0, 16, 4),
    ("Standard_F4s_v2", 4, 8.0, 8, 2),
];

const SUBNETS: &[&str] = &["default", "subnet1", "servers", "isolated"];

impl Site {
    fn resource(&self, kind: &str, name: &str) -> String {
        format!("{}/providers/{kind}/{name}", self.group_id)
    }

    pub fn storage_ids(&self) -> impl Iterator<Item = String> {
        let names = self.storage_accounts.iter();
        names.map(|name| self.resource("Microsoft.Storage/storageAccounts", name))
    }

    pub fn network_ids(&self) -> impl Iterator<Item = String> {
        let names = self.networks.iter();
        names.map(|name| self.resource("Microsoft.Network/virtualNetworks", name))
    }

    pub fn subnets(&self) -> impl Iterator<Item = &'static str> {
        SUBNETS.iter().copied()
    }
}

/// The adapter that is called so: each VM has one.
pub(super) fn adapter(world: &World, name: &str, now: Timestamp) -> Option<Value> {
    let vms = super::compute::machines(world, now);
    let own = vms.iter().find_map(|vm| {
        let told = super::compute::vm(world, *vm, now, false);
        let vm_name = told["name"].as_str()?.to_owned();
        let same = name.eq_ignore_ascii_case(&format!("nic-{vm_name}-00"));
        same.then_some((vm.machine, vm_name))
    });
    let (index, vm_name) = own?;
    let (site, machine) = (&world.site, &world.site.machines[index]);
    let id = site.resource(
        "Microsoft.Network/networkInterfaces",
        &format!("nic-{vm_name}-00"),
    );
    let subnet = site
        .network_ids()
        .next()
        .map(|net| json!({"id": format!("{net}/subnets/default")}));
    Some(json!({
        "id": id, "name": named(&id), "type": "Microsoft.Network/networkInterfaces", "location": site.location,
        "properties": {
            "provisioningState": "Succeeded", "macAddress": format!("00-0D-3A-00-00-{index:02X}"), "primary": true,
            "enableAcceleratedNetworking": false, "enableIPForwarding": false,
            "dnsSettings": {"dnsServers": [], "appliedDnsServers": []},
            "ipConfigurations": [{
                "name": "ipconfig1", "id": format!("{id}/ipConfigurations/ipconfig1"),
                "properties": {"privateIPAddress": machine.azure_ip, "privateIPAllocationMethod": "Dynamic",
                               "privateIPAddressVersion": "IPv4", "primary": true, "subnet": subnet},
            }],
            "virtualMachine": {"id": site.vm_id(&vm_name)},
        },
    }))
}

fn named(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or_default()
}

pub(super) fn storage_accounts(site: &Site) -> Vec<Value> {
    let one = |id: String| {
        json!({
            "id": id, "name": named(&id), "type": "Microsoft.Storage/storageAccounts", "location": site.location,
            "kind": "StorageV2", "sku": {"name": "Standard_LRS", "tier": "Standard"},
            "properties": {"provisioningState": "Succeeded", "statusOfPrimary": "available"},
        })
    };
    site.storage_ids().map(one).collect()
}

pub(super) fn networks(site: &Site) -> Vec<Value> {
    let one = |(index, id): (usize, String)| {
        let subnet = |(number, name): (usize, &str)| {
            json!({"id": format!("{id}/subnets/{name}"), "name": name,
                   "properties": {"addressPrefix": format!("10.{}.{number}.0/24", index + 8)}})
        };
        let subnets: Vec<Value> = site.subnets().enumerate().map(subnet).collect();
        json!({
            "id": id, "name": named(&id), "type": "Microsoft.Network/virtualNetworks", "location": site.location,
            "properties": {"provisioningState": "Succeeded", "subnets": subnets,
                           "addressSpace": {"addressPrefixes": [format!("10.{}.0.0/16", index + 8)]}},
        })
    };
    site.network_ids().enumerate().map(one).collect()
}

/// `I/targetComputeSizes`.
pub(super) fn sizes(item: &str) -> Vec<Value> {
    let one = |(name, cores, memory, disks, nics): &(&str, u32, f64, u32, u32)| {
        json!({
            "id": format!("{item}/targetComputeSizes/{name}"), "name": name,
            "type": "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems/targetComputeSizes",
            "properties": {"name": name, "friendlyName": name, "cpuCoresCount": cores, "memoryInGB": memory,
                           "maxDataDiskCount": disks, "maxNicsCount": nics, "errors": null,
                           "highIopsSupported": "Supported"},
        })
    };
    SIZES.iter().map(one).collect()
}

/// `Microsoft.OffAzure/VMwareSites/{site}/runAsAccounts`: the accounts of an appliance's fabric.
pub(super) fn run_as_accounts(world: &World, vmware_site: &str, now: Timestamp) -> Vec<Value> {
    let fabrics = world.site.fabrics.iter();
    let appliances = fabrics.filter(|f| f.spec.kind == FabricKind::Appliance);
    let own = appliances.filter(|f| f.vmware_site().eq_ignore_ascii_case(vmware_site));
    let of = |name: &str| match name {
        n if n.contains("win") => "WindowsGuest",
        n if n.contains("lin") => "LinuxGuest",
        _ => "VMwareFabric",
    };
    let accounts = own.flat_map(|fabric| {
        let appliance = fabric.spec.appliances.first();
        let appliance = appliance.map_or("", |a| a.name.as_str());
        fabric.spec.run_as.iter().map(move |name| {
            let id = run_as_id(world, fabric, name);
            json!({
                "id": id, "name": named(&id), "type": "Microsoft.OffAzure/VMwareSites/runasaccounts",
                "properties": {"displayName": name, "credentialType": of(name), "applianceName": appliance,
                               "createdTimestamp": ticks(after(world.started, -30_000_000.0)),
                               "updatedTimestamp": ticks(after(now, -86_400.0))},
            })
        })
    });
    accounts.collect()
}
