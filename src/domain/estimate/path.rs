//! The longest way through the order of a plan.
//!
//! What stands before the door is done for all machines at once; what stands behind it begins when
//! every machine of the waves before is home, and every machine that it waits for.

use std::collections::{BTreeMap, HashMap};

use super::guess::Guess;
use super::range::Range;
use super::slots::Slots;
use super::{Course, Forecast, Gap, Known, Leg, Share};
use crate::domain::ids::ArmId;
use crate::domain::recipe::StepKind;
use crate::domain::text::Text;

/// One machine with what is still to be done for it.
pub(super) struct Work<'a> {
    pub id: &'a ArmId,
    pub name: &'a Text,
    /// Counted from 1.
    pub wave: usize,
    pub after: &'a [ArmId],
    pub steps: Vec<Share>,
}

/// Why a machine's cut-over begins when it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// Its own preparation.
    Own,
    /// The machine at this place.
    Other(usize),
}

/// When a machine arrives, and what it waited for.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    at: Range,
    cause: Cause,
    at_least: bool,
}

/// What the machines of the waves before hold up: when the last of them arrives, and which that is.
#[derive(Clone, Copy, Debug)]
struct Gate {
    at: Range,
    last: usize,
    at_least: bool,
}

impl Gate {
    fn with(gate: Option<Self>, place: usize, arrival: Arrival) -> Self {
        let own = Self {
            at: arrival.at,
            last: place,
            at_least: arrival.at_least,
        };
        let Some(gate) = gate else { return own };
        Self {
            at: gate.at.beside(own.at),
            last: match own.at.likely() > gate.at.likely() {
                true => place,
                false => gate.last,
            },
            at_least: gate.at_least || own.at_least,
        }
    }
}

pub(super) fn forecast(works: Vec<Work<'_>>, known: &Known, past_runs: usize) -> Forecast {
    let mut all: Vec<Option<Arrival>> = vec![None; works.len()];
    let (mut gate, mut so_far, mut wave) = (None, None, None);
    let mut slots = known.at_once.map(|most| Slots::new(most, works.len()));
    for (place, work) in works.iter().enumerate() {
        // What is through the door has its room.
        if let Some(slots) = slots.as_mut().filter(|_| !waits(work)) {
            slots.take(place, sum(&work.steps));
        }
    }
    for turn in order(&works) {
        if wave.replace(works[turn.place].wave) != Some(works[turn.place].wave) {
            gate = so_far;
        }
        let work = &works[turn.place];
        let room = slots.as_ref().filter(|_| waits(work)).map(Slots::next);
        let arrival = turn.arrival(work, gate, room, &all);
        if let Some(slots) = slots.as_mut().filter(|_| waits(work)) {
            slots.take(turn.place, arrival.at);
        }
        so_far = Some(Gate::with(so_far, turn.place, arrival));
        all[turn.place] = Some(arrival);
    }
    let of_the_past = steps(&works).any(|share| share.guess.is_of_the_past());
    Forecast {
        total: so_far.map(|gate| gate.at).unwrap_or_default(),
        path: path(&works, &all, so_far.map(|gate| gate.last)),
        gaps: gaps(&works),
        commands: known.commands,
        people: steps(&works).filter(|s| s.guess == Guess::Person).count(),
        past_runs: if of_the_past { past_runs } else { 0 },
        machines: works.into_iter().zip(all).map(course).collect(),
    }
}

fn course((work, arrival): (Work<'_>, Option<Arrival>)) -> Course {
    Course {
        id: work.id.clone(),
        name: work.name.clone(),
        own: sum(&work.steps),
        arrives: arrival.map(|arrival| arrival.at).unwrap_or_default(),
        at_least: arrival.is_some_and(|arrival| arrival.at_least),
        steps: work.steps,
    }
}

fn steps<'a>(works: &'a [Work<'_>]) -> impl Iterator<Item = &'a Share> {
    works.iter().flat_map(|work| &work.steps)
}

fn gaps(works: &[Work<'_>]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    for share in steps(works).filter(|share| share.guess == Guess::Unknown) {
        match gaps.iter_mut().find(|gap| gap.step == share.step) {
            Some(gap) => gap.machines += 1,
            None => gaps.push(Gap {
                step: share.step,
                machines: 1,
            }),
        }
    }
    gaps
}

fn sum(steps: &[Share]) -> Range {
    let known = steps.iter().filter_map(|share| share.guess.range());
    known.fold(Range::default(), Range::then)
}

/// A machine whose turn it is, with those of its own accord that it waits for.
struct Turn {
    place: usize,
    after: Vec<usize>,
}

/// The machines, each after all that it waits for. In an order that goes round in a circle - no
/// plan has one - what closes the circle is not waited for.
fn order(works: &[Work<'_>]) -> Vec<Turn> {
    let places: HashMap<&ArmId, usize> = works.iter().zip(0..).map(|(w, at)| (w.id, at)).collect();
    let mut waves: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, work) in works.iter().enumerate() {
        waves.entry(work.wave).or_default().push(at);
    }
    let mut turns = Vec::with_capacity(works.len());
    let mut told = vec![false; works.len()];
    for (wave, members) in waves {
        let mut waiting: HashMap<usize, usize> = HashMap::new();
        let mut followers: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut after: HashMap<usize, Vec<usize>> = HashMap::new();
        for &own in &members {
            let named = works[own].after.iter().filter(|_| waits(&works[own]));
            for other in named.filter_map(|id| places.get(id).copied()) {
                if told[other] {
                    after.entry(own).or_default().push(other);
                } else if works[other].wave == wave && other != own {
                    *waiting.entry(own).or_default() += 1;
                    followers.entry(other).or_default().push(own);
                    after.entry(own).or_default().push(other);
                }
            }
        }
        let free = |at: &usize| !waiting.contains_key(at);
        let mut ready: Vec<usize> = members.iter().copied().filter(free).rev().collect();
        let mut take = |own: usize, after: Vec<usize>, told: &mut Vec<bool>| {
            told[own] = true;
            let known = after.into_iter().filter(|other| told[*other]).collect();
            turns.push(Turn {
                place: own,
                after: known,
            });
        };
        while let Some(own) = ready.pop() {
            take(own, after.remove(&own).unwrap_or_default(), &mut told);
            for follower in followers.remove(&own).unwrap_or_default() {
                let left = waiting.entry(follower).or_default();
                *left = left.saturating_sub(1);
                if *left == 0 {
                    ready.push(follower);
                }
            }
        }
        let circle: Vec<usize> = members.into_iter().filter(|at| !told[*at]).collect();
        for own in circle {
            take(own, after.remove(&own).unwrap_or_default(), &mut told);
        }
    }
    turns
}

/// Whether a machine still has a door to wait at.
fn waits(work: &Work<'_>) -> bool {
    work.steps.iter().any(|share| share.step == StepKind::Door)
}

impl Turn {
    /// `room`: when there is some, and which machine makes it.
    fn arrival(
        &self,
        work: &Work<'_>,
        gate: Option<Gate>,
        room: Option<(Range, Option<usize>)>,
        all: &[Option<Arrival>],
    ) -> Arrival {
        let door = work.steps.iter().position(|s| s.step == StepKind::Door);
        let (before, behind) = work.steps.split_at(door.unwrap_or(0));
        let mut begin = Arrival {
            at: sum(before),
            cause: Cause::Own,
            at_least: work.steps.iter().any(|s| s.guess == Guess::Unknown),
        };
        let mut hold = |at: Range, place: usize, at_least: bool| {
            if at.likely() > begin.at.likely() {
                begin.cause = Cause::Other(place);
            }
            begin.at = begin.at.beside(at);
            begin.at_least |= at_least;
        };
        if let Some(gate) = gate.filter(|_| door.is_some()) {
            hold(gate.at, gate.last, gate.at_least);
        }
        for other in &self.after {
            if let Some(arrival) = all[*other] {
                hold(arrival.at, *other, arrival.at_least);
            }
        }
        if let Some((at, Some(by))) = room {
            let at_least = all[by].is_some_and(|arrival| arrival.at_least);
            hold(at, by, at_least);
        }
        Arrival {
            at: begin.at.then(sum(behind)),
            ..begin
        }
    }
}

/// The steps of the likely longest way, from the begin to the last arrival.
fn path(works: &[Work<'_>], all: &[Option<Arrival>], last: Option<usize>) -> Vec<Leg> {
    let mut legs: Vec<Leg> = Vec::new();
    let mut next = last;
    while let Some(at) = next {
        let work = &works[at];
        let cause = all[at].map_or(Cause::Own, |arrival| arrival.cause);
        let door = work.steps.iter().position(|s| s.step == StepKind::Door);
        let from = match cause {
            Cause::Own => 0,
            Cause::Other(_) => door.unwrap_or(0),
        };
        let counted = |share: &&Share| !matches!(share.guess, Guess::Person | Guess::Turn);
        let own = work.steps[from..].iter().filter(counted).map(|share| Leg {
            machine: work.id.clone(),
            name: work.name.clone(),
            step: share.step,
            guess: share.guess,
        });
        let mut own: Vec<Leg> = own.collect();
        own.append(&mut legs);
        legs = own;
        next = match cause {
            Cause::Own => None,
            Cause::Other(other) => Some(other),
        };
    }
    legs
}
