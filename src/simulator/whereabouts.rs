//! A machine and its twin: addresses, sizes, networks, accounts.

use super::clock::{after, ticks};
use super::fabrics::run_as_id;
use super::site::Machine;
use super::template::Vars;
use super::world::{View, World};

/// What its adapter is called on the side that it replicates from.
pub(super) fn nic_id(world: &World, machine: &Machine, view: &View) -> String {
    let hex = world.site.guid(&format!("{} mac", machine.salt));
    let hex = hex.replace('-', "").to_uppercase();
    if view.stage.hyperv() {
        return format!("TWljcm9zb2Z0O{hex}");
    }
    let maker = if view.homeward() {
        "00:22:48"
    } else {
        "00:50:56"
    };
    format!("{maker}:{}:{}:{}", &hex[..2], &hex[2..4], &hex[4..6])
}

/// The size of its VM in Azure.
pub(super) fn size<'a>(machine: &'a Machine, view: &'a View) -> &'a str {
    let own = machine.spec.azure_size.as_deref();
    let size = view.target.size.as_deref().or(own);
    size.unwrap_or("Standard_D2s_v5")
}

/// The machine and its twin: addresses, sizes, networks.
pub(super) fn whereabouts(world: &World, machine: &Machine, view: &View, v: &mut Vars) {
    let (site, stage, spec) = (&world.site, view.stage, &machine.spec);
    let back = view.homeward();
    let of = |what: &str| site.guid(&format!("{} {what}", machine.salt));
    v.set("activeSite", if stage.on_site { "OnPrem" } else { "Azure" });
    v.set(
        "address",
        if back {
            &*machine.azure_ip
        } else {
            &*machine.site_ip
        },
    );
    v.set("onPremAddress", machine.site_ip.as_str());
    v.set("onPremPower", if stage.on_site { "ON" } else { "OFF" });
    v.set("azureName", view.target_name(machine));
    v.set("azureSize", size(machine, view));
    // Before a failover the id ends where the name would begin (asr-rest.md 4).
    let name = if view.azure_vm {
        view.vm_name(machine)
    } else {
        ""
    };
    v.set("targetVmId", site.vm_id(name));
    v.set("resourceGroupId", site.group_id.as_str());
    v.set("location", site.location.as_str());
    let storage = view.choice.log_storage.clone();
    v.set("storage", storage.or_else(|| site.storage_ids().next()));
    let (target, address) = (&view.target, view.target.address.as_deref());
    v.set(
        "network",
        target.network.clone().or_else(|| site.network_ids().next()),
    );
    v.set("subnet", target.subnet.as_deref().unwrap_or("default"));
    v.set("targetAddress", address.unwrap_or_default());
    let fixed = address.is_some_and(|a| !a.is_empty());
    v.set(
        "targetAddressType",
        if fixed { "Static" } else { "Dynamic" },
    );
    v.set("managedDisks", spec.managed_disks.to_string());
    let encrypted = site.fabric_of(machine).spec.encryption;
    v.set("encryption", if encrypted { "Enabled" } else { "Disabled" });
    let nic = nic_id(world, machine, view);
    v.set("mac", nic.as_str()).set("nicId", nic);
    let fabric = site.fabric_of(machine);
    let account = fabric.spec.run_as.first().map_or("run as", String::as_str);
    let account = run_as_id(world, fabric, account);
    v.set("runAs", view.choice.run_as.clone().unwrap_or(account));
    v.set("biosId", of("bios"));
    v.set("old", ticks(after(world.started, -30_000_000.0)));
}
