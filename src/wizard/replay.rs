//! Walking the answers of a file as a person would walk the screens.

use super::accept::accept;
use super::field::{Field, Scope};
use super::question::{Candidate, Key, Kind};
use super::step;
use super::walk::Walk;
use crate::domain::{Answer, ArmId, Draft, Offers, Text};

/// An answer that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// As the file names it.
    pub field: Text,
    pub machine: Option<Text>,
    /// What is wrong, and what can be answered.
    pub why: Text,
}

impl Refusal {
    fn new(field: impl Into<Text>, why: impl Into<Text>) -> Self {
        Self {
            field: field.into(),
            machine: None,
            why: why.into(),
        }
    }

    fn of(self, machine: &Text) -> Self {
        Self {
            machine: Some(machine.clone()),
            ..self
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.machine {
            Some(machine) => write!(f, "{} of {machine}: {}", self.field, self.why),
            None => write!(f, "{}: {}", self.field, self.why),
        }
    }
}

/// The machines that a document is about, so that they can be read deeply before it is replayed.
///
/// # Errors
/// Why they are none.
pub fn machines(document: &Draft, offers: &Offers) -> Result<Vec<ArmId>, Vec<Refusal>> {
    let mut draft = Draft::new(document.wizard);
    let mut refusals = Vec::new();
    for field in [Field::System, Field::Plan, Field::Machines] {
        if let Some(answer) = document.answers.get(&Text::from(field.name())) {
            take(&mut draft, offers, &Key::plan(field), answer, &mut refusals);
        }
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let walk = Walk::new(&draft, offers);
    Ok(walk.machines().iter().map(|m| m.id().clone()).collect())
}

/// Replays a document against what the site offers.
///
/// # Errors
/// Every answer that cannot be taken, and every field that must be answered and is not.
pub fn replay(document: &Draft, offers: &Offers) -> Result<Draft, Vec<Refusal>> {
    let mut draft = Draft::new(document.wizard);
    draft.step.clone_from(&document.step);
    draft.saved = document.saved;
    draft.statements.clone_from(&document.statements);
    let mut refusals = unknown(document);
    for step in step::steps(document.wizard) {
        for field in step.fields {
            common(document, &mut draft, offers, *field, &mut refusals);
        }
        // Its first step tells which machines there are.
        if let Some((first, _)) = step::steps(document.wizard).split_first()
            && first.id == step.id
        {
            refusals.extend(strangers(document, &draft, offers));
        }
        own(document, &mut draft, offers, step, &mut refusals);
        of_waves(document, &mut draft, offers, step, &mut refusals);
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let walk = Walk::new(&draft, offers);
    let faults = walk.all_faults().into_iter().map(|(_, key, why)| {
        let refusal = Refusal::new(key.name(), candidates(&walk, &key, why));
        let machine = key.machine.as_ref().and_then(|id| offers.machine(id));
        match machine {
            Some(offered) => refusal.of(&offered.machine.name),
            None => refusal,
        }
    });
    let faults: Vec<Refusal> = faults.collect();
    if faults.is_empty() {
        Ok(draft)
    } else {
        Err(faults)
    }
}

/// For a reader who sees no list: what there is to choose from.
fn candidates(walk: &Walk<'_>, key: &Key, why: String) -> String {
    match walk.question(key).map(|question| question.kind) {
        Some(Kind::Choice(all)) if !why.contains("choose one of") => {
            let free: Vec<&str> = names(&all).collect();
            match free.is_empty() {
                true => why,
                false => format!("{why}: {}", free.join(", ")),
            }
        }
        _ => why,
    }
}

pub(super) fn names(all: &[Candidate]) -> impl Iterator<Item = &str> {
    let free = all.iter().filter(|c| c.refused.is_none());
    free.map(|c| c.label.as_str())
}

fn take(
    draft: &mut Draft,
    offers: &Offers,
    key: &Key,
    answer: &Answer,
    refusals: &mut Vec<Refusal>,
) {
    if let Err(why) = accept(draft, offers, key, answer) {
        refusals.push(Refusal::new(key.name(), why));
    }
}

fn common(
    document: &Draft,
    draft: &mut Draft,
    offers: &Offers,
    field: Field,
    refusals: &mut Vec<Refusal>,
) {
    let shared = matches!(field.row().scope, Scope::Plan | Scope::Each);
    let answer = document.answers.get(&Text::from(field.name()));
    let Some(answer) = answer.filter(|_| shared) else {
        return;
    };
    let key = Key::plan(field);
    // A question that is not put because Azure knows the answer takes it all the same.
    let is_put = Walk::new(draft, offers).question(&key).is_some();
    if is_put || field != Field::System {
        take(draft, offers, &key, answer, refusals);
    }
}

/// What is asked of the waves, once every machine's is known.
fn of_waves(
    document: &Draft,
    draft: &mut Draft,
    offers: &Offers,
    step: &step::Row,
    refusals: &mut Vec<Refusal>,
) {
    for (name, answer) in &document.answers {
        if let Some((field, part @ Some(_))) = Key::parse(name.as_str())
            && field.row().scope == Scope::Wave
            && step.fields.contains(&field)
        {
            let key = Key {
                part,
                ..Key::plan(field)
            };
            take(draft, offers, &key, answer, refusals);
        }
    }
}

/// What machines have of their own in one step.
fn own(
    document: &Draft,
    draft: &mut Draft,
    offers: &Offers,
    step: &step::Row,
    refusals: &mut Vec<Refusal>,
) {
    for (name, answers) in &document.own {
        let Some(id) = chosen(draft, offers, name) else {
            continue;
        };
        // In the order of the step: what one answer opens, the next may fill.
        let mut known: Vec<(usize, Key, &Answer)> = Vec::new();
        for (field, answer) in answers {
            let Some((of, part)) = Key::parse(field.as_str()) else {
                continue;
            };
            if let Some(at) = step.fields.iter().position(|f| *f == of) {
                let key = Key {
                    part,
                    ..Key::of(of, &id)
                };
                known.push((at, key, answer));
            }
        }
        known.sort_by_key(|(at, ..)| *at);
        for (_, key, answer) in known {
            let mut own = Vec::new();
            take(draft, offers, &key, answer, &mut own);
            refusals.extend(own.into_iter().map(|refusal| refusal.of(name)));
        }
    }
}

/// The chosen machine that is called so.
fn chosen(draft: &Draft, offers: &Offers, name: &Text) -> Option<ArmId> {
    let walk = Walk::new(draft, offers);
    let machines = walk.machines();
    let called = offers.called(name.as_str());
    let mut both = called
        .iter()
        .filter(|m| machines.iter().any(|c| c.id() == m.id()));
    match (both.next(), both.next()) {
        (Some(only), None) => Some(only.id().clone()),
        _ => None,
    }
}

/// Machines that have something of their own and are not chosen.
fn strangers(document: &Draft, draft: &Draft, offers: &Offers) -> Vec<Refusal> {
    let names = document.own.keys();
    let strange = names.filter(|name| chosen(draft, offers, name).is_none());
    let why = |name: &Text| match offers.called(name.as_str()).len() {
        0 => "no machine here is called so",
        1 => "it is not among the machines of the plan",
        _ => "several machines are called so; use the id of the one that is meant",
    };
    strange
        .map(|name| Refusal::new("own", why(name)).of(name))
        .collect()
}

/// Fields that no step of this wizard asks.
fn unknown(document: &Draft) -> Vec<Refusal> {
    let asked: Vec<Field> = step::steps(document.wizard)
        .iter()
        .flat_map(|step| step.fields.iter().copied())
        .collect();
    let refuse = |name: &Text, answers: fn(Scope) -> bool| match Key::parse(name.as_str()) {
        Some((field, part))
            if asked.contains(&field)
                && answers(field.row().scope)
                && part.is_some() == matches!(field.row().scope, Scope::Adapter | Scope::Wave) =>
        {
            None
        }
        Some((field, _)) if asked.contains(&field) => Some(
            match field.row().scope {
                Scope::Plan | Scope::Each => "it is for the whole plan: put it under answers",
                Scope::Machine => "each machine has its own: put it under own",
                Scope::Wave => "each wave has its own: put it under answers, as waveAfter/NUMBER",
                Scope::Adapter => "each adapter has its own: put it under own, as network/ADAPTER",
            }
            .to_owned(),
        ),
        _ => {
            let known: Vec<_> = asked.iter().map(|field| field.name()).collect();
            Some(format!(
                "there is no such field; there are: {}",
                known.join(", ")
            ))
        }
    };
    let plan: fn(Scope) -> bool = |s| matches!(s, Scope::Plan | Scope::Each | Scope::Wave);
    let machine: fn(Scope) -> bool = |s| !matches!(s, Scope::Plan | Scope::Wave);
    let common = document
        .answers
        .keys()
        .filter_map(|name| refuse(name, plan).map(|why| Refusal::new(name.clone(), why)));
    let own = document.own.iter().flat_map(|(of, answers)| {
        let refused = answers.keys().filter_map(move |name| {
            refuse(name, machine).map(|why| Refusal::new(name.clone(), why).of(of))
        });
        refused.collect::<Vec<_>>()
    });
    common.chain(own).collect()
}
