//! Carrying out a run, from its first record to its last.

use std::future::Future;
use std::time::Duration;

use futures::future::join_all;

use super::carrier::{Carrier, Inherited};
use super::conductor::Conductor;
use super::desk::{Desk, Halt, Way};
use super::ledger::Ledger;
use super::turns::Turns;
use crate::azure::Vault;
use crate::domain::run::{
    Closing, End, Launch, Line, MachineRun, Planned, Record, Run, RunId, StepState, Suspension,
};
use crate::domain::{
    ArmId, Detail, Failure, Intent, Machine, Person, Plan, Recipe, Retry, Slug, Step, StepKind,
    Text,
};
use crate::site::Site;

/// The program that carries a run out, as its journal names it.
const PROGRAM: &str = concat!("failback ", env!("CARGO_PKG_VERSION"));

/// Longest time that a letter lies unopened.
const LETTERS: Duration = Duration::from_millis(500);

/// How long a runner that is told to end waits for the answers to what it has sent. Systems that go
/// down wait longer than this before they kill.
const GRACE: Duration = Duration::from_secs(60);

/// Looks at a machine that is not found when a run is resumed: after a reprotect it may be gone for a
/// while.
const LOOKS: u32 = 12;

/// What is to be carried out, beside the plan.
#[derive(Clone, Debug)]
pub struct Order {
    pub run: RunId,
    /// The site's name.
    pub site: Text,
    /// The plan's file; `None` for the unnamed plan behind a single action.
    pub slug: Option<Slug>,
    pub by: Person,
    /// The journal of the runners before; empty for a run that begins.
    pub so_far: Vec<Line>,
}

/// How a runner ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The run is over.
    Closed(Closing),
    /// The run is not: it may be resumed.
    Suspended(Suspension, Text),
}

/// A machine of the run with what its carrier needs.
struct Member<'a> {
    vault: &'a Vault,
    machine: Machine,
    recipe: Recipe,
    /// As the first record has it.
    planned: Planned,
    /// A VM in Azure is named, and may be another machine's.
    doubtful_vm: bool,
}

/// Carries out `plan`: all machines at once, each through its recipe, every record durable in
/// `ledger` before what it announces. What the runners before were about when they ended is found out
/// first. Returns when every machine is through, a person stopped the run, or `told_to_end` says why
/// the runner must end before it.
///
/// # Errors
/// Before the first record: why the run cannot begin or go on; nothing was sent then. After it: why
/// the journal cannot be written; nothing was sent any more from then on, and what runs in Azure goes
/// on.
pub async fn execute(
    site: &Site,
    plan: &Plan,
    order: &Order,
    ledger: Box<dyn Ledger>,
    told_to_end: impl Future<Output = &'static str>,
) -> Result<Ended, Failure> {
    let before = Run::fold(&order.so_far);
    let members = members(site, plan, before.is_some()).await?;
    if let Some(before) = &before {
        same_steps(before, &members)?;
    }
    let desk = Desk::new(ledger, &order.so_far);
    let broken = |desk: &Desk| {
        let what = "The journal of the run cannot be written: nothing more is sent.";
        let unknown = || Failure::new(what, "", Retry::AfterFixing);
        desk.broken().unwrap_or_else(unknown)
    };
    let first = match &before {
        None => Record::Launched(Box::new(launch(plan, order, &members))),
        Some(_) => Record::Resumed {
            by: order.by.clone(),
            program: PROGRAM.into(),
        },
    };
    if desk.write(first).await.is_err() {
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
    let own = |member: &Member<'_>| before.as_ref()?.machine(&member.recipe.machine);
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
            inherited: Inherited::of(own(member)),
        })
        .collect();
    let carried = async {
        if let Ok(Some(why)) = conductor.begin().await {
            return join_all(carriers.iter().map(|carrier| carrier.begin_nothing(&why))).await;
        }
        let all = join_all(carriers.iter().map(|carrier| Box::pin(carrier.carry())));
        let (mut all, conducted): (Vec<Way<()>>, _) =
            futures::future::join(all, conductor.conduct()).await;
        all.push(conducted);
        all
    };
    let carried = tokio::select! {
        biased;
        carried = carried => Some(carried),
        () = ending(&desk, told_to_end) => None,
        never = conductor.call() => match never {},
        never = desk.attend(LETTERS.min(site.arm().pace().poll)) => match never {},
    };
    let carried = carried.unwrap_or_default();
    if carried.contains(&Err(Halt::Unwritten)) {
        return Err(broken(&desk));
    }
    let last = match desk.suspended() {
        // Told to end at the moment at which it was over anyway.
        Some(_) if !carried.is_empty() && carried.iter().all(Result::is_ok) => None,
        suspended => suspended,
    };
    let (record, ended) = match last {
        Some((cause, why)) => {
            let record = Record::Suspended {
                cause,
                why: why.clone(),
            };
            (record, Ended::Suspended(cause, why))
        }
        None => {
            let stopped = desk.stopped().is_some();
            let closing = desk.run(|run| closing(run, stopped));
            let closing = closing.unwrap_or(Closing::Failed);
            (Record::Closed(closing), Ended::Closed(closing))
        }
    };
    match desk.write(record).await {
        Ok(()) => Ok(ended),
        Err(_) => Err(broken(&desk)),
    }
}

/// Waits until the process must end, lets the carriers end, and returns when they had the time to.
async fn ending(desk: &Desk, told_to_end: impl Future<Output = &'static str>) {
    let why = told_to_end.await;
    desk.suspend(Suspension::Told, why);
    tokio::time::sleep(GRACE).await;
}

/// Whether the run was begun with the steps that it has now.
fn same_steps(before: &Run, members: &[Member<'_>]) -> Result<(), Failure> {
    for member in members {
        let had = before.machine(&member.recipe.machine);
        // What the run itself added stands among them.
        let had: Option<Vec<StepKind>> = had.map(|m| m.steps.iter().map(|s| s.kind).collect());
        let mut had = had.unwrap_or_default().into_iter();
        let same = member
            .recipe
            .steps
            .iter()
            .all(|step| had.any(|kind| kind == step.kind()));
        if !same {
            let name = &member.recipe.name;
            let what = format!(
                "Run {} cannot be resumed: {name} was begun with other steps than it would take now.",
                before.launch.run
            );
            let advice = format!(
                "It was begun by {}. Resume it with that version, or stop it and launch the plan \
                 again for what is left.",
                before.launch.program
            );
            return Err(Failure::new(what, advice, Retry::AfterFixing));
        }
    }
    Ok(())
}

/// Reads every machine of the plan, and makes its recipe.
async fn members<'a>(
    site: &'a Site,
    plan: &Plan,
    resumed: bool,
) -> Result<Vec<Member<'a>>, Failure> {
    let one = |id: &ArmId| {
        let id = id.clone();
        async move {
            let name = plan.machine_name(&id);
            let vault = site.vault_of(&id).ok_or_else(|| {
                let what = format!("{name} lies in no vault of this site.");
                Failure::new(what, "Choose the site that holds it.", Retry::AfterFixing)
            })?;
            let (machine, detail) = read(site, &id, resumed).await?;
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
                planned: Planned {
                    disks: detail.capacity(),
                    pending: detail.pending(),
                    ..recipe.planned()
                },
                recipe,
                doubtful_vm,
            })
        }
    };
    let read = join_all(plan.machines().into_iter().map(one)).await;
    read.into_iter().collect()
}

async fn read(site: &Site, id: &ArmId, resumed: bool) -> Result<(Machine, Detail), Failure> {
    let mut look = 0;
    loop {
        look += 1;
        match site.arm().machine(id).await {
            Ok(told) => return Ok(told),
            Err(error) if resumed && error.is_absent() && look < LOOKS => {
                tokio::time::sleep(site.arm().pace().poll).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn launch(plan: &Plan, order: &Order, members: &[Member<'_>]) -> Launch {
    Launch {
        schema: "failback/run/1".into(),
        run: order.run.clone(),
        site: order.site.clone(),
        name: plan.name.to_string().into(),
        slug: order.slug.clone(),
        intent: plan.intent().word().into(),
        by: order.by.clone(),
        program: PROGRAM.into(),
        machines: members.iter().map(|own| own.planned.clone()).collect(),
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
