//! The writing half: a verb is checked against what the item allows now, recorded, and answered 202 the way the
//! service does it (asr-rest.md 0.1, 4.2).

use serde_json::Value;

use super::actions;
use super::call::{Answer, Call};
use super::clock::ticks;
use super::inputs;
use super::pages::{encode, encode_path};
use super::quirks::Quirk;
use super::scenario::{Kind, Scenario, kinds};
use super::site::guid;
use super::world::{View, World};

/// Any request that would change something in the vault.
pub(super) fn write(world: &World, call: &Call, rest: &[&str]) -> Answer {
    if let ["replicationjobs", job, verb] = rest
        && call.method == "POST"
        && let Some(answer) = actions::post(world, call, job, verb)
    {
        return answer;
    }
    let [
        "replicationfabrics",
        fabric,
        "replicationprotectioncontainers",
        container,
        "replicationprotecteditems",
        item,
        verb,
    ] = rest
    else {
        return not_yet(call);
    };
    if call.method != "POST" {
        return not_yet(call);
    }
    let Some(machine) = world.site.machine_at(fabric, container, item) else {
        return Answer::unknown(item, call);
    };
    let known = |k: &&Kind| {
        k.verb
            .as_deref()
            .is_some_and(|v| v.eq_ignore_ascii_case(verb))
    };
    let candidates: Vec<&'static Kind> = kinds().iter().filter(known).collect();
    if candidates.is_empty() {
        return not_yet(call);
    }
    let body: Value = match serde_json::from_slice(&call.body) {
        Ok(body) => body,
        Err(_) if call.body.is_empty() => Value::Null,
        Err(_) => {
            return Answer::error(
                400,
                "InvalidRequestContent",
                "The request content was invalid and could not be deserialized.",
            );
        }
    };
    let done = world.begin(machine, call.now, |view| {
        let view = view
            .filter(|v| !v.hidden)
            .ok_or_else(|| Answer::unknown(item, call))?;
        begin(world, call, machine, view, &candidates, &body)
    });
    match done {
        Ok(scenario) => accepted(world, call, &scenario),
        Err(answer) => answer,
    }
}

/// What a verb is called among an item's allowed operations.
fn operation(verb: &str) -> &'static str {
    match verb {
        "unplannedFailover" => "UnplannedFailover",
        "plannedFailover" => "PlannedFailover",
        "failoverCommit" => "Commit",
        "failoverCancel" => "CancelFailover",
        _ => "SwitchProtection",
    }
}

/// A second verb on a busy item: refused, or accepted to fail. Which of them the service does is not recorded.
fn busy(world: &World, call: &Call, name: &str, view: &View) -> Result<Option<String>, Answer> {
    let doing = match &view.running {
        Some(running) => running.kind.name.as_str(),
        None if view.settling => "Refreshing the state",
        None => return Ok(None),
    };
    if world.has(Quirk::BusyFails) {
        return Ok(Some("70098".into()));
    }
    let message =
        format!("The operation cannot be done on '{name}' while the job '{doing}' is in progress.");
    let texts = (
        message.as_str(),
        "Another operation is in progress on the replication protected item.",
        "Wait until it has ended and retry the operation.",
    );
    let (status, code) = if world.has(Quirk::Busy400) {
        (400, "BadRequest")
    } else {
        (409, "Conflict")
    };
    Err(Answer::asr(
        status,
        code,
        "OperationInProgress",
        texts,
        call,
    ))
}

fn begin(
    world: &World,
    call: &Call,
    machine: usize,
    view: &View,
    candidates: &[&'static Kind],
    body: &Value,
) -> Result<Scenario, Answer> {
    let name = &world.site.machines[machine].name;
    let busy = busy(world, call, name, view)?;
    let verb = candidates[0].verb.as_deref().unwrap_or_default();
    let allowed = view.stage.operations.contains(&operation(verb));
    if !allowed {
        let message = format!(
            "The operation '{}' is not allowed on '{name}' in its present state '{}'.",
            operation(verb),
            view.stage.state
        );
        let texts = (
            message.as_str(),
            "The replication protected item is not in a state that allows this operation.",
            "Look at the operations that the item allows and retry.",
        );
        return Err(Answer::asr(
            400,
            "BadRequest",
            "OperationNotAllowed",
            texts,
            call,
        ));
    }
    let Some(kind) = candidates
        .iter()
        .find(|k| k.moves.contains_key(view.stage.key))
    else {
        return Err(not_yet(call));
    };
    let properties = &body["properties"];
    let details = &properties["providerSpecificDetails"];
    let (mut point, mut choice) = (None, None);
    if let Some(wanted) = &kind.input {
        let given = details["instanceType"].as_str().unwrap_or_default();
        if given != wanted {
            let message = format!(
                "The replication provider input '{given}' is not valid for this operation."
            );
            let texts = (
                message.as_str(),
                "The input is of another provider than the item.",
                "Give the input of the item's own provider.",
            );
            return Err(Answer::asr(400, "BadRequest", "506", texts, call));
        }
        if kind.turns {
            choice = Some(inputs::reprotect(world, call, machine, properties)?);
        } else {
            point = inputs::failover(call, view, properties)?;
        }
    }
    let ruled = world.faults.doom(name, verb);
    Ok(Scenario {
        kind,
        job: guid(
            world.site.seed,
            &format!("{} {}", call.correlation, ticks(call.now)),
        ),
        machine,
        started: call.now,
        client: call.client_request_id().to_owned(),
        correlation: call.correlation.clone(),
        required: properties["sourceSiteOperations"].as_str() == Some("Required")
            && !world.has(Quirk::TasksSkipped),
        error: call
            .doom
            .clone()
            .or(ruled)
            .or(busy)
            .or_else(|| actions::of_itself(kind, view)),
        hold: kind.tasks.iter().any(|t| t.hold.is_some()),
        unnamed: world.has(Quirk::SuspendedUnnamed),
        past: false,
        pace: world.pace,
        point,
        committed: !view.stage.operations.contains(&"Commit"),
        homeward: view.stage.homeward,
        choice,
        cancelled: None,
        resumed: None,
        superseded: false,
    })
}

/// 202 with every header of the recordings.
pub(super) fn accepted(world: &World, call: &Call, scenario: &Scenario) -> Answer {
    let site = &world.site;
    let item = encode_path(&site.item_id(&site.machines[scenario.machine]));
    long_running(world, call, &item, &scenario.job, &scenario.job)
}

/// The same for any resource: `operation` is what is polled, `job` what the request is known by.
pub(super) fn long_running(
    world: &World,
    call: &Call,
    resource: &str,
    operation: &str,
    job: &str,
) -> Answer {
    let version = call.query("api-version").unwrap_or_default();
    let signature = signature(world.site.seed, operation);
    let (base, vault) = (&call.base, &world.site.vault_id);
    let job_id = format!("{vault}/replicationJobs/{job}");
    Answer::empty(202)
        .with(
            "azure-asyncoperation",
            format!("{base}{vault}/replicationOperationStatus/{operation}?api-version={version}&{signature}"),
        )
        .with(
            "location",
            format!("{base}{resource}/operationresults/{operation}?api-version={version}&{signature}"),
        )
        .with("retry-after", world.clock.wait(30.0).to_string())
        .with("x-ms-request-id", job_id.clone())
        .with("x-ms-request-id", job_id)
        .with("x-ms-ratelimit-remaining-subscription-writes", "1198")
}

/// The signed parts t, c, s and h: two KB that have to come back unchanged.
fn signature(seed: u64, job: &str) -> String {
    let block = |name: &str, n: usize| -> String {
        (0..n)
            .map(|i| guid(seed, &format!("{name} {i} {job}")).replace('-', ""))
            .collect()
    };
    format!(
        "t=638{}&c=MII{}&s={}&h={}",
        &block("t", 1)[..15].replace(char::is_alphabetic, "4"),
        encode(&block("c", 56)),
        block("s", 8),
        block("h", 1)
    )
}

/// Whether the signed parts are those that were given out; a call without any passes, as the older recordings do.
pub(super) fn signed(call: &Call, job: &str) -> bool {
    let parts: Vec<&(String, String)> = call
        .query
        .iter()
        .filter(|(k, _)| ["t", "c", "s", "h"].contains(&k.as_str()))
        .collect();
    if parts.is_empty() {
        return true;
    }
    let expected = super::call::decode_query(&signature(call.seed, job));
    parts.len() == 4 && expected.iter().all(|e| parts.contains(&e))
}

/// An honest no.
pub(super) fn not_yet(call: &Call) -> Answer {
    let message = format!(
        "The built-in site does not carry out {} {} yet.",
        call.method, call.path
    );
    Answer::error(501, "NotImplemented", &message)
}

/// `$filter` of the jobs list: the parts that are understood narrow it, the others are accepted and ignored.
pub(super) fn filter(call: &Call, job: &Scenario, now: jiff::Timestamp) -> bool {
    let Some(filter) = call.query("$filter") else {
        return true;
    };
    let value = |name: &str| {
        let lower = filter.to_lowercase();
        let at = lower.find(&name.to_lowercase())?;
        filter[at..].split('\'').nth(1).map(str::to_owned)
    };
    let time = |name: &str| value(name).and_then(|t| t.parse::<jiff::Timestamp>().ok());
    let state = value("jobStatus");
    time("startTime").is_none_or(|t| job.started >= t)
        && time("endTime").is_none_or(|t| job.started <= t)
        && state.is_none_or(|s| s.eq_ignore_ascii_case(job.progress(now).state))
}
