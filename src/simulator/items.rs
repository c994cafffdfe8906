//! Protected items: the deep body of one, and the shallow one of the lists (asr-rest.md 0 and 4).

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::binding::{policy, protectable_id, servers};
use super::clock::{after, seconds, ticks};
use super::health::health;
use super::quirks::Quirk;
use super::replication::{disks, replication};
use super::scenario::Scenario;
use super::site::Machine;
use super::template::Vars;
use super::world::{View, World};

/// The names of the parts of a provider's details.
struct Parts {
    details: &'static str,
    disk: &'static str,
    nic: &'static str,
}

fn parts(provider: &str) -> Parts {
    let (details, disk, nic) = match provider {
        "InMage" => ("details-inmage", "disk-inmage", "nic-inmage"),
        "InMageAzureV2" => (
            "details-inmageazurev2",
            "disk-inmageazurev2",
            "nic-inmageazurev2",
        ),
        "InMageRcm" => ("details-inmagercm", "disk-inmagercm", "nic-inmagercm"),
        "InMageRcmFailback" => (
            "details-inmagercmfailback",
            "disk-inmagercmfailback",
            "nic-inmagercmfailback",
        ),
        _ => (
            "details-hypervreplicaazure",
            "disk-hypervreplicaazure",
            "nic-hypervreplicaazure",
        ),
    };
    Parts { details, disk, nic }
}

/// The item as GET of it shows it; null for a machine that is not protected.
pub(super) fn item(world: &World, index: usize, now: Timestamp) -> Value {
    let Some(view) = world.view(index, now) else {
        return Value::Null;
    };
    let machine = &world.site.machines[index];
    let mut vars = vars(world, machine, &view, now);
    let parts = parts(view.stage.provider);
    vars.set("disks", disks(world, machine, &view, &vars, parts.disk));
    let nic = vars.fill(parts.nic);
    vars.set("nics", vec![nic]);
    let details = vars.fill(parts.details);
    vars.set("details", details);
    vars.fill("item")
}

/// The item as lists show it.
pub(super) fn shallow(world: &World, index: usize, now: Timestamp) -> Value {
    let mut item = item(world, index, now);
    if let Some(Value::Object(details)) = item.pointer_mut("/properties/providerSpecificDetails") {
        for (name, bare) in [
            ("protectedDisks", json!([])),
            ("osDetails", Value::Null),
            ("masterTargetId", Value::Null),
            ("consistencyPoints", Value::Null),
        ] {
            if let Some(value) = details.get_mut(name) {
                *value = bare;
            }
        }
    }
    item
}

/// What the service calls the machine in its present direction: it changes at reprotect (asr-rest.md 12).
pub(super) fn current_id<'a>(machine: &'a Machine, provider: &str) -> &'a str {
    match provider {
        "InMage" | "InMageRcmFailback" => &machine.azure_id,
        _ => &machine.site_id,
    }
}

/// Everything that the templates of items, disks and adapters ask for.
fn vars(world: &World, machine: &Machine, view: &View, now: Timestamp) -> Vars {
    let (site, stage) = (&world.site, view.stage);
    let mut v = Vars::new(now);
    v.set("vault", site.vault_id.as_str());
    v.set("friendlyName", machine.name.as_str());
    v.set("agentVersion", machine.agent_version());
    words(world, machine, view, &mut v);
    direction(world, machine, view, &mut v);
    scenario(world, view, now, &mut v);
    servers(world, machine, view, &mut v);
    replication(world, machine, view, now, &mut v);
    whereabouts(world, machine, view, &mut v);
    v.set("name", machine.item.as_str());
    v.set("id", site.item_id(machine));
    v.set("vmId", current_id(machine, stage.provider));
    v.set("replicaId", machine.site_id.as_str());
    v.set("os", machine.os()).set("osName", machine.os_name());
    v.set("groupId", machine.group_id.as_str());
    v.set("groupName", machine.group_name.as_str());
    v.set("rcmGroup", machine.spec.group.clone());
    v.set("validationErrors", json!([]));
    // A machine that runs in Azure has not been discovered on the site since its reprotect.
    let hidden = homeward(view) && !stage.on_site;
    let discovered = if hidden {
        Value::Null
    } else {
        v.fill("discovered-rcm")
    };
    v.set("discovered", discovered);
    v
}

/// Replication goes from Azure to the site. Hyper-V keeps one class for both directions (asr-rest.md 4).
fn homeward(view: &View) -> bool {
    view.stage.homeward && view.stage.provider != "HyperVReplicaAzure"
}

/// State, operations and health, in the service's words.
fn words(world: &World, machine: &Machine, view: &View, v: &mut Vars) {
    let stage = view.stage;
    v.set("state", stage.state)
        .set("description", stage.description);
    v.set("active", stage.active);
    let none = ("None", "None");
    let waiting = ("WaitingForCompletion", "Test failover completed");
    let test = if stage.key == "hyperv-test" {
        waiting
    } else {
        none
    };
    v.set("testState", test.0).set("testDescription", test.1);
    let idle = view.running.is_none() && !view.settling;
    v.set(
        "operations",
        if idle {
            json!(stage.operations)
        } else {
            json!([])
        },
    );
    v.set("name", machine.name.as_str());
    v.set("entity", current_id(machine, stage.provider));
    let mut problems = machine.spec.problems.clone();
    let silent = json!("no-heartbeat");
    if view.off_since.is_some() && !problems.contains(&silent) {
        problems.push(silent);
    }
    let health = health(&problems, v, world);
    v.set("replicationHealth", health.replication);
    v.set("failoverHealth", health.failover);
    v.set("healthErrors", health.errors);
}

/// From where to where, and by which policy.
fn direction(world: &World, machine: &Machine, view: &View, v: &mut Vars) {
    let site = &world.site;
    let fabric = site.fabric_of(machine);
    let hyperv = view.stage.provider == "HyperVReplicaAzure";
    v.set("itemType", if hyperv { "HyperVVirtualMachine" } else { "" });
    v.set("protectableId", protectable_id(world, machine, view));
    v.set("providerId", fabric.provider_id());
    v.set("fabricName", fabric.spec.name.as_str());
    v.set("fabricProvider", fabric.provider_name());
    v.set("containerName", fabric.container_name.as_str());
    v.set("container", fabric.container.as_str());
    let azure = "Microsoft Azure";
    let (name, id, container, container_id) = if homeward(view) {
        let (name, container) = (&fabric.spec.name, &fabric.container_name);
        (
            name.as_str(),
            fabric.id.as_str(),
            container.as_str(),
            fabric.container_id.clone(),
        )
    } else {
        (azure, azure, azure, site.azure_container_id())
    };
    v.set("recoveryFabricName", name)
        .set("recoveryFabricId", id);
    v.set("recoveryContainerName", container);
    v.set("recoveryContainerId", container_id);
    let chosen = view.choice.policy.as_deref();
    v.set(
        "policy",
        chosen.unwrap_or_else(|| policy(world, machine, view.stage.provider)),
    );
    v.set("forwardPolicy", policy(world, machine, "InMageRcm"));
    // It stays over failover and commit, and is new after a reprotect (asr-rest.md 12).
    let event = if homeward(view) {
        "event back"
    } else {
        "event"
    };
    let event = match view.turns {
        0 => event.to_owned(),
        n => format!("{event} {n}"),
    };
    v.set(
        "eventCorrelationId",
        site.guid(&format!("{} {event}", machine.salt)),
    );
}

/// What is being done to it, and what was done last.
fn scenario(world: &World, view: &View, now: Timestamp, v: &mut Vars) {
    let shown = |s: &&Arc<Scenario>| {
        let late = !s.past && world.has(Quirk::ScenarioLate) && seconds(s.started, now) < 30.0;
        !late && !world.has(Quirk::ScenarioNever)
    };
    match view.running.as_ref().filter(shown) {
        Some(s) => v
            .set("scenario", s.kind.scenario.as_str())
            .set("scenarioJob", s.job.as_str())
            .set("scenarioStart", ticks(s.started)),
        None => v
            .set("scenario", "None")
            .set("scenarioJob", "None")
            .set("scenarioStart", "1753-01-01T01:01:01Z"),
    };
    v.set("lastFailover", view.last_failover.map(ticks));
    let moved = homeward(view) || view.stage.active == "Recovery";
    let none = if moved { json!("") } else { Value::Null };
    v.set(
        "failoverPoint",
        view.point.clone().map_or(none, Value::String),
    );
    if let Some((start, word)) = view.planned {
        v.set("plannedStart", ticks(start))
            .set("plannedStatus", word);
    }
}

/// The machine and its twin: addresses, sizes, networks.
fn whereabouts(world: &World, machine: &Machine, view: &View, v: &mut Vars) {
    let (site, stage, spec) = (&world.site, view.stage, &machine.spec);
    let back = homeward(view);
    let of = |what: &str| site.guid(&format!("{} {what}", machine.salt));
    let azure = |kind: &str| format!("{}/providers/Microsoft.{kind}", site.group_id);
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
    v.set("azureName", machine.azure_name.as_str());
    v.set(
        "azureSize",
        spec.azure_size.as_deref().unwrap_or("Standard_D2s_v5"),
    );
    // Before a failover the id ends where the name would begin (asr-rest.md 4).
    let none = azure("Compute/virtualMachines/");
    v.set(
        "targetVmId",
        if stage.azure_vm {
            site.vm_id(machine)
        } else {
            none
        },
    );
    v.set("resourceGroupId", site.group_id.as_str());
    v.set("location", site.location.as_str());
    v.set("storage", azure("Storage/storageAccounts/stcontosodr"));
    v.set("network", azure("Network/virtualNetworks/vnet-contoso-dr"));
    v.set("subnet", "default");
    v.set("managedDisks", spec.managed_disks.to_string());
    let hex = of("mac").replace('-', "").to_uppercase();
    let maker = if back { "00:22:48" } else { "00:50:56" };
    v.set(
        "mac",
        format!("{maker}:{}:{}:{}", &hex[..2], &hex[2..4], &hex[4..6]),
    );
    v.set("nicId", format!("TWljcm9zb2Z0O{hex}"));
    v.set("biosId", of("bios"))
        .set("runAsId", site.guid("run as"));
    v.set("old", ticks(after(world.started, -30_000_000.0)));
}
