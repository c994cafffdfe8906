//! What can be chosen beside machines, servers and policies, as Azure lists it.

use crate::domain::ids::ArmId;
use crate::domain::size::Bytes;
use crate::domain::text::Text;

/// An account that a configuration server or an appliance keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub fabric: ArmId,
    pub id: Text,
    pub name: Text,
}

/// A storage account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageAccount {
    pub id: ArmId,
    pub location: Text,
    /// `Standard_LRS`, `Premium_LRS`...
    pub sku: Text,
}

/// A virtual network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    pub id: ArmId,
    pub location: Text,
    pub subnets: Vec<Subnet>,
}

/// A subnet of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnet {
    pub name: Text,
    /// `10.8.2.0/24`; empty where the answer does not say.
    pub prefix: Text,
}

/// What carries replication for a host, a VMM server or a configuration server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    pub id: ArmId,
    pub name: Text,
    /// Of a Hyper-V host or a VMM server.
    pub hyper_v: bool,
    /// `Connected`, or the service's other word.
    pub connection: Text,
}

/// A size of VM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Size {
    /// `Standard_D4s_v5`.
    pub name: Text,
    pub cores: Option<u64>,
    pub memory: Option<Bytes>,
}

/// A machine on its Hyper-V host, as its registration knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostVm {
    /// `sourceItemId`: what a reverse replication calls it (asr-rest.md 4.1).
    pub id: Text,
    /// `hyperVHostId`; empty where the answer does not say.
    pub host: Text,
}

impl Provider {
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.connection.as_str().eq_ignore_ascii_case("Connected")
    }
}
