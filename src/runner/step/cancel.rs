//! Taking a failback back before its commit, once a person typed the machine's name.

use super::{change, expect};
use crate::domain::run::{Choice, End, Topic};
use crate::domain::{Change, Machine, StepKind};
use crate::runner::carrier::{Carrier, Inheritance, Memory};
use crate::runner::desk::{Asking, Way, choice};

const STEP: StepKind = StepKind::CancelFailover;

pub(super) async fn cancel(c: &Carrier<'_>, change: &Change, memory: &mut Memory) -> Way<End> {
    if c.has_inherited(STEP, Inheritance::Change) {
        return change::make(c, STEP, change, None, memory).await;
    }
    if let Some(confirmed) = memory.confirmed.take() {
        return change::make(c, STEP, change, Some(&confirmed), memory).await;
    }
    let machine = match c.machine(STEP, super::look::PATIENCE).await? {
        Ok((machine, _)) => machine,
        Err(error) => return Ok(End::Failed(Box::new(error.into()))),
    };
    let reply = c.desk.ask(asking(c, &machine)).await?;
    if !reply.is("cancel") {
        let words = format!("not cancelled, left by {}", reply.signed());
        return Ok(End::Left(words.into()));
    }
    change::make(c, STEP, change, Some(&machine), memory).await
}

fn asking(c: &Carrier<'_>, machine: &Machine) -> Asking {
    let name = c.name();
    let evidence = vec![
        format!("What was written on {name} at home since the failback is lost [004]").into(),
        "The machine at home goes back to its snapshot, the VM in Azure is started again, and \
         replication home goes on"
            .into(),
        format!("It is shown as: {}", expect::shown(machine)).into(),
    ];
    Asking {
        evidence,
        choices: vec![
            choice(
                "leave",
                "leave it as it is: it can be cancelled until its commit",
            ),
            Choice {
                typed: Some(name.clone()),
                ..choice(
                    "cancel",
                    "cancel the failover; it can be failed back again later",
                )
            },
        ],
        ..c.asking(
            STEP,
            Topic::Cancel,
            format!(
                "Cancel the failover of {name}? What was written at home since the failback is lost."
            ),
        )
    }
}
