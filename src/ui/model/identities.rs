//! Who is who, as the screens know it: every classic machine in Azure with its registrations, judged
//! whenever something new is known, and the agents' files that are being fetched.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::identity::{Chooser, Standing};
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
    /// What was read in this session.
    here: Evidence,
    /// The agents' files that are being fetched.
    under_way: HashMap<ArmId, UnderWay>,
    /// Which machine an answer is about.
    waiting: HashMap<Generation, ArmId>,
}

/// The machines, judged. Cheap to copy: nothing of them is.
#[derive(Clone, Debug, Default)]
pub struct Known {
    all: Vec<Arc<Identity>>,
    at: Arc<HashMap<ArmId, usize>>,
    /// Those that block, in the order of their names.
    blocked: BTreeSet<usize>,
    /// How many machines were judged so far, the same one as often as it was.
    judged: usize,
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
            at: Arc::new(at.collect()),
            blocked: (0..all.len()).filter(blocks).collect(),
            judged: all.len(),
            all: all.into_iter().map(Arc::new).collect(),
        }
    }

    /// Takes some machines as they are judged now.
    fn renew(&mut self, some: Vec<Identity>) {
        for own in some {
            self.judged += 1;
            let Some(at) = self.at.get(&own.group.subject.id).copied() else {
                continue;
            };
            match Self::blocks(&own) {
                true => self.blocked.insert(at),
                false => self.blocked.remove(&at),
            };
            self.all[at] = Arc::new(own);
        }
    }

    /// How many machines were judged so far, the same one as often as it was.
    #[must_use]
    pub fn judged(&self) -> usize {
        self.judged
    }

    #[must_use]
    pub fn of_machine(&self, machine: &ArmId) -> Option<&Identity> {
        self.all.get(*self.at.get(machine)?).map(Arc::as_ref)
    }

    /// Whether nothing can be protected as things are.
    #[must_use]
    pub fn blocks(own: &Identity) -> bool {
        standing(own) == Standing::Blocks
    }

    /// The machines whose registrations contradict each other.
    pub fn blocked(&self) -> impl ExactSizeIterator<Item = &Identity> {
        self.blocked.iter().map(|at| self.all[*at].as_ref())
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

    /// What this session's readings said; the site knows what was kept.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        self.here.clone()
    }

    /// What was kept of the agents and cannot be read, in sentences.
    #[must_use]
    pub fn troubles(&self) -> Vec<Text> {
        let registry = self.registry.as_ref();
        registry.map_or_else(Vec::new, |own| own.evidence().troubles())
    }

    #[must_use]
    pub fn under_way(&self, machine: &ArmId) -> Option<&UnderWay> {
        self.under_way.get(machine)
    }

    /// Takes registrations that were read, judged by what is kept of the agents; what only this
    /// session knows is added.
    pub fn renew(&mut self, registry: Registry, judged: Vec<Identity>) {
        self.failure = None;
        self.known = Arc::new(Known::of(judged));
        let kept = registry.evidence();
        let is_news = |own: &&ArmId| {
            let readings = self.here.of(own);
            readings.iter().any(|one| !kept.of(own).contains(one))
        };
        let news: Vec<ArmId> = self.here.machines().filter(is_news).cloned().collect();
        let registry = self.registry.insert(registry.with(&self.here));
        let now = registry.read_at();
        let known = Arc::make_mut(&mut self.known);
        for machine in news {
            known.renew(registry.around(&machine, now));
        }
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
        self.waiting.insert(under_way.generation, machine.clone());
        self.under_way.insert(machine, under_way);
    }

    /// No longer waits for a machine's file; what waited.
    pub fn stop(&mut self, machine: &ArmId) -> Option<UnderWay> {
        let own = self.under_way.remove(machine)?;
        self.waiting.remove(&own.generation);
        Some(own)
    }

    /// What waited is over; the machine that it was about.
    pub fn over(&mut self, generation: Generation) -> Option<ArmId> {
        let machine = self.waiting.remove(&generation)?;
        self.under_way.remove(&machine);
        Some(machine)
    }

    /// How many files are being fetched.
    #[must_use]
    pub fn fetching(&self) -> usize {
        self.under_way.len()
    }

    /// Takes what an agent said, and judges anew whom it concerns.
    pub fn learn(&mut self, told: AgentTold) {
        let Some(registry) = &mut self.registry else {
            return;
        };
        let AgentTold {
            machine,
            reading,
            came: now,
            ..
        } = told;
        self.here.add(&machine, reading.clone());
        registry.keep(&machine, reading);
        let again = registry.around(&machine, now);
        Arc::make_mut(&mut self.known).renew(again);
    }
}
