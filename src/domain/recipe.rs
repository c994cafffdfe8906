//! Recipes: for a generation and an intent, the steps of one machine, as data.
//!
//! What review and dry run print and what the runner carries out come from the same recipe. Steps
//! up to [`Step::Door`] are preparation: they start for all machines at once. What follows is the
//! cut-over, in the order of the waves.

use serde::{Deserialize, Serialize};

use super::call::{Change, ClassicAzureInput, ClassicInput};
use super::ids::ArmId;
use super::place::Provider;
use super::plan::{Drain, Intent, Plan, PointChoice, Quiesce, Recovered, ReturnTarget, Target};
use super::text::Text;

/// What one machine goes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    pub machine: ArmId,
    /// What people call it.
    pub name: Text,
    /// Counted from 1; machines without an order are all in wave 1.
    pub wave: usize,
    pub steps: Vec<Step>,
}

/// One step of one machine. Each kind stands in a recipe at most once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send the reprotect and see its job through.
    Protect(Change),
    /// Wait until the machine really is protected: the job's end is not it (asr-rest.md 13).
    AwaitProtected,
    /// Make the applications stop writing; machine and agent keep running.
    Quiesce(Quiesce),
    /// Wait until nothing is on its way: pending data 0 at the source, the process server and the
    /// target, and a recovery point later than the quiesce.
    Drain(Drain),
    /// Wait until the wave before is through.
    Door,
    /// Switch the Azure VM off first, as vContinuum did; only ever after the drain.
    StopAzureVm,
    /// Send the failover and see its job through.
    FailBack(Change),
    /// See that the Azure VM is off, and switch it off if it is not: before users are let on.
    VerifyAzureOff,
    /// A person has looked at the machine that survives, or says that they have.
    VerifySurvivor,
    /// Send the commit, once a person typed the machine's name.
    Commit(Change),
    /// Send the reprotect to Azure and see its job through.
    ProtectToAzure(Change),
}

/// A step's name, as journals keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepKind {
    Protect,
    AwaitProtected,
    Quiesce,
    Drain,
    Door,
    StopAzureVm,
    FailBack,
    VerifyAzureOff,
    VerifySurvivor,
    Commit,
    ProtectToAzure,
}

/// Why there is no recipe; each says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRecipe {
    #[error(
        "{name} is {generation}: failback carries out classic VMware so far; use the Azure portal \
         for it"
    )]
    Generation { name: Text, generation: String },
    #[error("{name} lacks a {missing}: choose it in the plan")]
    Missing { name: Text, missing: String },
    #[error("{0} is not in the plan")]
    NotPlanned(Text),
}

impl Recipe {
    /// The recipe of one machine of a plan. Whether the machine is where the recipe begins is for
    /// readiness, and for the look right before each sending.
    ///
    /// # Errors
    /// A generation this program does not carry out, a choice that was not made.
    pub fn of(plan: &Plan, machine: &ArmId, provider: &Provider) -> Result<Self, NoRecipe> {
        let name = plan.machine_name(machine);
        let not_planned = || NoRecipe::NotPlanned(name.clone());
        let (wave, steps) = match plan.intent() {
            Intent::Protect(protection) => {
                let own = protection.machine(machine).ok_or_else(not_planned)?;
                classic(&name, provider)?;
                let change = Change::ProtectClassic {
                    item: machine.clone(),
                    input: classic_input(&name, &own.target)?,
                };
                (1, vec![Step::Protect(change), Step::AwaitProtected])
            }
            Intent::FailBack(recovery) => {
                let own = recovery.machine(machine).ok_or_else(not_planned)?;
                classic(&name, provider)?;
                let wave = recovery.wave_of(machine).ok_or_else(not_planned)?;
                (
                    wave,
                    fail_back(own, recovery.point_of(own).clone(), recovery),
                )
            }
            Intent::Commit(_) => {
                let item = machine.clone();
                let commit = Step::Commit(Change::Commit { item });
                (1, vec![Step::VerifySurvivor, commit])
            }
            Intent::ProtectToAzure(back) => {
                let own = back.machine(machine).ok_or_else(not_planned)?;
                classic(&name, provider)?;
                let change = Change::ProtectToAzureClassic {
                    item: machine.clone(),
                    input: azure_input(&name, &own.target)?,
                };
                (1, vec![Step::ProtectToAzure(change), Step::AwaitProtected])
            }
        };
        Ok(Self {
            machine: machine.clone(),
            name,
            wave,
            steps,
        })
    }
}

fn fail_back(own: &Recovered, point: PointChoice, plan: &super::plan::Recovery) -> Vec<Step> {
    let item = own.id.clone();
    let mut steps = vec![
        Step::Quiesce(plan.quiesce_of(own).clone()),
        Step::Drain(plan.drain.clone()),
        Step::Door,
    ];
    if plan.stop_azure_vm_first {
        steps.push(Step::StopAzureVm);
    }
    steps.extend([
        Step::FailBack(Change::FailBackClassic {
            item: item.clone(),
            point,
        }),
        Step::VerifyAzureOff,
        Step::VerifySurvivor,
        Step::Commit(Change::Commit { item }),
    ]);
    steps
}

fn classic(name: &Text, provider: &Provider) -> Result<(), NoRecipe> {
    if *provider == Provider::Classic {
        return Ok(());
    }
    Err(NoRecipe::Generation {
        name: name.clone(),
        generation: provider.word().to_owned(),
    })
}

fn missing(name: &Text, what: &str) -> NoRecipe {
    NoRecipe::Missing {
        name: name.clone(),
        missing: what.to_owned(),
    }
}

fn classic_input(name: &Text, target: &Target) -> Result<ClassicInput, NoRecipe> {
    let Target::Classic(target) = target else {
        return Err(missing(name, "classic target"));
    };
    let chosen = |choice: &Option<Text>, what| choice.clone().ok_or_else(|| missing(name, what));
    Ok(ClassicInput {
        process_server: chosen(&target.process_server, "process server")?,
        master_target: chosen(&target.master_target, "master target")?,
        retention: chosen(&target.retention, "retention drive")?,
        datastore: chosen(&target.datastore, "datastore")?,
        account: target.account.clone(),
        policy: target
            .policy
            .clone()
            .ok_or_else(|| missing(name, "failback policy"))?,
    })
}

fn azure_input(name: &Text, target: &ReturnTarget) -> Result<ClassicAzureInput, NoRecipe> {
    Ok(ClassicAzureInput {
        process_server: target
            .process_server
            .clone()
            .ok_or_else(|| missing(name, "process server"))?,
        account: target.account.clone(),
        policy: target
            .policy
            .clone()
            .ok_or_else(|| missing(name, "replication policy"))?,
    })
}

impl Step {
    #[must_use]
    pub fn kind(&self) -> StepKind {
        match self {
            Self::Protect(_) => StepKind::Protect,
            Self::AwaitProtected => StepKind::AwaitProtected,
            Self::Quiesce(_) => StepKind::Quiesce,
            Self::Drain(_) => StepKind::Drain,
            Self::Door => StepKind::Door,
            Self::StopAzureVm => StepKind::StopAzureVm,
            Self::FailBack(_) => StepKind::FailBack,
            Self::VerifyAzureOff => StepKind::VerifyAzureOff,
            Self::VerifySurvivor => StepKind::VerifySurvivor,
            Self::Commit(_) => StepKind::Commit,
            Self::ProtectToAzure(_) => StepKind::ProtectToAzure,
        }
    }

    /// The change that the step sends, where it is known beforehand.
    #[must_use]
    pub fn change(&self) -> Option<&Change> {
        match self {
            Self::Protect(change)
            | Self::FailBack(change)
            | Self::Commit(change)
            | Self::ProtectToAzure(change) => Some(change),
            _ => None,
        }
    }
}

impl StepKind {
    /// As journals write it; request ids are derived from it, so that it never changes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Protect => "protect",
            Self::AwaitProtected => "awaitProtected",
            Self::Quiesce => "quiesce",
            Self::Drain => "drain",
            Self::Door => "door",
            Self::StopAzureVm => "stopAzureVm",
            Self::FailBack => "failBack",
            Self::VerifyAzureOff => "verifyAzureOff",
            Self::VerifySurvivor => "verifySurvivor",
            Self::Commit => "commit",
            Self::ProtectToAzure => "protectToAzure",
        }
    }

    /// What the step does, as the monitor and reports write it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Protect => "protect",
            Self::AwaitProtected => "wait until protected",
            Self::Quiesce => "quiesce the applications",
            Self::Drain => "drain what is on its way",
            Self::Door => "wait for the wave before",
            Self::StopAzureVm => "stop the Azure VM",
            Self::FailBack => "fail back",
            Self::VerifyAzureOff => "see that the Azure VM is off",
            Self::VerifySurvivor => "look at the machine",
            Self::Commit => "commit",
            Self::ProtectToAzure => "protect to Azure",
        }
    }

    /// The step's way back, while it is the next that changes something.
    #[must_use]
    pub fn way_back(self) -> &'static str {
        match self {
            Self::Protect | Self::AwaitProtected => "none: Protect commits the failover",
            Self::Quiesce | Self::Drain | Self::Door => "stop the run; the VM stays in Azure",
            Self::StopAzureVm => "start the Azure VM again",
            Self::FailBack => "none once Fail back is sent",
            Self::VerifyAzureOff | Self::VerifySurvivor => "none: it is home",
            Self::Commit => "none once Commit is sent",
            Self::ProtectToAzure => "none: it commits, and the Azure VM goes",
        }
    }
}
