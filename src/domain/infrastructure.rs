//! What stands on the ground and carries replication: servers, appliances, hosts.

use jiff::Timestamp;
use serde::Serialize;

use super::ids::ArmId;
use super::problem::{Health, Problem};
use super::size::Bytes;
use super::text::Text;

/// A fabric: one configuration server, one modernised site, one Hyper-V site, one VMM server, or
/// Azure itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fabric {
    pub id: ArmId,
    pub name: Text,
    pub kind: FabricKind,
    pub health: Health,
    pub problems: Vec<Problem>,
    pub components: Vec<Component>,
    /// The newest time in the fabric's own answer: heartbeats are as old as they are against this,
    /// not against the local clock (asr-rest.md 13, Freshness).
    pub newest: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FabricKind {
    ClassicVmware,
    ModernisedVmware,
    HyperVSite,
    Vmm,
    Azure,
    Other(Text),
}

impl FabricKind {
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::ClassicVmware => "classic VMware",
            Self::ModernisedVmware => "modernised VMware",
            Self::HyperVSite => "Hyper-V site",
            Self::Vmm => "VMM",
            Self::Azure => "Azure",
            Self::Other(name) => name.as_str(),
        }
    }
}

/// One server, appliance part or host of a fabric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Component {
    pub role: Role,
    /// The service's own id of it (a host id or GUID), as given.
    pub id: Text,
    pub name: Text,
    pub address: Text,
    pub version: Text,
    pub heartbeat: Option<Timestamp>,
    pub health: Health,
    pub problems: Vec<Problem>,
}

/// What a component does, with what belongs to that role alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    ConfigurationServer,
    ProcessServer {
        free: Option<Bytes>,
        total: Option<Bytes>,
        service: Text,
    },
    MasterTarget {
        os: Text,
        disks: Option<u32>,
        retention: Vec<Volume>,
        datastores: Vec<Datastore>,
    },
    ReprotectAgent {
        datastores: Vec<Text>,
    },
    /// Another part of a modernised appliance: `process server`, `proxy`...
    AppliancePart(Text),
    HyperVHost,
    VCenter {
        discovery: Text,
    },
}

impl Role {
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::ConfigurationServer => "configuration server",
            Self::ProcessServer { .. } => "process server",
            Self::MasterTarget { .. } => "master target",
            Self::ReprotectAgent { .. } => "reprotect agent",
            Self::AppliancePart(part) => part.as_str(),
            Self::HyperVHost => "Hyper-V host",
            Self::VCenter { .. } => "vCenter",
        }
    }
}

/// A retention volume of a master target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Volume {
    pub name: Text,
    pub capacity: Option<Bytes>,
    pub free: Option<Bytes>,
}

/// A datastore that a master target sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Datastore {
    pub name: Text,
    pub capacity: Option<Bytes>,
    pub free: Option<Bytes>,
    pub kind: Text,
}
