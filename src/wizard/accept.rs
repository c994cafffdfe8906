//! Taking answers: what is accepted goes into the draft, what is not says why and changes nothing.

use super::ask;
use super::field::{Field, Scope};
use super::question::{Key, Kind};
use super::walk::{Walk, own};
use crate::domain::{Answer, ArmId, Draft, Offers, Provider, Text};

/// Accepts an answer.
///
/// # Errors
/// In words, for under the field. The draft is then as it was.
pub fn accept(
    draft: &mut Draft,
    offers: &Offers,
    key: &Key,
    answer: &Answer,
) -> Result<(), String> {
    let walk = Walk::new(draft, offers);
    let Some(question) = walk.question(key) else {
        return Err(not_asked(&walk, key));
    };
    let answer = question.take(answer)?;
    if let (Field::Machines, Answer::List(list)) = (key.field, &answer) {
        ask::together(&walk, list)?;
    }
    put(draft, key, answer);
    match key.field {
        Field::System => drop_other_systems(draft, offers),
        // The plan's machines are the default now; what was marked before is not.
        Field::Plan => drop(draft.answers.remove(&Text::from(Field::Machines.name()))),
        _ => {}
    }
    Ok(())
}

/// Why a field is not asked: the machines in hand are of other generations than those that need it,
/// or something that was answered leaves no room for it.
fn not_asked(walk: &Walk<'_>, key: &Key) -> String {
    let row = key.field.row();
    let own = key.machine.as_ref().and_then(|id| walk.offers.machine(id));
    let in_hand = match own {
        Some(own) => own.machine.provider().generation().into_iter().collect(),
        None => walk.generations().to_vec(),
    };
    if let (Scope::Wave, Some(number)) = (row.scope, &key.part) {
        return format!("no machine is in a wave {number}");
    }
    let label = row.label.to_lowercase();
    if row.generations.iter().any(|g| in_hand.contains(g)) {
        return format!("{label} is not asked here");
    }
    let all = row.generations.iter();
    let whose: Vec<String> = all.map(|g| Provider::from(*g).word().to_owned()).collect();
    let whose = whose.join(" and ");
    match own {
        Some(own) => format!(
            "{label} is for {whose} machines; {} is none",
            own.machine.name
        ),
        None => format!("{label} is for {whose} machines, and there is none in the plan"),
    }
}

/// Marks a machine, or unmarks it; its replication group goes with it. Answers how many others went
/// with it.
///
/// # Errors
/// Why it cannot be marked.
pub fn toggle(draft: &mut Draft, offers: &Offers, id: &ArmId) -> Result<usize, String> {
    let walk = Walk::new(draft, offers);
    let Some(offered) = offers.machine(id) else {
        return Err("the site no longer knows this machine".into());
    };
    let key = Key::plan(Field::Machines);
    let mut chosen: Vec<Text> = walk.machines().iter().map(|m| value(m.id())).collect();
    let group = offers.group(&offered.machine);
    let free = |member: &&crate::domain::offers::Offered| {
        member.id() == id || ask::refused(draft.wizard, member).is_none()
    };
    let going: Vec<Text> = group
        .into_iter()
        .filter(free)
        .map(|m| value(m.id()))
        .collect();
    let before = chosen.len();
    if chosen.contains(&value(id)) {
        chosen.retain(|known| !going.contains(known));
    } else {
        let new = going.into_iter().filter(|id| !chosen.contains(id));
        let new: Vec<Text> = new.collect();
        chosen.extend(new);
    }
    let others = before.abs_diff(chosen.len()).saturating_sub(1);
    if chosen.is_empty() {
        put(draft, &key, Answer::List(chosen));
    } else {
        accept(draft, offers, &key, &Answer::List(chosen))?;
    }
    Ok(others)
}

fn value(id: &ArmId) -> Text {
    id.as_str().into()
}

/// Forgets an answer: what counts is the one for all machines again, or the default.
pub fn forget(draft: &mut Draft, key: &Key) {
    let name = key.name();
    match &key.machine {
        None => drop(draft.answers.remove(&name)),
        Some(id) => {
            let machine = known_as(draft, id);
            if let Some(answers) = draft.own.get_mut(&machine) {
                answers.remove(&name);
                if answers.is_empty() {
                    draft.own.remove(&machine);
                }
            }
        }
    }
}

/// Makes what one machine has what every machine has, field by field of one step; what others had of
/// their own in these fields is forgotten.
pub fn apply_to_all(draft: &mut Draft, fields: &[Field], machine: &ArmId) {
    let Some(mine) = own(draft, machine).cloned() else {
        return;
    };
    for field in fields.iter().filter(|f| f.row().scope == Scope::Each) {
        let name = Text::from(field.name());
        let Some(answer) = mine.get(&name) else {
            continue;
        };
        draft.answers.insert(name.clone(), answer.clone());
        for answers in draft.own.values_mut() {
            answers.remove(&name);
        }
    }
    draft.own.retain(|_, answers| !answers.is_empty());
}

fn known_as(draft: &Draft, id: &ArmId) -> Text {
    let same = |known: &&Text| known.as_str().eq_ignore_ascii_case(id.as_str());
    let known = draft.own.keys().find(same).cloned();
    known.unwrap_or_else(|| value(id))
}

fn put(draft: &mut Draft, key: &Key, answer: Answer) {
    let answers = match &key.machine {
        None => &mut draft.answers,
        Some(id) => {
            let machine = known_as(draft, id);
            draft.own.entry(machine).or_default()
        }
    };
    answers.insert(key.name(), answer);
}

/// Another system: machines that do not run it are no longer in the plan.
fn drop_other_systems(draft: &mut Draft, offers: &Offers) {
    let walk = Walk::new(draft, offers);
    let Some(question) = walk.question(&Key::plan(Field::Machines)) else {
        return;
    };
    let Kind::Machines(candidates) = &question.kind else {
        return;
    };
    let name = Text::from(Field::Machines.name());
    if let Some(Answer::List(list)) = draft.answers.get_mut(&name) {
        list.retain(|id| candidates.iter().any(|c| c.value == *id));
    }
}
