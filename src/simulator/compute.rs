//! The virtual machines in Azure (asr-rest.md 8).

use jiff::Timestamp;
use serde_json::Value;

use super::clock::{after, ticks};
use super::template::Vars;
use super::world::World;

/// The machines that have a VM in Azure now.
pub(super) fn machines(world: &World, now: Timestamp) -> Vec<usize> {
    let has = |i: &usize| world.view(*i, now).is_some_and(|v| v.stage.azure_vm);
    world.site.protected.iter().copied().filter(has).collect()
}

pub(super) fn vm(world: &World, index: usize, now: Timestamp, expand: bool) -> Value {
    let mut v = vars(world, index, now);
    let machine = &world.site.machines[index];
    let data: Vec<Value> = machine
        .spec
        .disks
        .iter()
        .enumerate()
        .skip(1)
        .map(|(lun, gigabytes)| {
            v.clone()
                .set("lun", lun - 1)
                .set("gigabytes", *gigabytes)
                .fill("vm-data-disk")
        })
        .collect();
    v.set("dataDisks", data);
    if expand {
        let view = v.fill("vm-instance-view");
        v.set("instanceView", view);
    }
    v.fill("vm")
}

pub(super) fn instance_view(world: &World, index: usize, now: Timestamp) -> Value {
    vars(world, index, now).fill("vm-instance-view")
}

fn vars(world: &World, index: usize, now: Timestamp) -> Vars {
    let site = &world.site;
    let machine = &site.machines[index];
    let view = world.view(index, now);
    let since = view.as_ref().and_then(|v| v.power_since);
    let power = view.map_or_else(String::new, |v| v.azure_power);
    let mut v = Vars::new(now);
    v.set("name", machine.azure_name.as_str())
        .set("id", site.vm_id(machine));
    v.set("location", site.location.as_str())
        .set("resourceGroupId", site.group_id.as_str());
    v.set("vmId", site.guid(&format!("{} vm", machine.salt)));
    v.set(
        "size",
        machine
            .spec
            .azure_size
            .as_deref()
            .unwrap_or("Standard_D2s_v5"),
    );
    v.set("os", machine.os())
        .set("osName", machine.os_name())
        .set("osVersion", "10.0.17763.5329");
    v.set(
        "osDiskGB",
        machine.spec.disks.first().copied().unwrap_or(40),
    );
    let created = after(world.started, -172_000.0);
    v.set("created", ticks(created));
    // When the VM last became what it is; the power state itself bears no time.
    v.set("settled", ticks(since.unwrap_or(created)));
    let steady = ["running", "deallocated", "stopped"].contains(&power.as_str());
    let (code, words) = if steady {
        ("succeeded", "Provisioning succeeded")
    } else {
        ("updating", "Updating")
    };
    v.set("provisioning", code)
        .set("provisioningWords", words)
        .set(
            "provisioningState",
            if steady { "Succeeded" } else { "Updating" },
        );
    let agent = power == "running" && machine.spec.agent.as_deref() != Some("none");
    if agent {
        let body = v.fill("vm-agent");
        v.set("agent", body);
    }
    v.set("power", power);
    v
}
