//! The answers file to begin with.

use super::field::Scope;
use super::question::{Candidate, Key, Kind, Question};
use super::replay::names;
use super::walk::Walk;
use crate::domain::{Answer, ArmId, Draft, Offers, Text};

/// A document to begin with: every field with its default, and where a person must choose the
/// candidates, in words that are refused until one of them is left.
#[must_use]
pub fn template(draft: &Draft, offers: &Offers) -> Draft {
    let walk = Walk::new(draft, offers);
    let mut document = Draft::new(draft.wizard);
    for step in walk.steps() {
        for question in walk.questions(step) {
            let field = question.field();
            let Some(answer) = sample(&walk, &question) else {
                continue;
            };
            let machine = question.key.machine.as_ref();
            match machine.and_then(|id| offers.machine(id)) {
                None => drop(document.answers.insert(question.key.name(), answer)),
                // What is alike for all stands once.
                Some(_) if field.row().scope == Scope::Each => {}
                Some(offered) => {
                    let alone = offers.called(offered.machine.name.as_str()).len() == 1;
                    let name = match alone {
                        true => offered.machine.name.clone(),
                        false => offered.id().as_str().into(),
                    };
                    let own = document.own.entry(name).or_default();
                    own.insert(question.key.name(), answer);
                }
            }
        }
    }
    document
}

fn sample(walk: &Walk<'_>, question: &Question) -> Option<Answer> {
    let value = walk.value(&question.key);
    Some(match (&question.kind, value) {
        (Kind::Machines(_), Some(Answer::List(_))) => {
            let machines = walk.machines();
            Answer::List(machines.iter().map(|m| name_of(walk, m.id())).collect())
        }
        (Kind::Machines(all), _) => Answer::List(vec![choose(all)]),
        (Kind::Choice(_), Some(answer)) => question.words(&answer).as_str().into(),
        // Each machine has a default of its own.
        (Kind::Choice(_), None) if !question.note.is_empty() && all_have(walk, question) => {
            return None;
        }
        (Kind::Choice(all), None) => choose(all).into(),
        (_, Some(answer)) => answer,
        (_, None) => "".into(),
    })
}

fn all_have(walk: &Walk<'_>, question: &Question) -> bool {
    let machines = walk.machines();
    let has = |id: &ArmId| walk.value(&Key::of(question.field(), id)).is_some();
    !machines.is_empty() && machines.iter().all(|m| has(m.id()))
}

fn name_of(walk: &Walk<'_>, id: &ArmId) -> Text {
    match walk.offers.machine(id) {
        Some(m) if walk.offers.called(m.machine.name.as_str()).len() == 1 => m.machine.name.clone(),
        _ => id.as_str().into(),
    }
}

fn choose(all: &[Candidate]) -> Text {
    const SHOWN: usize = 12;
    let free: Vec<&str> = names(all).take(SHOWN).collect();
    format!("CHOOSE: {}", free.join(" | ")).into()
}
