//! Recipes: for a generation and an intent, the steps of one machine, as data.
//!
//! What review and dry run print and what the runner carries out come from the same recipe. Steps
//! up to [`Step::Door`] are preparation: they start for all machines at once. What follows is the
//! cut-over, in the order of the waves.

mod inputs;
mod step;
#[cfg(test)]
mod tests;
mod way_back;

pub use step::{Step, StepKind, ToAzure};
pub use way_back::Course;

use super::call::{Change, ModernisedPoint, WayHome};
use super::ids::ArmId;
use super::place::{Generation, Provider};
use super::plan::{
    FailedOver, Failover, HyperVReturn, Intent, MachineOrder, Plan, PointChoice, Recovered,
    Recovery, Synchronisation,
};
use super::run::Planned;
use super::text::Text;

/// What one machine goes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    pub machine: ArmId,
    /// What people call it.
    pub name: Text,
    pub generation: Generation,
    /// Counted from 1; machines without an order are all in wave 1.
    pub wave: usize,
    /// The machines whose cut-over it waits for, beside the waves before its own.
    pub after: Vec<ArmId>,
    /// Whether the others go on without a question when it does not come through.
    pub optional: bool,
    pub steps: Vec<Step>,
}

/// Why there is no recipe; each says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRecipe {
    #[error(
        "{name} is protected by {provider}, which failback does not know; use the Azure portal for it"
    )]
    Unknown { name: Text, provider: Text },
    #[error("{name} is {}: {why}", Provider::from(*generation).word())]
    NotThere {
        name: Text,
        generation: Generation,
        /// What this generation does not have, and what to do instead, with its source.
        why: &'static str,
    },
    #[error("{name} lacks a {missing}: choose it in the plan")]
    Missing { name: Text, missing: &'static str },
    #[error("{0} is not in the plan")]
    NotPlanned(Text),
}

impl Recipe {
    /// The recipe of one machine of a plan. Whether the machine is where the recipe begins is for
    /// readiness, and for the look right before each sending.
    ///
    /// # Errors
    /// A provider that this program does not know, an intent that the generation does not have, a
    /// choice that was not made.
    pub fn of(plan: &Plan, machine: &ArmId, provider: &Provider) -> Result<Self, NoRecipe> {
        let name = plan.machine_name(machine);
        let Some(generation) = provider.generation() else {
            let provider = provider.word().into();
            return Err(NoRecipe::Unknown { name, provider });
        };
        let (wave, steps) = steps(plan, machine, &name, generation)?;
        let sequence = plan.intent().sequence();
        let order = sequence.and_then(|s| s.machine(machine).map(|placed| placed.order));
        Ok(Self {
            machine: machine.clone(),
            name,
            generation,
            wave,
            after: order.map(|order| order.after.clone()).unwrap_or_default(),
            optional: order.is_some_and(|order| order.optional),
            steps,
        })
    }

    /// As a run's first record has it.
    #[must_use]
    pub fn planned(&self) -> Planned {
        Planned {
            id: self.machine.clone(),
            name: self.name.clone(),
            wave: self.wave,
            generation: Some(self.generation),
            after: self.after.clone(),
            optional: self.optional,
            disks: None,
            pending: None,
            steps: self.kinds(),
        }
    }

    /// What of it counts for the way back.
    #[must_use]
    pub fn kinds(&self) -> Vec<StepKind> {
        self.steps.iter().map(Step::kind).collect()
    }
}

fn steps(
    plan: &Plan,
    machine: &ArmId,
    name: &Text,
    generation: Generation,
) -> Result<(usize, Vec<Step>), NoRecipe> {
    let item = machine.clone();
    let not_planned = || NoRecipe::NotPlanned(name.clone());
    let not_there = |why| NoRecipe::NotThere {
        name: name.clone(),
        generation,
        why,
    };
    let steps = match plan.intent() {
        Intent::Protect(protection) => {
            let own = protection.machine(machine).ok_or_else(not_planned)?;
            let input = inputs::home(name, generation, &own.target)?;
            let change = Change::Protect { item, input };
            let temporary = own.offline_temporary.then_some(Step::TemporaryDisk);
            let steps = [Step::Protect(change), Step::AwaitProtected];
            temporary.into_iter().chain(steps).collect()
        }
        Intent::FailBack(recovery) => {
            let own = recovery.machine(machine).ok_or_else(not_planned)?;
            let wave = recovery.wave_of(machine).ok_or_else(not_planned)?;
            return Ok((wave, fail_back(own, recovery, generation, name)?));
        }
        Intent::Commit(_) => vec![Step::VerifySurvivor, Step::Commit(Change::Commit { item })],
        Intent::ProtectToAzure(back) => {
            let own = back.machine(machine).ok_or_else(not_planned)?;
            let input = inputs::azure(name, generation, &own.target)?;
            let change = Change::ProtectToAzure { item, input };
            vec![Step::ProtectToAzure(change), Step::AwaitProtected]
        }
        Intent::Complete(_) if generation == Generation::HyperV => {
            let mut steps = vec![Step::Complete];
            steps.extend(home(item));
            steps
        }
        Intent::Complete(_) => return Err(not_there(NO_COMPLETION)),
        Intent::Cancel(_) if generation == Generation::Modernised => {
            let cancel = Change::CancelFailover { item };
            vec![Step::CancelFailover(cancel), Step::AwaitProtected]
        }
        Intent::Cancel(_) if generation == Generation::HyperV => {
            return Err(not_there(NO_HYPERV_CANCEL));
        }
        Intent::Cancel(_) => return Err(not_there(NO_CLASSIC_CANCEL)),
        Intent::FailOver(plan) => {
            let own = plan.machine(machine).ok_or_else(not_planned)?;
            let wave = plan.wave_of(machine).ok_or_else(not_planned)?;
            return Ok((wave, fail_over(own, plan, generation)));
        }
        Intent::ChangePoint(plan) => {
            let own = plan.machine(machine).ok_or_else(not_planned)?;
            vec![Step::ChangePoint {
                item,
                generation,
                point: own.point.clone(),
            }]
        }
        Intent::TestFailover(plan) => {
            let own = plan.machine(machine).ok_or_else(not_planned)?;
            vec![Step::TestFailover {
                item,
                generation,
                network: plan.network.clone(),
                point: own.point.clone(),
            }]
        }
        Intent::CleanUpTest(_) => {
            let comments = "cleaned up with failback".into();
            vec![Step::CleanUpTest(Change::CleanUpTest { item, comments })]
        }
    };
    Ok((1, steps))
}

const NO_COMPLETION: &str =
    "only a Hyper-V failback waits to be completed after its synchronisation [003]";
const NO_HYPERV_CANCEL: &str = "once its data synchronisation began a failback must not be cancelled, or the machine at home \
     is corrupt: let it end [003]";
const NO_CLASSIC_CANCEL: &str = "its failback cannot be cancelled; commit it, and fail over to Azure again if it must go back \
     [004]";

fn fail_back(
    own: &Recovered,
    plan: &Recovery,
    generation: Generation,
    name: &Text,
) -> Result<Vec<Step>, NoRecipe> {
    let item = own.id.clone();
    let point = plan.point_of(own);
    let quiesce = Step::Quiesce(plan.quiesce_of(own).clone());
    let send = |way| Change::FailBack {
        item: item.clone(),
        way,
    };
    let mut steps = match generation {
        Generation::Classic => {
            let mut steps = vec![quiesce, Step::Drain(plan.drain.clone())];
            steps.extend(turn(&own.order));
            if plan.stop_azure_vm_first {
                steps.push(Step::StopAzureVm);
            }
            steps.push(Step::FailBack(send(WayHome::Classic(point.clone()))));
            steps
        }
        // The service takes what is pending, makes the point, then stops the VM \[004\]: what is
        // written in between is lost unless the applications are quiet.
        Generation::Modernised => {
            let point = match point {
                PointChoice::Latest => ModernisedPoint::CrashConsistent,
                PointChoice::LatestApplication => ModernisedPoint::ApplicationConsistent,
                PointChoice::Custom { .. } => {
                    return Err(NoRecipe::NotThere {
                        name: name.clone(),
                        generation,
                        why: "its failback makes its own recovery point; choose latest, \
                              or latest application-consistent [004]",
                    });
                }
            };
            let send = send(WayHome::Modernised(point));
            let mut steps = vec![quiesce];
            steps.extend(turn(&own.order));
            steps.push(Step::FailBack(send));
            steps
        }
        // The service stops the VM, then takes the last changes: nothing is lost \[003\].
        Generation::HyperV => {
            let way = own.hyper_v.clone().unwrap_or_else(HyperVReturn::usual);
            let before = way.synchronisation == Synchronisation::BeforeFailover;
            let send = send(WayHome::HyperV(way));
            let (first, last) = match before {
                true => (Some(Step::Synchronise(send)), Step::Complete),
                false => (None, Step::FailBack(send)),
            };
            let mut steps: Vec<Step> = first.into_iter().collect();
            steps.extend(turn(&own.order));
            steps.push(last);
            steps
        }
    };
    let [off, look, commit] = home(item);
    steps.push(off);
    steps.extend(ready(&own.order));
    steps.extend([look, commit]);
    Ok(steps)
}

/// The door, and the command behind it.
fn turn(order: &MachineOrder) -> impl Iterator<Item = Step> {
    let hook = order.hooks.before.clone();
    std::iter::once(Step::Door).chain(hook.map(Step::HookBefore))
}

/// What must hold before those that come after the machine go on, and the command at its end.
fn ready(order: &MachineOrder) -> impl Iterator<Item = Step> {
    let wait = (!order.ready.is_empty()).then(|| Step::Ready(order.ready.clone()));
    let hook = order.hooks.after.clone();
    wait.into_iter().chain(hook.map(Step::HookAfter))
}

/// What is done with a machine that came home.
fn home(item: ArmId) -> [Step; 3] {
    [
        Step::VerifyAzureOff,
        Step::VerifySurvivor,
        Step::Commit(Change::Commit { item }),
    ]
}

fn fail_over(own: &FailedOver, plan: &Failover, generation: Generation) -> Vec<Step> {
    let item = own.id.clone();
    let mut steps = Vec::new();
    if !own.target.is_empty() {
        steps.push(Step::UpdateTarget(Change::UpdateTarget {
            item: item.clone(),
            generation,
            target: own.target.clone(),
        }));
    }
    steps.extend(turn(&own.order));
    steps.push(Step::FailOver(ToAzure {
        item: item.clone(),
        generation,
        point: plan.point_of(own).clone(),
        shut_down: plan.shut_down,
    }));
    steps.extend(ready(&own.order));
    steps.extend([Step::VerifySurvivor, Step::Commit(Change::Commit { item })]);
    steps
}
