//! The estate: every machine of a site, what carries it, and how well each part is known.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::infrastructure::Fabric;
use crate::domain::{ArmId, Failure, Job, Machine, Problem, Text};

/// What was read of a site. Grows while it is being read: [`Estate::apply`] folds [`Update`]s.
#[derive(Clone, Debug, Default)]
pub struct Estate {
    /// The vaults of the site, by name.
    pub vaults: Vec<Text>,
    /// In the order in which the service listed them.
    pub machines: Vec<Arc<Machine>>,
    pub fabrics: Vec<Fabric>,
    /// Recent jobs, newest first, shallow.
    pub jobs: Vec<Job>,
    /// What the vaults themselves complain about.
    pub vault_problems: Vec<Problem>,
    pub parts: Vec<Part>,
    /// Machines of the reading that is under way, shown once it is complete.
    incoming: Vec<Arc<Machine>>,
    /// Whether the reading under way is the first.
    first: bool,
    /// Counts changes, so that a screen knows when its own index is stale.
    pub revision: u64,
}

/// One part of the estate, and how well it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    pub name: PartName,
    pub state: PartState,
    /// The service's own time of the newest answer that was read.
    pub read_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PartName {
    Machines,
    Infrastructure,
    VCenters,
    VaultHealth,
    Jobs,
}

impl PartName {
    pub const ALL: [Self; 5] = [
        Self::Machines,
        Self::Infrastructure,
        Self::VCenters,
        Self::VaultHealth,
        Self::Jobs,
    ];

    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Machines => "machines",
            Self::Infrastructure => "infrastructure",
            Self::VCenters => "vCenters",
            Self::VaultHealth => "vault health",
            Self::Jobs => "jobs",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PartState {
    /// Being read for the first time; what is there already is incomplete.
    Reading,
    Read,
    /// Put together from single recorded answers: nobody knows what else there was.
    Composed,
    /// Read, but for what this says: not everything that the service listed is shown.
    Partial(Text),
    /// The recording does not hold it.
    NotRecorded,
    /// What is shown, if anything, is from `read_at`.
    Failed(Box<Failure>),
}

/// News from a reading.
#[derive(Clone, Debug)]
pub enum Update {
    /// A reading begins.
    Begun,
    Vaults(Vec<Text>),
    /// A page of machines.
    Machines(Vec<Machine>),
    /// One machine read anew, alone.
    Machine(Box<Machine>),
    Fabrics(Vec<Fabric>),
    /// Those that could be read, while others could not: the others stay as they are known.
    SomeFabrics(Vec<Fabric>),
    Jobs(Vec<Job>),
    /// As [`Self::SomeFabrics`].
    SomeJobs(Vec<Job>),
    VaultProblems(Vec<Problem>),
    Part(Part),
    /// The reading is over.
    Ended,
}

impl Estate {
    #[must_use]
    pub fn part(&self, name: PartName) -> Option<&Part> {
        self.parts.iter().find(|part| part.name == name)
    }

    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&Arc<Machine>> {
        self.machines.iter().find(|machine| machine.id == *id)
    }

    /// Folds one piece of news in. The first reading is shown as it comes; a later one takes the
    /// place of what is shown once it is complete, so that nothing vanishes for a moment.
    pub fn apply(&mut self, update: Update) {
        self.revision += 1;
        match update {
            Update::Begun => self.begin(),
            Update::Vaults(vaults) => self.vaults = vaults,
            Update::Machines(page) => {
                let page = page.into_iter().map(Arc::new);
                let list = if self.first {
                    &mut self.machines
                } else {
                    &mut self.incoming
                };
                list.extend(page);
            }
            Update::Machine(machine) => {
                if let Some(known) = self.machines.iter_mut().find(|m| m.id == machine.id) {
                    *known = Arc::new(*machine);
                }
            }
            Update::Fabrics(fabrics) => self.fabrics = fabrics,
            Update::SomeFabrics(read) => {
                self.fabrics
                    .retain(|old| read.iter().all(|new| new.id != old.id));
                self.fabrics.extend(read);
            }
            Update::SomeJobs(read) => {
                self.jobs
                    .retain(|old| read.iter().all(|new| new.id != old.id));
                self.jobs.extend(read);
                self.jobs.sort_by_key(|job| std::cmp::Reverse(job.start));
            }
            Update::VaultProblems(problems) => self.vault_problems = problems,
            Update::Jobs(jobs) => self.jobs = jobs,
            Update::Part(part) => {
                if part.name == PartName::Machines {
                    self.settle(&part.state);
                }
                self.set(part);
            }
            Update::Ended => {}
        }
    }

    fn begin(&mut self) {
        self.incoming.clear();
        self.first = self.machines.is_empty();
        if self.parts.is_empty() {
            let reading = |name| Part {
                name,
                state: PartState::Reading,
                read_at: None,
            };
            self.parts = PartName::ALL.map(reading).to_vec();
        }
    }

    /// The list of machines is over: whole, or cut short by a failure.
    fn settle(&mut self, state: &PartState) {
        let incoming = std::mem::take(&mut self.incoming);
        if self.first {
            return;
        }
        if matches!(state, PartState::Failed(_)) {
            let fresh: HashSet<ArmId> = incoming.iter().map(|m| m.id.clone()).collect();
            self.machines.retain(|old| !fresh.contains(&old.id));
            self.machines.extend(incoming);
        } else {
            self.machines = incoming;
        }
    }

    fn set(&mut self, mut part: Part) {
        match self.parts.iter_mut().find(|known| known.name == part.name) {
            Some(known) => {
                // What is shown after a failure is as old as it was before.
                part.read_at = part.read_at.or(known.read_at);
                *known = part;
            }
            None => self.parts.push(part),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Class, Health, Next, Place, Retry, Stage};

    fn machine(name: &str) -> Machine {
        Machine {
            id: ArmId::parse(&format!("/subscriptions/s/vaults/v/items/{name}")).unwrap(),
            name: name.into(),
            class: Class::HyperV,
            place: Place::Azure,
            stage: Stage::Committed,
            running: None,
            sync_percent: None,
            next: Next::default(),
            health: Health::Normal,
            problems: Vec::new(),
            rpo_seconds: None,
            group_id: Text::default(),
            group_name: Text::default(),
            policy: Text::default(),
            last_failover: None,
            test_failover: Text::default(),
            event_correlation_id: Text::default(),
            azure_vm: None,
            service_ids: Box::default(),
            os: Text::default(),
            address: Text::default(),
        }
    }

    fn part(state: PartState) -> Update {
        Update::Part(Part {
            name: PartName::Machines,
            state,
            read_at: None,
        })
    }

    fn names(estate: &Estate) -> Vec<&str> {
        estate.machines.iter().map(|m| m.name.as_str()).collect()
    }

    #[test]
    fn the_first_reading_is_shown_as_it_comes() {
        let mut estate = Estate::default();
        estate.apply(Update::Begun);
        estate.apply(Update::Machines(vec![machine("a")]));
        assert_eq!(names(&estate), ["a"]);
        assert_eq!(
            estate.part(PartName::Machines).unwrap().state,
            PartState::Reading
        );
    }

    #[test]
    fn a_later_reading_takes_its_place_at_once() {
        let mut estate = Estate::default();
        for update in [
            Update::Begun,
            Update::Machines(vec![machine("a"), machine("b")]),
            part(PartState::Read),
            Update::Begun,
            Update::Machines(vec![machine("b")]),
        ] {
            estate.apply(update);
        }
        assert_eq!(names(&estate), ["a", "b"]);
        estate.apply(part(PartState::Read));
        assert_eq!(names(&estate), ["b"]);
    }

    #[test]
    fn a_reading_that_fails_takes_nothing_away() {
        let mut estate = Estate::default();
        let failed = || PartState::Failed(Box::new(Failure::new("x", "", Retry::MayHelp)));
        for update in [
            Update::Begun,
            Update::Machines(vec![machine("a"), machine("b")]),
            part(PartState::Read),
            Update::Begun,
            Update::Machines(vec![machine("b")]),
            part(failed()),
        ] {
            estate.apply(update);
        }
        assert_eq!(names(&estate), ["a", "b"]);
        assert_eq!(estate.part(PartName::Machines).unwrap().state, failed());
    }
}
