//! What a person may ask of a job: to be cancelled, restarted, resumed (asr-rest.md 6).

use serde_json::Value;

use super::call::{Answer, Call};
use super::clock::seconds;
use super::jobs;
use super::pages::encode_path;
use super::scenario::{Kind, Scenario};
use super::verbs::long_running;
use super::world::{View, World};

/// How long the asking itself takes.
const ASKING: f64 = 2.0;

/// POST `~/replicationJobs/{job}/{verb}`; none when the verb is not one of these.
pub(super) fn post(world: &World, call: &Call, name: &str, verb: &str) -> Option<Answer> {
    let action = match verb {
        "cancel" => "Cancel",
        "restart" => "Restart",
        "resume" => "Resume",
        _ => return None,
    };
    let Some(job) = world.job(name, call.now) else {
        return Some(Answer::unknown(name, call));
    };
    if verb == "resume" {
        let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        if !body["properties"].is_object() {
            let message =
                "The request content was invalid: 'properties' with 'comments' is required.";
            return Some(Answer::error(400, "InvalidRequestContent", message));
        }
    }
    let allowed = |scenario: &Scenario| jobs::actions(scenario, call.now).contains(&action);
    let done = if action == "Restart" {
        let view = world.view(job.machine, call.now);
        world.again(&job.job, |scenario| {
            let next = allowed(scenario).then(|| restarted(world, call, scenario, view.as_ref()));
            next.flatten()
        })
    } else {
        world.change(&job.job, |scenario| {
            let mut changed = allowed(scenario).then(|| scenario.clone())?;
            // The estate's stage tells of a job that waits; from here on it moves its machine as any other does.
            changed.past = false;
            match action {
                "Cancel" => changed.cancelled = Some(call.now),
                _ => changed.resumed = Some(call.now),
            }
            Some(changed)
        })
    };
    if !done {
        let message = format!(
            "The action '{action}' is not allowed on the job '{}' in its present state.",
            job.job
        );
        let texts = (
            message.as_str(),
            "The job is not in a state that allows this action.",
            "Look at the actions that the job allows and retry.",
        );
        return Some(Answer::asr(
            400,
            "BadRequest",
            "JobActionNotAllowed",
            texts,
            call,
        ));
    }
    let id = world.site.guid(&format!("asked {}", call.correlation));
    world.ask(&id, &job.job, call.now);
    let path = encode_path(&format!(
        "{}/replicationJobs/{}",
        world.site.vault_id, job.job
    ));
    Some(long_running(world, call, &path, &id, &id))
}

/// The next attempt of a job that failed: from its beginning, on the machine as it is now.
fn restarted(
    world: &World,
    call: &Call,
    failed: &Scenario,
    view: Option<&View>,
) -> Option<Scenario> {
    let view = view?;
    let verb = failed.kind.verb.as_deref().unwrap_or_default();
    let ruled = world
        .faults
        .doom(&world.site.machines[failed.machine].name, verb);
    Some(Scenario {
        started: call.now,
        error: call
            .doom
            .clone()
            .or(ruled)
            .or_else(|| of_itself(failed.kind, view)),
        committed: !view.stage.operations.contains(&"Commit"),
        homeward: view.stage.homeward,
        ..failed.clone()
    })
}

/// What makes a job fail without any rule: a machine that does not run cannot be protected to the site \[002\].
pub(super) fn of_itself(kind: &Kind, view: &View) -> Option<String> {
    let needs_it = kind.turns && kind.input.as_deref() == Some("InMage");
    (needs_it && view.azure_power != "running").then(|| "78093".into())
}

/// The status or the result of such an asking; none when there was none of that name.
pub(super) fn operation(world: &World, call: &Call, id: &str, status: bool) -> Option<Answer> {
    let (job, at) = world.asked(id)?;
    let ended = seconds(at, call.now) >= ASKING;
    let done = super::clock::after(at, ASKING);
    if status {
        let word = if ended { "Succeeded" } else { "InProgress" };
        return Some(Answer::ok(serde_json::json!({
            "error": null, "id": null, "name": id, "properties": null, "status": word,
            "startTime": super::clock::ticks(at), "percentComplete": null,
            "endTime": ended.then(|| super::clock::ticks(done)),
        })));
    }
    let found = world.job(&job, call.now)?;
    if ended {
        return Some(Answer::ok(jobs::job(world, &found, call.now)));
    }
    let path = encode_path(&format!("{}/replicationJobs/{job}", world.site.vault_id));
    Some(long_running(world, call, &path, id, id))
}
