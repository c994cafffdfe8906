//! The local commands that a plan names, whatever they are for.

use super::order::Around;
use super::recovery::Quiesce;
use super::{Intent, Plan};
use crate::domain::text::Text;

/// A command, and when it is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// As it stands after "the command": `before wave 2`.
    pub when: Text,
    pub program: &'a str,
}

impl Plan {
    /// Every command of the plan, in the order in which a person reads it.
    #[must_use]
    pub fn commands(&self) -> Vec<Command<'_>> {
        let mut all = Vec::new();
        if let Some(sequence) = self.intent().sequence() {
            around(&mut all, "the plan", &sequence.plan.hooks);
            for (number, hooks) in (1..).zip(&sequence.waves) {
                around(&mut all, &format!("wave {number}"), hooks);
            }
            for machine in &sequence.machines {
                around(&mut all, machine.name.as_str(), &machine.order.hooks);
            }
            if let Some(caller) = &sequence.plan.needs_person {
                put(&mut all, "that calls a person".into(), &caller.command);
            }
        }
        if let Intent::FailBack(recovery) = self.intent() {
            let mut quiesces = vec![("that quiesces".to_owned(), &recovery.quiesce)];
            for machine in recovery.machines() {
                let own = machine.quiesce.as_ref();
                quiesces.extend(own.map(|own| (format!("that quiesces {}", machine.name), own)));
            }
            for (when, quiesce) in quiesces {
                if let Quiesce::Hook { command, .. } = quiesce {
                    put(&mut all, when.into(), command);
                }
            }
        }
        all
    }
}

fn around<'a>(all: &mut Vec<Command<'a>>, what: &str, hooks: &'a Around) {
    for (when, hook) in [("before", &hooks.before), ("after", &hooks.after)] {
        if let Some(hook) = hook {
            put(all, format!("{when} {what}").into(), &hook.command);
        }
    }
}

fn put<'a>(all: &mut Vec<Command<'a>>, when: Text, command: &'a [String]) {
    if let Some(program) = command.first() {
        all.push(Command { when, program });
    }
}
