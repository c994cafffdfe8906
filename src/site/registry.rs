//! Everything that tells who is who at a site, and how it is judged: all at once, or after one more
//! reading what that reading concerns.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::evidence::Evidence;
use super::identities::shell_of;
use crate::azure::Shell;
use crate::domain::identity::{
    Around, Candidate, Group, HostId, Judged, Ranges, Reading, Remark, Subject, Web, group, judge,
};
use crate::domain::machine::Ties;
use crate::domain::{ArmId, Machine, Place, Text};

/// Machines with their registrations, and what their agents said.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    places: Vec<Container>,
    /// Where a machine is: its container, its number there.
    index: HashMap<ArmId, (usize, usize)>,
    evidence: Evidence,
    at_home: Ranges,
    /// By the service's clock.
    read_at: Timestamp,
}

/// The machines of a protection container.
#[derive(Clone, Debug)]
pub(super) struct Container {
    /// Those of the estate: nothing of them is copied.
    pub machines: Vec<Arc<Machine>>,
    pub candidates: Vec<Arc<Candidate>>,
    pub unread: Option<Text>,
    /// Names and addresses of its configuration servers.
    pub servers: Vec<Text>,
    pub web: Web,
}

/// One machine, judged.
#[derive(Clone, Debug)]
pub struct Identity {
    pub group: Group,
    pub judged: Judged,
}

impl Identity {
    /// What is wrong with the newest file that was read of it, and how much more there is.
    #[must_use]
    pub fn findings(&self) -> (&[Remark], usize) {
        let file = self.group.newest_file();
        file.map_or((&[], 0), |file| (&file.findings, file.more))
    }
}

/// A machine whose agent's file is wanted.
#[derive(Clone, Debug)]
pub struct Asked {
    pub machine: ArmId,
    pub vm: ArmId,
    pub shell: Shell,
    pub(super) about: About,
}

/// What a reading is kept and compared with.
#[derive(Clone, Debug, Default)]
pub(super) struct About {
    pub name: Text,
    pub servers: Vec<Text>,
    /// The machine's registrations with the ids of their agents.
    pub registrations: Vec<(Text, Option<HostId>)>,
}

impl About {
    /// The only registration that has the id which was read.
    pub fn registration(&self, reading: &Reading) -> Option<Text> {
        let told = reading.file.as_ref().ok()?.called.id()?;
        let own = |(_, agent): &&(Text, Option<HostId>)| agent.as_ref() == Some(told);
        let mut all = self.registrations.iter().filter(own);
        match (all.next(), all.next()) {
            (Some((id, _)), None) => Some(id.clone()),
            _ => None,
        }
    }
}

impl Container {
    pub fn new(
        machines: Vec<Arc<Machine>>,
        candidates: Vec<Arc<Candidate>>,
        unread: Option<Text>,
    ) -> Self {
        let subjects: Vec<Subject> = machines.iter().map(|m| subject(m)).collect();
        Self {
            web: Web::of(&subjects, &candidates),
            machines,
            candidates,
            unread,
            servers: Vec::new(),
        }
    }
}

fn subject(machine: &Machine) -> Subject {
    Subject::of(machine, &Ties::default())
}

impl Registry {
    pub(super) fn new(places: Vec<Container>, at_home: Ranges, read_at: Timestamp) -> Self {
        let mut index = HashMap::new();
        for (place, own) in places.iter().enumerate() {
            for (at, machine) in own.machines.iter().enumerate() {
                index.insert(machine.id.clone(), (place, at));
            }
        }
        Self {
            places,
            index,
            evidence: Evidence::default(),
            at_home,
            read_at,
        }
    }

    /// Machines of one container, and all its registrations.
    #[must_use]
    pub fn of(
        machines: Vec<Arc<Machine>>,
        candidates: Vec<Arc<Candidate>>,
        at_home: Ranges,
        read_at: Timestamp,
    ) -> Self {
        let place = Container::new(machines, candidates, None);
        Self::new(vec![place], at_home, read_at)
    }

    /// The machines that run in Azure, or of which that is not known, in the order of their names.
    #[must_use]
    pub fn identities(&self, now: Timestamp) -> Vec<Identity> {
        let mut all = Vec::new();
        for place in &self.places {
            let subjects = place.machines.iter().map(|m| subject(m)).collect();
            all.extend(self.judged(place, subjects, &place.candidates, now));
        }
        all.sort_by_cached_key(|identity| {
            let subject = &identity.group.subject;
            (
                subject.name.as_str().to_lowercase(),
                subject.id.as_str().to_lowercase(),
            )
        });
        all
    }

    /// A machine and those that what was read of it may concern, judged anew: the others are what
    /// they were.
    #[must_use]
    pub fn around(&self, machine: &ArmId, now: Timestamp) -> Vec<Identity> {
        let Some((place, _)) = self.place_of(machine) else {
            return Vec::new();
        };
        let Around {
            subjects,
            candidates,
        } = place.web.around(machine);
        let subjects = subjects.iter().map(|at| subject(&place.machines[*at]));
        let candidates: Vec<_> = candidates
            .iter()
            .map(|at| Arc::clone(&place.candidates[*at]))
            .collect();
        self.judged(place, subjects.collect(), &candidates, now)
    }

    fn judged(
        &self,
        place: &Container,
        subjects: Vec<Subject>,
        candidates: &[Arc<Candidate>],
        now: Timestamp,
    ) -> Vec<Identity> {
        let readings = self.evidence.among(subjects.iter().map(|s| &s.id));
        let groups = group(subjects, candidates, readings, place.unread.as_ref(), now);
        let away = groups
            .into_iter()
            .filter(|group| group.subject.place != Place::OnPremises);
        let judged = away.map(|mut group| {
            group.lost = self.evidence.lost(&group.subject.id);
            Identity {
                judged: judge(&group, &self.at_home),
                group,
            }
        });
        judged.collect()
    }

    /// Keeps what an agent's file said.
    pub fn keep(&mut self, machine: &ArmId, reading: Reading) {
        if let Some((place, _)) = self.index.get(machine) {
            let read = std::slice::from_ref(&reading);
            self.places[*place].web.learn(machine, read);
        }
        self.evidence.add(machine, reading);
    }

    /// When the registrations were read, by the service's clock.
    #[must_use]
    pub fn read_at(&self) -> Timestamp {
        self.read_at
    }

    /// What the agents' files said so far.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// Goes on from what is known: what was read of the agents before.
    #[must_use]
    pub fn with(mut self, known: &Evidence) -> Self {
        self.evidence = self.evidence.and(known);
        for place in &mut self.places {
            for machine in &place.machines {
                place.web.learn(&machine.id, self.evidence.of(&machine.id));
            }
        }
        self
    }

    /// How to ask for a machine's file by Run Command.
    ///
    /// # Errors
    /// Why that cannot be done.
    pub fn ask(&self, machine: &ArmId) -> Result<Asked, Text> {
        let (_, own) = self
            .place_of(machine)
            .ok_or("it is no classic machine of this site")?;
        // Its VM may still be there, and is not the machine.
        if own.place == Place::OnPremises {
            return Err("it does not run in Azure".into());
        }
        let vm = own
            .azure_vm
            .clone()
            .ok_or("Azure does not tell which VM it is")?;
        let shell = shell_of(own).ok_or("Azure does not tell whether it runs Windows or Linux")?;
        Ok(Asked {
            machine: machine.clone(),
            vm,
            shell,
            about: self.about(machine),
        })
    }

    /// What runs scripts in a machine; `None` where its system is not told.
    #[must_use]
    pub fn shell(&self, machine: &ArmId) -> Option<Shell> {
        self.place_of(machine).and_then(|(_, own)| shell_of(own))
    }

    pub(super) fn about(&self, machine: &ArmId) -> About {
        let Some((place, own)) = self.place_of(machine) else {
            return About::default();
        };
        let around = place.web.around(machine).candidates;
        let registrations = around.iter().map(|at| {
            let own = &place.candidates[*at];
            (own.registration.id.clone(), own.called().id().cloned())
        });
        About {
            name: own.name.clone(),
            servers: place.servers.clone(),
            registrations: registrations.collect(),
        }
    }

    fn place_of(&self, machine: &ArmId) -> Option<(&Container, &Machine)> {
        let (place, at) = self.index.get(machine)?;
        let place = self.places.get(*place)?;
        Some((place, place.machines.get(*at)?))
    }
}
