//! Ending a failover for good, once a person typed the machine's name.

use super::{change, window};
use crate::domain::run::{Choice, End, Topic};
use crate::domain::{Change, Class, Failure, Machine, Place, Retry, Stage, StepKind, Text};
use crate::runner::carrier::{Carrier, Inheritance, Memory};
use crate::runner::desk::{Asking, Way, choice};

const STEP: StepKind = StepKind::Commit;

pub(super) async fn commit(c: &Carrier<'_>, change: &Change, memory: &mut Memory) -> Way<End> {
    if c.has_inherited(STEP, Inheritance::Change) {
        return change::make(c, STEP, change, None, memory).await;
    }
    let Some(vouched) = memory.vouched.clone() else {
        let what = format!("{} was not committed: nobody looked at it.", c.name());
        let advice = "Look at the machine that survives, then commit it.";
        let failure = Failure::new(what, advice, Retry::AfterFixing);
        return Ok(End::Failed(Box::new(failure)));
    };
    // Which way it goes is told by where it runs, now (asr-rest.md 13).
    let machine = match c.machine(STEP, super::look::PATIENCE).await? {
        Ok((machine, _)) => machine,
        Err(error) => return Ok(End::Failed(Box::new(error.into()))),
    };
    if let Place::Unknown(why) = &machine.place {
        let what = format!(
            "{} was not committed: where it runs is not known ({why}).",
            c.name()
        );
        let advice = "Which way the failover went is not known either. Look at it in the portal.";
        let failure = Failure::new(what, advice, Retry::AfterFixing);
        return Ok(End::Failed(Box::new(failure)));
    }
    let at_home = comes_home(&machine, memory);
    let asking = asking(c, &machine, &vouched, memory);
    if let Some(end) = window::ask(c, asking, at_home, memory).await?.left(memory) {
        memory.confirmed = Some(Box::new(machine));
        return Ok(end);
    }
    change::make(c, STEP, change, Some(&machine), memory).await
}

/// Which way it goes: by where it runs, now. A Hyper-V machine may be shown as active in Azure until
/// its failback is committed, in words that nobody has named (asr-rest.md 9): it is at home where this
/// run brought it there.
pub(super) fn comes_home(machine: &Machine, memory: &Memory) -> bool {
    let unnamed = machine.class == Class::HyperV && matches!(machine.stage, Stage::Other(_));
    machine.place == Place::OnPremises || (unnamed && memory.home)
}

fn asking(c: &Carrier<'_>, machine: &Machine, vouched: &Text, memory: &Memory) -> Asking {
    let name = c.name();
    let (words, means) = match comes_home(machine, memory) {
        true => (
            format!("Commit the failback of {name}? There is no way back."),
            "Azure may delete its VM and the disks of it: the machine at home is the only one then",
        ),
        false => (
            format!("Commit the failover of {name} to Azure? There is no way back."),
            "The other recovery points go: it stays at the one that it was failed over to",
        ),
    };
    let shown = super::expect::shown(machine);
    let evidence = vec![
        means.into(),
        format!("It is shown as: {shown}").into(),
        format!("That it is as it should be is the word of {vouched}").into(),
    ];
    let choices = vec![
        choice("leave", "leave it uncommitted: it can be committed later"),
        Choice {
            typed: Some(name.clone()),
            ..choice("commit", "commit it, for good")
        },
    ];
    Asking {
        evidence,
        choices,
        ..c.asking(STEP, Topic::Commit, words)
    }
}
