//! The writing half of Compute: power and Run Command (asr-rest.md 8). 202 in the style of Compute, whose operations
//! stand below the location and not below the resource.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::clock::{after, ticks};
use super::deeds::{ComputeOp, Effect};
use super::inside;
use super::world::World;

/// A POST on a VM; none when it is not one of these.
pub(super) fn post(world: &World, call: &Call, machine: usize, verb: &str) -> Option<Answer> {
    let (during, then, delay) = match verb {
        "deallocate" => ("deallocating", "deallocated", 60.0),
        "poweroff" => ("stopping", "stopped", 30.0),
        "start" => ("starting", "running", 45.0),
        "runcommand" => return Some(run_command(world, call, machine)),
        _ => return None,
    };
    let power = world.view(machine, call.now).map(|v| v.azure_power);
    // Already so, or further than so: a success, at once. A deallocated VM stays that when it is powered off.
    let power = power.unwrap_or_default();
    let already = power == then || (then == "stopped" && power == "deallocated");
    let (effect, delay) = if already {
        let word = if power == "deallocated" {
            "deallocated"
        } else {
            then
        };
        (Effect::Power(word, word), 0.0)
    } else {
        (Effect::Power(during, then), delay)
    };
    Some(begin(world, call, machine, effect, delay))
}

fn begin(world: &World, call: &Call, machine: usize, effect: Effect, delay: f64) -> Answer {
    let id = world.site.guid(&format!("compute {}", call.correlation));
    let version = call.query("api-version").unwrap_or_default();
    let operation = format!(
        "{}/subscriptions/{}/providers/Microsoft.Compute/locations/{}/operations/{id}?p={}&api-version={version}",
        call.base,
        world.site.subscription,
        world.site.location,
        world.site.guid("partition"),
    );
    world.add_compute(ComputeOp {
        id,
        machine,
        at: call.now,
        done: after(call.now, delay * world.pace),
        effect,
    });
    Answer::empty(202)
        .with("azure-asyncoperation", operation.clone())
        .with("location", format!("{operation}&monitor=true"))
        .with("retry-after", world.clock.wait(10.0).to_string())
        .with("x-ms-ratelimit-remaining-subscription-writes", "1197")
}

fn run_command(world: &World, call: &Call, index: usize) -> Answer {
    let machine = &world.site.machines[index];
    let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let command = body["commandId"].as_str().unwrap_or_default();
    let fits = if machine.windows {
        "RunPowerShellScript"
    } else {
        "RunShellScript"
    };
    if command != fits {
        let message = format!(
            "The command '{command}' is not supported on a VM with the operating system {}.",
            machine.os()
        );
        return Answer::error(400, "InvalidParameter", &message);
    }
    let power = world.view(index, call.now).map(|v| v.azure_power);
    if power.as_deref() != Some("running") {
        let message = "Cannot modify extensions in the VM when the VM is not running.";
        return Answer::error(409, "OperationNotAllowed", message);
    }
    if world.commanded(index, call.now) {
        let message = "Run command extension execution is in progress. Please wait for completion before invoking a run command.";
        return Answer::error(409, "Conflict", message);
    }
    if machine.spec.agent.as_deref() == Some("none") {
        let message = format!(
            "VM '{}' has not reported status for VM agent or extensions. Verify that the OS is up and healthy, the VM has a running VM agent, and that it can establish outbound connections to Azure storage.",
            machine.azure_name
        );
        let failed = Effect::Run(Err(("VMAgentStatusCommunicationError", message)));
        return begin(world, call, index, failed, 120.0);
    }
    let script = body["script"].as_array().map(Vec::as_slice);
    let lines = script.unwrap_or_default().iter().filter_map(Value::as_str);
    let script = lines.map(str::to_lowercase).collect::<Vec<_>>().join("\n");
    let said = machine.spec.script.clone().unwrap_or_default();
    let output = match said.prints {
        Some(out) => out,
        None if script.contains(inside::TEMPORARY) => {
            let done = after(call.now, said.seconds.unwrap_or(20.0) * world.pace);
            inside::temporary(world, index, &script, call.now, done)
        }
        None if script.contains(inside::LOOKS) => {
            wrapped(inside::LOOKS, &inside::told(world, index, call.now))
        }
        None if !script.contains("drscout.conf") => String::new(),
        None => match script.contains(WRAPPED) {
            true => wrapped(WRAPPED, &drscout(world, index)),
            false => drscout(world, index),
        },
    };
    let seconds = said.seconds.unwrap_or(20.0);
    begin(
        world,
        call,
        index,
        Effect::Run(Ok((output, said.complains))),
        seconds,
    )
}

/// The mark of a script that wants its file compressed, as Azure keeps the last 4,096 bytes alone.
const WRAPPED: &str = "failback-agent-file/1";

/// What such a script prints of a file.
fn wrapped(mark: &str, file: &str) -> String {
    let mut zip = GzEncoder::new(Vec::new(), Compression::best());
    let packed = zip.write_all(file.as_bytes()).and_then(|()| zip.finish());
    let text = STANDARD.encode(packed.unwrap_or_default());
    format!("{mark} begin {}\n{text}\n{mark} end\n", file.len())
}

/// The agent's configuration in the guest. Its `HostId` is the `agentGeneratedId` of the registration in Azure.
fn drscout(world: &World, index: usize) -> String {
    let machine = &world.site.machines[index];
    if let Some(text) = &machine.spec.drscout {
        return text.clone();
    }
    let made = || world.site.guid(&format!("{} agent azure", machine.salt));
    let host = machine.spec.agent_id.clone().unwrap_or_else(made);
    format!(
        "[vxagent]\nInstallVolume=C\nVersion={}\nHostId={host}\nUseConfiguredHostname=0\nConfiguredHostname={}\n\n[vxagent.transport]\nHostname=192.168.4.10\nPort=443\nHttps=1\n",
        machine.agent_version(),
        machine.azure_name
    )
}

/// GET of an operation: its status, or with `monitor=true` its result.
pub(super) fn operation(world: &World, call: &Call, id: &str) -> Answer {
    let Some(op) = world.compute(id) else {
        let message = format!("The entity was not found: operation '{id}'.");
        return Answer::error(404, "NotFound", &message);
    };
    let ended = call.now >= op.done;
    let monitor = call
        .query("monitor")
        .is_some_and(|m| m.eq_ignore_ascii_case("true"));
    let result = match &op.effect {
        Effect::Run(Ok((out, err))) => Some(json!({
            "value": streams(world.site.machines[op.machine].windows, out, err),
        })),
        _ => None,
    };
    let error = match &op.effect {
        Effect::Run(Err((code, message))) if ended => {
            Some(json!({"code": code, "message": message}))
        }
        _ => None,
    };
    if monitor {
        return match (ended, error, result) {
            (false, ..) => Answer::empty(202)
                .with("location", format!("{}{}", call.base, target(call)))
                .with("retry-after", world.clock.wait(10.0).to_string()),
            (_, Some(error), _) => Answer::json(409, json!({"error": error})),
            (_, _, Some(result)) => Answer::ok(result),
            _ => Answer::empty(200),
        };
    }
    let mut body = json!({"startTime": ticks(op.at), "name": op.id, "status": "InProgress"});
    if ended {
        body["endTime"] = ticks(op.done).into();
        body["status"] = if error.is_some() {
            "Failed"
        } else {
            "Succeeded"
        }
        .into();
        if let Some(error) = error {
            body["error"] = error;
        }
        if let Some(result) = result {
            body["properties"] = json!({"output": result});
        }
    }
    Answer::ok(body)
}

fn target(call: &Call) -> String {
    let pairs = call.query.iter();
    let pairs: Vec<String> = pairs.map(|(k, v)| format!("{k}={v}")).collect();
    format!("{}?{}", call.path, pairs.join("&"))
}

/// Windows tells both streams apart, Linux writes them into one message.
fn streams(windows: bool, out: &str, err: &str) -> Vec<Value> {
    if windows {
        return vec![said("StdOut", out), said("StdErr", err)];
    }
    let message = format!("Enable succeeded: \n[stdout]\n{out}\n[stderr]\n{err}");
    vec![
        json!({"code": "ProvisioningState/succeeded", "level": "Info",
                "displayStatus": "Provisioning succeeded", "message": message}),
    ]
}

fn said(stream: &str, text: &str) -> Value {
    json!({"code": format!("ComponentStatus/{stream}/succeeded"), "level": "Info",
           "displayStatus": "Provisioning succeeded", "message": text})
}
