//! How long plans and runs take, in the words of commands.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::estimate::{self, Forecast, Known};
use crate::domain::run::Planned;
use crate::domain::{ArmId, Detail, Machine, Plan, Recipe, StepKind};
use crate::runner;
use crate::store::Runs;

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

/// The critical path, a line a step, with what is not counted.
pub fn lines(head: &str, forecast: &Forecast) -> Vec<String> {
    let mut lines = vec![format!("{head} {}", forecast.words())];
    lines.extend(forecast.beside());
    let widest = |of: fn(&estimate::Leg) -> usize| forecast.path.iter().map(of).max().unwrap_or(0);
    let name = widest(|leg| crate::domain::text::columns(leg.name.as_str()).min(30));
    let step = widest(|leg| leg.step.words().len());
    for leg in &forecast.path {
        let machine = crate::domain::text::column(leg.name.as_str(), name, "~");
        let time = leg.guess.reasoned().unwrap_or_default();
        lines.push(format!("  {machine}  {:<step$}  {time}", leg.step.words()));
    }
    lines
}

/// How long one step of one machine takes, as far as it is counted.
pub fn of_step(forecast: &Forecast, machine: &ArmId, step: StepKind) -> Option<String> {
    forecast.machine(machine)?.step(step)?.words()
}
