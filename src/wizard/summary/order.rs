//! The order of a plan in words: who comes after whom, what is done around it, what is waited for.

use super::Lines;
use crate::domain::ArmId;
use crate::domain::plan::{Around, CommitWindow, Hook, Ready, Sequence};

impl Lines<'_> {
    /// The waves, and what counts for all of them.
    pub(super) fn order(&mut self, sequence: &Sequence<'_>) {
        self.around(0, "plan", &sequence.plan.hooks);
        for (number, hooks) in (1..).zip(&sequence.waves) {
            let own = sequence.machines.iter().filter(|m| m.wave == number);
            let names: Vec<&str> = own.map(|m| m.name.as_str()).collect();
            self.say(0, format!("Wave {number}"), names.join(", "));
            self.around(1, "wave", hooks);
        }
        if let Some(most) = sequence.plan.at_once {
            self.say(0, "At once", format!("{most} in cut-over at most"));
        }
        if let Some(caller) = &sequence.plan.needs_person {
            let words = format!(
                "{} (again every {} min)",
                caller.command.join(" "),
                caller.every.0
            );
            self.say(0, "Calls a person", words);
        }
    }

    pub(super) fn commit_window(&mut self, window: &CommitWindow) {
        self.say(0, "Commit window", window.words());
        for check in &window.checks {
            self.say(1, "To be looked at", check.clone());
        }
    }

    /// What one machine's place is, beside its wave.
    pub(super) fn placed(&mut self, sequence: Option<&Sequence<'_>>, id: &ArmId) {
        let Some((sequence, own)) = sequence.and_then(|s| Some((s, s.machine(id)?))) else {
            return;
        };
        let name = |id| match sequence.machine(id) {
            Some(other) => other.name.to_string(),
            None => id.name().to_owned(),
        };
        let after: Vec<String> = own.order.after.iter().map(name).collect();
        self.setting("After", (!after.is_empty()).then(|| after.join(", ")));
        let optional = "yes: the others go on without it";
        self.setting("Optional", own.order.optional.then(|| optional.to_owned()));
        let replication = own.order.replication.map(|limit| {
            let minutes = limit.0;
            format!("waited for until healthy; after {minutes} min a person is asked")
        });
        self.setting("Replication", replication);
        self.around(1, "cut-over", &own.order.hooks);
        for ready in &own.order.ready {
            self.say(1, "Then waits for", ready_words(ready));
        }
    }

    fn around(&mut self, indent: usize, what: &str, hooks: &Around) {
        for (when, hook) in [("Before", &hooks.before), ("After", &hooks.after)] {
            if let Some(hook) = hook {
                self.say(indent, format!("{when} the {what}"), hook_words(hook));
            }
        }
    }
}

/// `confirm.sh web (at most 10 min, else a person is asked)`.
pub(super) fn hook_words(hook: &Hook) -> String {
    let well = match hook.well.as_slice() {
        [0] => String::new(),
        codes => {
            let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
            format!("well with {}, ", codes.join(", "))
        }
    };
    let otherwise = hook.otherwise.words();
    let (shown, minutes) = (hook.shown(), hook.limit.0);
    format!("{shown} ({well}at most {minutes} min, {otherwise})")
}

fn ready_words(ready: &Ready) -> String {
    match ready.limit() {
        Some(limit) => format!(
            "{} (after {} min a person is asked)",
            ready.words(),
            limit.0
        ),
        None => ready.words().to_string(),
    }
}
