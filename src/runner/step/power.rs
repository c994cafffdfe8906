//! The power of the VM in Azure: off before anybody works at home, and on again when the way home is
//! closed.

use std::time::Duration;

use super::look::PATIENCE;
use super::send::{not_sent, numbered, wait, waits};
use super::{drain, expect};
use crate::azure::{Error, Sent, Status, Watch, call_for};
use crate::domain::run::{Choice, End, Record, Topic};
use crate::domain::{ArmId, Change, Failure, Place, Retry, StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::{Asking, Way, choice};

/// Looks at the power state after which a change of it is not waited for any more: ten minutes at
/// the usual pace.
const LOOKS: u32 = 60;

/// Looks at a power state that is not told before a person is asked.
const UNKNOWN_LOOKS: u32 = 6;

/// How a VM stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Power {
    On,
    Off,
    /// On its way to one of them.
    Moving,
    /// Not known, and why.
    Unknown(Text),
}

fn read(word: &str) -> Power {
    match word.to_ascii_lowercase().as_str() {
        "running" => Power::On,
        "deallocated" | "stopped" => Power::Off,
        "starting" | "deallocating" | "stopping" => Power::Moving,
        _ => Power::Unknown(format!("Azure says: {word}").into()),
    }
}

/// Not being let look at a VM is no reason to hold the run up: it is unknown then.
async fn power(c: &Carrier<'_>, vm: &ArmId) -> Power {
    match c.site.arm().power_state(vm).await {
        Ok(word) => read(word.as_str()),
        Err(error) => Power::Unknown(Failure::from(error).what),
    }
}

/// Whether the VM in Azure is known to be off.
pub(super) async fn is_off(c: &Carrier<'_>) -> bool {
    match c.azure_vm() {
        Some(vm) => power(c, vm).await == Power::Off,
        None => false,
    }
}

/// Waits until the VM is as wanted. `Err`: in words, it is not.
async fn until(c: &Carrier<'_>, vm: &ArmId, wanted: &Power) -> Way<Result<(), Text>> {
    let mut last = Text::default();
    for look in 0..LOOKS {
        if look > 0 {
            c.desk.rest(c.poll()).await?;
        }
        last = match power(c, vm).await {
            state if state == *wanted => return Ok(Ok(())),
            Power::On => "it runs".into(),
            Power::Off => "it is off".into(),
            Power::Moving => "it is on its way".into(),
            Power::Unknown(why) => why,
        };
    }
    Ok(Err(last))
}

/// Sends a change of power and waits for it. What is lost on the way is recognised by the state of the
/// VM: nothing else tells, and nothing is sent twice. `Err`: it did not come about, in words.
async fn switch(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    wanted: Power,
) -> Way<Result<(), Failure>> {
    let vm = change.object();
    let (attempt, request) = numbered(c, step);
    let call = call_for(change, c.site.arm().api_version());
    c.desk.write(Record::Intent {
        attempt: attempt.clone(),
        call: call.clone(),
        request,
        mark: None,
        service_time: c.now(),
    })?;
    let doing = match wanted {
        Power::On => format!("start Azure VM {}", vm.name()),
        _ => format!("stop Azure VM {}", vm.name()),
    };
    let mut turn = 1;
    let watch = loop {
        match c.site.arm().change(&doing, &call, request).await {
            Ok(answer) => {
                c.desk.write(Record::Accepted {
                    attempt,
                    job: None,
                    correlation: answer.correlation().unwrap_or_default().into(),
                })?;
                break Watch::of(&answer);
            }
            Err(error) if error.sent == Sent::Unknown => {
                let failure = Box::new(lost(&error));
                c.desk.write(Record::AnswerLost { attempt, failure })?;
                break None;
            }
            Err(error) => {
                if let Some(pause) = waits(c, &error, turn) {
                    turn += 1;
                    if let Err(halt) = wait(c, pause).await {
                        not_sent(c, attempt, &Failure::from(&error))?;
                        return Err(halt);
                    }
                    continue;
                }
                let failure = Failure::from(&error);
                not_sent(c, attempt, &failure)?;
                return Ok(Err(failure));
            }
        }
    };
    let Err(state) = until(c, vm, &wanted).await? else {
        return Ok(Ok(()));
    };
    let said = match &watch {
        Some(watch) => said(c, watch).await,
        None => None,
    };
    let what = format!("Could not {doing}: {state}.");
    let advice = "Look at the VM in the Azure portal.";
    let failure = Failure::new(what, advice, Retry::MayHelp);
    Ok(Err(Failure {
        said: said.unwrap_or_default(),
        ..failure
    }))
}

async fn said(c: &Carrier<'_>, watch: &Watch) -> Option<Text> {
    let status = c.site.arm().operation(watch).await.ok()?;
    match status.status {
        Status::Failed | Status::Canceled => status.remark,
        _ => None,
    }
}

fn lost(error: &Error) -> Failure {
    let mut failure = Failure::from(error);
    failure.advice = "The VM's power state tells what became of it.".into();
    failure
}

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
        Ok(()) => c.remark(step, format!("Azure VM {name} runs again")),
        Err(failure) => c.remark(step, failure.lines().join(" ")),
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
                            but.push(words.into());
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

/// The power state once it is no longer on its way. One that is not known is looked for a while.
async fn settled(c: &Carrier<'_>, vm: &ArmId) -> Way<Power> {
    for look in 1.. {
        let state = power(c, vm).await;
        let enough = match state {
            Power::On | Power::Off => true,
            Power::Moving => look >= LOOKS,
            Power::Unknown(_) => look >= UNKNOWN_LOOKS,
        };
        if enough {
            return Ok(state);
        }
        c.desk.rest(c.poll()).await?;
    }
    Ok(Power::Moving)
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
        topic: Topic::AzureOff,
        machine: Some(c.id().clone()),
        step: Some(StepKind::VerifyAzureOff),
        words: format!(
            "Is the Azure VM of {name} off? If not, two machines work under one name, and their \
             data part."
        )
        .into(),
        evidence,
        choices,
    }
}

fn attested(reply: &crate::runner::desk::Reply) -> End {
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
                c.remark(step, words)?;
            }
            if was_on && !on {
                c.remark(
                    step,
                    format!("Azure VM {} does not run any more", vm.name()),
                )?;
            }
            was_on = on;
        }
        c.desk.rest(pause).await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_state_that_is_known_to_be_off_is_off() {
        for (word, power) in [
            ("deallocated", Power::Off),
            ("Stopped", Power::Off),
            ("running", Power::On),
            ("starting", Power::Moving),
            ("deallocating", Power::Moving),
        ] {
            assert_eq!(read(word), power, "{word}");
        }
        for word in ["unknown", "", "hibernated"] {
            assert!(matches!(read(word), Power::Unknown(_)), "{word}");
        }
    }
}
