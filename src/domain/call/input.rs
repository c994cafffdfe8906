//! What goes with a change, by generation: what the provider inputs of asr-rest.md 4 want, whole.

use crate::domain::ids::ArmId;
use crate::domain::plan::{HyperVReturn, PointChoice};
use crate::domain::text::Text;

/// Where a machine replicates home to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HomeInput {
    Classic(ClassicInput),
    Modernised(ModernisedInput),
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

/// The `InMageRcm` input of a reprotect. No policy: the service chooses it (asr-rest.md 13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModernisedInput {
    /// The appliance's reprotect agent.
    pub reprotect_agent: Text,
    pub datastore: Text,
    /// The storage account for the log.
    pub log_storage: ArmId,
}

/// How a machine comes home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WayHome {
    /// An unplanned failover with `sourceSiteOperations` `Required`, so that the service shuts the
    /// Azure VM down and synchronises the latest changes first (asr-rest.md 4.2).
    Classic(PointChoice),
    /// A planned failover, which makes its recovery point itself \[004\].
    Modernised(ModernisedPoint),
    /// A planned failover; with the synchronisation before it, its job waits to be completed.
    HyperV(HyperVReturn),
}

/// The kind of recovery point that a modernised failback makes when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModernisedPoint {
    CrashConsistent,
    ApplicationConsistent,
}

/// How a machine is protected to Azure again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AzureInput {
    Classic(ClassicAzureInput),
    Modernised(ModernisedAzureInput),
    HyperV(HyperVAzureInput),
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

/// The `InMageRcmFailback` input of a reprotect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModernisedAzureInput {
    /// The appliance's process server.
    pub process_server: Text,
    pub account: Option<Text>,
    /// The forward policy.
    pub policy: ArmId,
}

/// The `HyperVReplicaAzure` input of a reverse replication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HyperVAzureInput {
    /// The machine on the host: its protectable item's `sourceItemId`.
    pub host_vm: Text,
    pub vm_name: Text,
    /// `Windows` or `Linux`.
    pub os: Text,
    /// Where the replica's disks go; `None`: as before.
    pub storage: Option<ArmId>,
}
