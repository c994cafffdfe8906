//! Protected items: the deep body of one, and the shallow one of the lists (asr-rest.md 0 and 4).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::clock::{after, ticks};
use super::health::health;
use super::replication::{disks, replication};
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
    scenario(view, &mut v);
    servers(world, machine, &mut v);
    replication(machine, view, now, &mut v);
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
    let idle = view.running.is_none();
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
    let health = health(&machine.spec.problems, v, world);
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
    v.set("policy", policy(world, machine, view.stage.provider));
    v.set("forwardPolicy", policy(world, machine, "InMageRcm"));
    // It stays over failover and commit, and is new after a reprotect (asr-rest.md 12).
    let event = if homeward(view) {
        "event back"
    } else {
        "event"
    };
    v.set(
        "eventCorrelationId",
        site.guid(&format!("{} {event}", machine.salt)),
    );
}

/// What is being done to it, and what was done last.
fn scenario(view: &View, v: &mut Vars) {
    match &view.running {
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

/// Which servers carry it.
fn servers(world: &World, machine: &Machine, v: &mut Vars) {
    let fabric = world.site.fabric_of(machine);
    let spec = &machine.spec;
    let named = |list: &[super::estate::ServerSpec], name: Option<&String>| {
        let found = name
            .and_then(|n| list.iter().find(|s| s.name == *n))
            .or_else(|| list.first());
        found
            .map(|s| (super::fabrics::server_id(world, fabric, s), s.name.clone()))
            .unwrap_or_default()
    };
    let (ps, ps_name) = named(&fabric.spec.process_servers, spec.process_server.as_ref());
    let os = machine.os();
    let fitting = fabric
        .spec
        .master_targets
        .iter()
        .find(|m| m.os.as_deref() == Some(os));
    let target = spec.master_target.as_ref().or(fitting.map(|m| &m.name));
    let (mt, _) = named(&fabric.spec.master_targets, target);
    let (appliance, appliance_name) = named(&fabric.spec.appliances, spec.process_server.as_ref());
    v.set("processServerId", ps)
        .set("processServerName", ps_name)
        .set("masterTargetId", mt);
    v.set("applianceId", appliance)
        .set("applianceName", appliance_name);
    v.set(
        "datastore",
        spec.datastore.as_deref().unwrap_or("DS-VMFS-01"),
    );
    let vcenter = fabric
        .spec
        .vcenters
        .first()
        .map_or("vcenter", |c| c.name.as_str());
    v.set("vcenter", vcenter).set("vCenterNumber", "9");
    v.set("vmwareSite", format!("{}site", fabric.name));
}

/// The registration that the item is bound to; modernised items have none.
fn protectable_id(world: &World, machine: &Machine, view: &View) -> Value {
    let fabric = world.site.fabric_of(machine);
    match view.stage.provider {
        "InMageRcm" | "InMageRcmFailback" => Value::Null,
        provider => {
            let id = current_id(machine, provider);
            format!("{}/replicationProtectableItems/{id}", fabric.container_id).into()
        }
    }
}

/// The policy of its direction: the one it names if that is of the right kind, else the first mapped one.
pub(super) fn policy<'a>(world: &'a World, machine: &'a Machine, provider: &str) -> &'a str {
    let of_kind = |name: &str| {
        world
            .site
            .policies
            .iter()
            .find(|p| p.name == name && p.kind == provider)
    };
    let mapped = || {
        let mappings = &world.site.fabric_of(machine).spec.mappings;
        mappings.iter().find_map(|m| of_kind(&m.policy))
    };
    let own = machine.spec.policy.as_deref().and_then(of_kind);
    own.or_else(mapped).map_or("", |p| p.name.as_str())
}
