//! What is tied to what, and what else has an id.

use std::collections::HashSet;

use crate::domain::identity::group::{Tie, Twin};
use crate::domain::identity::host::HostId;
use crate::domain::text::Text;

/// What is tied to what.
pub(super) struct Ties {
    /// By registration: the machines that it is tied to.
    pub of: Vec<Vec<(usize, Tie)>>,
    /// By machine: what it is called.
    pub names: Vec<HashSet<String>>,
}

impl Ties {
    pub fn new(registrations: usize) -> Self {
        Self {
            of: vec![Vec::new(); registrations],
            names: Vec::new(),
        }
    }

    pub fn tie(&mut self, machine: usize, at: usize, tie: Tie) {
        match self.of[at].iter_mut().find(|(tied, _)| *tied == machine) {
            Some((_, known)) => *known = tie.min(*known),
            None => self.of[at].push((machine, tie)),
        }
    }

    /// In the order of the list.
    pub fn by_machine(&self, machines: usize) -> Vec<Vec<(usize, Tie)>> {
        let mut all = vec![Vec::new(); machines];
        for (at, tied) in self.of.iter().enumerate() {
            for (machine, tie) in tied {
                all[*machine].push((at, *tie));
            }
        }
        all
    }
}

#[derive(Default)]
pub(super) struct Twins(Vec<Twin>);

impl Twins {
    pub fn add(&mut self, id: &HostId, with: &Text) {
        let twin = Twin {
            id: id.clone(),
            with: with.clone(),
        };
        if !self.0.contains(&twin) {
            self.0.push(twin);
        }
    }

    pub fn sorted(mut self) -> Vec<Twin> {
        self.0
            .sort_by(|a, b| (&a.with, a.id.as_str()).cmp(&(&b.with, b.id.as_str())));
        self.0
    }
}
