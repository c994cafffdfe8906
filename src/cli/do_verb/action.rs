//! The plan behind a single action, and whether Azure offers the action now.

use std::sync::Arc;

use super::{azure_vm, target};
use crate::cli::arguments::{Do, DoVerb};
use crate::cli::launching::not_ready;
use crate::cli::output::{Complaint, quoted};
use crate::domain::plan::{
    PlanName, Protection, Recovered, Recovery, Returned, Returning, Selected, Selection, Wave,
};
use crate::domain::text::fit;
use crate::domain::{ArmId, Failure, Intent, Machine, Place, Plan, Retry, Stage, StepKind, Verb};
use crate::site::{Estate, Site};
use crate::store::Runs;

/// Most columns of a plan's name.
const NAME: usize = 60;

/// What the command line's verb is called everywhere else.
pub fn verb(verb: DoVerb) -> Verb {
    match verb {
        DoVerb::Protect => Verb::Protect,
        DoVerb::Failback => Verb::FailBack,
        DoVerb::Commit => Verb::Commit,
        DoVerb::ProtectToAzure => Verb::ProtectToAzure,
    }
}

pub fn way_back(verb: DoVerb) -> &'static str {
    let step = match verb {
        DoVerb::Protect => StepKind::Protect,
        DoVerb::Failback => StepKind::FailBack,
        DoVerb::Commit => StepKind::Commit,
        DoVerb::ProtectToAzure => StepKind::ProtectToAzure,
    };
    let course = crate::domain::Course {
        generation: None,
        steps: &[step],
    };
    course.way_back(step)
}

/// Refuses what Azure does not offer, and what must be done explicitly before.
pub fn allowed(wanted: DoVerb, machine: &Machine) -> Result<(), Complaint> {
    let refuse = |what: String, advice: String| {
        Err(not_ready(Failure::new(what, advice, Retry::AfterFixing)))
    };
    let name = &machine.name;
    // It would commit by itself (asr-rest.md 13).
    if wanted == DoVerb::ProtectToAzure && machine.stage == Stage::CommitPending {
        return refuse(
            format!("{name} is not committed: protecting it to Azure would commit it unasked."),
            format!(
                "Commit first, explicitly: failback do commit {}",
                quoted(name.as_str())
            ),
        );
    }
    if machine.next.offers(verb(wanted)) {
        return Ok(());
    }
    let done = match wanted {
        DoVerb::Protect => "protected",
        DoVerb::Failback => "failed back",
        DoVerb::Commit => "committed",
        DoVerb::ProtectToAzure => "protected to Azure",
    };
    refuse(
        format!("{name} cannot be {done} now: Azure does not offer it."),
        not_offered(wanted, machine),
    )
}

/// What has to happen before an action is offered.
fn not_offered(wanted: DoVerb, machine: &Machine) -> String {
    let state = machine.state_words();
    if machine.running.is_some() {
        return format!("It is busy ({state}): wait until that is over, then try again.");
    }
    if wanted == DoVerb::Failback && machine.place == Place::OnPremises {
        return format!("It runs on-premises already ({state}).");
    }
    match machine.next.verbs.first() {
        Some(next) => format!(
            "Its state is: {state}. What can be done next: {}.",
            next.words()
        ),
        None => format!("Its state is: {state}. Azure offers nothing now; try again in a minute."),
    }
}

/// The plan behind the action. `runs` are the site's; a recording has none.
pub async fn plan(
    options: &Do,
    site: &Site,
    estate: &Estate,
    chosen: &[Arc<Machine>],
    runs: Option<&Runs>,
) -> Result<Plan, Complaint> {
    let intent = match options.verb {
        DoVerb::Failback => {
            let said = said_vm(options)?;
            let one = |m: &Arc<Machine>| recovered(m, estate, runs, said.clone());
            let machines: Result<_, Complaint> = chosen.iter().map(one).collect();
            Intent::FailBack(Recovery::new(vec![Wave {
                machines: machines?,
            }]))
        }
        DoVerb::Commit => Intent::Commit(Selection {
            machines: chosen.iter().map(|m| committed(m)).collect(),
        }),
        DoVerb::Protect => {
            let offers = target::offers(site, estate).await?;
            let one = |m: &Arc<Machine>| target::protected(&offers, m, &options.target);
            let machines: Result<Vec<_>, Complaint> = chosen.iter().map(one).collect();
            Intent::Protect(Protection {
                replication: crate::domain::plan::Replication::default(),
                nat: crate::domain::plan::Nat::default(),
                machines: machines?,
            })
        }
        DoVerb::ProtectToAzure => {
            let offers = target::offers(site, estate).await?;
            let one = |m: &Arc<Machine>| -> Result<Returned, Complaint> {
                Ok(Returned {
                    id: m.id.clone(),
                    name: m.name.clone(),
                    target: target::returning(&offers, m, &options.target)?,
                })
            };
            let machines: Result<Vec<_>, Complaint> = chosen.iter().map(one).collect();
            Intent::ProtectToAzure(Returning {
                machines: machines?,
            })
        }
    };
    let name = PlanName::parse(&name(options.verb, chosen));
    let plan = name.and_then(|name| Plan::new(name, intent));
    plan.map_err(|fault| Complaint::usage(format!("{fault}."), ""))
}

/// `Commit web-01`, `Fail back 3 machines`.
fn name(wanted: DoVerb, chosen: &[Arc<Machine>]) -> String {
    let words = verb(wanted).words();
    let all = match chosen {
        [one] => format!("{words} {}", one.name),
        several => format!("{words} {} machines", several.len()),
    };
    fit(&all, NAME, "~").into_owned()
}

/// The Azure VM that the command line names.
fn said_vm(options: &Do) -> Result<Option<ArmId>, Complaint> {
    let Some(raw) = &options.azure_vm else {
        return Ok(None);
    };
    let id = ArmId::parse(raw).filter(|id| id.segment("virtualMachines").is_some());
    match (id, options.machines.len(), options.verb) {
        (Some(id), 1, DoVerb::Failback) => Ok(Some(id)),
        (None, ..) => Err(Complaint::usage(
            format!("--azure-vm {raw} is no VM's id."),
            "It looks like /subscriptions/.../providers/Microsoft.Compute/virtualMachines/NAME.",
        )),
        _ => Err(Complaint::usage(
            "--azure-vm does not fit here.",
            "It goes with do failback of one machine.",
        )),
    }
}

fn recovered(
    machine: &Machine,
    estate: &Estate,
    runs: Option<&Runs>,
    said: Option<ArmId>,
) -> Result<Recovered, Complaint> {
    let azure_vm = match (said, runs) {
        (Some(said), _) => Some(said),
        (None, Some(runs)) => azure_vm::of(runs, estate, machine)?,
        (None, None) => machine.azure_vm.clone(),
    };
    Ok(Recovered {
        azure_vm,
        ..Recovered::new(machine.id.clone(), machine.name.clone())
    })
}

fn committed(machine: &Machine) -> Selected {
    Selected {
        id: machine.id.clone(),
        name: machine.name.clone(),
    }
}
