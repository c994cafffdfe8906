//! Whether an action is offered now; where not, why, and what to do instead.

use crate::cli::arguments::word;
use crate::cli::launching::not_ready;
use crate::cli::output::{Complaint, quoted};
use crate::domain::{Failure, Machine, Retry, Situation, StepKind, Verb};
use crate::site::{Estate, PartName, PartState};

/// Refuses what Azure does not offer, and what would do harm.
pub fn allowed(wanted: Verb, machine: &Machine, estate: &Estate) -> Result<(), Complaint> {
    let situation = Situation::of(machine, &estate.jobs);
    let Err(refusal) = situation.verdict(wanted) else {
        return Ok(());
    };
    // What waits to be completed is told by the jobs alone.
    let jobs = estate.part(PartName::Jobs).map(|part| &part.state);
    if let (Verb::Complete, Some(PartState::Failed(failure))) = (wanted, jobs) {
        return Err(Complaint::failed(failure.as_ref().clone()));
    }
    let what = format!(
        "{} is not offered for {}. {}",
        wanted.words(),
        machine.name,
        refusal.why
    );
    let mut advice = format!("{} [{}]", refusal.instead, plain(refusal.source));
    let state = machine.state_words();
    let offered: Vec<String> = situation
        .offered()
        .into_iter()
        .filter_map(|verb| next(verb, machine))
        .collect();
    advice.push_str(&match offered.as_slice() {
        [] => format!(" Its state is: {state}; nothing is offered now."),
        all => format!(" Its state is: {state}; offered now: {}.", all.join(", ")),
    });
    Err(not_ready(Failure::new(what, advice, Retry::AfterFixing)))
}

/// A source as it stands within brackets.
fn plain(source: &str) -> String {
    source.replace(['[', ']'], "")
}

/// The command that carries an action out.
pub fn next(verb: Verb, machine: &Machine) -> Option<String> {
    let name = quoted(machine.name.as_str());
    Some(format!("failback do {} {name}", word(verb)?))
}

/// The step of it that sends something.
pub fn step(verb: Verb) -> Option<StepKind> {
    Some(match verb {
        Verb::Protect => StepKind::Protect,
        Verb::FailBack => StepKind::FailBack,
        Verb::Complete => StepKind::Complete,
        Verb::Cancel => StepKind::CancelFailover,
        Verb::Commit => StepKind::Commit,
        Verb::ProtectToAzure => StepKind::ProtectToAzure,
        Verb::FailOverToAzure => StepKind::FailOver,
        Verb::ChangeRecoveryPoint => StepKind::ChangePoint,
        Verb::TestFailover => StepKind::TestFailover,
        Verb::TestFailoverCleanup => StepKind::CleanUpTest,
        Verb::Resynchronise => return None,
    })
}
