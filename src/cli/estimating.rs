//! How long plans and runs take, in the words of commands.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::estimate::{self, Forecast, Guess, History, Known};
use crate::domain::run::{Planned, Run};
use crate::domain::{ArmId, Detail, Machine, Plan, Recipe, StepKind};
use crate::runner;
use crate::store::{RunFolder, Runs};

/// How long a plan would take, by what was read of its machines and by the site's past runs. Of a
/// plan that cannot be carried out nothing is known.
pub fn of_plan(
    plan: &Plan,
    machines: &[Arc<Machine>],
    details: &HashMap<ArmId, Detail>,
    runs: Option<&Runs>,
) -> Forecast {
    let mut known = Known::of(plan);
    for (id, detail) in details {
        known.tell(id, detail);
    }
    let recipes = runner::recipes(plan, machines).unwrap_or_default();
    let planned: Vec<Planned> = recipes.iter().map(Recipe::planned).collect();
    let history = runs.map(Runs::history).unwrap_or_default();
    estimate::of_plan(&planned, &known, &history)
}

/// What is known beforehand of a run: the site's past runs, and its plan.
pub struct Beforehand {
    history: History,
    known: Known,
}

impl Beforehand {
    /// Reads the runs beside it. A plan that cannot be read tells nothing.
    pub fn of(folder: &RunFolder) -> Self {
        let plan = folder.plan();
        Self {
            history: folder.neighbours().history(),
            known: plan.as_ref().map(Known::of).unwrap_or_default(),
        }
    }

    /// How long a run still takes.
    pub fn left(&self, run: &Run) -> Forecast {
        estimate::of_run(run, &self.known, &self.history, Timestamp::now())
    }
}

/// The critical path, a line a step, with what is not counted.
pub fn lines(head: &str, forecast: &Forecast) -> Vec<String> {
    let mut lines = vec![format!("{head} {}", forecast.words())];
    lines.extend(forecast.beside());
    let widest = |of: fn(&estimate::Leg) -> usize| forecast.path.iter().map(of).max().unwrap_or(0);
    let name = widest(|leg| crate::domain::text::columns(leg.name.as_str()).min(30));
    let step = widest(|leg| leg.step.words().len());
    for leg in &forecast.path {
        let machine = crate::domain::text::column(leg.name.as_str(), name, "~");
        let time = time(&leg.guess).unwrap_or_default();
        lines.push(format!("  {machine}  {:<step$}  {time}", leg.step.words()));
    }
    lines
}

/// `about 5 min (3-8)`; `None` for what is not counted.
pub fn time(guess: &Guess) -> Option<String> {
    match guess {
        Guess::About { range, .. } => Some(range.words()),
        Guess::Unknown => Some("time not known".into()),
        Guess::Person | Guess::Turn => None,
    }
}

/// How long one step of one machine takes, as far as it is counted.
pub fn of_step(forecast: &Forecast, machine: &ArmId, step: StepKind) -> Option<String> {
    let own = forecast.machines.iter().find(|own| own.id == *machine)?;
    let share = own.steps.iter().find(|share| share.step == step)?;
    time(&share.guess)
}
