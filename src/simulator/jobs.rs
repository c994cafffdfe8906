//! Jobs and their task trees, and the status of the operation behind one (asr-rest.md 0.1, 6).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::clock::{after, ticks, whole};
use super::estate::FabricKind;
use super::failure::Failure;
use super::fold::renamed;
use super::records::child_name;
use super::scenario::{Progress, Scenario};
use super::site::AZURE_CONTAINER;
use super::template::Vars;
use super::world::World;

/// A task that has not begun or ended.
const NEVER: &str = "0001-01-01T00:00:00";

pub(super) fn job(world: &World, scenario: &Scenario, now: Timestamp) -> Value {
    let progress = scenario.progress(now);
    let mut v = vars(world, scenario, now);
    let error = job_error(scenario, &progress, &v);
    let tasks: Vec<Value> = scenario
        .kind
        .tasks
        .iter()
        .zip(&progress.tasks)
        .enumerate()
        .map(|(index, (task, at))| {
            let mut v = v.clone();
            let time = |t: Option<Timestamp>| t.map_or_else(|| NEVER.to_owned(), ticks);
            v.set("taskId", task.id.as_str())
                .set("name", task.name.as_str());
            v.set("friendlyName", task.friendly.as_str());
            v.set("start", time(at.start)).set("end", time(at.end));
            v.set("state", at.state).set("description", at.description);
            let struck = progress.error.as_ref().is_some_and(|e| e.1 == index);
            v.set("errors", if struck { error.clone() } else { json!([]) });
            v.set("type", "TaskDetails")
                .set("details", json!({"instanceType": "TaskDetails"}));
            v.set("group", Value::Null);
            if let Some(child) = &task.child {
                let group = child_task(world, scenario, child, &v);
                v.set("type", "GroupTaskDetails")
                    .set("details", Value::Null);
                v.set(
                    "group",
                    json!({"instanceType": "GroupTaskDetails", "childTasks": [group]}),
                );
            }
            v.fill("task")
        })
        .collect();
    v.set("tasks", tasks).set("errors", error);
    v.set("state", progress.state)
        .set("description", progress.description);
    v.set("end", progress.end.map(whole));
    v.set("actions", json!(actions(scenario, now)));
    v.fill("job")
}

/// `allowedActions`. Cancel stands on every running job, also on those that nothing can cancel (asr-rest.md 13);
/// Restart only on those that failed while this site ran [I].
pub(super) fn actions(scenario: &Scenario, now: Timestamp) -> &'static [&'static str] {
    match scenario.progress(now).state {
        "InProgress" if scenario.kind.cannot_cancel => &[],
        "InProgress" => &["Cancel"],
        "Suspended" | "Other" => &["Cancel", "Resume"],
        "Failed" if !scenario.past && !scenario.by_itself => &["Restart"],
        _ => &[],
    }
}

/// The job as lists show it: no tasks, no details, no activity (asr-rest.md 0).
pub(super) fn shallow(world: &World, scenario: &Scenario, now: Timestamp) -> Value {
    let mut job = job(world, scenario, now);
    if let Some(Value::Object(properties)) = job.get_mut("properties") {
        properties.insert("tasks".into(), json!([]));
        properties.insert("customDetails".into(), Value::Null);
        properties.insert("activityId".into(), Value::Null);
    }
    job
}

/// `~/replicationOperationStatus/{job}`.
pub(super) fn operation(world: &World, scenario: &Scenario, now: Timestamp) -> Value {
    let progress = scenario.progress(now);
    let v = vars(world, scenario, now);
    let error = progress.error.as_ref().map(|(code, _)| {
        let failure = Failure::of(code);
        json!({"code": failure.code, "message": failure.message(&v), "details": null})
    });
    let begun = now >= after(scenario.started, 0.2);
    let status = match progress.state {
        _ if !begun => "NotStarted",
        "Suspended" | "Other" | "Cancelling" => "InProgress",
        "Cancelled" => "Canceled",
        other => other,
    };
    json!({
        "error": error, "id": null, "name": scenario.job, "properties": null, "status": status,
        "startTime": begun.then(|| ticks(scenario.started)),
        "endTime": progress.end.map(|t| format!("{}.0000000Z", t.strftime("%Y-%m-%dT%H:%M:%S"))),
        "percentComplete": null,
    })
}

fn vars(world: &World, scenario: &Scenario, now: Timestamp) -> Vars {
    let site = &world.site;
    let machine = &site.machines[scenario.machine];
    let kind = scenario.kind;
    let mut v = Vars::new(now);
    v.set("vault", site.vault_id.as_str())
        .set("name", scenario.job.as_str());
    v.set(
        "activityId",
        format!("{} ActivityId: {}", scenario.client, scenario.correlation),
    );
    v.set("scenario", kind.scenario.as_str())
        .set("friendlyName", kind.name.as_str());
    v.set("start", ticks(scenario.started));
    v.set("objectName", machine.name.as_str());
    v.set("renamed", renamed(&machine.azure_name, &scenario.job));
    v.set("profileId", site.guid("profile"));
    affected(world, scenario, &mut v);
    let mut details =
        json!({"instanceType": kind.details, "affectedObjectDetails": v.fill("job-affected")});
    match kind.details.as_str() {
        "FailoverJobDetails" => details["protectedItemDetails"] = failed_over(world, scenario, now),
        "SwitchProtectionJobDetails" => {
            details["newReplicationProtectedItemId"] = site.item_id(machine).into();
        }
        "TestFailoverJobDetails" => tested(world, scenario, now, &mut details),
        _ => {}
    }
    v.set("details", details);
    v
}

/// The machine and its twin, and from where to where: classic and modernised jobs of the way home name the site
/// twice, a reversed Hyper-V machine comes from Azure, the others go there (all recorded).
fn affected(world: &World, scenario: &Scenario, v: &mut Vars) {
    let site = &world.site;
    let machine = &site.machines[scenario.machine];
    let (fabric, kind) = (site.fabric_of(machine), scenario.kind);
    let hyperv = fabric.spec.kind.hyperv();
    let modern = fabric.spec.kind == FabricKind::Appliance;
    // The object of a job is not the item's name, and it changes at reprotect (asr-rest.md 12).
    let (object, replica) = match (scenario.homeward && !hyperv, kind.turns && !hyperv) {
        (true, _) => (&machine.azure_id, &machine.site_id),
        (false, true) => (&machine.site_id, &machine.azure_id),
        (false, false) => (&machine.site_id, &machine.site_id),
    };
    let object = scenario.object.as_ref().unwrap_or(object);
    let home = scenario.homeward && !hyperv;
    let twin = match (home || kind.turns, modern) {
        (true, false) => replica.as_str(),
        _ => "",
    };
    v.set("objectId", object.as_str())
        .set("twinId", twin)
        .set("replicaId", replica.as_str());
    let own = [
        fabric.container.as_str(),
        fabric.container_name.as_str(),
        fabric.internal.as_str(),
        fabric.spec.name.as_str(),
        fabric.kind_name(),
    ];
    let own = if modern {
        // A modernised container goes by its fabric's identifier here.
        [
            &format!("cloud_{}", fabric.internal),
            own[1],
            own[2],
            own[3],
            own[4],
        ]
        .map(str::to_owned)
    } else {
        own.map(str::to_owned)
    };
    let azure = [AZURE_CONTAINER, AZURE, AZURE_VMM, AZURE, "Azure"].map(str::to_owned);
    let (from, to) = match (home || (kind.turns && !hyperv), kind.turns) {
        (true, _) => (own.clone(), own),
        (false, true) => (azure, own),
        (false, false) => (own, azure),
    };
    for (name, value) in PRIMARY.iter().zip(from) {
        v.set(name, value);
    }
    for (name, value) in RECOVERY.iter().zip(to) {
        v.set(name, value);
    }
}

/// What the two sides are called in the template.
const PRIMARY: [&str; 5] = [
    "primaryCloud",
    "primaryCloudName",
    "primaryFabric",
    "primaryFabricName",
    "primaryType",
];
const RECOVERY: [&str; 5] = [
    "recoveryCloud",
    "recoveryCloudName",
    "recoveryFabric",
    "recoveryFabricName",
    "recoveryType",
];

/// What stands for Azure beside its container.
const AZURE: &str = "Microsoft Azure";
const AZURE_VMM: &str = "21a9403c-6ec1-44f2-b744-b4e50b792387";

/// A classic machine's failover to Azure tells the network and the point when it is done (recorded); the others tell
/// nothing.
fn failed_over(world: &World, scenario: &Scenario, now: Timestamp) -> Value {
    let machine = &world.site.machines[scenario.machine];
    let classic = scenario.kind.input.as_deref() == Some("InMageAzureV2");
    let point = scenario.asked.point.as_ref();
    let (true, Some(point), "Succeeded") = (classic, point, scenario.progress(now).state) else {
        return json!([]);
    };
    let name = point.id.rsplit('/').next();
    json!([{
        "name": machine.site_id, "friendlyName": machine.name, "testVmName": null, "testVmFriendlyName": null,
        "networkConnectionStatus": null, "networkFriendlyName": world.site.networks[0], "subnet": "default",
        "recoveryPointId": name, "recoveryPointTime": point.time.map(ticks),
    }])
}

/// The network and the words of a test failover, or of its end.
fn tested(world: &World, scenario: &Scenario, now: Timestamp, details: &mut Value) {
    let machine = &world.site.machines[scenario.machine];
    let test = scenario.asked.test.clone().unwrap_or_default();
    let progress = scenario.progress(now);
    let there = scenario.kind.tests && progress.tasks.iter().all(|t| t.state == "Succeeded");
    let network = test.network.as_deref().and_then(|n| n.rsplit('/').next());
    details["testFailoverStatus"] = match (scenario.kind.tests, there) {
        (false, _) => Value::Null,
        (_, true) => "Completed".into(),
        _ => "Active".into(),
    };
    details["comments"] = test.comments.into();
    details["networkName"] = network.into();
    details["networkFriendlyName"] = network.into();
    details["networkType"] = test.network_type.into();
    let name = format!("{}-test", machine.azure_name);
    details["protectedItemDetails"] = if there {
        json!([{
            "name": machine.site_id, "friendlyName": machine.name, "testVmName": name, "testVmFriendlyName": name,
            "networkConnectionStatus": "Connected", "networkFriendlyName": network, "subnet": "default",
        }])
    } else {
        json!([])
    };
}

fn job_error(scenario: &Scenario, progress: &Progress, v: &Vars) -> Value {
    let Some((code, task)) = &progress.error else {
        return json!([]);
    };
    let time = ticks(progress.tasks[*task].end.unwrap_or(v.now));
    let task = &scenario.kind.tasks[*task].id;
    json!([Failure::of(code).error(v, task, time)])
}

/// The job within the job of a reprotect, as one task of the group.
fn child_task(world: &World, scenario: &Scenario, friendly: &str, parent: &Vars) -> Value {
    let site = &world.site;
    let machine = &site.machines[scenario.machine];
    let mut v = parent.clone();
    v.set("taskId", "EnableDr")
        .set("name", machine.name.as_str())
        .set("friendlyName", machine.name.as_str());
    v.set("type", "JobTaskDetails")
        .set("errors", json!([]))
        .set("group", Value::Null);
    v.set("details", json!({"instanceType": "JobTaskDetails", "jobTask": {
        "jobId": format!("{}/replicationJobs/{}", site.vault_id, child_name(site.seed, &scenario.job)),
        "jobFriendlyName": friendly, "targetObjectId": parent.get("replicaId"), "targetObjectName": machine.name,
        "targetInstanceType": "Vm", "jobScenarioName": "EnableDr",
    }}));
    v.fill("task")
}
