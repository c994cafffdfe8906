//! A wizard as the screens have it: the draft, where the keys are, what was typed and not yet taken.

mod overlays;
mod page;

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

pub use overlays::{About, DraftsView, Stating, StatingFocus};
pub use page::{Block, Page, Spot, is_of_machines_alone, pressing};

use super::identities::{Known, standing};
use super::monitor::Readied;
use crate::domain::draft::{Draft, DraftId};
use crate::domain::identity::Standing;
use crate::domain::{ArmId, Failure, Offers, Plan, Text, WizardKind};
use crate::ui::effect::Generation;
use crate::ui::field::Field;
use crate::wizard::{Key, Step, StepId, Walk};

/// The wizard that is open.
#[derive(Debug)]
pub struct Wizard {
    pub id: DraftId,
    pub draft: Draft,
    pub offers: Offers,
    pub step: StepId,
    /// What the keys act on, and where it stood last among the others.
    pub at: Spot,
    pub index: usize,
    /// Where the page is scrolled to.
    pub top: usize,
    /// The line that is being typed into, when the keys are on one.
    pub typing: Option<Typing>,
    /// What was typed and cannot be taken: it stays until it is mended, with what is wrong.
    pub refused: Vec<(Key, String, String)>,
    /// Machines whose own settings are unfolded.
    pub unfolded: HashSet<ArmId>,
    /// Waves whose commands are unfolded.
    pub unfolded_waves: HashSet<u64>,
    /// The step's open fields are shown as faults: next was pressed.
    pub is_insisting: bool,
    pub saved: Saved,
    /// Of what is read beside the estate.
    pub reading: Generation,
    /// Machines whose deep reading was asked for.
    pub asked: HashSet<ArmId>,
    /// Which registration is which, of the machines that go home.
    pub who: Arc<Known>,
    pub readiness: Readiness,
    /// The plan is being kept.
    pub is_keeping: bool,
    /// The step in which the draft was left, while it does not apply: what is still being read may
    /// tell that it does.
    pub left_in: Option<StepId>,
}

/// A line of text under the keys.
#[derive(Debug)]
pub struct Typing {
    pub key: Key,
    pub field: Field,
    /// What stood there before.
    pub before: String,
}

/// Whether the draft is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Nothing was answered yet.
    Never,
    Saving,
    At(Timestamp),
    Failed(Box<Failure>),
}

/// What is known of the plan's readiness.
#[derive(Debug)]
pub enum Readiness {
    NotAsked,
    Checking {
        generation: Generation,
        plan: Box<Plan>,
    },
    Known {
        plan: Box<Plan>,
        readied: Box<Readied>,
    },
    /// Why it could not be found out; it is not asked again by itself.
    Unknown {
        plan: Box<Plan>,
        failure: Box<Failure>,
    },
}

impl Wizard {
    #[must_use]
    pub fn new(id: DraftId, draft: Draft, offers: Offers) -> Self {
        let saved = match draft.saved {
            Some(at) => Saved::At(at),
            None => Saved::Never,
        };
        let step = step_of(&draft, &offers);
        let mut wizard = Self {
            id,
            draft,
            offers,
            step,
            at: Spot::Next,
            index: 0,
            top: 0,
            typing: None,
            refused: Vec::new(),
            unfolded: HashSet::new(),
            unfolded_waves: HashSet::new(),
            is_insisting: false,
            saved,
            reading: Generation::default(),
            asked: HashSet::new(),
            who: Arc::default(),
            readiness: Readiness::NotAsked,
            is_keeping: false,
            left_in: None,
        };
        let named = wizard.draft.step.clone();
        wizard.enter(step);
        let rows = crate::wizard::steps(wizard.draft.wizard).iter();
        let mut rows = rows.filter(|row| Some(row.name) == named.as_ref().map(Text::as_str));
        wizard.left_in = rows.next().map(|row| row.id).filter(|id| *id != step);
        if wizard.left_in.is_some() {
            wizard.draft.step = named;
        }
        wizard
    }

    #[must_use]
    pub fn walk(&self) -> Walk<'_> {
        Walk::new(&self.draft, &self.offers)
    }

    /// The step's row; the first one when it no longer applies.
    #[must_use]
    pub fn row(&self) -> &'static Step {
        let steps = self.walk().steps();
        let own = steps.iter().find(|row| row.id == self.step);
        own.or(steps.first()).copied().unwrap_or_else(|| {
            // A wizard without steps is none: the tables are never empty.
            &crate::wizard::steps(self.draft.wizard)[0]
        })
    }

    /// Where the step stands among those that apply, counted from 1, and how many there are.
    #[must_use]
    pub fn place(&self) -> (usize, usize) {
        let steps = self.walk().steps();
        let at = steps.iter().position(|row| row.id == self.step);
        (at.map_or(1, |at| at + 1), steps.len())
    }

    /// Goes to a step: to the first thing that wants an answer, else to its last button.
    pub fn enter(&mut self, step: StepId) {
        self.step = step;
        let row = self.row();
        self.step = row.id;
        self.draft.step = Some(row.name.into());
        self.left_in = None;
        self.typing = None;
        self.is_insisting = false;
        self.top = 0;
        let faults = self.walk().faults(row);
        // What is wrong is not hidden in a fold.
        if let Some((key, _)) = faults.first()
            && row.id == StepId::Order
        {
            self.unfold(key);
        }
        let page = self.page();
        let spots = page.spots();
        let wanting = faults.first().and_then(|(key, _)| page.first_of(key));
        self.at = match (wanting, row.id) {
            (Some(spot), _) => spot,
            (None, StepId::Order | StepId::Identities) if page.blocks.is_empty() => Spot::Next,
            (None, StepId::Identities) if self.draft.wizard == WizardKind::Protect => Spot::Next,
            (None, StepId::Order | StepId::Identities) => {
                let first = spots.first().cloned().unwrap_or(Spot::Next);
                let chosen = first.key().and_then(|key| self.chosen_of(key, true));
                chosen.unwrap_or(first)
            }
            (None, _) => Spot::Next,
        };
        self.to_first_finding();
        self.settle();
    }

    /// Shows a field that is folded away.
    pub fn unfold(&mut self, key: &Key) {
        self.unfolded.extend(key.machine.clone());
        let wave = key.part.as_ref().filter(|_| key.machine.is_none());
        let wave = wave.and_then(|part| part.as_str().parse::<u64>().ok());
        self.unfolded_waves.extend(wave);
    }

    /// On the readiness step: to the first finding that holds the plan back, where there is one;
    /// among identities: to the first machine that is not settled.
    pub fn to_first_finding(&mut self) {
        if self.step == StepId::Identities && self.at == Spot::Next {
            let open = |spot: &Spot| match spot {
                Spot::Identity(id) => self.who.of_machine(id).is_some_and(|own| {
                    matches!(standing(own), Standing::Unknown | Standing::Blocks)
                }),
                _ => false,
            };
            if let Some(spot) = self.page().spots().into_iter().find(open) {
                self.at = spot;
                self.top = 0;
            }
        }
        let holds = self
            .readied()
            .is_some_and(|readied| !readied.findings.ready());
        if self.step == StepId::Readiness && self.at == Spot::Next && holds {
            self.at = Spot::Finding(0);
        }
    }

    /// The step before or after this one, where there is one.
    #[must_use]
    pub fn neighbour(&self, forward: bool) -> Option<StepId> {
        let steps = self.walk().steps();
        let at = steps.iter().position(|row| row.id == self.step)?;
        let to = match forward {
            true => at + 1,
            false => at.checked_sub(1)?,
        };
        steps.get(to).map(|row| row.id)
    }

    /// What the step shows, block by block.
    #[must_use]
    pub fn page(&self) -> Page {
        Page::of(self)
    }

    /// Goes on to the step in which the draft was left, once it is known to apply.
    pub fn catch_up(&mut self) {
        let applies = |id: &StepId| self.walk().steps().iter().any(|row| row.id == *id);
        if let Some(step) = self.left_in.filter(applies) {
            self.enter(step);
        }
    }

    /// Brings the keys back to something that is there, and opens the line that they are on.
    pub fn settle(&mut self) {
        let page = self.page();
        let spots = page.spots();
        match spots.iter().position(|spot| *spot == self.at) {
            Some(at) => self.index = at,
            None => {
                self.index = self.index.min(spots.len().saturating_sub(1));
                self.at = spots.get(self.index).cloned().unwrap_or(Spot::Next);
            }
        }
        let Spot::Line(key) = &self.at else {
            self.typing = None;
            return;
        };
        if self.typing.as_ref().is_none_or(|typing| typing.key != *key) {
            let before = self.shown(key);
            let refused = self.refused.iter().find(|(of, ..)| of == key);
            let text = refused.map_or(before.as_str(), |(_, typed, _)| typed);
            self.typing = Some(Typing {
                key: key.clone(),
                field: Field::holding(text),
                before: before.clone(),
            });
        }
    }

    /// What stands in a line: the answer, else the default.
    #[must_use]
    pub fn shown(&self, key: &Key) -> String {
        let walk = self.walk();
        match (walk.value(key), walk.question(key)) {
            (Some(answer), Some(question)) => question.typed(&answer),
            (Some(answer), None) => answer.to_string(),
            (None, _) => String::new(),
        }
    }

    /// What is wrong with a field: what was refused, or, once next was pressed, what is missing.
    #[must_use]
    pub fn fault(&self, key: &Key) -> Option<String> {
        let refused = self.refused.iter().find(|(of, ..)| of == key);
        if let Some((_, _, why)) = refused {
            return Some(why.clone());
        }
        if !self.is_insisting {
            return None;
        }
        let faults = self.walk().faults(self.row());
        let own = faults.into_iter().find(|(of, _)| of == key);
        own.map(|(_, why)| why)
    }

    /// The plan as it stands, when there is enough for one.
    #[must_use]
    pub fn plan(&self) -> Option<Plan> {
        self.walk().plan().ok()
    }

    /// What was found out about the plan as it stands; nothing once it is another.
    #[must_use]
    pub fn readied(&self) -> Option<&Readied> {
        match &self.readiness {
            Readiness::Known { plan, readied } => {
                let same = self.plan().is_some_and(|now| now.intent() == plan.intent());
                same.then_some(readied)
            }
            _ => None,
        }
    }

    /// Whether readiness is to be found out (again): the plan is another than the one judged.
    #[must_use]
    pub fn wants_readiness(&self) -> Option<Plan> {
        let now = self.plan()?;
        let judged = match &self.readiness {
            Readiness::NotAsked => None,
            Readiness::Checking { plan, .. }
            | Readiness::Known { plan, .. }
            | Readiness::Unknown { plan, .. } => Some(plan),
        };
        let same = judged.is_some_and(|judged| {
            judged.intent() == now.intent() && judged.statements == now.statements
        });
        (!same).then_some(now)
    }
}

/// The step in which a draft was left.
fn step_of(draft: &Draft, offers: &Offers) -> StepId {
    let walk = Walk::new(draft, offers);
    let steps = walk.steps();
    let named = draft.step.as_ref().and_then(|name| {
        let found = steps.iter().find(|row| row.name == name.as_str());
        found.map(|row| row.id)
    });
    named.unwrap_or(StepId::Machines)
}
