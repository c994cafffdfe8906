//! What the plan asked for, in words, and the plan itself.

use super::parts::section;
use crate::domain::ArmId;
use crate::domain::plan::{Around, Hook, Intent, Minutes, Plan, Quiesce};
use crate::report::model::{Report, Tone};
use crate::report::write::{Block, Cell};

/// What it says about all its machines.
pub(super) fn of(report: &Report) -> Vec<Block> {
    let file = match &report.plan.slug {
        Some(slug) => format!("{slug}.json").into(),
        None => "none: a single action".into(),
    };
    let mut facts: Vec<(&'static str, Cell)> = vec![
        ("Name", report.plan.name.clone().into()),
        ("Intent", report.plan.intent.clone().into()),
        ("File", file),
    ];
    match (&report.plan.document, &report.plan.unread) {
        (Some(plan), _) => facts.extend(whole(plan)),
        (None, why) => {
            let why = why.clone().unwrap_or_default();
            let words = format!("not known, it cannot be read: {why}");
            facts.push(("Asked for", Cell::new(Tone::Unknown, words)));
        }
    }
    section("Plan", vec![Block::Facts(facts)])
}

fn whole(plan: &Plan) -> Vec<(&'static str, Cell)> {
    let mut facts: Vec<(&'static str, Cell)> = Vec::new();
    if let Some(sequence) = plan.intent().sequence() {
        let at_once = match sequence.plan.at_once {
            Some(most) => most.to_string(),
            None => "as many as a wave has".into(),
        };
        facts.push(("In cut-over at a time", at_once.into()));
        facts.extend(around(&sequence.plan.hooks, "the plan"));
        for (hooks, wave) in sequence.waves.iter().zip(1..) {
            facts.extend(around(hooks, &format!("wave {wave}")));
        }
        if let Some(caller) = &sequence.plan.needs_person {
            let words = format!(
                "{}, again every {} min",
                caller.command.join(" "),
                caller.every.0
            );
            facts.push(("Calls a person with", words.into()));
        }
    }
    if let Intent::FailBack(recovery) = plan.intent() {
        facts.push(("Applications are stopped by", quiesce(&recovery.quiesce)));
        let drain = format!(
            "up to {} min, then a person is asked",
            recovery.drain.limit.0
        );
        facts.push(("Drain", drain.into()));
        if recovery.stop_azure_vm_first {
            facts.push(("Azure VMs", "are stopped before the failback".into()));
        }
        let window = recovery.commit_window.as_ref();
        facts.push(match window.map(|window| window.minutes) {
            Some(Some(Minutes(minutes))) => ("Commit window", format!("{minutes} min").into()),
            Some(None) | None => ("Commit window", "open until somebody answers".into()),
        });
        let checks = window.map_or(&[][..], |window| &window.checks);
        facts.extend(
            checks
                .iter()
                .map(|check| ("To look at", check.clone().into())),
        );
    }
    facts
}

/// What it says about one machine's place in the order.
pub(super) fn machine(report: &Report, id: &ArmId) -> Vec<(&'static str, Cell)> {
    let mut facts: Vec<(&'static str, Cell)> = Vec::new();
    let Some(plan) = &report.plan.document else {
        return facts;
    };
    if let Intent::FailBack(recovery) = plan.intent()
        && let Some(own) = recovery.machine(id)
    {
        let own = recovery.quiesce_of(own);
        if *own != recovery.quiesce {
            facts.push(("Its applications are stopped by", quiesce(own)));
        }
    }
    let sequence = plan.intent().sequence();
    let Some(placed) = sequence.as_ref().and_then(|all| all.machine(id)) else {
        return facts;
    };
    if let Some(Minutes(minutes)) = placed.order.replication {
        let words = format!("healthy replication, up to {minutes} min");
        facts.push(("Waits before its cut-over for", words.into()));
    }
    facts.extend(placed.order.ready.iter().map(|ready| {
        let limit = ready.limit();
        let limit = limit.map_or_else(String::new, |Minutes(m)| format!(", up to {m} min"));
        let words = format!("{}{limit}", ready.words());
        ("Waits after its cut-over for", words.into())
    }));
    facts.extend(around(&placed.order.hooks, "its cut-over"));
    facts
}

fn quiesce(how: &Quiesce) -> Cell {
    match how {
        Quiesce::Person => "a person".into(),
        Quiesce::Hook { command, limit } => {
            format!("{}, up to {} min", command.join(" "), limit.0).into()
        }
    }
}

fn around(hooks: &Around, what: &str) -> Vec<(&'static str, Cell)> {
    let one = |when: &str, hook: &Option<Hook>| {
        let hook = hook.as_ref()?;
        let words = format!(
            "{when} {what}: {}, up to {} min, {}",
            hook.shown(),
            hook.limit.0,
            hook.otherwise.words()
        );
        Some(("Runs", Cell::from(words)))
    };
    let both = [one("before", &hooks.before), one("after", &hooks.after)];
    both.into_iter().flatten().collect()
}

/// The plan as it was launched, to be compared and kept.
pub(super) fn document(report: &Report) -> Vec<Block> {
    let document = report.plan.document.as_ref();
    let text = document.and_then(|plan| serde_json::to_string_pretty(plan).ok());
    let blocks = text.map(Block::Code).into_iter().collect();
    section("The plan as it was launched", blocks)
}
