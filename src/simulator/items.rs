//! Protected items: the deep body of one, and the shallow one of the lists (asr-rest.md 0 and 4).

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::binding::{policy, protectable_id, servers};
use super::clock::{seconds, ticks};
use super::health::health;
use super::quirks::Quirk;
use super::replication::{disks, replication};
use super::scenario::Scenario;
use super::site::Machine;
use super::template::Vars;
use super::view::TestState;
use super::whereabouts;
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
    let mut vars = vars(world, index, &view, now);
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

/// What the service calls the machine in its present direction: it changes at reprotect (asr-rest.md 12), and with
/// modernised machines at each one anew.
pub(super) fn current_id(world: &World, machine: &Machine, view: &View) -> String {
    match view.stage.provider {
        "InMageRcm" | "InMageRcmFailback" if view.turns > 1 => {
            let what = format!("{} internal {}", machine.salt, view.turns);
            world.site.guid(&what)
        }
        "InMage" | "InMageRcmFailback" => machine.azure_id.clone(),
        "HyperVReplicaAzure" => {
            let made = view.site_made.as_ref().map(|(id, _)| id.clone());
            made.unwrap_or_else(|| machine.site_id.clone())
        }
        _ => machine.site_id.clone(),
    }
}

/// Everything that the templates of items, disks and adapters ask for.
fn vars(world: &World, index: usize, view: &View, now: Timestamp) -> Vars {
    let (site, stage) = (&world.site, view.stage);
    let machine = &site.machines[index];
    let mut v = Vars::new(now);
    v.set("vault", site.vault_id.as_str());
    v.set("friendlyName", machine.name.as_str());
    v.set("agentVersion", machine.agent_version());
    words(world, machine, view, &mut v);
    direction(world, machine, view, &mut v);
    scenario(world, view, now, &mut v);
    servers(world, machine, view, &mut v);
    replication(world, index, view, now, &mut v);
    whereabouts::whereabouts(world, machine, view, &mut v);
    v.set("name", machine.item.as_str());
    v.set("id", site.item_id(machine));
    v.set("vmId", current_id(world, machine, view));
    v.set("replicaId", machine.site_id.as_str());
    v.set("os", machine.os()).set("osName", machine.os_name());
    v.set("groupId", machine.group_id.as_str());
    v.set("groupName", machine.group_name.as_str());
    v.set("rcmGroup", machine.spec.group.clone());
    v.set("validationErrors", json!([]));
    // A machine that runs in Azure has not been discovered on the site since its reprotect.
    let hidden = view.homeward() && !stage.on_site;
    let discovered = if hidden {
        Value::Null
    } else {
        v.fill("discovered-rcm")
    };
    v.set("discovered", discovered);
    // False, and not yet said: true was never recorded.
    let over = view.active == "Recovery";
    v.set("agentRegistered", over.then_some(false));
    v
}

/// State, operations and health, in the service's words.
fn words(world: &World, machine: &Machine, view: &View, v: &mut Vars) {
    let stage = view.stage;
    let (state, description) = if stage.guessed() && world.has(Quirk::StatesUnknown) {
        ("ThirdStateBegin", "In the third state")
    } else {
        (stage.state, stage.description)
    };
    v.set("state", state).set("description", description);
    v.set("active", view.active);
    let test = match view.test {
        TestState::Never => ("None", "None"),
        TestState::Waits => ("WaitingForCompletion", "Waiting for user input"),
        TestState::Cleaned => ("MarkedForDeletion", "Cleaning up test environment"),
    };
    v.set("testState", test.0).set("testDescription", test.1);
    v.set("lastTest", view.last_test.map(ticks));
    v.set("operations", json!(operations(world, view)));
    v.set("name", machine.name.as_str());
    v.set("entity", current_id(world, machine, view));
    let mut problems = machine.spec.problems.clone();
    if view.last_test.is_some() {
        problems.retain(|p| p != "no-test-failover");
    }
    for (there, problem) in [
        (view.off_since.is_some(), "no-heartbeat"),
        (stage.key == "modern-cancel-failed", "cancel-failed"),
        (view.stranded, "replication-stopped"),
    ] {
        if there && !problems.iter().any(|p| p == problem) {
            problems.push(json!(problem));
        }
    }
    let health = health(&problems, v, world);
    v.set("replicationHealth", health.replication);
    v.set("failoverHealth", health.failover);
    v.set("healthErrors", health.errors);
}

/// What may be done with it now: nothing while something is being done.
fn operations(world: &World, view: &View) -> Vec<&'static str> {
    if !view.idle() {
        return Vec::new();
    }
    let finalize = view.stage.key == "hyperv-failed-back" && world.has(Quirk::FinalizeFailback);
    let named = |word: &&'static str| match *word {
        "Commit" if finalize => "FinalizeFailback",
        word => word,
    };
    view.stage.operations.iter().map(named).collect()
}

/// From where to where, and by which policy.
fn direction(world: &World, machine: &Machine, view: &View, v: &mut Vars) {
    let site = &world.site;
    let fabric = site.fabric_of(machine);
    let hyperv = view.stage.provider == "HyperVReplicaAzure";
    v.set("itemType", if hyperv { "HyperVVirtualMachine" } else { "" });
    v.set("protectableId", protectable_id(world, machine, view));
    let made = view
        .site_made
        .as_ref()
        .and_then(|(_, host)| host.as_deref());
    let (host, provider) = site.provider_of(machine, made);
    v.set("providerId", host.provider_path(&provider));
    v.set("fabricName", fabric.spec.name.as_str());
    v.set("fabricProvider", fabric.provider_name());
    v.set("containerName", fabric.container_name.as_str());
    v.set("container", fabric.container.as_str());
    let azure = "Microsoft Azure";
    let (name, id, container, container_id) = if view.homeward() {
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
    let event = if view.homeward() {
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
    let moved = view.homeward() || view.stage.active == "Recovery";
    let none = if moved { json!("") } else { Value::Null };
    let point = view.point.as_ref().map(|p| p.id.clone());
    v.set("failoverPoint", point.map_or(none, Value::String));
    if let Some((start, word)) = view.planned {
        v.set("plannedStart", ticks(start))
            .set("plannedStatus", word);
    }
}
