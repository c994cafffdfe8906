//! What keeps a machine from being protected whatever anybody says: its registrations contradict each
//! other (DUP-02).

use super::identities::Known;
use super::{Model, Screen};
use crate::domain::{ArmId, Text, Verb};

impl Model {
    /// Why an action on a machine would be refused, in a few words. Only *Protect* asks who is who.
    #[must_use]
    pub fn stopped(&self, verb: Verb, machine: &ArmId) -> Option<&'static str> {
        let own = self.identities.known().of_machine(machine)?;
        (verb == Verb::Protect && Known::blocks(own)).then(|| own.judged.in_short())
    }

    /// The first machine whose registrations contradict each other, why, and how many there are, on
    /// the list of machines.
    #[must_use]
    pub fn contradiction(&self) -> Option<(&Text, &'static str, usize)> {
        if self.screen != Screen::Machines || self.opened.is_some() {
            return None;
        }
        let mut all = self.identities.known().blocked();
        let count = all.len();
        let first = all.next()?;
        Some((&first.group.subject.name, first.judged.in_short(), count))
    }
}
