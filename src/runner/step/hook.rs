//! A local command around a machine's cut-over. One that was begun by a runner that is no more is
//! never run again by itself: nobody knows how far it came.

use crate::domain::plan::{Hook, Otherwise};
use crate::domain::run::{Choice, End, Topic};
use crate::domain::{Failure, Retry, StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::command::{self, Facts, Ran};
use crate::runner::desk::{Asking, Way, choice};

/// The step.
pub(super) async fn take(
    c: &Carrier<'_>,
    step: StepKind,
    hook: &Hook,
    memory: &mut Memory,
) -> Way<End> {
    let mut evidence = was_begun(c, step, hook, memory);
    loop {
        if evidence.is_empty() {
            c.desk.gate().await?;
            let ran = run(c, step, hook, memory).await?;
            let Some(trouble) = ran.trouble.clone() else {
                return Ok(ended(memory, End::Done));
            };
            match hook.otherwise {
                Otherwise::GoOn => return Ok(ended(memory, End::DoneBut(vec![trouble]))),
                Otherwise::Stop => return Ok(ended(memory, stopped(&trouble, &ran.said))),
                Otherwise::Ask => evidence = ran.evidence(),
            }
        }
        let reply = c.desk.ask(asking(c, step, evidence)).await?;
        match reply.choice.as_str() {
            "retry" => evidence = Vec::new(),
            "done" => {
                let words = format!("that it was done is the word of {}", reply.signed());
                return Ok(ended(memory, End::DoneBut(vec![words.into()])));
            }
            _ => {
                let words = format!("given up by {}", reply.signed());
                return Ok(ended(memory, End::Left(words.into())));
            }
        }
    }
}

fn ended(memory: &mut Memory, end: End) -> End {
    memory.command = None;
    end
}

fn stopped(trouble: &Text, said: &[Text]) -> End {
    let advice = "The plan says that nothing more is done with the machine then.";
    let failure = Failure::new(format!("{trouble}."), advice, Retry::AfterFixing);
    let said: Vec<&str> = said.iter().map(Text::as_str).collect();
    End::Failed(Box::new(Failure {
        said: said.join(" ").into(),
        ..failure
    }))
}

/// What is known of a command that a runner before began; empty when none did.
pub(super) fn was_begun(
    c: &Carrier<'_>,
    step: StepKind,
    hook: &Hook,
    memory: &Memory,
) -> Vec<Text> {
    if memory.command != Some(step) {
        return Vec::new();
    }
    let told = c.desk.run(|run| {
        let remark = run.machine(c.id())?.step(step)?.remark.as_ref()?;
        Some(remark.1.clone())
    });
    let begun = format!(
        "{} was begun, and failback ended meanwhile: how far it came is not known",
        hook.shown()
    );
    let last = told.flatten().map(|told| format!("Last noted: {told}"));
    let last = last.map(Text::from);
    std::iter::once(Text::from(begun)).chain(last).collect()
}

/// Runs the command for the machine. That it may have run is written down before it is started; what
/// it printed, afterwards.
pub(super) async fn run(
    c: &Carrier<'_>,
    step: StepKind,
    hook: &Hook,
    memory: &mut Memory,
) -> Way<Ran> {
    memory.command = Some(step);
    c.keep(memory).await?;
    let ran = command::run(hook, &facts(c, step), c.desk.halted()).await?;
    let how = match &ran.trouble {
        None => format!("{} ended well", hook.shown()),
        Some(trouble) => trouble.to_string(),
    };
    c.remark(step, how).await?;
    for words in &ran.said {
        c.remark(step, words.clone()).await?;
    }
    Ok(ran)
}

/// What a command is told about the machine.
fn facts(c: &Carrier<'_>, step: StepKind) -> Facts {
    let at = match step {
        StepKind::HookBefore => "before-machine",
        StepKind::HookAfter => "after-machine",
        _ => "quiesce",
    };
    let facts = c
        .facts(at)
        .with("FAILBACK_MACHINE", c.name())
        .with("FAILBACK_MACHINE_ID", c.id())
        .with("FAILBACK_WAVE", &c.recipe.wave)
        .with("FAILBACK_STEP", step.word());
    match c.azure_vm() {
        Some(vm) => facts.with("FAILBACK_AZURE_VM", vm),
        None => facts,
    }
}

fn asking(c: &Carrier<'_>, step: StepKind, evidence: Vec<Text>) -> Asking {
    let name = c.name();
    let when = match step {
        StepKind::HookBefore => "before the cut-over",
        _ => "after the cut-over",
    };
    Asking {
        evidence,
        choices: choices("nothing more is done with the machine in this run"),
        ..c.asking(
            step,
            Topic::Hook,
            format!("The command {when} of {name} did not come to a good end. What now?"),
        )
    }
}

/// The ways out of a command that did not end well.
pub(in crate::runner) fn choices(give_up: &str) -> Vec<Choice> {
    vec![
        choice("give-up", give_up),
        choice("retry", "run the command again"),
        Choice {
            reason: true,
            ..choice("done", "what it does is done: go on")
        },
    ]
}
