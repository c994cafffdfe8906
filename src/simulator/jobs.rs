//! Jobs and their task trees, and the status of the operation behind one (asr-rest.md 0.1, 6).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::clock::{after, ticks, whole};
use super::failure::Failure;
use super::scenario::{Progress, Scenario};
use super::template::Vars;
use super::world::{World, child_name};

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
        "InProgress" => &["Cancel"],
        "Suspended" | "Other" => &["Cancel", "Resume"],
        "Failed" if !scenario.past => &["Restart"],
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
    let fabric = site.fabric_of(machine);
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
    // The object of a job is not the item's name, and it changes at reprotect (asr-rest.md 12).
    let hyperv = fabric.kind_name() == "HyperVSite";
    let (object, replica) = match (scenario.homeward && !hyperv, kind.turns) {
        (true, _) => (&machine.azure_id, &machine.site_id),
        (false, true) => (&machine.site_id, &machine.azure_id),
        (false, false) => (&machine.site_id, &machine.site_id),
    };
    v.set("objectId", object.as_str())
        .set("objectName", machine.name.as_str());
    v.set("replicaId", replica.as_str());
    v.set("profileId", site.guid("profile"));
    for name in ["primaryCloud", "recoveryCloud"] {
        v.set(name, fabric.container.as_str());
    }
    for name in ["primaryCloudName", "recoveryCloudName"] {
        v.set(name, fabric.container_name.as_str());
    }
    for name in ["primaryFabric", "recoveryFabric"] {
        v.set(name, fabric.internal.as_str());
    }
    for name in ["primaryFabricName", "recoveryFabricName"] {
        v.set(name, fabric.spec.name.as_str());
    }
    for name in ["primaryType", "recoveryType"] {
        v.set(name, fabric.kind_name());
    }
    let mut details =
        json!({"instanceType": kind.details, "affectedObjectDetails": v.fill("job-affected")});
    match kind.details.as_str() {
        "FailoverJobDetails" => details["protectedItemDetails"] = json!([]),
        "SwitchProtectionJobDetails" => {
            details["newReplicationProtectedItemId"] = site.item_id(machine).into();
        }
        _ => {}
    }
    v.set("details", details);
    v
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
