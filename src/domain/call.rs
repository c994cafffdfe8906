//! A change to be made, and the exact call that makes it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ids::ArmId;
use super::plan::PointChoice;
use super::text::Text;

/// One change, as data. The room that carries it out turns it into a [`Call`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Classic, replication from Azure to the ground: `reProtect` with the `InMage` input
    /// (asr-rest.md 4.1).
    ProtectClassic { item: ArmId, input: ClassicInput },
    /// Classic VMware, Azure to on-premises: an unplanned failover with `sourceSiteOperations`
    /// `Required`, so that the service shuts the Azure VM down and synchronises the latest changes
    /// first (asr-rest.md 4.2).
    FailBackClassic { item: ArmId, point: PointChoice },
    /// Ends a failover, in whichever direction it went: `failoverCommit`, without a body.
    Commit { item: ArmId },
    /// Classic, replication from the ground to Azure again: `reProtect` with the `InMageAzureV2`
    /// input. Commits what is not committed (asr-rest.md 13).
    ProtectToAzureClassic {
        item: ArmId,
        input: ClassicAzureInput,
    },
    /// Switches an Azure VM off and gives its cores back (Compute `deallocate`).
    StopAzureVm { vm: ArmId },
    /// Switches an Azure VM on (Compute `start`).
    StartAzureVm { vm: ArmId },
    /// One of a job's own actions, where the job allows it.
    JobAction { job: ArmId, action: JobAction },
}

/// The `InMage` input of a reprotect; whole, unlike the plan's choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassicInput {
    pub process_server: Text,
    pub master_target: Text,
    /// The retention volume on the master target.
    pub retention: Text,
    pub datastore: Text,
    pub account: Option<Text>,
    /// The failback policy.
    pub policy: ArmId,
}

/// The `InMageAzureV2` input of a reprotect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassicAzureInput {
    /// The process server on the ground; sent as the master target, too, as recorded.
    pub process_server: Text,
    pub account: Option<Text>,
    /// The forward policy.
    pub policy: ArmId,
}

/// What may be done to a job that runs or stopped. There is no Cancel: every running job lists it,
/// also those that it would harm (asr-rest.md 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobAction {
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
            Self::ProtectClassic { .. } | Self::ProtectToAzureClassic { .. } => {
                "SwitchReplicationGroupProtection"
            }
            Self::FailBackClassic { .. } => "UnplannedFailover",
            Self::Commit { .. } => "CommitFailover",
            Self::StopAzureVm { .. } | Self::StartAzureVm { .. } | Self::JobAction { .. } => {
                return None;
            }
        })
    }

    /// What is changed: a protected item, an Azure VM or a job.
    #[must_use]
    pub fn object(&self) -> &ArmId {
        match self {
            Self::ProtectClassic { item, .. }
            | Self::FailBackClassic { item, .. }
            | Self::Commit { item }
            | Self::ProtectToAzureClassic { item, .. } => item,
            Self::StopAzureVm { vm } | Self::StartAzureVm { vm } => vm,
            Self::JobAction { job, .. } => job,
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
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Post => "POST",
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
