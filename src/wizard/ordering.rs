//! From the answers of the order step to what the plan says about it.

use std::num::NonZeroU32;

use super::ask;
use super::field::Field;
use super::question::Key;
use super::walk::Walk;
use crate::domain::Answer;
use crate::domain::offers::Offered;
use crate::domain::plan::{
    Around, Caller, CommitWindow, Hook, MachineOrder, Minutes, PlanOrder, Ready,
};

/// `runs dns-switch web before, check-erp after`.
fn around_words(hooks: &Around) -> String {
    let both = [("before", &hooks.before), ("after", &hooks.after)];
    let told = both.into_iter().filter_map(|(when, hook)| {
        let program = hook.as_ref()?.shown();
        Some(format!("{program} {when}"))
    });
    let told: Vec<String> = told.collect();
    match told.is_empty() {
        true => String::new(),
        false => format!("runs {}", told.join(", ")),
    }
}

fn minutes(number: u64) -> Option<Minutes> {
    u32::try_from(number).ok().map(Minutes)
}

impl Walk<'_> {
    pub(super) fn plan_order(&self) -> PlanOrder {
        let at_once = self.value(&Key::plan(Field::AtOnce));
        let at_once = at_once.and_then(|answer| u32::try_from(answer.number()?).ok());
        let command = |field| self.hook(&Key::plan(field));
        PlanOrder {
            at_once: at_once.and_then(NonZeroU32::new),
            hooks: Around {
                before: command(Field::PlanBefore),
                after: command(Field::PlanAfter),
            },
            needs_person: self
                .argv(&Key::plan(Field::NeedsPerson))
                .and_then(|words| Caller::parse(&words).ok()),
        }
    }

    pub(super) fn machine_order(&self, machine: &Offered) -> MachineOrder {
        let id = machine.id();
        let yes = |field| {
            let answer = self.value(&Key::of(field, id));
            answer.and_then(|answer| answer.yes()).unwrap_or(false)
        };
        let command = |field| self.hook(&Key::of(field, id));
        let healthy = self.number(&Key::of(Field::Healthy, id));
        let ready = self.words(Field::WaitFor, Some(id));
        MachineOrder {
            after: ask::after(self, machine),
            optional: yes(Field::Optional),
            replication: healthy.and_then(minutes),
            // What cannot be read is a fault of the step, and makes no finished plan.
            ready: Ready::parse_all(ready.as_str()).unwrap_or_default(),
            hooks: Around {
                before: command(Field::CommandBefore),
                after: command(Field::CommandAfter),
            },
        }
    }

    /// What is done around a wave, by the number that was said.
    pub(super) fn around_wave(&self, number: u64) -> Around {
        Around {
            before: self.hook(&Key::wave(Field::WaveBefore, number)),
            after: self.hook(&Key::wave(Field::WaveAfter, number)),
        }
    }

    pub(super) fn commit_window(&self) -> Option<CommitWindow> {
        let window = CommitWindow {
            minutes: self
                .number(&Key::plan(Field::CommitWindow))
                .and_then(minutes),
            checks: match self.value(&Key::plan(Field::Checks)) {
                Some(Answer::List(checks)) => checks,
                _ => Vec::new(),
            },
        };
        (window.minutes.is_some() || !window.checks.is_empty()).then_some(window)
    }

    /// The numbers of the waves as they were said, each once, in order.
    #[must_use]
    pub fn waves_said(&self) -> Vec<u64> {
        let number = |m: &&Offered| self.number(&Key::of(Field::Wave, m.id())).unwrap_or(1);
        let mut numbers: Vec<u64> = self.machines().iter().map(number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// What cannot be read is a fault of the step, and makes no finished plan.
    fn hook(&self, key: &Key) -> Option<Hook> {
        Hook::parse(&self.argv(key)?).ok()
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
        if !order.ready.is_empty() {
            words.push(format!("then {}", Ready::spoken(&order.ready)));
        }
        let hooks = around_words(&order.hooks);
        if !hooks.is_empty() {
            words.push(hooks);
        }
        words.join(", ")
    }

    /// What is done around a wave, in a few words.
    #[must_use]
    pub fn around_words(&self, number: u64) -> String {
        around_words(&self.around_wave(number))
    }
}
