//! The virtual machines in Azure (asr-rest.md 8).

use jiff::Timestamp;
use serde_json::Value;

use super::clock::{after, ticks};
use super::template::Vars;
use super::whereabouts::size;
use super::world::World;

/// A VM: the machine itself, or what a test failover made of it.
#[derive(Clone, Copy)]
pub(super) struct Vm {
    pub machine: usize,
    pub test: bool,
}

/// What a test failover adds to the name (from the public specification).
const TEST: &str = "-test";

/// The VMs that there are in Azure now.
pub(super) fn machines(world: &World, now: Timestamp) -> Vec<Vm> {
    let mut all = Vec::new();
    for machine in world.site.protected.iter().copied() {
        let Some(view) = world.view(machine, now) else {
            continue;
        };
        let own = view.azure_vm.then_some(false);
        let test = view.stage.tested().then_some(true);
        let vms = own.into_iter().chain(test);
        all.extend(vms.map(|test| Vm { machine, test }));
    }
    all
}

/// The VM that is called so.
pub(super) fn find(world: &World, name: &str, now: Timestamp) -> Option<Vm> {
    if let Some(machine) = world.machine_of_vm(name, now) {
        return Some(Vm {
            machine,
            test: false,
        });
    }
    let lower = name.to_lowercase();
    let bare = lower.strip_suffix(TEST)?;
    let called = |vm: &&Vm| {
        let machine = &world.site.machines[vm.machine];
        let view = world.view(vm.machine, now).filter(|_| vm.test);
        view.is_some_and(|v| v.target_name(machine).eq_ignore_ascii_case(bare))
    };
    machines(world, now).iter().find(called).copied()
}

pub(super) fn vm(world: &World, found: Vm, now: Timestamp, expand: bool) -> Value {
    let mut v = vars(world, found, now);
    let machine = &world.site.machines[found.machine];
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

pub(super) fn instance_view(world: &World, found: Vm, now: Timestamp) -> Value {
    vars(world, found, now).fill("vm-instance-view")
}

fn vars(world: &World, found: Vm, now: Timestamp) -> Vars {
    let site = &world.site;
    let machine = &site.machines[found.machine];
    let mut v = Vars::new(now);
    let Some(view) = world.view(found.machine, now) else {
        return v;
    };
    let (name, power, life) = if found.test {
        let name = format!("{}{TEST}", view.target_name(machine));
        (name, "running".to_owned(), "test".to_owned())
    } else {
        let life = match view.lives {
            0 => String::new(),
            n => n.to_string(),
        };
        (
            view.vm_name(machine).to_owned(),
            view.azure_power.clone(),
            life,
        )
    };
    let since = view.power_since.filter(|_| !found.test);
    v.set("id", site.vm_id(&name)).set("name", name);
    v.set("location", site.location.as_str())
        .set("resourceGroupId", site.group_id.as_str());
    // Each failover makes another VM.
    v.set("vmId", site.guid(&format!("{} vm{life}", machine.salt)));
    v.set("size", size(machine, &view));
    v.set("os", machine.os())
        .set("osName", machine.os_name())
        .set("osVersion", "10.0.17763.5329");
    v.set(
        "osDiskGB",
        machine.spec.disks.first().copied().unwrap_or(40),
    );
    let begun = after(world.started, -172_000.0);
    let made = match found.test {
        true => view.last_test,
        false => view.made.or(view.last_failover.filter(|t| *t < begun)),
    };
    let created = made.unwrap_or(begun);
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
