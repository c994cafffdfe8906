//! Which VM a machine is in Azure. A classic machine that replicates home no longer tells it
//! (asr-rest.md 8); the run that protected it does.

use crate::domain::run::Run;
use crate::domain::{ArmId, Intent, JobId, Machine, StepKind};
use crate::site::Estate;
use crate::store::{RunFolder, RunTrouble, Runs};

/// Most runs that are looked through.
const RUNS: usize = 500;
/// What the job of a reprotect is called.
const REPROTECT: &str = "SwitchReplicationGroupProtection";

/// The VM in Azure: as the item tells; else as the run had it that protected the machine, when the
/// vault still shows the job of that run as the machine's last reprotect. Anything less could be an
/// older VM, and an older VM that is off says nothing.
pub fn of(runs: &Runs, estate: &Estate, machine: &Machine) -> Result<Option<ArmId>, RunTrouble> {
    if let Some(told) = &machine.azure_vm {
        return Ok(Some(told.clone()));
    }
    let mut jobs = estate.jobs.iter().filter(|job| {
        job.scenario.as_str().eq_ignore_ascii_case(REPROTECT) && machine.is_target_of(job)
    });
    let Some(last) = jobs.next() else {
        return Ok(None);
    };
    let runs = runs.list()?;
    let mut runs = runs.iter().take(RUNS);
    Ok(runs.find_map(|run| protected(run, &machine.id, &last.name)))
}

/// The VM of a machine that a run protected by this job.
fn protected(run: &RunFolder, id: &ArmId, job: &JobId) -> Option<ArmId> {
    let plan = run.plan().ok()?;
    let Intent::Protect(protection) = plan.intent() else {
        return None;
    };
    let vm = protection.machine(id)?.azure_vm.clone()?;
    let run = Run::fold(&run.read().ok()?.lines)?;
    let step = run.machine(id)?.step(StepKind::Protect)?;
    (step.job_id.as_ref() == Some(job)).then_some(vm)
}
