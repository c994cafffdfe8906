//! How long something takes, as a range: low, likely, high.
//!
//! A number is given only on evidence: the machine's own data at a measured rate, what the same step
//! took in past runs of this site ([`History`]), or a duration that was recorded of the service
//! (`recorded`). Where there is none of it, the time is *unknown*, is told as such, and makes of the
//! whole an "at least". What people do - stop applications, look at a machine, commit - is not
//! counted: nobody can say how long they take.
//!
//! [`of_plan`] tells how long a plan would take, [`of_run`] how long a run still takes: both go along
//! the order of the cut-over - waves, and machines that wait for others - and give the critical path.

mod guess;
mod history;
mod left;
mod path;
mod range;
mod recorded;
#[cfg(test)]
mod tests;
mod words;

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;

use super::ids::ArmId;
use super::machine::Detail;
use super::recipe::StepKind;
use super::run::{Planned, Run};
use super::size::Bytes;
use super::text::Text;

pub use guess::{Basis, Guess};
pub use history::{History, Lesson};
pub use range::Range;

/// What is known of a machine that bears on how long its steps take; `None` is what is not told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Of all its disks under replication together.
    pub disks: Option<Bytes>,
    /// What has not reached the target yet, of all disks together.
    pub pending: Option<Bytes>,
    /// Bytes a second by which its pending data was seen to shrink.
    pub rate: Option<u64>,
    /// Whether a local command stops its applications, and no person.
    pub hooked: bool,
}

impl Facts {
    /// As a deep read tells them. A sum with a part that is not told would say too little: it is
    /// not told either.
    #[must_use]
    pub fn of(detail: &Detail) -> Self {
        let sum = |bytes: fn(&super::machine::Disk) -> Option<Bytes>| {
            let all: Option<Vec<Bytes>> = detail.disks.iter().map(bytes).collect();
            let all = all.filter(|all| !all.is_empty())?;
            let sum = all.iter().fold(0_u64, |sum, one| sum.saturating_add(one.0));
            Some(Bytes(sum))
        };
        Self {
            disks: sum(|disk| disk.capacity),
            pending: sum(|disk| disk.pending),
            rate: None,
            hooked: false,
        }
    }
}

/// How long a plan takes, or a run still takes. Times are seconds from its begin, or from now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// From the begin to the moment at which the last machine has only to be looked at and
    /// committed. What is not known counts nothing in it: see `gaps`.
    pub total: Range,
    /// The steps that determine it, in their order; those of one machine stand together.
    pub path: Vec<Leg>,
    /// What nobody knows, by kind of step; empty when the total is whole.
    pub gaps: Vec<Gap>,
    pub machines: Vec<Course>,
    /// Steps of people, which are not counted.
    pub people: usize,
    /// The past runs of the site that were learnt from; 0 where none of it comes from them.
    pub past_runs: usize,
}

/// One step of the critical path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Leg {
    #[serde(rename = "id")]
    pub machine: ArmId,
    #[serde(rename = "machine")]
    pub name: Text,
    pub step: StepKind,
    pub guess: Guess,
}

/// Steps of a kind whose time is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    pub step: StepKind,
    pub machines: usize,
}

/// One machine's way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Course {
    pub id: ArmId,
    #[serde(rename = "machine")]
    pub name: Text,
    /// Its own steps together, without what it waits for.
    pub own: Range,
    /// When it has only to be looked at and committed.
    pub arrives: Range,
    /// Whether a step before that, its own or of a machine that it waits for, is of unknown length:
    /// it arrives at this time at the earliest.
    pub at_least: bool,
    pub steps: Vec<Share>,
}

/// A step that is still to be done, or to be ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Share {
    pub step: StepKind,
    pub guess: Guess,
}

/// How long a plan would take. `facts` may lack machines: of those nothing is known.
#[must_use]
pub fn of_plan(planned: &[Planned], facts: &HashMap<ArmId, Facts>, history: &History) -> Forecast {
    let works = planned.iter().map(|own| {
        let known = facts.get(&own.id).copied().unwrap_or_default();
        path::Work {
            id: &own.id,
            name: &own.name,
            wave: own.wave,
            after: &own.after,
            steps: own
                .steps
                .iter()
                .map(|step| Share {
                    step: *step,
                    guess: guess::of(*step, own.generation, &known, history),
                })
                .collect(),
        }
    });
    path::forecast(works.collect(), history.runs())
}

/// How long a run still takes at `now`, by the clock of the machine on which it runs: what was done
/// is left out, what is under way counts by what it shows. A run that is over takes no time.
#[must_use]
pub fn of_run(
    run: &Run,
    facts: &HashMap<ArmId, Facts>,
    history: &History,
    now: Timestamp,
) -> Forecast {
    if run.is_closed() {
        return Forecast::default();
    }
    let works = run.machines.iter().map(|own| {
        let known = left::facts(own, facts.get(&own.id).copied().unwrap_or_default());
        path::Work {
            id: &own.id,
            name: &own.name,
            wave: own.wave,
            after: &own.after,
            steps: left::shares(own, &known, history, now),
        }
    });
    path::forecast(works.collect(), history.runs())
}
