//! Protectable items: what the site's discovery knows. A failed-over classic machine stands there twice, once as
//! the machine of the vCenter and once as the one that runs in Azure (asr-rest.md 13). The second stays when the
//! machine has come home, switched off, as recorded.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::estate::FabricKind;
use super::replication::{disk_id, place_in_azure};
use super::site::{Fabric, Machine};
use super::template::Vars;
use super::world::World;

/// One registration: a machine, and whether it is the one in Azure.
pub(super) type Registration = (usize, bool);

/// The registrations of a fabric. An appliance discovers through Azure Migrate: its container has none.
pub(super) fn registrations(world: &World, fabric: &Fabric, now: Timestamp) -> Vec<Registration> {
    let mut list = Vec::new();
    if fabric.spec.kind == FabricKind::Appliance {
        return list;
    }
    for index in &fabric.members {
        list.push((*index, false));
        let twice = fabric.spec.kind == FabricKind::Vmware
            && world
                .view(*index, now)
                .is_some_and(|v| v.stage.azure_vm || v.stage.provider == "InMage");
        if twice {
            list.push((*index, true));
        }
    }
    list
}

fn registered_as(machine: &Machine, azure: bool) -> &str {
    if azure {
        &machine.azure_id
    } else {
        &machine.site_id
    }
}

/// The registration of that name.
pub(super) fn find(
    world: &World,
    fabric: &Fabric,
    name: &str,
    now: Timestamp,
) -> Option<Registration> {
    registrations(world, fabric, now)
        .into_iter()
        .find(|(index, azure)| {
            registered_as(&world.site.machines[*index], *azure).eq_ignore_ascii_case(name)
        })
}

pub(super) fn protectable(world: &World, (index, azure): Registration, now: Timestamp) -> Value {
    let site = &world.site;
    let machine = &site.machines[index];
    let fabric = site.fabric_of(machine);
    let view = world.view(index, now);
    let hyperv = fabric.spec.kind == FabricKind::Hyperv;
    let mut v = Vars::new(now);
    v.set("container", fabric.container_id.as_str())
        .set("name", registered_as(machine, azure));
    v.set("friendlyName", machine.name.as_str());
    let bound = view.as_ref().is_some_and(|v| {
        hyperv
            || super::items::current_id(machine, v.stage.provider) == registered_as(machine, azure)
    });
    v.set("status", if bound { "Protected" } else { "Unprotected" });
    v.set("itemId", bound.then(|| site.item_id(machine)));
    v.set("providerId", fabric.provider_id());
    v.set("readinessErrors", json!([]));
    v.set(
        "providers",
        json!([if hyperv {
            "HyperVReplicaAzure"
        } else if azure {
            "InMage"
        } else {
            "InMageAzureV2"
        }]),
    );
    let disk = if hyperv {
        "protectable-disk-hyperv"
    } else {
        "protectable-disk"
    };
    let disks: Vec<Value> = machine
        .spec
        .disks
        .iter()
        .enumerate()
        .map(|(lun, gigabytes)| {
            let id = disk_id(world, machine, lun);
            let place = if azure {
                place_in_azure(machine, lun)
            } else {
                lun
            };
            let mut v = v.clone();
            v.set("diskId", format!("{{{}}}", id.to_uppercase()))
                .set("diskUuid", id);
            v.set(
                "diskName",
                match (hyperv, machine.windows) {
                    (true, _) => format!("{}-{lun}.vhdx", machine.azure_name),
                    (_, true) => format!("\\\\.\\PHYSICALDRIVE{place}"),
                    _ => format!("/dev/sd{}", char::from(b'a' + (lun % 26) as u8)),
                },
            );
            v.set("megabytes", (gigabytes << 10).to_string())
                .set("size", gigabytes << 10);
            v.set(
                "diskRole",
                if lun == 0 { "OperatingSystem" } else { "Data" },
            );
            let volume = if machine.windows {
                format!("{}", char::from(b'C' + (lun % 20) as u8))
            } else {
                format!("/mnt/{lun}")
            };
            v.set("volumes", json!([{"label": "", "name": volume}]));
            v.fill(disk)
        })
        .collect();
    let temporary = (azure && machine.windows).then(|| {
        let mut v = v.clone();
        let number = u32::from_str_radix(&disk_id(world, machine, 99)[..8], 16).unwrap_or(1);
        v.set("diskId", format!("{{{number}}}"))
            .set("diskName", "\\\\.\\PHYSICALDRIVE1");
        v.set("megabytes", "16384").set("diskRole", "Data");
        v.set("volumes", json!([]));
        v.fill(disk)
    });
    v.set(
        "disks",
        temporary.into_iter().chain(disks).collect::<Vec<_>>(),
    );
    let own_agent = machine.spec.agent_id.clone().filter(|_| azure);
    let place = if azure { "azure" } else { "site" };
    v.set(
        "agentId",
        own_agent.unwrap_or_else(|| site.guid(&format!("{} agent {place}", machine.salt))),
    );
    v.set(
        "agentInstalled",
        if machine.stage.is_some() {
            "Installed"
        } else {
            "NotInstalled"
        },
    );
    v.set("os", machine.os().to_uppercase())
        .set("agentVersion", machine.agent_version());
    v.set(
        "address",
        if azure {
            &*machine.azure_ip
        } else {
            &*machine.site_ip
        },
    );
    let site_on = view.as_ref().is_none_or(|v| v.stage.on_site);
    let on = if azure {
        view.as_ref().is_some_and(|v| v.azure_power == "running")
    } else {
        site_on
    };
    v.set("power", if on { "On" } else { "Off" });
    v.set("vCenterNumber", if azure { "11" } else { "9" });
    v.set("discovery", if azure { "Physical" } else { "vCenter" });
    v.set("vmId", machine.site_id.as_str());
    v.set(
        "host",
        fabric
            .spec
            .hosts
            .first()
            .map_or_else(String::new, |h| h.to_lowercase()),
    );
    let details = v.fill(if hyperv {
        "protectable-hyperv"
    } else {
        "protectable-vmware"
    });
    v.set("details", details);
    v.fill("protectable")
}
