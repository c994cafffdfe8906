//! The steps of a recipe, one file an idea: what decides is pure, what looks and sends is thin.

mod advice;
mod azure_vm;
mod cancel;
mod change;
mod checklist;
mod commit;
mod complete;
mod cut_over;
mod deed;
mod door;
mod drain;
mod expect;
mod follow;
mod held;
mod hook;
mod judge;
mod look;
mod point;
mod power;
mod protect;
mod protected;
mod quiesce;
mod ready;
mod search;
mod send;
mod survivor;
mod target;
mod temporary;
mod trouble;
mod undone;
mod unknown;
mod waiting;
mod window;

use super::carrier::{Carrier, Memory};
use super::desk::Way;
use crate::domain::Step;
use crate::domain::run::End;

pub(super) use held::Held;
pub(super) use hook::choices;
pub(super) use judge::failure_of;
pub(super) use point::{in_full, needs_points};

/// Takes one step with one machine.
pub(super) async fn take(c: &Carrier<'_>, step: &Step, memory: &mut Memory) -> Way<End> {
    let kind = step.kind();
    match step {
        Step::TemporaryDisk => temporary::take_offline(c).await,
        Step::Protect(change) => protect::protect(c, change, memory).await,
        Step::AwaitProtected => protected::wait(c).await,
        Step::Quiesce(how) => quiesce::quiesce(c, how, memory).await,
        Step::Drain(drain) => drain::drain(c, drain, memory).await,
        Step::Synchronise(change) => held::synchronise(c, kind, change, memory).await,
        Step::UpdateTarget(change) => target::update(c, change, memory).await,
        Step::Door => door::wait(c, memory).await,
        Step::StopAzureVm => azure_vm::stop_first(c, memory).await,
        Step::FailBack(change) => {
            let end = change::make(c, kind, change, None, memory).await?;
            memory.home = matches!(end, End::Done | End::DoneBut(_));
            Ok(end)
        }
        Step::ProtectToAzure(change) | Step::CleanUpTest(change) => {
            change::make(c, kind, change, None, memory).await
        }
        Step::Complete => complete::complete(c, memory).await,
        Step::FailOver(_) | Step::ChangePoint { .. } | Step::TestFailover { .. } => {
            point::make(c, step, memory).await
        }
        Step::VerifyAzureOff => azure_vm::verify_off(c).await,
        Step::VerifySurvivor => survivor::verify(c, memory).await,
        Step::Commit(change) => commit::commit(c, change, memory).await,
        Step::CancelFailover(change) => cancel::cancel(c, change, memory).await,
        Step::HookBefore(hook) | Step::HookAfter(hook) => hook::take(c, kind, hook, memory).await,
        Step::Ready(waits) => ready::wait(c, waits).await,
    }
}

#[cfg(test)]
mod tests;
