//! Making the applications of a machine stop writing. The machine and its agent keep running: what
//! was written has to travel home yet.

use std::collections::HashSet;

use super::hook;
use crate::domain::plan::{Hook, Quiesce};
use crate::domain::run::{Choice, End, MachineRun, Run, StepState, Topic};
use crate::domain::{ArmId, StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::{Asking, Way, choice};
use crate::runner::turns::{Stand, stand};

/// The step.
pub(super) async fn quiesce(c: &Carrier<'_>, how: &Quiesce, memory: &mut Memory) -> Way<End> {
    // What is cut over last is quiesced first: those who serve it still answer.
    let later = later(c);
    c.desk.until_run(|run| are_quiet(&later, run)).await?;
    make_quiet(c, StepKind::Quiesce, how, memory).await
}

/// Makes it quiet, within `step`.
pub(super) async fn make_quiet(
    c: &Carrier<'_>,
    step: StepKind,
    how: &Quiesce,
    memory: &mut Memory,
) -> Way<End> {
    let hook = match how {
        Quiesce::Person => None,
        Quiesce::Hook { command, limit } => Some(Hook {
            limit: *limit,
            ..Hook::new(command.clone())
        }),
    };
    let mut trouble = match &hook {
        Some(hook) => hook::was_begun(c, step, hook, memory),
        None => Vec::new(),
    };
    loop {
        c.desk.gate().await?;
        if let Some(hook) = &hook
            && trouble.is_empty()
        {
            let ran = hook::run(c, step, hook, memory).await?;
            if ran.trouble.is_none() {
                return quiet(c, step, memory, Vec::new()).await;
            }
            trouble = ran.evidence();
        }
        let mut evidence = trouble.clone();
        evidence.extend(c.desk.run(|run| then(c, run)));
        let reply = c.desk.ask(asking(c, step, how, evidence)).await?;
        match reply.choice.as_str() {
            "quiesced" => {
                let word = format!("that it is quiet is the word of {}", reply.signed());
                let but = match how {
                    Quiesce::Person => Vec::new(),
                    Quiesce::Hook { .. } => vec![word.into()],
                };
                return quiet(c, step, memory, but).await;
            }
            "retry" => trouble.clear(),
            _ => {
                memory.command = None;
                let words = format!("not quiesced, given up by {}", reply.signed());
                return Ok(End::Left(words.into()));
            }
        }
    }
}

/// Remembers since when nothing is written.
async fn quiet(c: &Carrier<'_>, step: StepKind, memory: &mut Memory, but: Vec<Text>) -> Way<End> {
    let now = c.now();
    memory.quiet = Some(now);
    memory.command = None;
    c.remark(
        step,
        format!("{} is quiet since {now:.0}, by Azure's clock", c.name()),
    )
    .await?;
    Ok(match but.is_empty() {
        true => End::Done,
        false => End::DoneBut(but),
    })
}

/// The machines that are cut over after this one: those of later waves, and those that wait for it,
/// or for one that does.
fn later(c: &Carrier<'_>) -> HashSet<ArmId> {
    c.desk.run(|run| after(run, c.id())).unwrap_or_default()
}

fn after(run: &Run, id: &ArmId) -> HashSet<ArmId> {
    let wave = run.machine(id).map_or(1, |own| own.wave);
    let mut later: HashSet<ArmId> = run
        .machines
        .iter()
        .filter(|m| m.wave > wave)
        .map(|m| m.id.clone())
        .collect();
    let mut news = vec![id];
    while let Some(before) = news.pop() {
        for machine in run.machines.iter().filter(|m| m.after.contains(before)) {
            if machine.id != *id && later.insert(machine.id.clone()) {
                news.push(&machine.id);
            }
        }
    }
    later
}

/// Whether each of them is quiet, or left out.
fn are_quiet(later: &HashSet<ArmId>, run: &Run) -> Option<()> {
    let quiet = |machine: &MachineRun| {
        machine
            .step(StepKind::Quiesce)
            .is_none_or(|step| matches!(step.state, StepState::Ended(_)))
    };
    let mut machines = run.machines.iter().filter(|m| later.contains(&m.id));
    machines.all(quiet).then_some(())
}

/// What follows on the answer that a machine is quiet: what it waits for, and whom it does not wait
/// for. Within a wave each machine goes by itself.
fn then(c: &Carrier<'_>, run: &Run) -> Text {
    let intent = c.plan.intent();
    let sequence = intent.sequence();
    let mut waits = awaited(run, c.id());
    if let Some(sequence) = &sequence {
        let hooks = sequence.wave(c.recipe.wave);
        if hooks.is_some_and(|hooks| hooks.before.is_some()) {
            waits.push("the command before its wave".into());
        }
        if let Some(most) = sequence.plan.at_once {
            waits.push(format!("its turn (at most {most} at a time)"));
        }
    }
    following(run, c.id(), &waits).into()
}

/// Whom a machine waits for: the waves before its own, and machines by name.
fn awaited(run: &Run, id: &ArmId) -> Vec<String> {
    let Some(own) = run.machine(id) else {
        return Vec::new();
    };
    let open = |machine: &&MachineRun| stand(run, machine) != Stand::Home;
    let mut waves: Vec<usize> = run.machines.iter().filter(open).map(|m| m.wave).collect();
    waves.retain(|wave| *wave < own.wave);
    waves.sort_unstable();
    waves.dedup();
    let waves = waves.into_iter().map(|wave| format!("wave {wave}"));
    let named = own.after.iter().filter_map(|id| run.machine(id));
    let named = named.filter(open).map(|machine| machine.name.to_string());
    waves.chain(named).collect()
}

fn following(run: &Run, id: &ArmId, waits: &[String]) -> String {
    let Some(own) = run.machine(id) else {
        return String::new();
    };
    let name = &own.name;
    if !waits.is_empty() {
        let waits = waits.join(" and ");
        return format!(
            "Once {name} is quiet and drained it waits for {waits}, and goes home then"
        );
    }
    let beside = run.machines.iter().filter(|other| {
        let free = other.id != *id && !other.after.contains(id);
        free && other.wave == own.wave && stand(run, other) == Stand::UnderWay
    });
    let beside: Vec<&str> = beside.map(|other| other.name.as_str()).collect();
    let not = match beside.as_slice() {
        [] => String::new(),
        [one] => format!(" It does not wait for {one}."),
        [first, others @ ..] => {
            let more = others.len();
            format!(" It does not wait for {first} and {more} more of its wave.")
        }
    };
    format!("\"quiesced\" sends {name} home as soon as it is drained.{not}")
}

fn asking(c: &Carrier<'_>, step: StepKind, how: &Quiesce, evidence: Vec<Text>) -> Asking {
    let name = c.name();
    let mut choices = vec![
        choice(
            "give-up",
            "leave the machine in Azure; nothing more is done with it in this run",
        ),
        Choice {
            reason: matches!(how, Quiesce::Hook { .. }),
            ..choice("quiesced", format!("nothing is written on {name} any more"))
        },
    ];
    let words = match how {
        Quiesce::Person => format!(
            "Stop the applications on {name}, and let the machine run. Is nothing written any more?"
        ),
        Quiesce::Hook { .. } => {
            choices.insert(1, choice("retry", "run the command again"));
            format!("The command that quiesces {name} failed. What now?")
        }
    };
    Asking {
        evidence,
        choices,
        ..c.asking(step, Topic::Quiesce, words)
    }
}
