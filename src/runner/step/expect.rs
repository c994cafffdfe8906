//! What a machine must look like before a change is sent to it, and after the change was made. Pure.

use crate::domain::{Change, Class, Failure, Job, Machine, Place, Retry, Stage, Text, Verb};

/// Why a change is not sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unready {
    /// Azure has not come to rest after the last job; it may, soon.
    Unsettled(Failure),
    /// Somebody has to do something first.
    Refused(Failure),
    /// It was done already, by somebody else.
    Already,
}

/// What the service calls what `change` does.
pub(super) fn verb(change: &Change) -> Option<Verb> {
    Some(match change {
        Change::ProtectClassic { .. } => Verb::Protect,
        Change::FailBackClassic { .. } => Verb::FailBack,
        Change::Commit { .. } => Verb::Commit,
        Change::ProtectToAzureClassic { .. } => Verb::ProtectToAzure,
        Change::StopAzureVm { .. } | Change::StartAzureVm { .. } | Change::JobAction { .. } => {
            return None;
        }
    })
}

/// Whether `change` may be sent to the machine as it is now, nobody's job running on it.
pub(super) fn ready(machine: &Machine, jobs: &[Job], change: &Change) -> Result<(), Unready> {
    let name = &machine.name;
    let what = |why: &str| format!("Nothing was sent: {name} {why}.");
    let refused = |why: &str, advice: &str| {
        Err(Unready::Refused(Failure::new(
            what(why),
            advice,
            Retry::AfterFixing,
        )))
    };
    let state = machine.state_words();
    // `currentScenario` alone is no witness (asr-rest.md 12).
    let live = |job: &&Job| !job.state.is_over() && machine.is_target_of(job);
    if let Some(job) = jobs.iter().find(live) {
        let advice = format!("Wait until it is over: {} ({}).", job.title, job.name);
        return refused("is busy: a job runs on it already", &advice);
    }
    if machine.running.is_some() {
        let advice = format!("It is now: {state}. Wait until that is over.");
        return refused("is busy", &advice);
    }
    if matches!(change, Change::Commit { .. }) && machine.stage == Stage::Committed {
        return Err(Unready::Already);
    }
    if matches!(change, Change::ProtectToAzureClassic { .. })
        && machine.place == Place::OnPremises
        && machine.stage == Stage::CommitPending
    {
        let advice = "Protect to Azure would commit it, and the Azure VM would be gone. Commit it \
                      first, when the machine at home was looked at.";
        return refused("has a failback that is not committed", advice);
    }
    if !stands_before(machine, change) {
        let place = machine.place.word();
        let advice = format!("It is now: {place}, {state}. Look at it, then decide.");
        return refused("is not in the state that this begins in", &advice);
    }
    match verb(change) {
        Some(verb) if machine.next.offers(verb) => Ok(()),
        _ if machine.next.verbs.is_empty() && machine.next.unknown.is_empty() => {
            let advice = format!("It is now: {state}, and Azure offers nothing. Look again later.");
            let failure = Failure::new(
                what("is not offered for this by Azure now"),
                advice,
                Retry::MayHelp,
            );
            Err(Unready::Unsettled(failure))
        }
        _ => {
            let advice = format!("It is now: {state}. Look at it in the Azure portal.");
            refused("is not offered for this by Azure", &advice)
        }
    }
}

/// The state in which a change begins.
fn stands_before(machine: &Machine, change: &Change) -> bool {
    let is = |class, place| machine.class == class && machine.place == place;
    match change {
        Change::ProtectClassic { .. } => {
            is(Class::ClassicToAzure, Place::Azure)
                && matches!(machine.stage, Stage::CommitPending | Stage::Committed)
        }
        Change::FailBackClassic { .. } => {
            is(Class::ClassicHome, Place::Azure) && machine.stage == Stage::Protected
        }
        // Which way it goes is told by the place, at this moment (asr-rest.md 13).
        Change::Commit { .. } => !matches!(machine.place, Place::Unknown(_)),
        Change::ProtectToAzureClassic { .. } => {
            is(Class::ClassicHome, Place::OnPremises) && machine.stage == Stage::Committed
        }
        Change::StopAzureVm { .. } | Change::StartAzureVm { .. } | Change::JobAction { .. } => true,
    }
}

/// Whether the machine shows that the change was made.
pub(super) fn shows(machine: &Machine, change: &Change) -> bool {
    let is = |class, place| machine.class == class && machine.place == place;
    let replicates = matches!(
        machine.stage,
        Stage::InitialSync | Stage::AwaitingFirstPoint | Stage::Protected
    );
    match change {
        Change::ProtectClassic { .. } => is(Class::ClassicHome, Place::Azure) && replicates,
        Change::FailBackClassic { .. } => {
            is(Class::ClassicHome, Place::OnPremises)
                && matches!(machine.stage, Stage::CommitPending | Stage::Committed)
        }
        Change::Commit { .. } => machine.stage == Stage::Committed,
        Change::ProtectToAzureClassic { .. } => {
            is(Class::ClassicToAzure, Place::OnPremises) && replicates
        }
        Change::StopAzureVm { .. } | Change::StartAzureVm { .. } | Change::JobAction { .. } => {
            false
        }
    }
}

/// Whether it is still what a person was asked about.
pub(super) fn same(asked: &Machine, now: &Machine) -> bool {
    // Lists leave the correlation id out: only two that are given can differ.
    let given = !asked.event_correlation_id.is_empty() && !now.event_correlation_id.is_empty();
    now.class == asked.class
        && now.place == asked.place
        && now.stage == asked.stage
        && !(given && now.event_correlation_id != asked.event_correlation_id)
}

/// Where it is and its state.
pub(super) fn shown(machine: &Machine) -> Text {
    format!("{}, {}", machine.place.word(), machine.state_words()).into()
}
