//! What is left of a machine's steps while a run is under way.

use jiff::Timestamp;

use super::guess::{self, Basis, Guess};
use super::history::{History, measured};
use super::range::Range;
use super::{Facts, Share};
use crate::domain::run::{MachineRun, StepRun, StepState};

/// What the run itself tells of a machine, before what was known of it beforehand.
pub(super) fn facts(machine: &MachineRun, before: Facts) -> Facts {
    let told = || machine.steps.iter().rev();
    let pending = told().find_map(|step| step.synchronisation.as_ref()?.pending);
    // What was on its way when the run began is no longer, once its data was moved.
    let moved = machine
        .steps
        .iter()
        .any(|step| guess::moves_data(step.kind) && matches!(step.state, StepState::Ended(_)));
    Facts {
        pending: pending.or(before.pending.filter(|_| !moved)),
        rate: told().find_map(rate).or(before.rate),
        ..before
    }
}

/// Bytes a second by which what is pending shrank within a step.
fn rate(step: &StepRun) -> Option<u64> {
    let pending = step.synchronisation.as_ref()?.pending?;
    measured(step.most_pending?, (step.synchronised?, pending))
}

/// The steps that have not ended.
pub(super) fn shares(
    machine: &MachineRun,
    facts: &Facts,
    history: &History,
    now: Timestamp,
) -> Vec<Share> {
    let open = |step: &&StepRun| !matches!(step.state, StepState::Ended(_));
    let share = |step: &StepRun| {
        let whole = guess::of(step.kind, machine.generation, facts, history);
        let guess = match (&step.state, step.begun) {
            (StepState::Runs, Some(begun)) => {
                rest(machine, step, whole, begun, facts, history, now)
            }
            _ => whole,
        };
        Share {
            step: step.kind,
            guess,
        }
    };
    machine.steps.iter().filter(open).map(share).collect()
}

/// What is left of a step that began.
fn rest(
    machine: &MachineRun,
    step: &StepRun,
    whole: Guess,
    begun: Timestamp,
    facts: &Facts,
    history: &History,
    now: Timestamp,
) -> Guess {
    if matches!(whole, Guess::Person | Guess::Turn) {
        return whole;
    }
    let told = step.synchronisation.as_ref().zip(step.synchronised);
    // What is pending now is counted anew: what has moved is in it.
    if let Some((state, at)) = told
        && let Some(pending) = state.pending.filter(|pending| pending.0 > 0)
        && let Some(range) = guess::moving(pending, machine.generation, facts, history)
    {
        let range = range.after(seconds(at, now));
        return Guess::About {
            range,
            from: Basis::Data,
        };
    }
    if let Some((state, at)) = told
        && let Some(range) = state
            .percent
            .and_then(|percent| by_percent(percent, seconds(begun, at)))
    {
        let range = range.after(seconds(at, now));
        return Guess::About {
            range,
            from: Basis::Progress,
        };
    }
    match whole {
        Guess::About { range, from } => Guess::About {
            range: range.after(seconds(begun, now)),
            from,
        },
        other => other,
    }
}

/// By how far it came in so long; `None` where that says nothing yet.
fn by_percent(percent: u8, took: u64) -> Option<Range> {
    let done = u64::from(percent);
    if !(5..100).contains(&done) || took == 0 {
        return None;
    }
    let left = took.saturating_mul(100 - done) / done;
    Some(Range::new(
        left - left / 3,
        left,
        left.saturating_add(left / 2),
    ))
}

fn seconds(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_secs()).unwrap_or(0)
}
