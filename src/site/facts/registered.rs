//! How the discovery knows the plan's machines: read by the container, joined by ids, and by the name
//! where no id fits; and for machines that are to be protected, which of their registrations is the
//! one in Azure.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::join_all;

use super::machine::protected;
use super::reason;
use crate::domain::identity::{Candidate, Judged, Power, Subject, group, judge};
use crate::domain::machine::Ties;
use crate::domain::plan::Intent;
use crate::domain::{ArmId, Machine, Plan, Provider, Registration, Text};
use crate::readiness::facts::{AzureVm, Fact, Facts, MachineFacts, Registered, Source};
use crate::site::{Evidence, Site};

/// Most registrations that are kept of one machine; two are usual (asr-rest.md 13).
const MOST: usize = 50;

/// What a machine is known by.
struct Wanted<'a> {
    id: &'a ArmId,
    name: &'a str,
    ids: &'a [Text],
}

/// The registrations of a container, as far as they were read.
struct Read {
    all: Vec<Arc<Candidate>>,
    /// Why they are not all known.
    unread: Option<Text>,
}

impl Site {
    /// Reads the containers that hold classic machines of a plan that goes home; an appliance
    /// discovers otherwise and lists nothing here.
    pub(super) async fn add_registrations(
        &self,
        plan: &Plan,
        items: &Fact<Vec<Machine>>,
        evidence: &Evidence,
        facts: &mut Facts,
    ) {
        if !matches!(plan.intent(), Intent::Protect(_) | Intent::FailBack(_)) {
            return;
        }
        let mut containers: HashMap<ArmId, Vec<ArmId>> = HashMap::new();
        for (id, machine) in &facts.machines {
            let classic = protected(machine).is_some_and(|m| m.provider() == Provider::Classic);
            if let Some(container) = id.up_to("replicationProtectionContainers")
                && classic
            {
                containers.entry(container).or_default().push(id.clone());
            }
        }
        let protects = matches!(plan.intent(), Intent::Protect(_));
        let read = containers.iter().map(async |(container, ids)| {
            let read = match self.arm.candidates(container).await {
                Ok((all, coverage)) => Read {
                    all,
                    unread: reason::incomplete(&coverage),
                },
                Err(error) => Read {
                    all: Vec::new(),
                    unread: Some(reason::of(&error)),
                },
            };
            let wanted: Vec<_> = ids
                .iter()
                .filter_map(|id| wanted(id, facts.machines.get(id)?))
                .collect();
            let registered = self.registered_of(&wanted, &read);
            let judged = match protects {
                true => self.judged_of(container, items, &read, evidence, facts),
                false => Vec::new(),
            };
            (registered, judged)
        });
        let read = join_all(read).await;
        for (registered, judged) in read {
            for (id, registrations) in registered {
                if let Some(machine) = facts.machines.get_mut(&id) {
                    machine.registrations = registrations;
                }
            }
            for (id, identity) in judged {
                if let Some(machine) = facts.machines.get_mut(&id) {
                    machine.identity = identity;
                }
            }
        }
    }

    /// Which registration is the machine in Azure, of the plan's machines in a container. What the
    /// others there are called and bound to counts, too.
    fn judged_of(
        &self,
        container: &ArmId,
        items: &Fact<Vec<Machine>>,
        read: &Read,
        evidence: &Evidence,
        facts: &Facts,
    ) -> Vec<(ArmId, Fact<Judged>)> {
        let within = |id: &ArmId| {
            id.up_to("replicationProtectionContainers")
                .is_some_and(|own| own == *container)
        };
        let all = match items {
            Fact::Known { value, .. } => value,
            Fact::Unknown { reason } => {
                let own = facts.machines.keys().filter(|id| within(id));
                let unknown = |id: &ArmId| (id.clone(), Fact::unknown(reason.clone()));
                return own.map(unknown).collect();
            }
        };
        let subject = |listed: &Machine| {
            let own = facts.machines.get(&listed.id);
            let mut subject = match own.and_then(|own| Some((protected(own)?, &own.deep))) {
                Some((machine, Fact::Known { value, .. })) => Subject::of(machine, &value.ties),
                _ => Subject::of(listed, &Ties::default()),
            };
            if let Some(Fact::Known { value, .. }) = own.map(|own| &own.azure_vm)
                && let AzureVm::There(instance) = value
            {
                subject.power = Power::of(instance.power.as_str());
            }
            subject
        };
        let subjects = all
            .iter()
            .filter(|m| m.provider() == Provider::Classic && within(&m.id));
        let subjects: Vec<Subject> = subjects.map(subject).collect();
        let readings = evidence.among(subjects.iter().map(|own| &own.id));
        let now = self.arm.service_now();
        let groups = group(subjects, &read.all, readings, read.unread.as_ref(), now);
        let own = groups
            .into_iter()
            .filter(|group| facts.machines.contains_key(&group.subject.id));
        own.map(|mut group| {
            group.lost = evidence.lost(&group.subject.id);
            let judged = judge(&group, self.at_home());
            let fact = self.told(judged, Source::Registrations);
            (group.subject.id.clone(), fact)
        })
        .collect()
    }

    fn registered_of(
        &self,
        wanted: &[Wanted<'_>],
        read: &Read,
    ) -> Vec<(ArmId, Fact<Vec<Registered>>)> {
        let fact = |own: &Wanted<'_>| match &read.unread {
            Some(why) => Fact::unknown(why.clone()),
            None => {
                let registered = |candidate: &Arc<Candidate>| {
                    let registration = &candidate.registration;
                    Some(Registered {
                        by_id: own.fits(registration)?,
                        registration: registration.clone(),
                    })
                };
                let found = read.all.iter().filter_map(registered).take(MOST).collect();
                self.told(found, Source::Registrations)
            }
        };
        let all = wanted.iter().map(|own| (own.id.clone(), fact(own)));
        all.collect()
    }
}

fn wanted<'a>(id: &'a ArmId, facts: &'a MachineFacts) -> Option<Wanted<'a>> {
    let Fact::Known { value: deep, .. } = &facts.deep else {
        return None;
    };
    Some(Wanted {
        id,
        name: protected(facts)?.name.as_str(),
        ids: &deep.ties.registrations,
    })
}

impl Wanted<'_> {
    /// Whether a registration is this machine's, and whether an id says so.
    fn fits(&self, registration: &Registration) -> Option<bool> {
        let same = |id: &Text| id.as_str().eq_ignore_ascii_case(registration.id.as_str());
        if registration.item.as_ref() == Some(self.id) || self.ids.iter().any(same) {
            return Some(true);
        }
        let named = registration.name.as_str().eq_ignore_ascii_case(self.name);
        named.then_some(false)
    }
}
