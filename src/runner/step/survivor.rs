//! Looking at the machine that survives. Only what somebody vouches for may be committed.

use super::azure_vm;
use crate::domain::run::{Choice, End, Topic};
use crate::domain::{Failure, Machine, Place, StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::{Asking, Reply, Way, choice};

const STEP: StepKind = StepKind::VerifySurvivor;

pub(super) async fn verify(c: &Carrier<'_>, memory: &mut Memory) -> Way<End> {
    let machine = c.machine(STEP, super::look::PATIENCE).await?;
    let machine = machine.map(|(machine, _)| machine).map_err(Failure::from);
    let at_home = machine
        .as_ref()
        .is_ok_and(|machine| super::commit::comes_home(machine, memory));
    let reply = ask(c, asking(c, machine.as_ref(), at_home), at_home).await?;
    if reply.is("verified") {
        memory.vouched = Some(reply.signed().into());
        return Ok(End::Done);
    }
    Ok(End::Left(
        format!("left uncommitted by {}", reply.signed()).into(),
    ))
}

/// Asks, and watches meanwhile that the VM in Azure of a machine that is home stays off.
pub(super) async fn ask(c: &Carrier<'_>, asking: Asking, at_home: bool) -> Way<Reply> {
    let step = asking.step.unwrap_or(STEP);
    let id = c.desk.put(asking).await?;
    if !at_home {
        return c.desk.answer(id).await;
    }
    tokio::select! {
        biased;
        reply = c.desk.answer(id) => reply,
        halt = azure_vm::watch(c, step) => match halt {
            Err(halt) => Err(halt),
            Ok(never) => match never {},
        },
    }
}

fn asking(c: &Carrier<'_>, machine: Result<&Machine, &Failure>, at_home: bool) -> Asking {
    let name = c.name();
    let (words, evidence) = match machine {
        Ok(machine) => {
            let shown = super::expect::shown(machine);
            let words = match machine.place {
                _ if at_home => format!(
                    "Look at {name} at home: does it run, do its applications, is its data there?"
                ),
                Place::Azure => format!(
                    "Look at {name} in Azure: does it run, do its applications, is its data there?"
                ),
                Place::OnPremises | Place::Unknown(_) => {
                    format!("Look at {name}: is it as it should be?")
                }
            };
            (words, format!("It is shown as: {shown}"))
        }
        Err(failure) => {
            let words = format!("Look at {name}: is it as it should be?");
            (words, failure.what.to_string())
        }
    };
    let choices = vec![
        choice("leave", "leave it uncommitted: it can be committed later"),
        Choice {
            reason: true,
            ..choice("verified", "I looked: it is as it should be")
        },
    ];
    Asking {
        topic: Topic::Survivor,
        machine: Some(c.id().clone()),
        step: Some(STEP),
        words: words.into(),
        evidence: vec![Text::from(evidence)],
        choices,
        checks: Vec::new(),
        until: None,
    }
}
