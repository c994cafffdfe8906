//! Looking at the machine that survives. Only what somebody vouches for may be committed.

use super::window::{self, Decided};
use crate::domain::run::{Choice, End, Topic, made};
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
    let mut asking = asking(c, machine.as_ref(), at_home);
    asking.checks = window::checks(c, at_home);
    let checks = asking.checks.clone();
    let decided = window::ask(c, asking, at_home, memory).await?;
    if let Some(end) = decided.left(memory) {
        memory.confirmed = machine.ok().map(Box::new);
        return Ok(end);
    }
    if let Decided::Reply(reply) = decided {
        memory.vouched = Some(vouched(&reply, &checks).into());
    }
    Ok(End::Done)
}

/// Who answers for it, what of the checks they made, and why.
fn vouched(reply: &Reply, checks: &[Text]) -> String {
    let made = made(checks, &reply.ticked).map(|made| format!(": {made}"));
    let why = reply.why.as_ref().map(|why| format!("; \"{why}\""));
    format!(
        "{}{}{}",
        reply.by,
        made.unwrap_or_default(),
        why.unwrap_or_default()
    )
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
        evidence: vec![Text::from(evidence)],
        choices,
        ..c.asking(STEP, Topic::Survivor, words)
    }
}
