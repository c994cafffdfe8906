//! The steps of a recipe, one file an idea: what decides is pure, what looks and sends is thin.

mod azure_vm;
mod change;
mod commit;
mod cut_over;
mod door;
mod drain;
mod expect;
mod follow;
mod hook;
mod judge;
mod look;
mod power;
mod protected;
mod quiesce;
mod search;
mod send;
mod survivor;
mod trouble;
mod unknown;
mod waiting;

use super::carrier::{Carrier, Memory};
use super::desk::Way;
use crate::domain::Step;
use crate::domain::run::End;

pub(super) use judge::failure_of;

/// Takes one step with one machine.
pub(super) async fn take(c: &Carrier<'_>, step: &Step, memory: &mut Memory) -> Way<End> {
    match step {
        Step::Protect(change) => change::protect(c, change).await,
        Step::ProtectToAzure(change) => change::make(c, step.kind(), change, None, memory).await,
        Step::FailBack(change) => change::make(c, step.kind(), change, None, memory).await,
        Step::AwaitProtected => protected::wait(c).await,
        Step::Quiesce(how) => quiesce::quiesce(c, how, memory).await,
        Step::Drain(drain) => drain::drain(c, drain, memory).await,
        Step::Door => door::wait(c).await,
        Step::StopAzureVm => azure_vm::stop_first(c, memory).await,
        Step::VerifyAzureOff => azure_vm::verify_off(c).await,
        Step::VerifySurvivor => survivor::verify(c, memory).await,
        Step::Commit(change) => commit::commit(c, change, memory).await,
        Step::UpdateTarget(change) | Step::CancelFailover(change) | Step::CleanUpTest(change) => {
            change::make(c, step.kind(), change, None, memory).await
        }
        Step::Synchronise(_)
        | Step::Complete
        | Step::FailOver(_)
        | Step::ChangePoint { .. }
        | Step::TestFailover { .. } => {
            let what = format!("\"{}\" cannot be carried out yet.", step.kind().words());
            let failure = crate::domain::Failure::new(what, "", crate::domain::Retry::AfterFixing);
            Ok(End::Failed(Box::new(failure)))
        }
    }
}

#[cfg(test)]
mod tests;
