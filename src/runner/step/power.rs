//! The power of a VM in Azure: reading it, and switching it.

use super::deed::{self, Deed, Telling};
use crate::azure::{Status, Watch, call_for};
use crate::domain::run::Outcome;
use crate::domain::{ArmId, Change, Failure, Retry, StepKind, Text};
use crate::runner::carrier::{Carrier, Inheritance};
use crate::runner::desk::Way;

/// Looks at the power state after which a change of it is not waited for any more: ten minutes at
/// the usual pace.
const LOOKS: u32 = 60;

/// Looks at a power state that is not told before a person is asked.
const UNKNOWN_LOOKS: u32 = 6;

/// How a VM stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Power {
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
pub(super) async fn power(c: &Carrier<'_>, vm: &ArmId) -> Power {
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

/// The power state once it is no longer on its way. One that is not known is looked for a while.
pub(super) async fn settled(c: &Carrier<'_>, vm: &ArmId) -> Way<Power> {
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
pub(super) async fn switch(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    wanted: Power,
) -> Way<Result<(), Failure>> {
    let vm = change.object();
    let call = call_for(change, c.site.arm().api_version());
    let before = c.inherited(step, Inheritance::Action);
    if let Some(sent) = before.filter(|sent| sent.call == call) {
        if let Some(came) = came_about(c, vm, &wanted, &sent.outcome).await? {
            return Ok(came);
        }
        let name = vm.name();
        c.remark(
            step,
            format!("Nobody switched Azure VM {name}: it is sent again"),
        )
        .await?;
    }
    let doing = doing(&wanted, vm);
    let telling = Telling {
        doing: &doing,
        lost: "The VM's power state tells what became of it.",
        job: None,
    };
    let watch = match deed::send(c, step, change, telling).await? {
        Deed::Accepted(answer) => Watch::of(&answer),
        Deed::Lost => None,
        Deed::NotMade(failure) => return Ok(Err(failure)),
    };
    came(c, vm, &wanted, &doing, watch.as_ref()).await
}

/// What became of a change of power that a runner before sent, or may have: the VM tells. `None`:
/// two looks, some time apart, say that nobody made it.
async fn came_about(
    c: &Carrier<'_>,
    vm: &ArmId,
    wanted: &Power,
    outcome: &Outcome,
) -> Way<Option<Result<(), Failure>>> {
    let doing = doing(wanted, vm);
    if matches!(outcome, Outcome::Accepted(_)) {
        return came(c, vm, wanted, &doing, None).await.map(Some);
    }
    for look in 0..2 {
        if look > 0 {
            c.desk.rest(c.site.arm().pace().apart).await?;
        }
        let other = match power(c, vm).await {
            Power::On => *wanted == Power::Off,
            Power::Off => *wanted == Power::On,
            Power::Moving | Power::Unknown(_) => false,
        };
        if !other {
            return came(c, vm, wanted, &doing, None).await.map(Some);
        }
    }
    Ok(None)
}

fn doing(wanted: &Power, vm: &ArmId) -> String {
    match wanted {
        Power::On => format!("start Azure VM {}", vm.name()),
        _ => format!("stop Azure VM {}", vm.name()),
    }
}

/// Waits for a change of power that was sent.
async fn came(
    c: &Carrier<'_>,
    vm: &ArmId,
    wanted: &Power,
    doing: &str,
    watch: Option<&Watch>,
) -> Way<Result<(), Failure>> {
    let Err(state) = until(c, vm, wanted).await? else {
        return Ok(Ok(()));
    };
    let said = match watch {
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
