//! The steps of a recipe, and what they are called.

use serde::{Deserialize, Serialize};

use crate::domain::call::Change;
use crate::domain::ids::ArmId;
use crate::domain::place::Generation;
use crate::domain::plan::{AzurePoint, Drain, Hook, Quiesce, Ready};

/// One step of one machine. Each kind stands in a recipe at most once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Take the temporary disk that Azure lends out of use, so that it is not protected \[000\].
    TemporaryDisk,
    /// Send the reprotect and see its job through.
    Protect(Change),
    /// Wait until the machine really is protected: the job's end is not it (asr-rest.md 13).
    AwaitProtected,
    /// Make the applications stop writing; machine and agent keep running.
    Quiesce(Quiesce),
    /// Wait until nothing is on its way: pending data 0 at the source, the process server and the
    /// target, and a recovery point later than the quiesce.
    Drain(Drain),
    /// Send the failback of a Hyper-V machine whose data comes home while it keeps running in Azure,
    /// and see its job as far as it goes by itself: to where it waits to be completed.
    Synchronise(Change),
    /// Say what the VM in Azure is to be.
    UpdateTarget(Change),
    /// Wait until it is the machine's turn: the waves before and the machines that it waits for are
    /// through, and not too many others are in cut-over.
    Door,
    /// Switch the Azure VM off first, as vContinuum did; only ever after the drain.
    StopAzureVm,
    /// Send the failover and see its job through.
    FailBack(Change),
    /// Let the failback that waits after its synchronisation go on - *Complete failover* - and see
    /// its job through. Which job that is the machine's jobs tell.
    Complete,
    /// Send the failover to Azure and see its job through. Which point is the newest is told by the
    /// points that are there at that moment.
    FailOver(ToAzure),
    /// See that the Azure VM is off, and switch it off if it is not: before users are let on.
    VerifyAzureOff,
    /// A person has looked at the machine that survives, or says that they have.
    VerifySurvivor,
    /// Send the commit, once a person typed the machine's name.
    Commit(Change),
    /// Send the cancellation of a failback, once a person typed the machine's name: what was written
    /// on-premises since is lost.
    CancelFailover(Change),
    /// Send the reprotect to Azure and see its job through.
    ProtectToAzure(Change),
    /// Take another recovery point of a failover to Azure.
    ChangePoint {
        item: ArmId,
        generation: Generation,
        point: AzurePoint,
    },
    /// Make a VM for a test in Azure.
    TestFailover {
        item: ArmId,
        generation: Generation,
        network: ArmId,
        point: AzurePoint,
    },
    /// Do away with what a test made.
    CleanUpTest(Change),
    /// Run a local command right before the cut-over.
    HookBefore(Hook),
    /// Wait until what the plan names holds; those that come after the machine wait for it, too.
    Ready(Vec<Ready>),
    /// Run a local command once the machine is ready.
    HookAfter(Hook),
}

/// A failover to Azure, before it is known which point is the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToAzure {
    pub item: ArmId,
    pub generation: Generation,
    pub point: AzurePoint,
    pub shut_down: bool,
}

/// A step's name, as journals keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepKind {
    TemporaryDisk,
    Protect,
    AwaitProtected,
    Quiesce,
    Drain,
    Synchronise,
    UpdateTarget,
    Door,
    StopAzureVm,
    FailBack,
    Complete,
    FailOver,
    VerifyAzureOff,
    VerifySurvivor,
    Commit,
    CancelFailover,
    ProtectToAzure,
    ChangePoint,
    TestFailover,
    CleanUpTest,
    HookBefore,
    Ready,
    HookAfter,
}

impl Step {
    #[must_use]
    pub fn kind(&self) -> StepKind {
        match self {
            Self::TemporaryDisk => StepKind::TemporaryDisk,
            Self::Protect(_) => StepKind::Protect,
            Self::AwaitProtected => StepKind::AwaitProtected,
            Self::Quiesce(_) => StepKind::Quiesce,
            Self::Drain(_) => StepKind::Drain,
            Self::Synchronise(_) => StepKind::Synchronise,
            Self::UpdateTarget(_) => StepKind::UpdateTarget,
            Self::Door => StepKind::Door,
            Self::StopAzureVm => StepKind::StopAzureVm,
            Self::FailBack(_) => StepKind::FailBack,
            Self::Complete => StepKind::Complete,
            Self::FailOver(_) => StepKind::FailOver,
            Self::VerifyAzureOff => StepKind::VerifyAzureOff,
            Self::VerifySurvivor => StepKind::VerifySurvivor,
            Self::Commit(_) => StepKind::Commit,
            Self::CancelFailover(_) => StepKind::CancelFailover,
            Self::ProtectToAzure(_) => StepKind::ProtectToAzure,
            Self::ChangePoint { .. } => StepKind::ChangePoint,
            Self::TestFailover { .. } => StepKind::TestFailover,
            Self::CleanUpTest(_) => StepKind::CleanUpTest,
            Self::HookBefore(_) => StepKind::HookBefore,
            Self::Ready(_) => StepKind::Ready,
            Self::HookAfter(_) => StepKind::HookAfter,
        }
    }

    /// The change that the step sends, where it is known beforehand.
    #[must_use]
    pub fn change(&self) -> Option<&Change> {
        match self {
            Self::Protect(change)
            | Self::Synchronise(change)
            | Self::UpdateTarget(change)
            | Self::FailBack(change)
            | Self::Commit(change)
            | Self::CancelFailover(change)
            | Self::ProtectToAzure(change)
            | Self::CleanUpTest(change) => Some(change),
            _ => None,
        }
    }
}

impl StepKind {
    /// As journals write it; request ids are derived from it, so that it never changes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::TemporaryDisk => "temporaryDisk",
            Self::Protect => "protect",
            Self::AwaitProtected => "awaitProtected",
            Self::Quiesce => "quiesce",
            Self::Drain => "drain",
            Self::Synchronise => "synchronise",
            Self::UpdateTarget => "updateTarget",
            Self::Door => "door",
            Self::StopAzureVm => "stopAzureVm",
            Self::FailBack => "failBack",
            Self::Complete => "complete",
            Self::FailOver => "failOver",
            Self::VerifyAzureOff => "verifyAzureOff",
            Self::VerifySurvivor => "verifySurvivor",
            Self::Commit => "commit",
            Self::CancelFailover => "cancelFailover",
            Self::ProtectToAzure => "protectToAzure",
            Self::ChangePoint => "changePoint",
            Self::TestFailover => "testFailover",
            Self::CleanUpTest => "cleanUpTest",
            Self::HookBefore => "hookBefore",
            Self::Ready => "ready",
            Self::HookAfter => "hookAfter",
        }
    }

    /// What the step does, as the monitor and reports write it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::TemporaryDisk => "take the temporary disk out of use",
            Self::Protect => "protect",
            Self::AwaitProtected => "wait until protected",
            Self::Quiesce => "quiesce the applications",
            Self::Drain => "drain what is on its way",
            Self::Synchronise => "synchronise before the failover",
            Self::UpdateTarget => "set what the Azure VM is to be",
            Self::Door => "wait for the wave before",
            Self::StopAzureVm => "stop the Azure VM",
            Self::FailBack => "fail back",
            Self::Complete => "complete failover",
            Self::FailOver => "fail over to Azure",
            Self::VerifyAzureOff => "see that the Azure VM is off",
            Self::VerifySurvivor => "look at the machine",
            Self::Commit => "commit",
            Self::CancelFailover => "cancel failover",
            Self::ProtectToAzure => "protect to Azure",
            Self::ChangePoint => "change recovery point",
            Self::TestFailover => "test failover",
            Self::CleanUpTest => "clean up test failover",
            Self::HookBefore => "run the command before",
            Self::Ready => "wait until it is ready",
            Self::HookAfter => "run the command after",
        }
    }
}
