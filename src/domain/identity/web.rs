//! Which machines and registrations of a container have anything to do with each other, so that one
//! more reading is judged with its neighbours and not with everything.
//!
//! [`group()`](super::group()) looks things up by the item that a registration names, by its id, by
//! its agent's id, and by names; whatever shares one of them is in one part. What an agent's own file
//! tells joins parts later.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::candidate::{Candidate, Subject};
use super::grouping::{label, lower};
use super::host::HostId;
use super::reading::Reading;
use crate::domain::ids::ArmId;

/// The parts of a container. Indices are of its subjects and candidates.
#[derive(Clone, Debug, Default)]
pub struct Web {
    parts: Vec<Around>,
    by_subject: HashMap<ArmId, usize>,
    /// By an agent's id: the part of its registrations; else that of the first machine that told it.
    by_agent: HashMap<HostId, usize>,
    /// What files that were read join. An id that was told once joins for ever.
    links: HashMap<usize, HashSet<usize>>,
}

/// What has to do with each other, in the order of the lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    pub subjects: Vec<usize>,
    pub candidates: Vec<usize>,
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Item(ArmId),
    Id(String),
    Agent(HostId),
    Label(String),
}

impl Web {
    #[must_use]
    pub fn of(subjects: &[Subject], candidates: &[Arc<Candidate>]) -> Self {
        let mut knots = Knots::new(subjects.len() + candidates.len());
        let mut first: HashMap<Key, usize> = HashMap::new();
        let mut tie = |key: Key, node: usize| {
            let known = *first.entry(key).or_insert(node);
            knots.join(known, node);
        };
        for (at, subject) in subjects.iter().enumerate() {
            tie(Key::Item(subject.id.clone()), at);
            for name in &subject.registrations {
                tie(Key::Id(lower(name.as_str())), at);
            }
            for name in subject.names() {
                tie(Key::Label(label(name)), at);
            }
        }
        for (at, candidate) in candidates.iter().enumerate() {
            let node = subjects.len() + at;
            let own = &candidate.registration;
            if let Some(item) = &own.item {
                tie(Key::Item(item.clone()), node);
            }
            tie(Key::Id(lower(own.id.as_str())), node);
            if let Some(id) = candidate.called().id() {
                tie(Key::Agent(id.clone()), node);
            }
            if !own.name.is_empty() {
                tie(Key::Label(label(own.name.as_str())), node);
            }
        }
        let mut web = Self::default();
        let mut part_of: HashMap<usize, usize> = HashMap::new();
        for (at, subject) in subjects.iter().enumerate() {
            let part = web.part(&mut part_of, knots.root(at));
            web.parts[part].subjects.push(at);
            web.by_subject.insert(subject.id.clone(), part);
        }
        for (at, candidate) in candidates.iter().enumerate() {
            let part = web.part(&mut part_of, knots.root(subjects.len() + at));
            web.parts[part].candidates.push(at);
            if let Some(id) = candidate.called().id() {
                web.by_agent.insert(id.clone(), part);
            }
        }
        web
    }

    fn part(&mut self, part_of: &mut HashMap<usize, usize>, root: usize) -> usize {
        *part_of.entry(root).or_insert_with(|| {
            self.parts.push(Around::default());
            self.parts.len() - 1
        })
    }

    /// What a machine's files told.
    pub fn learn(&mut self, machine: &ArmId, readings: &[Reading]) {
        let Some(part) = self.by_subject.get(machine).copied() else {
            return;
        };
        let files = readings
            .iter()
            .filter_map(|reading| reading.file.as_ref().ok());
        for id in files.filter_map(|file| file.called.id()) {
            let other = *self.by_agent.entry(id.clone()).or_insert(part);
            if other != part {
                self.links.entry(part).or_default().insert(other);
                self.links.entry(other).or_default().insert(part);
            }
        }
    }

    /// Everything that a machine's readings may have to do with.
    #[must_use]
    pub fn around(&self, machine: &ArmId) -> Around {
        let mut all = Around::default();
        let mut seen: HashSet<usize> = HashSet::new();
        let mut open: Vec<usize> = self.by_subject.get(machine).copied().into_iter().collect();
        while let Some(part) = open.pop() {
            if !seen.insert(part) {
                continue;
            }
            let own = &self.parts[part];
            all.subjects.extend(&own.subjects);
            all.candidates.extend(&own.candidates);
            open.extend(self.links.get(&part).into_iter().flatten());
        }
        all.subjects.sort_unstable();
        all.candidates.sort_unstable();
        all
    }
}

/// What is joined to what.
struct Knots(Vec<usize>);

impl Knots {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[other.max(one)] = one.min(other);
    }
}
