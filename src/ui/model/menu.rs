//! What can be asked of the machine that the keys are about, or of the marked ones: each action with
//! the machines that it is offered for, and why the others are left out.

use std::fmt;
use std::sync::Arc;

use super::Model;
use crate::domain::{ArmId, Machine, Refusal, Situation, Verb};
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
    pub left_out: Vec<(Arc<Machine>, Why)>,
}

/// Why an action is not offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    pub why: String,
    /// What to do instead.
    pub instead: String,
    /// Where the rule stands; empty where it is our own.
    pub source: &'static str,
}

impl From<Refusal> for Why {
    fn from(refusal: Refusal) -> Self {
        Self {
            why: refusal.why.into(),
            instead: refusal.instead.into(),
            source: refusal.source,
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.why, self.instead)?;
        match self.source {
            "" => Ok(()),
            source => write!(f, " [{}]", source.replace(['[', ']'], "")),
        }
    }
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
        match verdict(model, verb, machine) {
            Ok(()) => entry.offered.push(Arc::clone(machine)),
            Err(why) => entry.left_out.push((Arc::clone(machine), why)),
        }
    }
    entry
}

#[must_use]
pub fn is_offered(model: &Model, verb: Verb, machine: &Arc<Machine>) -> bool {
    verdict(model, verb, machine).is_ok()
}

/// Whether an action may be asked of a machine now.
///
/// # Errors
/// Why not, what to do instead, and where that stands.
fn verdict(model: &Model, verb: Verb, machine: &Arc<Machine>) -> Result<(), Why> {
    if let Some((run, _)) = model.monitor.run_with(&machine.id) {
        return Err(Why {
            why: format!("It is in the run {}.", run.name()),
            instead: "Go on there: 2 Monitor shows it.".into(),
            source: "",
        });
    }
    Ok(Situation::of(machine, &model.estate.jobs).verdict(verb)?)
}
