//! Printing what a run would do: every call of every machine in its order, and what else is done.

use serde_json::{Value, json};

use super::estimating;
use super::output::{self, print_json};
use super::ready::Outlook;
use crate::domain::estimate::Forecast;
use crate::domain::plan::{Around, Placed};
use crate::domain::text::counted;
use crate::domain::{Call, Intent, Plan, Text};
use crate::runner::{Deed, Previewed};

/// What a dry run tells.
pub struct Dry<'a> {
    pub plan: &'a Plan,
    pub site: &'a str,
    pub steps: &'a [Previewed],
    /// By the machine's name.
    pub warnings: &'a [(Text, Vec<Text>)],
    pub forecast: &'a Forecast,
    /// What would stop it.
    pub outlook: &'a Outlook,
}

/// `failback/preview/1`. Fields are only ever added.
pub fn print(dry: &Dry<'_>, json: bool) {
    if json {
        print_json(&whole(dry));
        return;
    }
    let Dry {
        plan,
        steps,
        warnings,
        forecast,
        outlook,
        ..
    } = dry;
    let machines = plan.machines().len();
    let head = format!(
        "{}: {}, {}",
        plan.name,
        plan.intent().word(),
        counted(machines, "machine")
    );
    output::print(&head);
    for line in outlook.lines(plan) {
        output::print(&format!("  {line}"));
    }
    for (label, words) in around(plan) {
        output::print(&format!("  {label}: {words}"));
    }
    for line in estimating::lines("Critical path:", forecast) {
        output::print(&format!("  {line}"));
    }
    for own in steps.chunk_by(|a, b| a.machine == b.machine) {
        let Some(first) = own.first() else { continue };
        output::print(&format!("\n{}  (wave {})", first.name, first.wave));
        for words in said(warnings, &first.name) {
            output::print(&format!("  ! {words}"));
        }
        for step in own {
            let time = estimating::of_step(forecast, &step.machine, step.step);
            told(
                step,
                &time.map_or(String::new(), |time| format!(", {time}")),
            );
        }
    }
    output::print("\nNothing was sent.");
}

fn said<'a>(warnings: &'a [(Text, Vec<Text>)], name: &Text) -> &'a [Text] {
    let own = warnings.iter().find(|(machine, _)| machine == name);
    own.map_or(&[], |(_, words)| words)
}

fn told(step: &Previewed, time: &str) {
    let words = format!("{}{time}", step.step.words());
    match &step.deed {
        Deed::Send(call) => {
            output::print(&format!("  {words}   (way back: {})", step.way_back));
            show(call);
        }
        Deed::SendIf { holds, call } => {
            output::print(&format!("  {words}; if {holds}:"));
            show(call);
        }
        Deed::SendLater { blank, call } => {
            output::print(&format!("  {words}; {blank}:"));
            show(call);
        }
        Deed::Run(command) => output::print(&format!("  {words}: runs {}", command.join(" "))),
        Deed::Wait(what) => output::print(&format!("  {words}: waits {what}")),
        Deed::Ask(what) => output::print(&format!("  {words}: a person is asked: {what}")),
    }
}

fn show(call: &Call) {
    for line in call.to_string().lines() {
        output::print(&format!("    {line}"));
    }
}

fn whole(dry: &Dry<'_>) -> Value {
    let Dry {
        plan,
        site,
        steps,
        warnings,
        forecast,
        outlook,
    } = dry;
    let machine = |own: &[Previewed]| {
        let first = own.first()?;
        Some(json!({
            "machine": first.name,
            "id": first.machine,
            "wave": first.wave,
            "warnings": said(warnings, &first.name),
            "steps": own.iter().map(step_json).collect::<Vec<_>>(),
        }))
    };
    let machines: Vec<Value> = steps
        .chunk_by(|a, b| a.machine == b.machine)
        .filter_map(machine)
        .collect();
    json!({
        "schema": "failback/preview/1",
        "site": site,
        "plan": plan.name,
        "intent": plan.intent().word(),
        "estimate": forecast,
        "machines": machines,
        "order": order_json(plan),
        "readiness": outlook.json(plan),
    })
}

/// What belongs to no machine, in words.
fn around(plan: &Plan) -> Vec<(String, String)> {
    let Some(sequence) = plan.intent().sequence() else {
        return Vec::new();
    };
    let mut all = Vec::new();
    let layers = sequence.layers().unwrap_or_default();
    if layers.len() > 1 {
        let names = layers.iter().map(|layer| {
            let names: Vec<&str> = layer.iter().map(|placed| placed.name.as_str()).collect();
            names.join(" and ")
        });
        let order = names.collect::<Vec<_>>().join(", then ");
        all.push(("order".into(), order));
    }
    let mut both = |what: &str, hooks: &Around| {
        for (when, hook) in [("before", &hooks.before), ("after", &hooks.after)] {
            if let Some(hook) = hook {
                let words = format!(
                    "runs {} (at most {} min, {})",
                    hook.shown(),
                    hook.limit.0,
                    hook.otherwise.words()
                );
                all.push((format!("{when} {what}"), words));
            }
        }
    };
    both("the plan", &sequence.plan.hooks);
    for (number, hooks) in (1..).zip(&sequence.waves) {
        both(&format!("wave {number}"), hooks);
    }
    if let Some(caller) = &sequence.plan.needs_person {
        let words = format!(
            "runs {}, again every {} min",
            Text::from(caller.command.join(" ")),
            caller.every.0
        );
        all.push(("as long as a person is needed".into(), words));
    }
    if let Intent::FailBack(recovery) = plan.intent()
        && let Some(window) = &recovery.commit_window
    {
        all.push(("commit window".into(), window.words()));
        let checks = window.checks.iter().map(ToString::to_string);
        all.extend(checks.map(|check| ("to be looked at".into(), check)));
    }
    all
}

/// The same for programs; `null` where the intent has no order.
fn order_json(plan: &Plan) -> Value {
    let Some(sequence) = plan.intent().sequence() else {
        return Value::Null;
    };
    let layers = sequence.layers().unwrap_or_default();
    let names = |layer: &Vec<&Placed<'_>>| -> Vec<String> {
        layer.iter().map(|placed| placed.name.to_string()).collect()
    };
    json!({
        "plan": sequence.plan,
        "waves": sequence.waves,
        "layers": layers.iter().map(names).collect::<Vec<_>>(),
    })
}

fn step_json(step: &Previewed) -> Value {
    let (does, detail) = match &step.deed {
        Deed::Send(call) => ("send", json!({ "call": call_json(call) })),
        Deed::SendIf { holds, call } => ("sendIf", json!({ "if": holds, "call": call_json(call) })),
        Deed::SendLater { blank, call } => (
            "sendLater",
            json!({ "blank": blank, "call": call_json(call) }),
        ),
        Deed::Run(command) => ("run", json!({ "command": command })),
        Deed::Wait(what) => ("wait", json!({ "words": what })),
        Deed::Ask(what) => ("ask", json!({ "words": what })),
    };
    let mut all = json!({ "step": step.step, "does": does, "wayBack": step.way_back });
    if let (Value::Object(all), Value::Object(detail)) = (&mut all, detail) {
        all.extend(detail);
    }
    all
}

/// A call with its body as JSON.
fn call_json(call: &Call) -> Value {
    let body: Option<Value> = call
        .body
        .as_deref()
        .and_then(|body| serde_json::from_str(body).ok());
    json!({ "method": call.method, "path": call.path, "body": body })
}
