//! What a person must know before a single action is sent.

use std::sync::Arc;

use crate::domain::caution::cautions;
use crate::domain::size::span;
use crate::domain::{Machine, Text, Verb};

/// The warnings about `verb` on `machine`, most important first. `others` is the whole estate:
/// machines of one replication group belong together.
#[must_use]
pub fn warnings(verb: Verb, machine: &Machine, others: &[Arc<Machine>]) -> Vec<Text> {
    let known = cautions(verb, machine);
    let mut warnings: Vec<Text> = known.into_iter().map(Text::from).collect();
    let mates: Vec<&str> = others
        .iter()
        .filter(|m| m.id != machine.id && !m.group_id.is_empty() && m.group_id == machine.group_id)
        .map(|m| m.name.as_str())
        .collect();
    if !mates.is_empty() {
        let mates = mates.join(", ");
        let stay = match verb {
            Verb::FailBack => ": they stay in Azure.",
            _ => ".",
        };
        warnings.push(format!("It shares a replication group with {mates}{stay}").into());
    }
    if verb == Verb::FailBack {
        warnings.push(match machine.rpo_seconds {
            Some(rpo) => {
                let rpo = span(i64::try_from(rpo).unwrap_or(i64::MAX));
                format!("The copy on-premises was {rpo} behind when Azure last looked.").into()
            }
            None => "How far the copy on-premises is behind is unknown.".into(),
        });
    }
    // That no test failover was done says nothing about the way home (asr-rest.md 13).
    let telling = machine
        .problems
        .iter()
        .filter(|problem| problem.code.as_str() != "161011");
    warnings.extend(telling.map(|problem| {
        let code = &problem.code;
        Text::from(format!("Health: {} ({code})", problem.message))
    }));
    warnings
}
