//! Whose turn it is: how many machines may be in cut-over at a time, and which wave has come so far
//! that its command is to be run.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::domain::ArmId;
use crate::domain::plan::Sequence;
use crate::domain::run::{End, HookAt, MachineRun, Run, StepState, Topic};
use crate::domain::{StepKind, Text};

/// The turns of one run.
pub(super) struct Turns {
    /// Most machines in cut-over at a time.
    most: Option<usize>,
    /// Who was let through the door, and may not have written it down yet.
    through: Mutex<HashSet<ArmId>>,
    /// The last wave whose cut-over is about to begin; 0 before the first.
    wave: watch::Sender<usize>,
}

/// How a machine stands, for those who come after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// On its way.
    UnderWay,
    /// It came through: nothing is left but to look at it and to commit.
    Home,
    /// It did not, and the plan says that nobody waits for it.
    Spared,
    /// It did not.
    Missing,
}

/// How a command of the plan or of a wave stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Hooked {
    Open,
    Well,
    /// It did not end well, and what comes after it is not begun; why.
    Badly(Text),
}

impl Turns {
    pub fn of(sequence: Option<&Sequence<'_>>) -> Self {
        let most = sequence.and_then(|s| s.plan.at_once);
        Self {
            most: most.and_then(|most| usize::try_from(most.get()).ok()),
            through: Mutex::new(HashSet::new()),
            wave: watch::Sender::new(0),
        }
    }

    /// Lets a machine through, if there is room: what `run` shows, and who was let through before.
    /// Asked again, it stays through.
    pub fn take(&self, run: &Run, id: &ArmId) -> Option<()> {
        let mut through = self.through.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(most) = self.most {
            let inside = |machine: &&MachineRun| {
                let opened = machine
                    .step(StepKind::Door)
                    .is_some_and(|step| is_done(&step.state));
                machine.id != *id
                    && (opened || through.contains(&machine.id))
                    && !is_home(machine)
                    && !machine.is_over()
            };
            if run.machines.iter().filter(inside).count() >= most {
                return None;
            }
        }
        through.insert(id.clone());
        Some(())
    }

    /// The cut-over of a wave is about to begin.
    pub fn come(&self, wave: usize) {
        self.wave.send_if_modified(|last| {
            let later = wave > *last;
            *last = wave.max(*last);
            later
        });
    }

    /// Waits until the cut-over of a wave is about to begin.
    pub async fn has_come(&self, wave: usize) {
        let mut last = self.wave.subscribe();
        // The sender lives as long as this.
        let _ = last.wait_for(|last| *last >= wave).await;
    }
}

fn is_done(state: &StepState) -> bool {
    matches!(state, StepState::Ended(End::Done | End::DoneBut(_)))
}

/// Whether everything up to looking at the machine was done. What a person leaves after that - the
/// commit - holds nobody up.
pub(super) fn is_home(machine: &MachineRun) -> bool {
    let mut cut_over = machine
        .steps
        .iter()
        .filter(|s| !matches!(s.kind, StepKind::VerifySurvivor | StepKind::Commit));
    cut_over.all(|step| is_done(&step.state))
}

/// How a machine stands. An optional one about whose trouble a person is asked holds nobody up.
pub(super) fn stand(run: &Run, machine: &MachineRun) -> Stand {
    if is_home(machine) {
        return Stand::Home;
    }
    let trouble = || {
        run.questions.iter().any(|question| {
            let topic = matches!(
                question.topic,
                Topic::Failed | Topic::Unknown | Topic::Hook | Topic::Ready
            );
            topic && question.machine.as_ref() == Some(&machine.id)
        })
    };
    match (machine.is_over(), machine.optional) {
        (true, true) => Stand::Spared,
        (true, false) => Stand::Missing,
        (false, true) if trouble() => Stand::Spared,
        (false, _) => Stand::UnderWay,
    }
}

/// How a command stands that the plan has there.
pub(super) fn hooked(run: &Run, at: HookAt) -> Hooked {
    let last = run.hooks.iter().rev().find(|hook| hook.at == at);
    let Some(StepState::Ended(end)) = last.map(|hook| &hook.state) else {
        return Hooked::Open;
    };
    match end {
        End::Done | End::DoneBut(_) => Hooked::Well,
        End::Left(words) | End::NotBegun(words) => Hooked::Badly(words.clone()),
        End::Failed(failure) | End::Unknown(failure) => Hooked::Badly(failure.what.clone()),
    }
}
