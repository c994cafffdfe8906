//! How many machines of a run have arrived or wait, counted as records come: judging a run must not
//! look at all its machines for every line.

use super::progress::MachineRun;

/// The counts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    machines: Vec<Standing>,
    arrived: usize,
    /// Through, at the door, arrived, or asked about.
    waiting: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Standing {
    arrived: bool,
    /// Through, at the door, or arrived.
    rests: bool,
    /// Open questions about it.
    questions: u32,
}

impl Standing {
    fn waits(self) -> bool {
        self.rests || self.questions > 0
    }
}

impl Tally {
    /// Takes how the machine at `place` stands now.
    pub(super) fn set(&mut self, place: usize, machine: &MachineRun) {
        let arrived = machine.has_arrived();
        let rests = arrived || machine.is_over() || machine.is_at_the_door();
        self.change(place, |standing| {
            standing.arrived = arrived;
            standing.rests = rests;
        });
    }

    pub(super) fn asked(&mut self, place: usize) {
        self.change(place, |standing| standing.questions += 1);
    }

    pub(super) fn answered(&mut self, place: usize) {
        self.change(place, |standing| {
            standing.questions = standing.questions.saturating_sub(1);
        });
    }

    /// Whether every machine has only to be looked at and committed.
    pub(super) fn all_arrived(&self) -> bool {
        self.arrived == self.machines.len()
    }

    /// Whether no machine can go on without a person or another machine.
    pub(super) fn all_wait(&self) -> bool {
        self.waiting == self.machines.len()
    }

    fn change(&mut self, place: usize, change: impl FnOnce(&mut Standing)) {
        if self.machines.len() <= place {
            self.machines.resize(place + 1, Standing::default());
        }
        let standing = &mut self.machines[place];
        let before = *standing;
        change(standing);
        let now = *standing;
        self.arrived = self.arrived + usize::from(now.arrived) - usize::from(before.arrived);
        self.waiting = self.waiting + usize::from(now.waits()) - usize::from(before.waits());
    }
}
