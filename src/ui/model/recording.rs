//! Guests that are being recorded before they are protected, and what came of it in this session.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Model;
use super::wizard::{Spot, Wizard, pressing};
use crate::domain::plan::Subject;
use crate::domain::{ArmId, Place, Provider, Text, WizardKind};
use crate::readiness::{Finding, Outcome};
use crate::site::Kept;
use crate::ui::effect::Generation;
use crate::wizard::StepId;

/// The row of the readiness that says whether a machine was recorded.
pub const ROW: &str = "RECORD";

/// What goes on, and what came of it.
#[derive(Debug, Default)]
pub struct Recordings {
    /// Since when.
    under_way: HashMap<ArmId, (Generation, Timestamp)>,
    /// Which machine an answer is about.
    waiting: HashMap<Generation, ArmId>,
    /// Of the last try.
    over: HashMap<ArmId, Came>,
}

/// What came of looking into a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// Its inside is kept.
    Inside(Timestamp),
    /// What Azure says of it is kept, and it could not be looked into: why.
    Outside(Text),
    /// Nothing is kept: why.
    Not(Text),
    /// A person no longer waited.
    Stopped,
}

/// A person is asked whether a script may be run in these machines.
#[derive(Debug)]
pub struct Agreeing {
    /// By id, with the name that is shown.
    pub machines: Vec<(ArmId, Text)>,
}

impl Recordings {
    #[must_use]
    pub fn since(&self, machine: &ArmId) -> Option<Timestamp> {
        self.under_way.get(machine).map(|(_, since)| *since)
    }

    #[must_use]
    pub fn came(&self, machine: &ArmId) -> Option<&Came> {
        self.over.get(machine)
    }

    /// How many machines are being looked into.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.under_way.len()
    }

    pub fn begin(&mut self, machine: ArmId, generation: Generation, now: Timestamp) {
        self.over.remove(&machine);
        self.waiting.insert(generation, machine.clone());
        self.under_way.insert(machine, (generation, now));
    }

    /// What was waited for is over; the machine that it was about.
    pub fn over(&mut self, generation: Generation, came: impl FnOnce() -> Came) -> Option<ArmId> {
        let machine = self.waiting.remove(&generation)?;
        self.under_way.remove(&machine);
        self.over.insert(machine.clone(), came());
        Some(machine)
    }

    /// No longer waits for a machine; what waited.
    pub fn stop(&mut self, machine: &ArmId) -> Option<Generation> {
        let (generation, _) = self.under_way.remove(machine)?;
        self.waiting.remove(&generation);
        self.over.insert(machine.clone(), Came::Stopped);
        Some(generation)
    }
}

impl Came {
    /// What a person is told, behind the machine's name.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Inside(_) => "recorded".into(),
            Self::Outside(why) => format!("recorded from outside alone: {why}"),
            Self::Not(why) => format!("not recorded: {why}"),
            Self::Stopped => "not recorded: nobody waited for it any more".into(),
        }
    }

    /// What a look is to the person who asked for it.
    #[must_use]
    pub fn of(kept: Kept) -> Self {
        let whys: Vec<&str> = kept.not_read.iter().map(Text::as_str).collect();
        let why = || match whys.is_empty() {
            true => Text::from("nobody says why"),
            false => whys.join("; ").into(),
        };
        match (kept.kept, kept.inside) {
            (Ok(()), true) => Self::Inside(kept.at),
            (Ok(()), false) => Self::Outside(why()),
            (Err(_), false) => Self::Not(why()),
            (Err(not_kept), true) => Self::Not(not_kept),
        }
    }
}

/// Whether the keys are where guests are recorded: at the readiness of a new protection.
#[must_use]
pub fn is_shown(model: &Model) -> bool {
    model.wizard.as_deref().is_some_and(is_at)
}

/// As [`is_shown`], of an open wizard.
#[must_use]
pub fn is_at(wizard: &Wizard) -> bool {
    wizard.step == StepId::Readiness && wizard.draft.wizard == WizardKind::Protect
}

/// The machines of the wizard that can be looked into: in Azure, and recorded at all. Those of Hyper-V
/// are not.
pub fn able(wizard: &Wizard) -> impl Iterator<Item = (ArmId, Text)> {
    let machines = wizard.walk().machines().to_vec();
    let own = machines.into_iter().map(|offered| &offered.machine);
    let own = own.filter(|machine| {
        let provider = machine.provider();
        let vmware = matches!(provider, Provider::Classic | Provider::Modernised);
        vmware && machine.place != Place::OnPremises
    });
    own.map(|machine| (machine.id.clone(), machine.name.clone()))
}

/// What the readiness says of a machine's record.
#[must_use]
pub fn found<'a>(wizard: &'a Wizard, machine: &ArmId) -> Option<&'a Finding> {
    let mut own = wizard.readied()?.findings.of(ROW);
    own.find(|finding| matches!(&finding.subject, Subject::Machine(id) if id == machine))
}

/// Whether nothing of late is kept of it, as far as the readiness tells.
#[must_use]
pub fn is_open(wizard: &Wizard, machine: &ArmId) -> bool {
    found(wizard, machine)
        .is_none_or(|own| matches!(own.outcome, Outcome::Failed | Outcome::Unknown))
}

/// The machines that the person means: those of the row under the keys, else all that are open.
#[must_use]
pub fn meant(wizard: &Wizard) -> Vec<(ArmId, Text)> {
    let here = match (&wizard.at, wizard.readied()) {
        (Spot::Finding(number), Some(readied)) => {
            let group = pressing(&readied.findings).into_iter().nth(*number);
            group.filter(|group| group.first().is_some_and(|f| f.row.id == ROW))
        }
        _ => None,
    };
    let fits = |id: &ArmId| match &here {
        Some(group) => group
            .iter()
            .any(|f| matches!(&f.subject, Subject::Machine(own) if own == id)),
        None => is_open(wizard, id),
    };
    able(wizard).filter(|(id, _)| fits(id)).collect()
}
