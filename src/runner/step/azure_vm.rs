//! The machine's VM in Azure: off before anybody works at home, and on again when the way home is
//! closed.

use std::time::Duration;

use super::look::PATIENCE;
use super::power::{Power, power, settled, switch};
use super::{drain, expect};
use crate::domain::run::{Choice, End, Topic};
use crate::domain::{Change, Failure, Place, StepKind, Text};
use crate::runner::carrier::{Carrier, Inheritance, Memory};
use crate::runner::desk::{Asking, Reply, Way, choice};

/// Switches the Azure VM off before the failover, as the plan wants it: only ever after the drain,
/// and only while nothing is on its way.
pub(super) async fn stop_first(c: &Carrier<'_>, memory: &mut Memory) -> Way<End> {
    const STEP: StepKind = StepKind::StopAzureVm;
    let not = |words: &str| Ok(End::DoneBut(vec![words.into()]));
    let Some(vm) = c.azure_vm().cloned() else {
        return not(
            "not stopped first: which VM it is in Azure is not known; the failover stops it itself",
        );
    };
    let drained = match memory.quiet.filter(|_| memory.drained) {
        // It was, when it was sent; the VM tells what became of that.
        _ if c.has_inherited(STEP, Inheritance::Action) => true,
        Some(quiet) => drain::still_drained(c, STEP, quiet).await?,
        None => false,
    };
    if !drained {
        return not(
            "not stopped first: it is not drained, and what is on its way would be lost; the \
             failover stops it itself, and synchronises it before it goes on",
        );
    }
    c.desk.gate().await?;
    let stop = Change::StopAzureVm { vm };
    match switch(c, STEP, &stop, Power::Off).await? {
        Ok(()) => {
            memory.stopped_first = true;
            Ok(End::Done)
        }
        Err(failure) => {
            let mut words: Vec<Text> =
                vec!["not stopped first; the failover stops it itself".into()];
            words.extend(failure.lines().into_iter().map(Text::from));
            Ok(End::DoneBut(words))
        }
    }
}

/// Switches the VM on again after a failover that was refused. What came of it is written down.
pub(super) async fn start_again(c: &Carrier<'_>, step: StepKind) -> Way<()> {
    let Some(vm) = c.azure_vm().cloned() else {
        return Ok(());
    };
    let name = vm.name().to_owned();
    match switch(c, step, &Change::StartAzureVm { vm }, Power::On).await? {
        Ok(()) => c.remark(step, format!("Azure VM {name} runs again")).await,
        Err(failure) => c.remark(step, failure.lines().join(" ")).await,
    }
}

/// Sees that the Azure VM is off before users are let on, and switches it off if it is not.
pub(super) async fn verify_off(c: &Carrier<'_>) -> Way<End> {
    const STEP: StepKind = StepKind::VerifyAzureOff;
    let Some(vm) = c.azure_vm().cloned() else {
        let why = "Which VM it is in Azure is not known here".into();
        let reply = c.desk.ask(asking(c, vec![why], false)).await?;
        return Ok(attested(&reply));
    };
    let mut but: Vec<Text> = Vec::new();
    if c.has_inherited(STEP, Inheritance::Action) {
        but.push("it still ran after the failover, and was switched off".into());
    }
    loop {
        let trouble = match settled(c, &vm).await? {
            Power::Off if but.is_empty() => return Ok(End::Done),
            Power::Off => return Ok(End::DoneBut(but)),
            Power::Moving => vec![Text::from("Its power state does not come to rest")],
            Power::Unknown(why) => vec![why],
            // The failover should have shut it down.
            Power::On => match may_stop(c).await? {
                Err(why) => vec![why],
                Ok(()) => {
                    c.desk.gate().await?;
                    let stop = Change::StopAzureVm { vm: vm.clone() };
                    match switch(c, STEP, &stop, Power::Off).await? {
                        Ok(()) => {
                            let words = "it still ran after the failover, and was switched off";
                            but = vec![words.into()];
                            continue;
                        }
                        Err(failure) => failure.lines().into_iter().map(Text::from).collect(),
                    }
                }
            },
        };
        let reply = c.desk.ask(asking(c, trouble, true)).await?;
        if !reply.is("look-again") {
            return Ok(attested(&reply));
        }
    }
}

/// Only a machine that is at home may lose its VM in Azure.
async fn may_stop(c: &Carrier<'_>) -> Way<Result<(), Text>> {
    let why = match c.machine(StepKind::VerifyAzureOff, PATIENCE).await? {
        Ok((machine, _)) if machine.place == Place::OnPremises => return Ok(Ok(())),
        Ok((machine, _)) => format!(
            "It runs, and is not switched off while the machine is shown as: {}",
            expect::shown(&machine)
        ),
        Err(error) => {
            let what = Failure::from(error).what;
            format!(
                "It runs, and is not switched off while the machine cannot be looked at: {what}"
            )
        }
    };
    Ok(Err(why.into()))
}

fn asking(c: &Carrier<'_>, evidence: Vec<Text>, known: bool) -> Asking {
    let name = c.name();
    let mut choices = Vec::new();
    if known {
        choices.push(choice(
            "look-again",
            "look again, and switch it off if it runs",
        ));
    }
    choices.push(choice(
        "leave",
        "leave it open; nobody is told that the machine at home may be used",
    ));
    choices.push(Choice {
        reason: true,
        ..choice("is-off", format!("I looked: the Azure VM of {name} is off"))
    });
    Asking {
        evidence,
        choices,
        ..c.asking(
            StepKind::VerifyAzureOff,
            Topic::AzureOff,
            format!(
                "Is the Azure VM of {name} off? If not, two machines work under one name, and their \
             data part."
            ),
        )
    }
}

fn attested(reply: &Reply) -> End {
    let who = reply.signed();
    match reply.is("is-off") {
        true => End::DoneBut(vec![format!("that it is off is the word of {who}").into()]),
        false => End::Left(format!("not known to be off, left open by {who}").into()),
    }
}

/// Watches, until it is dropped, that the Azure VM stays off; each change is written down.
pub(super) async fn watch(c: &Carrier<'_>, step: StepKind) -> Way<std::convert::Infallible> {
    let pause = c.poll().saturating_mul(6).max(Duration::from_millis(1));
    let mut was_on = false;
    loop {
        if let Some(vm) = c.azure_vm() {
            let on = power(c, vm).await == Power::On;
            if on && !was_on {
                let words = format!(
                    "Azure VM {} runs beside the machine at home: two machines work under one name",
                    vm.name()
                );
                c.remark(step, words).await?;
            }
            if was_on && !on {
                c.remark(
                    step,
                    format!("Azure VM {} does not run any more", vm.name()),
                )
                .await?;
            }
            was_on = on;
        }
        c.desk.rest(pause).await?;
    }
}
