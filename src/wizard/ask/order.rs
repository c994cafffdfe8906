//! The order's own fields: who comes after whom, what is waited for, which commands are run.

use super::Asked;
use super::recover::MOST_MINUTES;
use crate::domain::offers::Offered;
use crate::domain::plan::{Knot, Node, layers};
use crate::domain::{Answer, ArmId, Text};
use crate::wizard::field::Field;
use crate::wizard::form::Form;
use crate::wizard::question::{Key, Kind};
use crate::wizard::walk::Walk;

pub(super) fn after(walk: &Walk<'_>, machine: &Offered) -> Option<Asked> {
    let others = walk.machines().iter().filter(|m| m.id() != machine.id());
    let others: Vec<(ArmId, Text)> = others
        .map(|m| (m.id().clone(), m.machine.name.clone()))
        .collect();
    (!others.is_empty()).then(|| Asked::new(Kind::Line(Form::Machines(others))))
}

pub(super) fn ready() -> Asked {
    Asked::new(Kind::Line(Form::Ready))
}

pub(super) fn hook() -> Asked {
    Asked::new(Kind::Line(Form::Hook))
}

pub(super) fn caller() -> Asked {
    Asked::new(Kind::Line(Form::Caller))
}

pub(super) fn healthy() -> Asked {
    Asked::new(Kind::Number {
        least: 1,
        most: MOST_MINUTES,
        empty: true,
    })
}

pub(super) fn no() -> Asked {
    Asked::new(Kind::YesNo).default(Answer::Yes(false))
}

pub(super) fn at_once() -> Asked {
    Asked::new(Kind::Number {
        least: 1,
        most: 1000,
        empty: true,
    })
}

/// The machines that a machine waits for, as they were said.
pub(in crate::wizard) fn said(walk: &Walk<'_>, machine: &Offered) -> Vec<ArmId> {
    let line = walk.words(Field::After, Some(machine.id()));
    let others = walk.machines().iter().map(|m| (m.id(), &m.machine.name));
    let all: Vec<(&ArmId, &Text)> = others.collect();
    let words = line.as_str().split(',').map(str::trim);
    words
        .filter_map(|word| {
            let id = |(id, name): &&(&ArmId, &Text)| {
                id.as_str().eq_ignore_ascii_case(word) || name.as_str().eq_ignore_ascii_case(word)
            };
            all.iter().find(id).map(|(id, _)| (*id).clone())
        })
        .collect()
}

/// Whether what `key`'s machine waits for makes an order.
///
/// # Errors
/// The circle, named; it stands at every machine that is part of it.
pub(in crate::wizard) fn untied(walk: &Walk<'_>, key: &Key) -> Result<(), String> {
    let machines = walk.machines();
    let after: Vec<Vec<ArmId>> = machines.iter().map(|m| said(walk, m)).collect();
    let wave = |m: &Offered| {
        let number = walk.value(&Key::of(Field::Wave, m.id()));
        let number = number.and_then(|answer| answer.number()).unwrap_or(1);
        usize::try_from(number).unwrap_or(1)
    };
    let nodes: Vec<Node<'_>> = machines
        .iter()
        .zip(&after)
        .map(|(m, after)| Node {
            id: m.id(),
            name: &m.machine.name,
            wave: wave(m),
            after,
        })
        .collect();
    let Err(knot) = layers(&nodes) else {
        return Ok(());
    };
    let own = key.machine.as_ref().and_then(|id| walk.offers.machine(id));
    let Some(own) = own.map(|own| &own.machine.name) else {
        return Ok(());
    };
    let concerned = match &knot {
        Knot::Circle(names) => names.contains(own),
        Knot::Later { machine, .. } | Knot::Stranger { machine, .. } => machine == own,
    };
    match concerned {
        true => Err(knot.to_string()),
        false => Ok(()),
    }
}
