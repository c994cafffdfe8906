//! Protect: the reprotect on the way home. Of what is not committed it is a commit (asr-rest.md 13),
//! and wants what a commit wants.

use super::{change, expect};
use crate::domain::run::{Choice, End, Topic};
use crate::domain::{Change, Machine, StepKind};
use crate::runner::carrier::{Carrier, Inheritance, Memory};
use crate::runner::desk::{Asking, Way, choice};

const STEP: StepKind = StepKind::Protect;

/// After it the item no longer tells which VM it is in Azure (asr-rest.md 8), so that it is written
/// down before.
pub(super) async fn protect(c: &Carrier<'_>, change: &Change, memory: &mut Memory) -> Way<End> {
    if c.has_inherited(STEP, Inheritance::Change) {
        return change::make(c, STEP, change, None, memory).await;
    }
    if let Some(vm) = c.azure_vm() {
        c.remark(STEP, format!("The VM in Azure is {vm}")).await?;
    }
    let machine = match c.machine(STEP, super::look::PATIENCE).await? {
        Ok((machine, _)) => machine,
        Err(error) => return Ok(End::Failed(Box::new(error.into()))),
    };
    if !machine.commit_pending() {
        return change::make(c, STEP, change, None, memory).await;
    }
    let reply = c.desk.ask(asking(c, &machine)).await?;
    if !reply.is("protect") {
        let words = format!("not protected, left uncommitted by {}", reply.signed());
        return Ok(End::Left(words.into()));
    }
    change::make(c, STEP, change, Some(&machine), memory).await
}

fn asking(c: &Carrier<'_>, machine: &Machine) -> Asking {
    let name = c.name();
    let evidence = vec![
        "Protect commits the failover: the other recovery points go, and it stays at the one that \
         it was failed over to"
            .into(),
        format!("It is shown as: {}", expect::shown(machine)).into(),
    ];
    Asking {
        evidence,
        choices: vec![
            choice("leave", "leave it uncommitted: it can be protected later"),
            Choice {
                typed: Some(name.clone()),
                ..choice("protect", "protect it, and commit it thereby, for good")
            },
        ],
        ..c.asking(
            STEP,
            Topic::Commit,
            format!(
                "Protect {name}, whose failover to Azure is not committed? That commits it, and there is \
             no way back."
            ),
        )
    }
}
