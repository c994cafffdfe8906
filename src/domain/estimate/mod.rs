//! How long something takes, as a range: low, likely, high.
//!
//! A number is given only on evidence: the machine's own data at a measured rate, what the same step
//! took in past runs of this site ([`History`]), or a duration that was recorded of the service
//! (`recorded`). Where there is none of it, the time is *unknown*, is told as such, and makes of the
//! whole an "at least". What people do - stop applications, look at a machine, commit - is not
//! counted: nobody can say how long they take.
//!
//! [`of_plan`] tells how long a plan would take, [`of_run`] how long a run still takes ([`Beforehand`]
//! keeps what that needs, for whoever shows a run as it goes on): both go along
//! the order of the cut-over - waves, and machines that wait for others - and give the critical path.

mod beforehand;
mod guess;
mod history;
mod known;
mod left;
mod path;
mod range;
mod recorded;
mod slots;
#[cfg(test)]
mod tests;
mod words;

use jiff::Timestamp;
use serde::Serialize;

use super::ids::ArmId;
use super::recipe::StepKind;
use super::run::{MachineRun, Planned, Run};
use super::text::Text;

pub use beforehand::Beforehand;
pub use guess::{Basis, Guess};
pub use history::{History, Lesson};
pub use known::{Facts, Known};
pub use range::Range;

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
    /// Local commands around the plan and its waves, which are not counted either.
    pub commands: usize,
    /// The past runs of the site that were learnt from; 0 where none of it comes from them. What comes
    /// of the past all the same comes of the run itself.
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

impl Forecast {
    /// One machine's way; `None` for one that it does not have.
    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&Course> {
        self.machines.iter().find(|own| own.id == *id)
    }
}

impl Course {
    /// What one of its steps takes; `None` for one that is over.
    #[must_use]
    pub fn step(&self, step: StepKind) -> Option<&Guess> {
        let share = self.steps.iter().find(|share| share.step == step)?;
        Some(&share.guess)
    }
}

/// How long a plan would take.
#[must_use]
pub fn of_plan(planned: &[Planned], known: &Known, history: &History) -> Forecast {
    let works = planned.iter().map(|own| {
        let facts = known.facts(&own.id).or_at_launch(own);
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
                    guess: guess::of(*step, own.generation, &facts, history),
                })
                .collect(),
        }
    });
    path::forecast(works.collect(), known, history.runs())
}

/// How long a run still takes at `now`, by the clock of the machine on which it runs: what was done
/// is left out, what is under way counts by what it shows. A run that is over takes no time.
#[must_use]
pub fn of_run(run: &Run, known: &Known, history: &History, now: Timestamp) -> Forecast {
    if run.is_closed() {
        return Forecast::default();
    }
    let machines = run.machines.iter().zip(&run.launch.machines);
    of_machines(machines, known, history, now)
}

/// The same of the machines of a run that is not over, each with what was planned for it.
fn of_machines<'a>(
    machines: impl Iterator<Item = (&'a MachineRun, &'a Planned)>,
    known: &Known,
    history: &History,
    now: Timestamp,
) -> Forecast {
    let works = machines.map(|(own, planned)| {
        let before = known.facts(&own.id).or_at_launch(planned);
        let facts = left::facts(own, before);
        path::Work {
            id: &own.id,
            name: &own.name,
            wave: own.wave,
            after: &own.after,
            steps: left::shares(own, &facts, history, now),
        }
    });
    path::forecast(works.collect(), known, history.runs())
}
