//! The writing half: a verb is checked against what the item allows now, recorded, and answered 202 the way the
//! service does it (asr-rest.md 0.1, 4.2).

use serde_json::Value;

use super::actions;
use super::call::{Answer, Call};
use super::clock::ticks;
use super::fate::of_itself;
use super::inputs;
use super::items::current_id;
use super::kind::{Kind, Task, kinds};
use super::operation::{accepted, not_yet};
use super::quirks::Quirk;
use super::scenario::Scenario;
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
        verb @ ..,
    ] = rest
    else {
        return not_yet(call);
    };
    let verb = match (call.method.as_str(), verb) {
        ("POST", [verb]) if *verb != "update" => *verb,
        ("PATCH", []) => "update",
        _ => return not_yet(call),
    };
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
        Ok(scenario) => {
            if scenario.kind.cleans {
                world.stop_test(machine, call.now);
            }
            accepted(world, call, &scenario)
        }
        Err(answer) => answer,
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
    let properties = &body["properties"];
    let kind = choose(call, name, view, candidates, properties)?;
    let mut asked = inputs::read(world, call, machine, view, kind, properties)?;
    asked.required &= !world.has(Quirk::TasksSkipped) || !kind.tasks.iter().any(is_source_task);
    let verb = kind.verb.as_deref().unwrap_or_default();
    let ruled = world.faults.doom(name, verb);
    let error = call
        .doom
        .clone()
        .or(ruled)
        .or(busy)
        .or_else(|| of_itself(world, (kind, &asked), machine, view, call.now));
    let undoing = kind.undone_by.as_deref().and_then(super::kind::kind);
    let undoing_error = undoing.filter(|_| error.is_some()).and_then(|undoing| {
        let verb = undoing.verb.as_deref().unwrap_or_default();
        world.faults.doom(name, verb)
    });
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
        asked,
        error,
        undoing_error,
        hold: holds(world, kind),
        unnamed: world.has(Quirk::SuspendedUnnamed),
        past: false,
        by_itself: false,
        pace: world.pace,
        committed: !view.stage.operations.contains(&"Commit"),
        homeward: view.stage.homeward,
        object: Some(current_id(world, &world.site.machines[machine], view)),
        cancelled: None,
        resumed: None,
        superseded: false,
    })
}

/// What is skipped when the source is left alone.
fn is_source_task(task: &Task) -> bool {
    task.skip.as_deref() == Some("source-not-required")
}

/// Which kind of job the request starts: by what the item allows now, and by the provider's input and its option.
fn choose(
    call: &Call,
    name: &str,
    view: &View,
    candidates: &[&'static Kind],
    properties: &Value,
) -> Result<&'static Kind, Answer> {
    let bad = |code: &str, message: &str, why: &str, action: &str| {
        Answer::asr(400, "BadRequest", code, (message, why, action), call)
    };
    let offered = |k: &&&'static Kind| {
        let mut words = k.operations.iter();
        let here = k.moves.contains_key(view.stage.key);
        here && (k.operations.is_empty()
            || words.any(|w| view.stage.operations.contains(&w.as_str())))
    };
    let fitting: Vec<&'static Kind> = candidates.iter().filter(offered).copied().collect();
    if fitting.is_empty() {
        let operation = candidates[0].operations.first();
        let message = format!(
            "The operation '{}' is not allowed on '{name}' in its present state '{}'.",
            operation.map_or("Update", String::as_str),
            view.stage.state
        );
        let why = "The replication protected item is not in a state that allows this operation.";
        let action = "Look at the operations that the item allows and retry.";
        return Err(bad("OperationNotAllowed", &message, why, action));
    }
    let details = &properties["providerSpecificDetails"];
    let given = details["instanceType"].as_str().unwrap_or_default();
    let named = |k: &&'static Kind| match k.input.as_deref() {
        None => true,
        Some("own") => given == view.stage.provider,
        Some(wanted) => given == wanted,
    };
    let mut named = fitting.into_iter().filter(named).peekable();
    if named.peek().is_none() {
        let message =
            format!("The replication provider input '{given}' is not valid for this operation.");
        let why = "The input is of another provider than the item.";
        let action = "Give the input of the item's own provider.";
        return Err(bad("506", &message, why, action));
    }
    let option = details["dataSyncOption"].as_str().unwrap_or_default();
    let mut chosen = named.filter(|k| k.option.as_deref().is_none_or(|o| o == option));
    chosen.next().ok_or_else(|| {
        let message = format!("The value '{option}' of 'dataSyncOption' is not valid.");
        let why = "The request holds a value that this operation does not take.";
        bad(
            "InvalidParameter",
            &message,
            why,
            "Correct the value and retry.",
        )
    })
}

/// Whether the job waits for a person where its kind allows that.
fn holds(world: &World, kind: &Kind) -> bool {
    match kind.option.as_deref() {
        Some("ForDownTime") => !world.has(Quirk::HypervNeverWaits),
        Some(_) => world.has(Quirk::HypervAlwaysWaits),
        None => kind.tests && world.has(Quirk::TestFailoverWaits),
    }
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
