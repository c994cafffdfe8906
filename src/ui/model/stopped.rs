//! What keeps a machine from being protected whatever anybody says: its registrations contradict each
//! other (DUP-02).

use super::identities::Known;
use super::{Model, Screen};
use crate::domain::identity::Verdict;
use crate::domain::{ArmId, Text, Verb};
use crate::site::Identity;

/// The reason in a few words, for a line that has no room for more.
fn in_short(own: &Identity) -> &'static str {
    match (&own.judged.verdict, own.judged.rule) {
        (Verdict::Clone, _) => "another machine has its agent's id",
        (Verdict::NeverRegistered, _) => "its agent never registered",
        (_, "id of none") => "its agent's id is not registered",
        (_, "files differ" | "handed over") => "its agent's files differ",
        _ => "its registrations contradict",
    }
}

impl Model {
    /// Why an action on a machine would be refused, in a few words. Only *Protect* asks who is who.
    #[must_use]
    pub fn stopped(&self, verb: Verb, machine: &ArmId) -> Option<&'static str> {
        let own = self.identities.known().of_machine(machine)?;
        (verb == Verb::Protect && Known::blocks(own)).then(|| in_short(own))
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
        Some((&first.group.subject.name, in_short(first), count))
    }
}
