//! What a step shows, as blocks, and the spots among them that the keys go to.

use super::{Readiness, Wizard};
use crate::domain::{Answer, ArmId, Generation, Text, WizardKind};
use crate::readiness::{Finding, Findings, Outcome};
use crate::wizard::{Field, Key, Kind, Question, Scope, Step, StepId};

/// Something that the keys can be on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// One of a choice, or one machine of the list, by its value.
    Candidate(Key, Text),
    /// A machine's answer is to be that of all.
    AsAll(Key),
    Line(Key),
    YesNo(Key),
    /// The line of a machine that has settings of its own.
    Machine(ArmId),
    /// What this machine has is to be what all have.
    ApplyToAll(ArmId),
    /// A machine with its registrations.
    Identity(ArmId),
    /// A machine in the order.
    Wave(ArmId),
    /// What is done around a wave, by its number.
    AroundWave(u64),
    /// Findings that say the same, by the number of their group.
    Finding(usize),
    Back,
    Next,
}

/// A part of the page.
#[derive(Clone, Debug)]
pub enum Block {
    Question(Question),
    Machine {
        id: ArmId,
        name: Text,
        /// The only machine has nothing to be folded away from.
        folds: bool,
        open: bool,
        /// How many fields have answers of their own.
        own: usize,
    },
    ApplyToAll(ArmId),
    /// A machine with its registrations.
    Identity(ArmId),
    /// A wave; its machines follow.
    Wave(u64),
    /// A machine in its wave, by name; what is said about its place.
    Placed(ArmId, Text, Text),
    /// What is done around a wave, by its number, in words; unfolded, its fields follow.
    AroundWave(u64, Text),
    /// What counts for the plan as a whole follows.
    Whole,
    /// Findings that say the same.
    Findings(usize),
}

/// What a step shows.
#[derive(Clone, Debug)]
pub struct Page {
    pub blocks: Vec<Block>,
}

impl Page {
    pub(super) fn of(wizard: &Wizard) -> Self {
        let blocks = match wizard.step {
            StepId::Readiness => findings(wizard),
            StepId::Order => waves(wizard),
            StepId::Identities if wizard.draft.wizard == WizardKind::Protect => identities(wizard),
            _ => questions(wizard),
        };
        Self { blocks }
    }

    /// Everything that the keys can be on, top to bottom.
    #[must_use]
    pub fn spots(&self) -> Vec<Spot> {
        let mut spots = Vec::new();
        for block in &self.blocks {
            match block {
                Block::Question(question) => spots.extend(of_question(question)),
                Block::Machine { folds: false, .. } => {}
                Block::Machine { id, .. } => spots.push(Spot::Machine(id.clone())),
                Block::ApplyToAll(id) => spots.push(Spot::ApplyToAll(id.clone())),
                Block::Identity(id) => spots.push(Spot::Identity(id.clone())),
                Block::Wave(_) | Block::Whole => {}
                Block::AroundWave(number, _) => spots.push(Spot::AroundWave(*number)),
                Block::Placed(id, ..) => spots.push(Spot::Wave(id.clone())),
                Block::Findings(group) => spots.push(Spot::Finding(*group)),
            }
        }
        spots.extend([Spot::Back, Spot::Next]);
        spots
    }

    /// The first spot of a field.
    #[must_use]
    pub fn first_of(&self, key: &Key) -> Option<Spot> {
        let own = self.blocks.iter().find_map(|block| match block {
            Block::Question(question) if question.key == *key => Some(question),
            _ => None,
        })?;
        of_question(own).into_iter().next()
    }

    #[must_use]
    pub fn question(&self, key: &Key) -> Option<&Question> {
        self.blocks.iter().find_map(|block| match block {
            Block::Question(question) if question.key == *key => Some(question),
            _ => None,
        })
    }
}

impl Wizard {
    /// The spot of what is chosen in a field; where nothing is, the first one of it, or from below
    /// the last.
    #[must_use]
    pub fn chosen_of(&self, key: &Key, from_above: bool) -> Option<Spot> {
        let walk = self.walk();
        let page = self.page();
        let own = || page.spots().into_iter().filter(|s| s.key() == Some(key));
        let nearest = || match from_above {
            true => own().next(),
            false => own().next_back(),
        };
        let question = page.question(key);
        if question.is_some_and(|question| matches!(question.kind, Kind::Machines(_))) {
            return nearest();
        }
        // What one machine shares with all stands on the line that says so.
        let shared = key.machine.is_some()
            && key.field.row().scope == Scope::Each
            && walk.given(key).is_none();
        let counts = walk.value(key).map(|answer| answer.to_string());
        let is_chosen = |spot: &Spot| match spot {
            Spot::Candidate(_, value) => !shared && counts.as_deref() == Some(value.as_str()),
            Spot::AsAll(_) => shared,
            _ => true,
        };
        own().find(is_chosen).or_else(nearest)
    }
}

impl Spot {
    /// The field that it belongs to.
    #[must_use]
    pub fn key(&self) -> Option<&Key> {
        match self {
            Self::Candidate(key, _) | Self::AsAll(key) | Self::Line(key) | Self::YesNo(key) => {
                Some(key)
            }
            _ => None,
        }
    }
}

fn of_question(question: &Question) -> Vec<Spot> {
    let key = &question.key;
    match &question.kind {
        Kind::Choice(all) | Kind::Machines(all) => {
            let shared = key.machine.is_some() && question.row().scope == Scope::Each;
            let as_all = shared.then(|| Spot::AsAll(key.clone()));
            let all = all.iter();
            let candidates = all.map(|c| Spot::Candidate(key.clone(), c.value.clone()));
            as_all.into_iter().chain(candidates).collect()
        }
        Kind::Line(_) | Kind::Number { .. } => vec![Spot::Line(key.clone())],
        Kind::YesNo => vec![Spot::YesNo(key.clone())],
    }
}

/// Whether a step asks one thing of each machine and nothing of all: then there is nothing to fold.
#[must_use]
pub fn is_of_machines_alone(step: &Step) -> bool {
    matches!(step.fields, [field] if field.row().scope == Scope::Machine)
}

/// The step's questions: first those for all, then machine by machine, folded.
fn questions(wizard: &Wizard) -> Vec<Block> {
    let walk = wizard.walk();
    let many = walk.machines().len() > 1;
    let mut blocks = Vec::new();
    let mut of: Option<ArmId> = None;
    let all = walk.questions(wizard.row());
    for question in &all {
        let flat = is_of_machines_alone(wizard.row());
        let Some(id) = question.key.machine.as_ref().filter(|_| !flat) else {
            blocks.push(Block::Question(question.clone()));
            continue;
        };
        let open = !many || wizard.unfolded.contains(id);
        if of.as_ref() != Some(id) {
            end_machine(wizard, &of, many, &mut blocks);
            let given =
                |q: &&Question| q.key.machine.as_ref() == Some(id) && walk.given(&q.key).is_some();
            let name = wizard.offers.machine(id).map(|m| m.machine.name.clone());
            blocks.push(Block::Machine {
                id: id.clone(),
                name: name.unwrap_or_default(),
                folds: many,
                open,
                own: all.iter().filter(given).count(),
            });
            of = Some(id.clone());
        }
        if open {
            blocks.push(Block::Question(question.clone()));
        }
    }
    end_machine(wizard, &of, many, &mut blocks);
    blocks
}

fn end_machine(wizard: &Wizard, of: &Option<ArmId>, many: bool, blocks: &mut Vec<Block>) {
    if let Some(id) = of
        && many
        && wizard.unfolded.contains(id)
        && shares(wizard, id)
    {
        blocks.push(Block::ApplyToAll(id.clone()));
    }
}

/// Whether a machine has anything of its own here that others could have, too.
fn shares(wizard: &Wizard, id: &ArmId) -> bool {
    let walk = wizard.walk();
    let fields = wizard.row().fields.iter();
    let mut each = fields.filter(|field| field.row().scope == Scope::Each);
    each.any(|field| walk.given(&Key::of(*field, id)).is_some())
}

/// The classic machines: the others are registered once, or not at all.
fn identities(wizard: &Wizard) -> Vec<Block> {
    let walk = wizard.walk();
    let classic = walk.of_generation(Generation::Classic);
    classic.map(|m| Block::Identity(m.id().clone())).collect()
}

fn waves(wizard: &Wizard) -> Vec<Block> {
    let walk = wizard.walk();
    let mut waves: Vec<(u64, Vec<(ArmId, Text)>)> = Vec::new();
    for offered in walk.machines() {
        let id = offered.id().clone();
        let value = walk.value(&Key::of(Field::Wave, &id));
        let number = value
            .and_then(|answer: Answer| answer.number())
            .unwrap_or(1);
        let machine = (id, offered.machine.name.clone());
        match waves.iter_mut().find(|(known, _)| *known == number) {
            Some((_, machines)) => machines.push(machine),
            None => waves.push((number, vec![machine])),
        }
    }
    waves.sort_by_key(|(number, _)| *number);
    let all = walk.questions(wizard.row());
    let of = |wanted: &dyn Fn(&Key) -> bool| {
        let own = all
            .iter()
            .filter(|q| q.field() != Field::Wave && wanted(&q.key));
        own.cloned().map(Block::Question).collect::<Vec<_>>()
    };
    let mut blocks = Vec::new();
    for (number, machines) in waves {
        blocks.push(Block::Wave(number));
        for (id, name) in machines {
            let placed = wizard.offers.machine(&id).map(|m| walk.placed(m));
            blocks.push(Block::Placed(
                id.clone(),
                name,
                placed.unwrap_or_default().into(),
            ));
            if wizard.unfolded.contains(&id) {
                blocks.extend(of(&|key| key.machine.as_ref() == Some(&id)));
            }
        }
        blocks.push(Block::AroundWave(number, walk.around_words(number).into()));
        if wizard.unfolded_waves.contains(&number) {
            let part = Key::wave(Field::WaveBefore, number).part;
            blocks.extend(of(&|key| key.machine.is_none() && key.part == part));
        }
    }
    blocks.push(Block::Whole);
    blocks.extend(of(&|key| key.machine.is_none() && key.part.is_none()));
    blocks
}

fn findings(wizard: &Wizard) -> Vec<Block> {
    match &wizard.readiness {
        Readiness::Known { readied, .. } => {
            let groups = pressing(&readied.findings).len();
            (0..groups).map(Block::Findings).collect()
        }
        _ => Vec::new(),
    }
}

/// The findings that a person wants to see, most pressing first, those that say the same together:
/// what stops the plan, what wants consent, what is unknown, what was answered, what is good to know.
#[must_use]
pub fn pressing(findings: &Findings) -> Vec<Vec<&Finding>> {
    let rank = |finding: &Finding| match (finding.blocks(), finding.outcome) {
        (true, Outcome::Failed) if finding.wants().is_none() => Some(0),
        (true, Outcome::Failed) => Some(1),
        (true, _) => Some(2),
        (false, Outcome::Failed | Outcome::Unknown) if finding.answer.is_some() => Some(3),
        (false, Outcome::Failed | Outcome::Unknown) => Some(4),
        (false, _) => None,
    };
    let ranked = findings.0.iter().filter_map(|f| Some((rank(f)?, f)));
    let mut ranked: Vec<(i32, &Finding)> = ranked.collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for (_, finding) in ranked {
        match groups
            .iter_mut()
            .find(|group| group.first().is_some_and(|f| alike(f, finding)))
        {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// Whether two findings say the same of two subjects.
fn alike(one: &Finding, other: &Finding) -> bool {
    one.row.id == other.row.id
        && one.words == other.words
        && one.blocks() == other.blocks()
        && one.answer.is_some() == other.answer.is_some()
}
