//! What can be asked of the machine that the keys are about, or of the marked ones: each action with
//! the machines that it is offered for, and why the others are left out.

use std::sync::Arc;

use super::Model;
use crate::domain::{ArmId, Machine, Verb};
use crate::ui::action::Action;

/// The list of actions, over some machines.
#[derive(Debug)]
pub struct Menu {
    /// Read from the estate each time: what is offered changes under it.
    pub machines: Vec<ArmId>,
    pub cursor: usize,
}

/// One action.
#[derive(Clone, Debug)]
pub struct Entry {
    pub verb: Verb,
    /// Those for which it is offered; empty where it is only explained.
    pub offered: Vec<Arc<Machine>>,
    /// Those for which it is not, with the reason.
    pub left_out: Vec<(Arc<Machine>, String)>,
}

/// The actions in the order of the menu, each with what the keys call it.
const ACTIONS: &[(Verb, Action)] = &[
    (Verb::FailBack, Action::FailBack),
    (Verb::Complete, Action::Complete),
    (Verb::Commit, Action::Commit),
    (Verb::Cancel, Action::CancelFailover),
    (Verb::Protect, Action::Protect),
    (Verb::ProtectToAzure, Action::ProtectToAzure),
    (Verb::ChangeRecoveryPoint, Action::ChangePoint),
    (Verb::FailOverToAzure, Action::FailOver),
    (Verb::TestFailover, Action::TestFailover),
    (Verb::TestFailoverCleanup, Action::CleanUpTest),
];

/// What the keys call an action that is asked of machines.
#[must_use]
pub fn verb_of(action: Action) -> Option<Verb> {
    let own = ACTIONS.iter().find(|(_, own)| *own == action);
    own.map(|(verb, _)| *verb)
}

/// What asks for it.
#[must_use]
pub fn action_of(verb: Verb) -> Option<Action> {
    let own = ACTIONS.iter().find(|(own, _)| *own == verb);
    own.map(|(_, action)| *action)
}

/// How an action stands with one machine.
enum Fate {
    Offered,
    Refused(String),
    /// Its generation does not have it, or it is not about where the machine stands.
    Absent,
}

impl Menu {
    #[must_use]
    pub fn new(machines: Vec<ArmId>) -> Self {
        Self {
            machines,
            cursor: 0,
        }
    }

    /// The machines that are still there.
    #[must_use]
    pub fn known(&self, model: &Model) -> Vec<Arc<Machine>> {
        let all = self.machines.iter();
        all.filter_map(|id| model.estate.machine(id).cloned())
            .collect()
    }

    /// What can be asked of them: what is offered first, then what is explained.
    #[must_use]
    pub fn entries(&self, model: &Model) -> Vec<Entry> {
        let machines = self.known(model);
        let all = ACTIONS
            .iter()
            .map(|(verb, _)| entry(model, *verb, &machines));
        let (offered, explained): (Vec<_>, Vec<_>) = all
            .filter(|entry| !entry.offered.is_empty() || !entry.left_out.is_empty())
            .partition(|entry| !entry.offered.is_empty());
        offered.into_iter().chain(explained).collect()
    }
}

/// How an action stands with these machines.
#[must_use]
pub fn entry(model: &Model, verb: Verb, machines: &[Arc<Machine>]) -> Entry {
    let mut entry = Entry {
        verb,
        offered: Vec::new(),
        left_out: Vec::new(),
    };
    for machine in machines {
        match fate(model, verb, machine) {
            Fate::Offered => entry.offered.push(Arc::clone(machine)),
            Fate::Refused(why) => entry.left_out.push((Arc::clone(machine), why)),
            Fate::Absent => {}
        }
    }
    entry
}

fn fate(model: &Model, verb: Verb, machine: &Arc<Machine>) -> Fate {
    let is_offered = match verb {
        Verb::Complete => waits_to_be_completed(model, machine),
        _ => machine.next.offers(verb),
    };
    if !is_offered {
        return Fate::Absent;
    }
    match model.monitor.run_with(&machine.id) {
        Some((run, _)) => {
            let why = format!("it is in the run {}: 2 Monitor shows it", run.name());
            Fate::Refused(why)
        }
        None => Fate::Offered,
    }
}

fn waits_to_be_completed(model: &Model, machine: &Machine) -> bool {
    let waits = |job: &&crate::domain::Job| {
        job.allows("Resume") && job.outcome() == crate::domain::Outcome::Waiting
    };
    let mut jobs = model
        .estate
        .jobs
        .iter()
        .filter(|job| machine.is_target_of(job));
    machine.class == crate::domain::Class::HyperV && jobs.any(|job| waits(&job))
}
