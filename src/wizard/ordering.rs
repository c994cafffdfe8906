//! From the answers of the order step to what the plan says about it.

use std::num::NonZeroU32;

use super::ask;
use super::field::Field;
use super::question::Key;
use super::walk::Walk;
use crate::domain::Answer;
use crate::domain::offers::Offered;
use crate::domain::plan::{Around, Caller, Hook, MachineOrder, Minutes, PlanOrder, Ready};

impl Walk<'_> {
    pub(super) fn plan_order(&self) -> PlanOrder {
        let at_once = self.value(&Key::plan(Field::AtOnce));
        let at_once = at_once.and_then(|answer| u32::try_from(answer.number()?).ok());
        let command = |field| self.argv(&Key::plan(field));
        PlanOrder {
            at_once: at_once.and_then(NonZeroU32::new),
            hooks: Around {
                before: command(Field::PlanBefore).map(Hook::new),
                after: command(Field::PlanAfter).map(Hook::new),
            },
            needs_person: command(Field::NeedsPerson).map(Caller::new),
        }
    }

    pub(super) fn machine_order(&self, machine: &Offered) -> MachineOrder {
        let id = machine.id();
        let yes = |field| {
            let answer = self.value(&Key::of(field, id));
            answer.and_then(|answer| answer.yes()).unwrap_or(false)
        };
        let command = |field| self.argv(&Key::of(field, id)).map(Hook::new);
        let ready = self.words(Field::WaitFor, Some(id));
        MachineOrder {
            after: ask::after(self, machine),
            optional: yes(Field::Optional),
            replication: yes(Field::Healthy).then_some(Minutes(ask::REPLICATION)),
            // What cannot be read is a fault of the step, and makes no finished plan.
            ready: Ready::parse_all(ready.as_str()).unwrap_or_default(),
            hooks: Around {
                before: command(Field::CommandBefore),
                after: command(Field::CommandAfter),
            },
        }
    }

    fn argv(&self, key: &Key) -> Option<Vec<String>> {
        match self.value(key)? {
            Answer::List(words) if !words.is_empty() => {
                Some(words.iter().map(ToString::to_string).collect())
            }
            _ => None,
        }
    }

    /// What is said about a machine's place beside its wave, in a few words.
    #[must_use]
    pub fn placed(&self, machine: &Offered) -> String {
        let order = self.machine_order(machine);
        let mut words = Vec::new();
        let name = |id| match self.offers.machine(id) {
            Some(other) => other.machine.name.to_string(),
            None => id.name().to_owned(),
        };
        let after: Vec<String> = order.after.iter().map(name).collect();
        if !after.is_empty() {
            words.push(format!("after {}", after.join(", ")));
        }
        if order.optional {
            words.push("optional".into());
        }
        if order.replication.is_some() {
            words.push("healthy first".into());
        }
        match order.ready.as_slice() {
            [] => {}
            [one] => words.push(format!("then waits for {}", one.words())),
            many => words.push(format!("then {} waits", many.len())),
        }
        let hooks = [&order.hooks.before, &order.hooks.after];
        match hooks.into_iter().flatten().count() {
            0 => {}
            1 => words.push("a command".into()),
            many => words.push(format!("{many} commands")),
        }
        words.join(", ")
    }
}
