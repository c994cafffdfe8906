//! Who is who, as the screens know it: every classic machine in Azure with its registrations, judged
//! whenever something new is known, and the agents' files that are being fetched.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::identity::{Chooser, Source, Standing};
use crate::domain::{ArmId, Failure, Text};
use crate::site::{AgentTold, Asked, Evidence, Handed, Identity, Registry, Whence};
use crate::ui::effect::Generation;
use crate::ui::field::Field;

/// What is known, and what is being fetched.
#[derive(Debug, Default)]
pub struct Identities {
    /// Of the reading that counts.
    pub reading: Generation,
    pub is_reading: bool,
    /// Why the registrations are not known.
    pub failure: Option<Failure>,
    registry: Option<Registry>,
    known: Arc<Known>,
    /// The agents' files that are being fetched.
    under_way: HashMap<ArmId, UnderWay>,
}

/// The machines, judged.
#[derive(Debug, Default)]
pub struct Known {
    all: Vec<Identity>,
    at: HashMap<ArmId, usize>,
    /// Those that block, in the order of their names.
    blocked: Vec<usize>,
}

/// A file that is being fetched.
#[derive(Clone, Debug)]
pub struct UnderWay {
    pub generation: Generation,
    /// From where.
    pub words: Text,
    pub since: Timestamp,
}

/// A person hands over a machine's file.
#[derive(Debug)]
pub struct Handing {
    pub machine: ArmId,
    pub name: Text,
    pub way: Way,
    pub field: Field,
    pub error: Option<String>,
}

/// How it is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Paste,
    File,
    Ssh,
}

impl Known {
    fn of(all: Vec<Identity>) -> Self {
        let at = all
            .iter()
            .enumerate()
            .map(|(at, own)| (own.group.subject.id.clone(), at));
        let blocks = |at: &usize| all.get(*at).is_some_and(Self::blocks);
        Self {
            at: at.collect(),
            blocked: (0..all.len()).filter(blocks).collect(),
            all,
        }
    }

    #[must_use]
    pub fn of_machine(&self, machine: &ArmId) -> Option<&Identity> {
        self.all.get(*self.at.get(machine)?)
    }

    /// Whether nothing can be protected as things are.
    #[must_use]
    pub fn blocks(own: &Identity) -> bool {
        standing(own) == Standing::Blocks
    }

    /// The machines whose registrations contradict each other.
    pub fn blocked(&self) -> impl ExactSizeIterator<Item = &Identity> {
        self.blocked.iter().map(|at| &self.all[*at])
    }
}

/// What a verdict means: over Azure the service chooses.
#[must_use]
pub fn standing(own: &Identity) -> Standing {
    own.judged.verdict.standing(Chooser::Arm)
}

impl Identities {
    #[must_use]
    pub fn known(&self) -> &Arc<Known> {
        &self.known
    }

    #[must_use]
    pub fn evidence(&self) -> Evidence {
        let registry = self.registry.as_ref();
        registry.map(Registry::evidence).unwrap_or_default()
    }

    #[must_use]
    pub fn under_way(&self, machine: &ArmId) -> Option<&UnderWay> {
        self.under_way.get(machine)
    }

    /// Takes registrations that were read, judged without what is known of the agents already.
    pub fn renew(&mut self, registry: Registry, judged: Vec<Identity>) {
        self.failure = None;
        let older = self.registry.take();
        match older.filter(|older| !older.evidence().is_empty()) {
            None => {
                self.known = Arc::new(Known::of(judged));
                self.registry = Some(registry);
            }
            Some(older) => {
                self.registry = Some(registry.after(older));
                self.judge();
            }
        }
    }

    fn judge(&mut self) {
        let registry = self.registry.as_ref();
        let all = registry.map(Registry::identities).unwrap_or_default();
        self.known = Arc::new(Known::of(all));
    }

    /// How a machine is asked by Run Command.
    ///
    /// # Errors
    /// Why it cannot be.
    pub fn ask(&self, machine: &ArmId) -> Result<Asked, Text> {
        let registry = self.registry.as_ref();
        let registry = registry.ok_or("its registrations are not read yet")?;
        registry.ask(machine)
    }

    #[must_use]
    pub fn hand(&self, machine: &ArmId, whence: Whence) -> Option<Handed> {
        Some(self.registry.as_ref()?.hand(machine, whence))
    }

    pub fn begin(&mut self, machine: ArmId, under_way: UnderWay) {
        self.under_way.insert(machine, under_way);
    }

    /// No longer waits for a machine's file; what waited.
    pub fn stop(&mut self, machine: &ArmId) -> Option<UnderWay> {
        self.under_way.remove(machine)
    }

    /// What waited is over; the machine that it was about.
    pub fn over(&mut self, generation: Generation) -> Option<ArmId> {
        let mut all = self.under_way.iter();
        let own = all.find(|(_, under_way)| under_way.generation == generation);
        let machine = own.map(|(machine, _)| machine.clone())?;
        self.under_way.remove(&machine);
        Some(machine)
    }

    pub fn learn(&mut self, told: AgentTold) {
        if let Some(registry) = &mut self.registry {
            registry.learn(told);
            self.judge();
        }
    }

    /// Reads what was pasted as a machine's file.
    pub fn take(&mut self, machine: &ArmId, at: Timestamp, pasted: &str) {
        if let Some(registry) = &mut self.registry {
            registry.take(machine, Source::Paste, at, pasted.as_bytes());
            self.judge();
        }
    }
}
