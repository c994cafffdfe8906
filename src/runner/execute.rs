//! Carrying out a run, from its first record to its last.

use std::time::Duration;

use futures::future::join_all;

use super::carrier::Carrier;
use super::conductor::Conductor;
use super::desk::{Desk, Halt, Way};
use super::ledger::Ledger;
use super::turns::Turns;
use crate::azure::Vault;
use crate::domain::run::{
    Closing, End, Launch, MachineRun, Planned, Record, Run, RunId, StepState,
};
use crate::domain::{
    ArmId, Failure, Intent, Machine, Person, Plan, Recipe, Retry, Slug, Step, Text,
};
use crate::site::Site;

/// Longest time that a letter lies unopened.
const LETTERS: Duration = Duration::from_millis(500);

/// What is to be carried out, beside the plan.
#[derive(Clone, Debug)]
pub struct Order {
    pub run: RunId,
    /// The site's name.
    pub site: Text,
    /// The plan's file; `None` for the unnamed plan behind a single action.
    pub slug: Option<Slug>,
    pub by: Person,
}

/// A machine of the run with what its carrier needs.
struct Member<'a> {
    vault: &'a Vault,
    machine: Machine,
    recipe: Recipe,
    /// A VM in Azure is named, and may be another machine's.
    doubtful_vm: bool,
}

/// Carries out `plan`: all machines at once, each through its recipe, every record durable in
/// `ledger` before what it announces. Returns when every machine is through, or a person stopped the
/// run.
///
/// # Errors
/// Before the first record: why the run cannot begin; nothing was sent then. After it: why the
/// journal cannot be written; nothing was sent any more from then on, and what runs in Azure goes on.
pub async fn execute(
    site: &Site,
    plan: &Plan,
    order: &Order,
    ledger: &mut dyn Ledger,
) -> Result<Closing, Failure> {
    let members = members(site, plan).await?;
    let desk = Desk::new(ledger);
    let broken = |desk: &Desk<'_>| {
        let what = "The journal of the run cannot be written: nothing more is sent.";
        let unknown = || Failure::new(what, "", Retry::AfterFixing);
        desk.broken().unwrap_or_else(unknown)
    };
    let launched = Record::Launched(Box::new(launch(plan, order, &members)));
    if desk.write(launched).is_err() {
        return Err(broken(&desk));
    }
    let sequence = plan.intent().sequence();
    let turns = Turns::of(sequence.as_ref());
    let conductor = Conductor {
        site,
        desk: &desk,
        sequence: sequence.as_ref(),
        turns: &turns,
    };
    let carriers: Vec<Carrier<'_>> = members
        .iter()
        .map(|member| Carrier {
            site,
            vault: member.vault,
            desk: &desk,
            run: &order.run,
            plan,
            recipe: &member.recipe,
            first: &member.machine,
            doubtful_vm: member.doubtful_vm,
            turns: &turns,
        })
        .collect();
    let carried = async {
        if let Ok(Some(why)) = conductor.begin().await {
            return carriers.iter().map(|carrier| carrier.leave(&why)).collect();
        }
        let all = join_all(carriers.iter().map(|carrier| Box::pin(carrier.carry())));
        let (mut all, conducted): (Vec<Way<()>>, _) =
            futures::future::join(all, conductor.conduct()).await;
        all.push(conducted);
        all
    };
    let carried = tokio::select! {
        biased;
        carried = carried => carried,
        never = conductor.call() => match never {},
        never = desk.attend(LETTERS.min(site.arm().pace().poll)) => match never {},
    };
    if carried.contains(&Err(Halt::Unwritten)) {
        return Err(broken(&desk));
    }
    let stopped = desk.stopped().is_some();
    let closing = desk.run(|run| closing(run, stopped));
    let closing = closing.unwrap_or(Closing::Failed);
    match desk.write(Record::Closed(closing)) {
        Ok(()) => Ok(closing),
        Err(_) => Err(broken(&desk)),
    }
}

/// Reads every machine of the plan, and makes its recipe.
async fn members<'a>(site: &'a Site, plan: &Plan) -> Result<Vec<Member<'a>>, Failure> {
    let one = |id: &ArmId| {
        let id = id.clone();
        async move {
            let name = plan.machine_name(&id);
            let vault = site.vault_of(&id).ok_or_else(|| {
                let what = format!("{name} lies in no vault of this site.");
                Failure::new(what, "Choose the site that holds it.", Retry::AfterFixing)
            })?;
            let (machine, _) = site.arm().machine(&id).await?;
            let recipe = Recipe::of(plan, &id, &machine.provider()).map_err(|error| {
                let what = format!("{name} cannot be carried out: {error}.");
                Failure::new(what, "Correct the plan.", Retry::AfterFixing)
            })?;
            let planned = match plan.intent() {
                Intent::FailBack(recovery) => {
                    recovery.machine(&id).and_then(|m| m.azure_vm.clone())
                }
                _ => None,
            };
            let doubtful_vm = match planned.as_ref().or(machine.azure_vm.as_ref()) {
                Some(vm) if recipe.steps.contains(&Step::VerifyAzureOff) => {
                    !site.is_its_vm(&machine, vm).await
                }
                _ => false,
            };
            Ok(Member {
                vault,
                machine,
                recipe,
                doubtful_vm,
            })
        }
    };
    let read = join_all(plan.machines().into_iter().map(one)).await;
    read.into_iter().collect()
}

fn launch(plan: &Plan, order: &Order, members: &[Member<'_>]) -> Launch {
    let planned = |member: &Member<'_>| Planned {
        id: member.recipe.machine.clone(),
        name: member.recipe.name.clone(),
        wave: member.recipe.wave,
        generation: Some(member.recipe.generation),
        after: member.recipe.after.clone(),
        optional: member.recipe.optional,
        steps: member.recipe.steps.iter().map(Step::kind).collect(),
    };
    Launch {
        schema: "failback/run/1".into(),
        run: order.run.clone(),
        site: order.site.clone(),
        name: plan.name.to_string().into(),
        slug: order.slug.clone(),
        intent: plan.intent().word().into(),
        by: order.by.clone(),
        program: concat!("failback ", env!("CARGO_PKG_VERSION")).into(),
        machines: members.iter().map(planned).collect(),
    }
}

/// What the ends of all steps come to.
fn closing(run: &Run, stopped: bool) -> Closing {
    let ends = run.machines.iter().flat_map(ends);
    let hooks = run.hooks.iter().map(|hook| ended(&hook.state));
    let worst = ends.chain(hooks).map(weight).max().unwrap_or(0);
    match worst {
        _ if stopped => Closing::Stopped,
        0 => Closing::Done,
        1 => Closing::DoneBut,
        _ => Closing::Failed,
    }
}

fn ends(machine: &MachineRun) -> impl Iterator<Item = Option<&End>> {
    machine.steps.iter().map(|step| ended(&step.state))
}

fn ended(state: &StepState) -> Option<&End> {
    match state {
        StepState::Ended(end) => Some(end),
        StepState::Waits | StepState::Runs => None,
    }
}

/// 0 good, 1 amber, 2 not done.
fn weight(end: Option<&End>) -> u8 {
    match end {
        Some(End::Done) => 0,
        Some(End::DoneBut(_) | End::Left(_)) => 1,
        Some(End::Failed(_) | End::Unknown(_) | End::NotBegun(_)) | None => 2,
    }
}
