//! The estate: every machine of a site, what carries it, and how well each part is known.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::infrastructure::Fabric;
use crate::domain::{ArmId, Failure, Job, Machine, Text};

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
    pub parts: Vec<Part>,
    /// Machines of the reading that is under way, shown once it is complete.
    incoming: Vec<Arc<Machine>>,
    /// Counts changes, so that a screen knows when its own index is stale.
    pub revision: u64,
}

/// One part of the estate, and how well it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    pub name: PartName,
    pub state: PartState,
    /// The service's own time of the newest answer that was read.
    pub read_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PartName {
    Vaults,
    Machines,
    Infrastructure,
    VCenters,
    Registrations,
    Jobs,
    VaultHealth,
    AzureVms,
}

impl PartName {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Vaults => "vaults",
            Self::Machines => "machines",
            Self::Infrastructure => "infrastructure",
            Self::VCenters => "vCenters",
            Self::Registrations => "registrations",
            Self::Jobs => "jobs",
            Self::VaultHealth => "vault health",
            Self::AzureVms => "Azure VMs",
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
    Jobs(Vec<Job>),
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

    /// Folds one piece of news in.
    pub fn apply(&mut self, update: Update) {
        self.revision += 1;
        match update {
            Update::Begun => self.incoming.clear(),
            Update::Vaults(vaults) => self.vaults = vaults,
            Update::Machines(page) => self.incoming.extend(page.into_iter().map(Arc::new)),
            Update::Machine(machine) => {
                if let Some(known) = self.machines.iter_mut().find(|m| m.id == machine.id) {
                    *known = Arc::new(*machine);
                }
            }
            Update::Fabrics(fabrics) => self.fabrics = fabrics,
            Update::Jobs(jobs) => self.jobs = jobs,
            Update::Part(part) => self.set(part),
            Update::Ended => {}
        }
    }

    fn set(&mut self, part: Part) {
        match self.parts.iter_mut().find(|known| known.name == part.name) {
            Some(known) => *known = part,
            None => self.parts.push(part),
        }
    }
}
