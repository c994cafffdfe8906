//! What a machine must look like before a change is sent to it, and after the change was made. Pure.

use crate::domain::call::{AzureInput, HomeInput, WayHome};
use crate::domain::{
    Change, Class, Failure, Generation, Job, Machine, Place, Retry, Stage, Text, Verb,
};

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
        Change::Protect { .. } => Verb::Protect,
        Change::FailBack { .. } => Verb::FailBack,
        Change::Commit { .. } => Verb::Commit,
        Change::CancelFailover { .. } => Verb::Cancel,
        Change::ProtectToAzure { .. } => Verb::ProtectToAzure,
        Change::FailOver { .. } => Verb::FailOverToAzure,
        Change::ChangePoint { .. } => Verb::ChangeRecoveryPoint,
        Change::TestFailover { .. } => Verb::TestFailover,
        Change::CleanUpTest { .. } => Verb::TestFailoverCleanup,
        Change::UpdateTarget { .. }
        | Change::StopAzureVm { .. }
        | Change::StartAzureVm { .. }
        | Change::TakeTemporaryOffline { .. }
        | Change::JobAction { .. } => return None,
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
    // `currentScenario` alone is no witness (asr-rest.md 12). A test's own job may wait for its
    // clean-up (asr-rest.md 6).
    let cleans = matches!(change, Change::CleanUpTest { .. });
    let test = |job: &Job| cleans && job.scenario.as_str().eq_ignore_ascii_case("TestFailover");
    let live = |job: &&Job| !job.state.is_over() && machine.is_target_of(job);
    if let Some(job) = jobs.iter().find(|job| live(job) && !test(job)) {
        let advice = format!("Wait until it is over: {} ({}).", job.title, job.name);
        return refused("is busy: a job runs on it already", &advice);
    }
    let testing = machine.running.as_ref().is_some_and(|running| {
        cleans
            && running
                .scenario
                .as_str()
                .eq_ignore_ascii_case("TestFailover")
    });
    if machine.running.is_some() && !testing {
        let advice = format!("It is now: {state}. Wait until that is over.");
        return refused("is busy", &advice);
    }
    if matches!(change, Change::Commit { .. }) && machine.stage == Stage::Committed {
        return Err(Unready::Already);
    }
    if matches!(change, Change::ProtectToAzure { .. })
        && machine.place == Place::OnPremises
        && machine.commit_pending()
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
    // A machine that can fail over takes a new target; no operation of its own tells it.
    let verb = match change {
        Change::UpdateTarget { .. } => Some(Verb::FailOverToAzure),
        _ => verb(change),
    };
    match verb {
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

/// Whether it shows that it is committed: by the words where they are known, else by what is offered
/// to a machine that has come to rest.
fn is_committed(machine: &Machine) -> bool {
    let at_rest = machine.running.is_none() && !machine.next.verbs.is_empty();
    let unnamed = matches!(machine.stage, Stage::Other(_)) && at_rest;
    let open = machine.next.offers(Verb::Commit) || machine.next.offers(Verb::Cancel);
    !open && (machine.stage == Stage::Committed || unnamed)
}

/// The class of machines that replicate, or have failed over, to Azure.
pub(super) fn to_azure(generation: Generation) -> Class {
    match generation {
        Generation::Classic => Class::ClassicToAzure,
        Generation::Modernised => Class::ModernisedToAzure,
        Generation::HyperV => Class::HyperV,
    }
}

/// The class of machines that replicate, or have failed back, to the ground.
pub(super) fn home(generation: Generation) -> Class {
    match generation {
        Generation::Classic => Class::ClassicHome,
        Generation::Modernised => Class::ModernisedHome,
        Generation::HyperV => Class::HyperV,
    }
}

/// The state in which a change begins. Which way a machine goes is told by its class and its place,
/// at this moment (asr-rest.md 13).
fn stands_before(machine: &Machine, change: &Change) -> bool {
    let is = |class, place| machine.class == class && machine.place == place;
    let failed_over = matches!(machine.stage, Stage::CommitPending | Stage::Committed);
    match change {
        Change::Protect { input, .. } => {
            let generation = match input {
                HomeInput::Classic(_) => Generation::Classic,
                HomeInput::Modernised(_) => Generation::Modernised,
            };
            is(to_azure(generation), Place::Azure) && failed_over
        }
        Change::FailBack { way, .. } => match way {
            WayHome::Classic(_) => {
                is(Class::ClassicHome, Place::Azure) && machine.stage == Stage::Protected
            }
            WayHome::Modernised(_) => {
                is(Class::ModernisedHome, Place::Azure) && machine.stage == Stage::Protected
            }
            // After a synchronisation that was cancelled it is in a state without a name (asr-rest.md
            // 9); that Azure offers Failback is what counts then.
            WayHome::HyperV(_) => {
                is(Class::HyperV, Place::Azure) && machine.stage != Stage::CommitPending
            }
        },
        Change::Commit { .. } => !matches!(machine.place, Place::Unknown(_)),
        // At home, or where its cancellation failed: Azure is the active side again then.
        Change::CancelFailover { .. } => {
            machine.class == Class::ModernisedHome
                && !matches!(machine.place, Place::Unknown(_))
                && !matches!(machine.stage, Stage::Committed | Stage::Protected)
        }
        Change::ProtectToAzure { input, .. } => {
            let generation = match input {
                AzureInput::Classic(_) => Generation::Classic,
                AzureInput::Modernised(_) => Generation::Modernised,
                AzureInput::HyperV(_) => Generation::HyperV,
            };
            is(home(generation), Place::OnPremises) && !machine.commit_pending()
        }
        Change::UpdateTarget { generation, .. }
        | Change::FailOver { generation, .. }
        | Change::TestFailover { generation, .. } => {
            is(to_azure(*generation), Place::OnPremises) && machine.stage == Stage::Protected
        }
        Change::ChangePoint { generation, .. } => {
            is(to_azure(*generation), Place::Azure) && machine.stage == Stage::CommitPending
        }
        Change::CleanUpTest { .. } => machine.place == Place::OnPremises,
        Change::StopAzureVm { .. }
        | Change::StartAzureVm { .. }
        | Change::TakeTemporaryOffline { .. }
        | Change::JobAction { .. } => true,
    }
}

/// Whether the machine shows that the change was made.
pub(super) fn shows(machine: &Machine, change: &Change) -> bool {
    let is = |class, place| machine.class == class && machine.place == place;
    let replicates = matches!(
        machine.stage,
        Stage::InitialSync | Stage::AwaitingFirstPoint | Stage::Protected
    );
    let failed_over = matches!(machine.stage, Stage::CommitPending | Stage::Committed);
    match change {
        Change::Protect { input, .. } => {
            let generation = match input {
                HomeInput::Classic(_) => Generation::Classic,
                HomeInput::Modernised(_) => Generation::Modernised,
            };
            is(home(generation), Place::Azure) && replicates
        }
        Change::FailBack { way, .. } => match way {
            WayHome::Classic(_) => is(Class::ClassicHome, Place::OnPremises) && failed_over,
            WayHome::Modernised(_) => is(Class::ModernisedHome, Place::OnPremises) && failed_over,
            // What it is called then is not recorded (asr-rest.md 9): its place tells.
            WayHome::HyperV(_) => is(Class::HyperV, Place::OnPremises),
        },
        Change::Commit { .. } => is_committed(machine),
        Change::CancelFailover { .. } => {
            is(Class::ModernisedHome, Place::Azure) && machine.stage == Stage::Protected
        }
        Change::ProtectToAzure { input, .. } => {
            let generation = match input {
                AzureInput::Classic(_) => Generation::Classic,
                AzureInput::Modernised(_) => Generation::Modernised,
                AzureInput::HyperV(_) => Generation::HyperV,
            };
            is(to_azure(generation), Place::OnPremises) && replicates
        }
        Change::FailOver { generation, .. } | Change::ChangePoint { generation, .. } => {
            is(to_azure(*generation), Place::Azure) && failed_over
        }
        Change::TestFailover { .. } => machine.next.offers(Verb::TestFailoverCleanup),
        Change::CleanUpTest { .. } => !machine.next.offers(Verb::TestFailoverCleanup),
        // What it is told to be in Azure only a deep read shows.
        Change::UpdateTarget { .. } => true,
        Change::StopAzureVm { .. }
        | Change::StartAzureVm { .. }
        | Change::TakeTemporaryOffline { .. }
        | Change::JobAction { .. } => false,
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
