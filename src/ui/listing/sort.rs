//! The order of the list.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::domain::{Health, Machine, Place, Provider};

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Name,
    Provider,
    Place,
    State,
    Rpo,
    Next,
    Health,
}

impl Order {
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Name => Self::Provider,
            Self::Provider => Self::Place,
            Self::Place => Self::State,
            Self::State => Self::Rpo,
            Self::Rpo => Self::Next,
            Self::Next => Self::Health,
            Self::Health => Self::Name,
        }
    }

    /// Whether the values fall from the top down: those where the worst comes first, and the
    /// others when they are turned round.
    #[must_use]
    pub fn falls(self, reversed: bool) -> bool {
        matches!(self, Self::Rpo | Self::Health) != reversed
    }
}

/// Places in `machines`, sorted; equal ones by name, then as the service listed them.
pub(super) fn sorted(machines: &[Arc<Machine>], order: Order, reversed: bool) -> Vec<usize> {
    // Keys that need computing are computed once a machine, not once a comparison.
    let words: Vec<String> = match order {
        Order::State => machines.iter().map(|m| m.state_words()).collect(),
        _ => Vec::new(),
    };
    let mut places: Vec<usize> = (0..machines.len()).collect();
    places.sort_by(|&a, &b| {
        let (x, y) = (&*machines[a], &*machines[b]);
        let by = match order {
            Order::Name => Ordering::Equal,
            Order::Provider => provider(x).cmp(&provider(y)),
            Order::Place => place(x).cmp(&place(y)),
            Order::State => words[a].cmp(&words[b]),
            Order::Rpo => worst_rpo(x).cmp(&worst_rpo(y)),
            Order::Next => next(x).cmp(&next(y)),
            Order::Health => worst_health(x).cmp(&worst_health(y)),
        };
        let by = by.then_with(|| natural(x.name.as_str(), y.name.as_str()));
        let by = if reversed { by.reverse() } else { by };
        by.then(a.cmp(&b))
    });
    places
}

fn provider(machine: &Machine) -> Provider {
    machine.provider()
}

fn place(machine: &Machine) -> u8 {
    match machine.place {
        Place::Unknown(_) => 0,
        Place::Azure => 1,
        Place::OnPremises => 2,
    }
}

/// Longest first; not told last.
fn worst_rpo(machine: &Machine) -> (bool, std::cmp::Reverse<u64>) {
    let seconds = machine.rpo_seconds;
    (seconds.is_none(), std::cmp::Reverse(seconds.unwrap_or(0)))
}

/// In the order in which verbs are offered; nothing offered last.
fn next(machine: &Machine) -> (bool, Option<crate::domain::Verb>) {
    let verb = machine.next.verbs.first().copied();
    (verb.is_none(), verb)
}

fn worst_health(machine: &Machine) -> (&Health, std::cmp::Reverse<usize>) {
    (&machine.health, std::cmp::Reverse(machine.problems.len()))
}

/// Compares names as people do: without case, numbers by value (`web-2` before `web-10`).
#[must_use]
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut x, mut y) = (a.chars().peekable(), b.chars().peekable());
    loop {
        let by = match (x.peek().copied(), y.peek().copied()) {
            (None, None) => return a.cmp(b),
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(c), Some(d)) if c.is_ascii_digit() && d.is_ascii_digit() => {
                number(&mut x).cmp(&number(&mut y))
            }
            (Some(c), Some(d)) => {
                x.next();
                y.next();
                c.to_lowercase().cmp(d.to_lowercase())
            }
        };
        if by != Ordering::Equal {
            return by;
        }
    }
}

fn number(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> u64 {
    let mut value = 0_u64;
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
        value = value.saturating_mul(10).saturating_add(u64::from(digit));
        chars.next();
    }
    value
}
