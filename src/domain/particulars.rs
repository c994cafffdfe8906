//! What only some generations tell of a machine, and only readiness asks for.

use jiff::Timestamp;

use super::ids::ArmId;
use super::infrastructure::FabricKind;
use super::text::Text;

/// Beside what every machine tells; empty or `None` where the answer says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Particulars {
    /// The provider through which the site speaks: a Hyper-V host, a VMM server, an appliance.
    pub registrar: Option<ArmId>,
    /// When a test failover last succeeded.
    pub tested: Option<Timestamp>,
    /// Hyper-V: whether its disks in Azure are managed ones.
    pub managed_disks: Option<bool>,
    /// Hyper-V: whether its cloud encrypts what it sends.
    pub encrypted: Option<bool>,
    /// Hyper-V: whether Site Recovery lets people reach it in Azure (`enableRdpOnTargetOption`):
    /// `Never`, `OnlyOnTestFailover`, `Always`.
    pub reach: Text,
    /// Hyper-V: the virtual networks at home, by name.
    pub switches: Vec<Text>,
    /// Modernised, on the way home: how its last planned failover ended.
    pub planned_failover: Text,
    /// Modernised, on the way home: the reprotect agent, by its id.
    pub reprotect_agent: Text,
    /// Modernised: the machine at home as the appliance last saw it.
    pub discovered: Option<Discovered>,
    /// Modernised, on the way to Azure: whether an adapter has a fixed address at home.
    pub fixed_address: Option<bool>,
    /// The VM in Azure by its group and the name that it was to get. Azure may have given it another
    /// name (asr-rest.md 13): it proves nothing alone.
    pub azure_named: Option<ArmId>,
    /// Modernised, in Azure and not protected home: the managed disks that were made of its disks.
    pub azure_disks: Vec<ArmId>,
    /// What the service objects to, errors alone.
    pub objections: Vec<Text>,
}

/// A machine at home as an appliance's discovery sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovered {
    /// `ON`, `OFF`...
    pub power: Text,
    pub tools: Text,
    pub deleted: Option<bool>,
    pub seen: Option<Timestamp>,
}

/// A server that is registered with a vault and speaks for its site
/// (`replicationRecoveryServicesProviders`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registrar {
    pub id: ArmId,
    pub name: Text,
    pub kind: FabricKind,
    /// `connectionStatus`, in the service's word: `Connected`.
    pub connection: Text,
    pub heartbeat: Option<Timestamp>,
}
