//! Which VM a machine is in Azure. A classic machine that replicates home no longer tells it
//! (asr-rest.md 8); the run that protected it does.

use crate::domain::{ArmId, Intent, Machine};
use crate::store::{RunFolder, RunTrouble, Runs};

/// Most runs that are looked through.
const RUNS: usize = 500;

/// The VM in Azure: as the item tells, else as the run had it that protected the machine since its
/// last failover. An older run may speak of a VM that is another one now.
pub fn of(runs: &Runs, machine: &Machine) -> Result<Option<ArmId>, RunTrouble> {
    if let Some(told) = &machine.azure_vm {
        return Ok(Some(told.clone()));
    }
    let Some(failover) = machine.last_failover else {
        return Ok(None);
    };
    let runs = runs.list()?;
    let since = |run: &&RunFolder| run.id().time().is_some_and(|begun| begun > failover);
    let mut runs = runs.iter().take(RUNS).take_while(since);
    Ok(runs.find_map(|run| planned(run, &machine.id)))
}

fn planned(run: &RunFolder, id: &ArmId) -> Option<ArmId> {
    match run.plan().ok()?.intent() {
        Intent::Protect(protection) => protection.machine(id)?.azure_vm.clone(),
        _ => None,
    }
}
