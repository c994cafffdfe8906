//! How the discovery knows the plan's machines: read by the container, joined by ids, and by the name
//! where no id fits.

use std::collections::HashMap;

use futures::future::join_all;

use super::machine::protected;
use super::reason;
use crate::domain::plan::Intent;
use crate::domain::{ArmId, Plan, Provider, Registration, Text};
use crate::readiness::facts::{Fact, Facts, MachineFacts, Registered, Source};
use crate::site::Site;

/// Most registrations that are kept of one machine; two are usual (asr-rest.md 13).
const MOST: usize = 50;

/// What a machine is known by.
struct Wanted<'a> {
    id: &'a ArmId,
    name: &'a str,
    ids: &'a [Text],
}

impl Site {
    /// Reads the containers that hold classic machines of a plan that goes home; an appliance
    /// discovers otherwise and lists nothing here.
    pub(super) async fn add_registrations(&self, plan: &Plan, facts: &mut Facts) {
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
        let read = containers.iter().map(|(container, ids)| {
            let wanted = ids
                .iter()
                .filter_map(|id| wanted(id, facts.machines.get(id)?));
            self.registrations_in(container, wanted.collect())
        });
        let read: Vec<_> = join_all(read).await.into_iter().flatten().collect();
        for (id, registrations) in read {
            if let Some(machine) = facts.machines.get_mut(&id) {
                machine.registrations = registrations;
            }
        }
    }

    async fn registrations_in(
        &self,
        container: &ArmId,
        wanted: Vec<Wanted<'_>>,
    ) -> Vec<(ArmId, Fact<Vec<Registered>>)> {
        let mut found: Vec<Vec<Registered>> = wanted.iter().map(|_| Vec::new()).collect();
        let keep = |page: Vec<Registration>| {
            for registration in page {
                for (own, found) in wanted.iter().zip(&mut found) {
                    if let Some(by_id) = own.fits(&registration)
                        && found.len() < MOST
                    {
                        let registration = registration.clone();
                        found.push(Registered {
                            registration,
                            by_id,
                        });
                    }
                }
            }
        };
        let read = self.arm.registrations(container, keep).await;
        let unknown = match read {
            Ok(coverage) => reason::incomplete(&coverage),
            Err(error) => Some(reason::of(&error)),
        };
        let fact = |found| match &unknown {
            Some(why) => Fact::unknown(why.clone()),
            None => self.told(found, Source::Registrations),
        };
        let ids = wanted.iter().map(|own| own.id.clone());
        ids.zip(found.into_iter().map(fact)).collect()
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
