//! A change to be made, and the exact call that makes it.

mod input;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ids::ArmId;
use super::place::Generation;
use super::plan::AzureTarget;
use super::text::Text;

pub use input::{
    AzureInput, ClassicAzureInput, ClassicInput, HomeInput, HyperVAzureInput, ModernisedAzureInput,
    ModernisedInput, ModernisedPoint, WayHome,
};

/// One change, as data, whole: nothing in it is still to be chosen. The room that carries it out
/// turns it into a [`Call`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Replication from Azure to the ground: `reProtect` (asr-rest.md 4.1). Commits what is not
    /// committed (asr-rest.md 13).
    Protect { item: ArmId, input: HomeInput },
    /// Azure to on-premises: `unplannedFailover` or `plannedFailover` (asr-rest.md 4.2).
    FailBack { item: ArmId, way: WayHome },
    /// Ends a failover, in whichever direction it went: `failoverCommit`, without a body.
    Commit { item: ArmId },
    /// Takes a failback back before its commit: `failoverCancel`, without a body; modernised alone
    /// has it \[004\].
    CancelFailover { item: ArmId },
    /// Replication from the ground to Azure again: `reProtect`. Commits what is not committed
    /// (asr-rest.md 13).
    ProtectToAzure { item: ArmId, input: AzureInput },
    /// What the VM in Azure is to be: `PATCH` of the item, before a failover to Azure.
    UpdateTarget {
        item: ArmId,
        generation: Generation,
        target: AzureTarget,
    },
    /// On-premises to Azure: `unplannedFailover`, for Hyper-V that is shut down first
    /// `plannedFailover` (asr-rest.md 4.2).
    FailOver {
        item: ArmId,
        generation: Generation,
        /// `None`: the latest, with all data that was sent before it.
        point: Option<ArmId>,
        /// Shut the machine at home down first; the failover goes on where that fails \[004\].
        shut_down: bool,
    },
    /// Another recovery point of a failover to Azure that is not committed: `applyRecoveryPoint`.
    ChangePoint {
        item: ArmId,
        generation: Generation,
        point: ArmId,
    },
    /// A VM for a test in Azure, beside the machine at home, in a network of its own.
    TestFailover {
        item: ArmId,
        generation: Generation,
        network: ArmId,
        point: Option<ArmId>,
    },
    /// Does away with what a test made.
    CleanUpTest { item: ArmId, comments: Text },
    /// Switches an Azure VM off and gives its cores back (Compute `deallocate`).
    StopAzureVm { vm: ArmId },
    /// Switches an Azure VM on (Compute `start`).
    StartAzureVm { vm: ArmId },
    /// Takes the temporary disk that Azure lends a VM out of use, by a script in it \[000\].
    TakeTemporaryOffline {
        vm: ArmId,
        os: GuestOs,
        /// What the disk is recognised by.
        disk: Text,
    },
    /// One of a job's own actions, where the job allows it.
    JobAction { job: ArmId, action: JobAction },
}

/// What may be done to a job that runs or stopped. There is no Cancel: every running job lists it,
/// also those that it would harm (asr-rest.md 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobAction {
    /// Of a Hyper-V failback that waits after its synchronisation: *Complete failover*.
    Resume,
    Restart,
}

impl Change {
    /// The `scenarioName` of the job that carries the change out: a child job may have the same
    /// request id, but not the same scenario (asr-rest.md 12). `None` where no Site Recovery job
    /// does.
    #[must_use]
    pub fn scenario(&self) -> Option<&'static str> {
        Some(match self {
            Self::ProtectToAzure {
                input: AzureInput::HyperV(_),
                ..
            } => "ReprotectReplicationGroup",
            Self::Protect { .. } | Self::ProtectToAzure { .. } => {
                "SwitchReplicationGroupProtection"
            }
            Self::FailBack {
                way: WayHome::Classic(_),
                ..
            } => "UnplannedFailover",
            Self::FailBack { .. } => "PlannedFailover",
            Self::Commit { .. } => "CommitFailover",
            Self::CancelFailover { .. } => "CancelFailover",
            Self::UpdateTarget { .. } => "UpdateVmProperties",
            Self::FailOver {
                generation: Generation::HyperV,
                shut_down: true,
                ..
            } => "PlannedFailover",
            Self::FailOver { .. } => "UnplannedFailover",
            Self::ChangePoint { .. } => "ChangePit",
            Self::TestFailover { .. } => "TestFailover",
            Self::CleanUpTest { .. } => "TestFailoverCleanup",
            Self::StopAzureVm { .. }
            | Self::StartAzureVm { .. }
            | Self::TakeTemporaryOffline { .. }
            | Self::JobAction { .. } => return None,
        })
    }

    /// What is changed: a protected item, an Azure VM or a job.
    #[must_use]
    pub fn object(&self) -> &ArmId {
        match self {
            Self::Protect { item, .. }
            | Self::FailBack { item, .. }
            | Self::Commit { item }
            | Self::CancelFailover { item }
            | Self::ProtectToAzure { item, .. }
            | Self::UpdateTarget { item, .. }
            | Self::FailOver { item, .. }
            | Self::ChangePoint { item, .. }
            | Self::TestFailover { item, .. }
            | Self::CleanUpTest { item, .. } => item,
            Self::StopAzureVm { vm }
            | Self::StartAzureVm { vm }
            | Self::TakeTemporaryOffline { vm, .. } => vm,
            Self::JobAction { job, .. } => job,
        }
    }
}

/// What runs in a machine, as far as scripts care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuestOs {
    Windows,
    Linux,
}

impl GuestOs {
    /// Out of the service's words for a system; `None` where they tell neither.
    #[must_use]
    pub fn of(words: &str) -> Option<Self> {
        let words = words.to_ascii_lowercase();
        match (words.contains("windows"), words.contains("linux")) {
            (true, _) => Some(Self::Windows),
            (_, true) => Some(Self::Linux),
            _ => None,
        }
    }
}

/// How a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    #[serde(rename = "GET")]
    Get,
    #[serde(rename = "POST")]
    Post,
    #[serde(rename = "PATCH")]
    Patch,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
        })
    }
}

/// A request as it will be sent: what is shown is what goes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    pub method: Method,
    /// Path on the ARM endpoint, `api-version` included.
    pub path: String,
    /// The JSON body.
    pub body: Option<String>,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        match &self.body {
            Some(body) => write!(f, "\n{body}"),
            None => Ok(()),
        }
    }
}
