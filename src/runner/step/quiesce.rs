//! Making the applications of a machine stop writing. The machine and its agent keep running: what
//! was written has to travel home yet.

use super::hook::{self, Ran};
use crate::domain::plan::Quiesce;
use crate::domain::run::{Choice, End, StepState, Topic};
use crate::domain::{StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::{Asking, Way, choice};

/// The step.
pub(super) async fn quiesce(c: &Carrier<'_>, how: &Quiesce, memory: &mut Memory) -> Way<End> {
    // What is cut over last is quiesced first: those who serve it still answer.
    c.desk.until_run(|run| later_are_quiet(c, run)).await?;
    make_quiet(c, StepKind::Quiesce, how, memory).await
}

/// Makes it quiet, within `step`.
pub(super) async fn make_quiet(
    c: &Carrier<'_>,
    step: StepKind,
    how: &Quiesce,
    memory: &mut Memory,
) -> Way<End> {
    let mut trouble: Vec<Text> = Vec::new();
    loop {
        c.desk.gate().await?;
        if let Quiesce::Hook { command, limit } = how {
            match hook::run(c, step, command, *limit).await? {
                Ran::Well => return quiet(c, step, memory, Vec::new()).await,
                Ran::Badly(words) => trouble = words,
            }
        }
        let reply = c.desk.ask(asking(c, step, how, trouble.clone())).await?;
        match reply.choice.as_str() {
            "quiesced" => {
                let word = format!("that it is quiet is the word of {}", reply.signed());
                let but = match how {
                    Quiesce::Person => Vec::new(),
                    Quiesce::Hook { .. } => vec![word.into()],
                };
                return quiet(c, step, memory, but).await;
            }
            "retry" => {}
            _ => {
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
    c.remark(
        step,
        format!("{} is quiet since {now}, by Azure's clock", c.name()),
    )
    .await?;
    Ok(match but.is_empty() {
        true => End::Done,
        false => End::DoneBut(but),
    })
}

/// Whether every machine of a later wave is quiet, or left out.
fn later_are_quiet(c: &Carrier<'_>, run: &crate::domain::run::Run) -> Option<()> {
    let mut later = run.machines.iter().filter(|m| m.wave > c.recipe.wave);
    later
        .all(|machine| {
            machine
                .step(StepKind::Quiesce)
                .is_none_or(|step| matches!(step.state, StepState::Ended(_)))
        })
        .then_some(())
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
        topic: Topic::Quiesce,
        machine: Some(c.id().clone()),
        step: Some(step),
        words: words.into(),
        evidence,
        choices,
        checks: Vec::new(),
        until: None,
    }
}
