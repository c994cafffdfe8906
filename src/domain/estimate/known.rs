//! What is known beforehand of a plan and its machines.

use std::collections::HashMap;

use crate::domain::ids::ArmId;
use crate::domain::machine::Detail;
use crate::domain::plan::{Intent, Minutes, Plan, Quiesce, Ready, Sequence};
use crate::domain::run::Planned;
use crate::domain::size::Bytes;

/// What is known of a machine that bears on how long its steps take; `None` is what is not told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Of all its disks under replication together.
    pub disks: Option<Bytes>,
    /// What has not reached the target yet, of all disks together.
    pub pending: Option<Bytes>,
    /// Bytes a second by which its pending data was seen to shrink.
    pub rate: Option<u64>,
    /// Whether a local command stops its applications, and no person.
    pub hooked: bool,
    /// Seconds that it waits after its cut-over, where it waits for nothing but time and people.
    pub ready: Option<u64>,
}

/// What is known of a plan, or of the plan of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    machines: HashMap<ArmId, Facts>,
    /// Most machines in cut-over at a time.
    pub at_once: Option<usize>,
    /// Local commands around the plan and its waves: they are not counted.
    pub commands: usize,
}

impl Facts {
    /// With what the run's first record tells, where nothing newer is known.
    pub(super) fn or_at_launch(self, planned: &Planned) -> Self {
        Self {
            disks: self.disks.or(planned.disks),
            pending: self.pending.or(planned.pending),
            ..self
        }
    }
}

impl Known {
    /// What the plan says.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let mut known = Self::default();
        if let Intent::FailBack(recovery) = plan.intent() {
            for own in recovery.machines() {
                let hooked = matches!(recovery.quiesce_of(own), Quiesce::Hook { .. });
                known.entry(&own.id).hooked = hooked;
            }
        }
        if let Some(sequence) = plan.intent().sequence() {
            known.at_once = sequence.plan.at_once.map(|most| most.get() as usize);
            known.commands = commands(&sequence);
            for own in &sequence.machines {
                known.entry(own.id).ready = ready(&own.order.ready);
            }
        }
        known
    }

    /// Adds what a deep read tells of a machine.
    pub fn tell(&mut self, machine: &ArmId, detail: &Detail) {
        let own = self.entry(machine);
        own.disks = detail.capacity();
        own.pending = detail.pending();
    }

    /// Adds what is known of a machine otherwise.
    pub fn set(&mut self, machine: ArmId, facts: Facts) {
        self.machines.insert(machine, facts);
    }

    pub(super) fn facts(&self, machine: &ArmId) -> Facts {
        self.machines.get(machine).copied().unwrap_or_default()
    }

    fn entry(&mut self, machine: &ArmId) -> &mut Facts {
        self.machines.entry(machine.clone()).or_default()
    }
}

fn commands(sequence: &Sequence<'_>) -> usize {
    let around = std::iter::once(&sequence.plan.hooks).chain(sequence.waves.iter().copied());
    around
        .map(|a| usize::from(a.before.is_some()) + usize::from(a.after.is_some()))
        .sum()
}

/// `None` where something is waited for whose moment nobody knows.
fn ready(all: &[Ready]) -> Option<u64> {
    let seconds = all.iter().map(|ready| match ready {
        Ready::Delay(Minutes(minutes)) => Some(u64::from(*minutes) * 60),
        Ready::Confirm(_) => Some(0),
        Ready::Heartbeat { .. } | Ready::Tcp { .. } | Ready::Http { .. } => None,
    });
    seconds.sum()
}
