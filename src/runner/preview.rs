//! What a run would do, before it is launched: every call as it would go out, and what else is done
//! in between. The dry run prints it, the review shows it.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::step::{in_full, needs_points};
use crate::azure::call_for;
use crate::domain::call::{GuestOs, JobAction};
use crate::domain::plan::{AzurePoint, Quiesce, Ready, Recovery};
use crate::domain::recovery_point::{Consistency, RecoveryPoint};
use crate::domain::{
    ArmId, Call, Change, Course, Failure, Intent, Machine, Plan, Recipe, Retry, Step, StepKind,
    Text,
};

/// One step of one machine, as it will be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previewed {
    /// Counted from 1.
    pub wave: usize,
    pub machine: ArmId,
    /// What people call it.
    pub name: Text,
    pub step: StepKind,
    /// The way back while this step is the next that changes something.
    pub way_back: &'static str,
    pub deed: Deed,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// This call goes out.
    Send(Call),
    /// This call goes out if something holds: `still on`.
    SendIf { holds: &'static str, call: Call },
    /// This call goes out, with what is known only then in the place of `{job}`, `{point}` or `{disk}`; which
    /// that is says the sentence.
    SendLater { blank: &'static str, call: Call },
    /// A local command is run, by argument vector.
    Run(Vec<String>),
    /// It waits; for what.
    Wait(Text),
    /// A person is asked; what.
    Ask(Text),
}

/// The recipe of every machine of a plan: by wave, within a wave in the plan's order. `machines` is
/// what was read of the site; the generation of each comes from there.
///
/// # Errors
/// Every machine that has none, with the reason, in one failure.
pub fn recipes(plan: &Plan, machines: &[Arc<Machine>]) -> Result<Vec<Recipe>, Failure> {
    let known: HashMap<&ArmId, &Arc<Machine>> = machines.iter().map(|m| (&m.id, m)).collect();
    let mut recipes = Vec::new();
    let mut reasons = Vec::new();
    for id in plan.machines() {
        let Some(machine) = known.get(id) else {
            let name = plan.machine_name(id);
            reasons.push(format!("{name} is not among the protected machines"));
            continue;
        };
        match Recipe::of(plan, id, &machine.provider()) {
            Ok(recipe) => recipes.push(recipe),
            Err(reason) => reasons.push(reason.to_string()),
        }
    }
    recipes.sort_by_key(|recipe| recipe.wave);
    match reasons.as_slice() {
        [] => Ok(recipes),
        [one] => Err(cannot(format!("{one}."))),
        several => Err(cannot(format!(
            "{} machines cannot be carried out: {}.",
            several.len(),
            several.join("; ")
        ))),
    }
}

fn cannot(what: String) -> Failure {
    Failure::new(what, "Change the plan.", Retry::AfterFixing)
}

/// Everything that a run of `plan` would do, machine by machine in the order of the waves.
/// `api_version` is what the site speaks.
///
/// # Errors
/// As [`recipes`].
pub fn preview(
    plan: &Plan,
    machines: &[Arc<Machine>],
    api_version: &str,
) -> Result<Vec<Previewed>, Failure> {
    preview_with(plan, machines, &HashMap::new(), api_version)
}

/// As [`preview`], with the recovery points of the machines for which they were read: those stand in
/// the calls as they would go out now.
///
/// # Errors
/// As [`recipes`].
pub fn preview_with(
    plan: &Plan,
    machines: &[Arc<Machine>],
    points: &HashMap<ArmId, Vec<RecoveryPoint>>,
    api_version: &str,
) -> Result<Vec<Previewed>, Failure> {
    let known: HashMap<&ArmId, &Arc<Machine>> = machines.iter().map(|m| (&m.id, m)).collect();
    let mut all = Vec::new();
    for recipe in recipes(plan, machines)? {
        let read = known.get(&recipe.machine).copied();
        let vm = azure_vm(plan, &recipe.machine, read);
        let kinds = recipe.kinds();
        let course = Course {
            generation: Some(recipe.generation),
            steps: &kinds,
        };
        for step in &recipe.steps {
            all.push(Previewed {
                wave: recipe.wave,
                machine: recipe.machine.clone(),
                name: recipe.name.clone(),
                step: step.kind(),
                way_back: course.way_back(step.kind()),
                deed: match step {
                    Step::Complete => complete(&recipe, api_version),
                    Step::Door => Deed::Wait(turn(plan, &recipe)),
                    Step::TemporaryDisk => temporary(vm.as_ref(), read, api_version),
                    step => match later(step, points.get(&recipe.machine), api_version) {
                        Some(deed) => deed,
                        None => deed(step, vm.as_ref(), api_version),
                    },
                },
            });
        }
    }
    Ok(all)
}

/// The machine's VM in Azure: as the plan has it, else as the item tells.
fn azure_vm(plan: &Plan, id: &ArmId, read: Option<&Arc<Machine>>) -> Option<ArmId> {
    let planned = match plan.intent() {
        Intent::FailBack(recovery) => Recovery::machine(recovery, id),
        _ => None,
    };
    let told = || read.and_then(|machine| machine.azure_vm.clone());
    planned.and_then(|own| own.azure_vm.clone()).or_else(told)
}

/// What the machine waits for before its cut-over.
fn turn(plan: &Plan, recipe: &Recipe) -> Text {
    let mut waits = Vec::new();
    if recipe.wave > 1 {
        waits.push("the wave before is through".to_owned());
    }
    let names: Vec<Text> = recipe
        .after
        .iter()
        .map(|id| plan.machine_name(id))
        .collect();
    match names.as_slice() {
        [] => {}
        [one] => waits.push(format!("{one} is through")),
        many => {
            let many: Vec<&str> = many.iter().map(Text::as_str).collect();
            waits.push(format!("{} are through", many.join(", ")));
        }
    }
    let sequence = plan.intent().sequence();
    if let Some(sequence) = &sequence {
        let placed = sequence.machine(&recipe.machine);
        if let Some(limit) = placed.and_then(|placed| placed.order.replication) {
            let minutes = limit.0;
            waits.push(format!(
                "its replication is healthy (after {minutes} min a person is asked)"
            ));
        }
        if let Some(most) = sequence.plan.at_once {
            waits.push(format!("fewer than {most} machines are in cut-over"));
        }
    }
    match waits.as_slice() {
        [] => "for nothing: it is in the first wave".into(),
        waits => format!("until {}", waits.join(", and until ")).into(),
    }
}

fn until_ready(waits: &[Ready]) -> Text {
    let one = |wait: &Ready| match wait.limit() {
        Some(limit) => format!("{} (after {} min a person is asked)", wait.words(), limit.0),
        None => wait.words().to_string(),
    };
    let all: Vec<String> = waits.iter().map(one).collect();
    format!("for {}", all.join(", then for ")).into()
}

/// The job is known once it has begun.
fn complete(recipe: &Recipe, api_version: &str) -> Deed {
    let vault = recipe.machine.up_to("vaults");
    let job = vault.and_then(|vault| ArmId::parse(&format!("{vault}/replicationJobs/{{job}}")));
    let Some(job) = job else {
        return Deed::Wait("until its job waits to be completed, then lets it go on".into());
    };
    let action = JobAction::Resume;
    Deed::SendLater {
        blank: "{job} is the job of its failback that waits after the synchronisation then",
        call: call_for(&Change::JobAction { job, action }, api_version),
    }
}

/// The disk is known once it was looked at.
fn temporary(vm: Option<&ArmId>, read: Option<&Arc<Machine>>, api_version: &str) -> Deed {
    let os = read.and_then(|machine| GuestOs::of(machine.os.as_str()));
    let Some(os) = os else {
        return Deed::Ask(
            "what runs in it is not known: a person sees to its temporary disk".into(),
        );
    };
    let known = vm.is_some();
    let later = || {
        let id = read?.id.segment("subscriptions")?;
        ArmId::parse(&format!(
            "/subscriptions/{id}/resourceGroups/{{group}}/providers/Microsoft.Compute/virtualMachines/{{vm}}"
        ))
    };
    let Some(vm) = vm.cloned().or_else(later) else {
        return Deed::Ask(
            "which VM it is in Azure is not known: a person sees to its temporary disk".into(),
        );
    };
    let disk = "{disk}".into();
    Deed::SendLater {
        blank: match known {
            true => {
                "{disk} is the temporary disk that the VM has then; without one, or where something uses it, nothing is sent"
            }
            false => {
                "{vm} is its VM in Azure, which is found out then, and {disk} the temporary disk that it has; without one, or where something uses it, nothing is sent"
            }
        },
        call: call_for(&Change::TakeTemporaryOffline { vm, os, disk }, api_version),
    }
}

/// What needs a recovery point: with the one that it would be now, where they were read, or with a
/// blank. `None` for any other step.
fn later(step: &Step, points: Option<&Vec<RecoveryPoint>>, api_version: &str) -> Option<Deed> {
    let (item, wanted) = match step {
        Step::FailOver(to) => (&to.item, &to.point),
        Step::ChangePoint { item, point, .. } | Step::TestFailover { item, point, .. } => {
            (item, point)
        }
        _ => return None,
    };
    let certain = match points {
        _ if !needs_points(step) => Some(Vec::new()),
        Some(points) => Some(points.clone()),
        None => None,
    };
    if let Some(points) = certain {
        return Some(match in_full(step, &points) {
            Ok(change) => Deed::Send(call_for(&change, api_version)),
            Err(why) => Deed::Wait(format!("for a recovery point: {why}").into()),
        });
    }
    let blank = ArmId::parse(&format!("{item}/recoveryPoints/{{point}}"));
    let id = match wanted {
        AzurePoint::Custom { id, .. } => Some(id.clone()),
        _ => blank,
    };
    let stand_in = id.map(|id| RecoveryPoint {
        id: Some(id),
        name: "{point}".into(),
        time: Some(Timestamp::UNIX_EPOCH),
        consistency: Consistency::Application,
        multi_vm: false,
    });
    let made = in_full(step, stand_in.as_slice());
    Some(match (made, wanted) {
        (Err(_), _) => Deed::Wait("for the recovery points".into()),
        (Ok(change), AzurePoint::Custom { .. }) => Deed::SendIf {
            holds: "the recovery point is still there",
            call: call_for(&change, api_version),
        },
        (Ok(change), wanted) => Deed::SendLater {
            blank: match wanted {
                AzurePoint::LatestApplication => {
                    "{point} is the newest application-consistent recovery point then"
                }
                _ => "{point} is the newest recovery point then",
            },
            call: call_for(&change, api_version),
        },
    })
}

fn deed(step: &Step, vm: Option<&ArmId>, api_version: &str) -> Deed {
    let stop = |vm: &ArmId| call_for(&Change::StopAzureVm { vm: vm.clone() }, api_version);
    match step {
        Step::Protect(change)
        | Step::Synchronise(change)
        | Step::UpdateTarget(change)
        | Step::FailBack(change)
        | Step::Commit(change)
        | Step::CancelFailover(change)
        | Step::ProtectToAzure(change)
        | Step::CleanUpTest(change) => Deed::Send(call_for(change, api_version)),
        Step::AwaitProtected => Deed::Wait("until Azure shows the machine as protected".into()),
        Step::Quiesce(Quiesce::Hook { command, .. }) => Deed::Run(command.clone()),
        Step::Quiesce(Quiesce::Person) => Deed::Ask(
            "have the applications stopped writing? Machine and agent keep running".into(),
        ),
        Step::Drain(drain) => {
            let minutes = drain.limit.0;
            Deed::Wait(
                format!(
                    "until nothing is on its way and a recovery point is later than the quiesce; \
                     after {minutes} min a person is asked"
                )
                .into(),
            )
        }
        Step::HookBefore(hook) | Step::HookAfter(hook) => Deed::Run(hook.command.clone()),
        Step::Ready(waits) => Deed::Wait(until_ready(waits)),
        Step::StopAzureVm => match vm {
            Some(vm) => Deed::SendIf {
                holds: "it is on",
                call: stop(vm),
            },
            None => Deed::Ask("which VM it is in Azure is not known: switch it off".into()),
        },
        Step::VerifyAzureOff => match vm {
            Some(vm) => Deed::SendIf {
                holds: "it is still on",
                call: stop(vm),
            },
            None => Deed::Ask("which VM it is in Azure is not known: is it off?".into()),
        },
        // Told by [`complete`], [`turn`], [`temporary`] and [`later`].
        Step::Complete
        | Step::TemporaryDisk
        | Step::Door
        | Step::FailOver(_)
        | Step::ChangePoint { .. }
        | Step::TestFailover { .. } => Deed::Wait("until it is known what is sent".into()),
        Step::VerifySurvivor => Deed::Ask("is the machine that stays as it should be?".into()),
    }
}

#[cfg(test)]
mod tests;
