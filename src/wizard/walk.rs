//! A draft held against what the site offers: which steps apply, what each asks now, what counts as
//! answered, and what is wrong.

use super::ask;
use super::field::{Field, Scope};
use super::question::{Key, Question};
use super::step::{self, StepId};
use crate::domain::offers::Offered;
use crate::domain::{Answer, ArmId, Draft, Generation, Offers, Text, WizardKind};

/// A draft and the offers.
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    pub draft: &'a Draft,
    pub offers: &'a Offers,
    machines: Vec<&'a Offered>,
    /// The generations of the machines in hand.
    generations: Vec<Generation>,
}

impl<'a> Walk<'a> {
    #[must_use]
    pub fn new(draft: &'a Draft, offers: &'a Offers) -> Self {
        let mut walk = Self {
            draft,
            offers,
            machines: Vec::new(),
            generations: Vec::new(),
        };
        let chosen = match walk.given(&Key::plan(Field::Machines)) {
            Some(Answer::List(chosen)) => chosen.clone(),
            Some(_) => Vec::new(),
            None => ask::of_plan(&walk).unwrap_or_default(),
        };
        let known = chosen.iter().filter_map(|id| {
            let id = ArmId::parse(id.as_str())?;
            offers.machine(&id)
        });
        walk.machines = known.collect();
        walk.generations = walk.in_hand();
        walk
    }

    /// The generations of the machines that were chosen; while none is, of those that could be.
    fn in_hand(&self) -> Vec<Generation> {
        let of = |offered: &Offered| offered.machine.provider().generation();
        let wizard = self.wizard();
        let free = |offered: &&Offered| ask::refused(wizard, offered).is_none();
        let mut all: Vec<Generation> = match self.machines.as_slice() {
            [] => self
                .offers
                .machines
                .iter()
                .filter(free)
                .filter_map(of)
                .collect(),
            chosen => chosen.iter().copied().filter_map(of).collect(),
        };
        all.sort();
        all.dedup();
        all
    }

    /// The generations in hand, each once.
    #[must_use]
    pub fn generations(&self) -> &[Generation] {
        &self.generations
    }

    /// The chosen machines of a generation.
    pub fn of_generation(&self, wanted: Generation) -> impl Iterator<Item = &'a Offered> {
        let all = self.machines.iter().copied();
        all.filter(move |m| m.machine.provider().generation() == Some(wanted))
    }

    /// Whether a field is of any use to the machines in hand.
    fn is_needed(&self, field: Field) -> bool {
        let for_whom = field.row().generations;
        self.generations.iter().any(|own| for_whom.contains(own))
    }

    #[must_use]
    pub fn wizard(&self) -> WizardKind {
        self.draft.wizard
    }

    /// The machines that were chosen, in that order; what the site no longer knows is left out, and
    /// is a fault of the machines' step.
    #[must_use]
    pub fn machines(&self) -> &[&'a Offered] {
        &self.machines
    }

    /// The steps that apply, in order.
    #[must_use]
    pub fn steps(&self) -> Vec<&'static step::Row> {
        let classic = || self.of_generation(Generation::Classic);
        let applies = |row: &&step::Row| match row.id {
            StepId::Identities => match self.wizard() {
                WizardKind::Protect => classic().any(|m| m.registrations > Some(1)),
                WizardKind::Recover => classic().any(|m| m.machine.azure_vm.is_none()),
                WizardKind::FailOver => false,
            },
            StepId::Order => !self.machines().is_empty(),
            StepId::Machines | StepId::Readiness | StepId::Review => true,
            _ => row.fields.iter().any(|field| self.is_needed(*field)),
        };
        step::steps(self.wizard()).iter().filter(applies).collect()
    }

    /// What a step asks now: first for the plan and for all machines alike, then wave by wave, then
    /// machine by machine.
    #[must_use]
    pub fn questions(&self, step: &step::Row) -> Vec<Question> {
        let mut keys: Vec<Key> = Vec::new();
        let alike = |field: &&Field| matches!(field.row().scope, Scope::Plan | Scope::Each);
        keys.extend(step.fields.iter().filter(alike).map(|f| Key::plan(*f)));
        for number in self.waves_said() {
            let of_waves = step.fields.iter().filter(|f| f.row().scope == Scope::Wave);
            keys.extend(of_waves.map(|field| Key::wave(*field, number)));
        }
        let per_machine = |field: &Field| !matches!(field.row().scope, Scope::Plan | Scope::Wave);
        if step.fields.iter().any(per_machine) {
            let machines = self.machines();
            for machine in machines {
                keys.extend(self.own_keys(step, machine, machines.len()));
            }
        }
        keys.iter().filter_map(|key| self.question(key)).collect()
    }

    fn own_keys(&self, step: &step::Row, machine: &Offered, of: usize) -> Vec<Key> {
        let id = machine.id();
        let mut keys = Vec::new();
        for field in step.fields {
            match field.row().scope {
                Scope::Machine => keys.push(Key::of(*field, id)),
                // With one machine, what is alike for all is its own.
                Scope::Each if of > 1 => keys.push(Key::of(*field, id)),
                Scope::Plan | Scope::Each | Scope::Adapter | Scope::Wave => {}
            }
        }
        let adapters = match self.wizard() {
            WizardKind::FailOver => ask::azure_adapters(machine),
            WizardKind::Protect | WizardKind::Recover => {
                let adapters = machine.detail().map(|d| d.adapters.as_slice());
                let all = adapters.unwrap_or_default().iter();
                all.map(|adapter| adapter.id.clone()).collect()
            }
        };
        for adapter in adapters {
            for field in step.fields {
                if field.row().scope == Scope::Adapter {
                    keys.push(Key {
                        part: Some(adapter.clone()),
                        ..Key::of(*field, id)
                    });
                }
            }
        }
        keys
    }

    /// One field as it is asked now; `None` when it does not apply.
    #[must_use]
    pub fn question(&self, key: &Key) -> Option<Question> {
        let steps = step::steps(self.wizard());
        let asked = steps.iter().any(|step| step.fields.contains(&key.field));
        let fits = match key.field.row().scope {
            Scope::Plan => key.machine.is_none() && key.part.is_none(),
            Scope::Each => key.part.is_none(),
            Scope::Machine => key.machine.is_some() && key.part.is_none(),
            Scope::Adapter => key.machine.is_some() && key.part.is_some(),
            Scope::Wave => {
                let waves = || self.waves_said().into_iter();
                key.machine.is_none() && waves().any(|number| Key::wave(key.field, number) == *key)
            }
        };
        // The machines' step itself says which machines there are.
        let of_machines = matches!(key.field, Field::System | Field::Plan | Field::Machines);
        if !asked || !fits || !(of_machines || self.is_needed(key.field)) {
            return None;
        }
        let machine = match &key.machine {
            Some(id) => Some(self.machines.iter().copied().find(|m| m.id() == id)?),
            None => None,
        };
        let generation = machine.map(|m| m.machine.provider().generation());
        if let Some(own) = generation
            && own.is_none_or(|own| !key.field.row().generations.contains(&own))
        {
            return None;
        }
        ask::question(self, key, machine)
    }

    /// What the draft itself says.
    #[must_use]
    pub fn given(&self, key: &Key) -> Option<&'a Answer> {
        let name = key.name();
        match &key.machine {
            None => self.draft.answers.get(&name),
            Some(id) => own(self.draft, id)?.get(&name),
        }
    }

    /// What counts: the answer, else that for all machines, else the default.
    #[must_use]
    pub fn value(&self, key: &Key) -> Option<Answer> {
        let common = || {
            let shared = key.field.row().scope == Scope::Each && key.machine.is_some();
            self.given(&Key::plan(key.field)).filter(|_| shared)
        };
        match self.given(key).or_else(common) {
            Some(answer) => Some(answer.clone()),
            None => self.question(key)?.default,
        }
    }

    /// What counts, as text; empty where nothing does.
    #[must_use]
    pub fn words(&self, field: Field, machine: Option<&ArmId>) -> Text {
        let key = match machine {
            Some(id) => Key::of(field, id),
            None => Key::plan(field),
        };
        match self.value(&key) {
            Some(Answer::Words(words)) => words,
            Some(other) => other.to_string().into(),
            None => Text::default(),
        }
    }

    /// What is wrong in a step, in words, each with its field. Empty: it is answered.
    #[must_use]
    pub fn faults(&self, step: &step::Row) -> Vec<(Key, String)> {
        let mut faults: Vec<(Key, String)> = Vec::new();
        let questions = self.questions(step);
        let machines = self.machines();
        for question in &questions {
            let key = &question.key;
            let each = key.field.row().scope == Scope::Each;
            if each && key.machine.is_none() {
                continue;
            }
            if let Err(why) = self.check(question) {
                let shared = each && self.given(key).is_none();
                faults.push(match shared {
                    true => (Key::plan(key.field), self.about(key, &why)),
                    false => (key.clone(), why),
                });
            }
        }
        if let [only] = machines {
            // Asked once for all, and so not asked again for the one.
            for question in &questions {
                let key = Key::of(question.field(), only.id());
                let each = question.row().scope == Scope::Each;
                if let Some(own) = self.question(&key).filter(|_| each)
                    && let Err(why) = self.check(&own)
                {
                    faults.push((Key::plan(key.field), why));
                }
            }
        }
        let mut seen = Vec::new();
        faults.retain(|(key, _)| {
            let first = !seen.contains(key);
            seen.push(key.clone());
            first
        });
        faults
    }

    fn about(&self, key: &Key, why: &str) -> String {
        let machine = key.machine.as_ref().and_then(|id| self.offers.machine(id));
        match machine {
            Some(offered) => format!("{}: {why}", offered.machine.name),
            None => why.to_owned(),
        }
    }

    fn check(&self, question: &Question) -> Result<(), String> {
        if ask::waits(question) {
            return Ok(());
        }
        match self.value(&question.key) {
            Some(answer) => {
                let taken = question.take(&answer)?;
                match (question.field(), &taken) {
                    (Field::Machines, Answer::List(list)) => ask::together(self, list),
                    (Field::After, _) => ask::untied(self, &question.key),
                    _ => Ok(()),
                }
            }
            None if question.may_be_empty() => Ok(()),
            None => Err(ask::missing(question)),
        }
    }

    /// Every fault of every step, with the step.
    #[must_use]
    pub fn all_faults(&self) -> Vec<(&'static step::Row, Key, String)> {
        let steps = self.steps().into_iter();
        steps
            .flat_map(|step| {
                let faults = self.faults(step).into_iter();
                faults.map(move |(key, why)| (step, key, why))
            })
            .collect()
    }
}

/// What a machine has of its own; ids compare as the service compares them.
pub(super) fn own<'a>(draft: &'a Draft, id: &ArmId) -> Option<&'a crate::domain::draft::Answers> {
    let same = |known: &&Text| known.as_str().eq_ignore_ascii_case(id.as_str());
    let key = draft.own.keys().find(same)?;
    draft.own.get(key)
}
