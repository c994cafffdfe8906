//! A guest as a script in it tells it.

use serde::{Deserialize, Serialize};

use crate::domain::size::Bytes;
use crate::domain::text::Text;

/// One look into a machine. A part that is `None` was not read; an empty one was, and there is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Guest {
    /// What the machine calls itself.
    pub host: Text,
    pub system: System,
    /// The system's own name and version.
    pub version: Text,
    pub cpus: Option<u32>,
    pub memory: Option<Bytes>,
    pub adapters: Option<Vec<Adapter>>,
    pub name_servers: Option<Vec<NameServer>>,
    /// Those that somebody set, and the default ones; not the ones on the link.
    pub routes: Option<Vec<Route>>,
    pub disks: Option<Vec<Disk>>,
    pub mounts: Option<Vec<Mount>>,
    /// Linux alone.
    pub fstab: Option<Vec<FstabLine>>,
    /// The temporary disk that Azure adds.
    pub temporary: Option<Vec<Temporary>>,
    /// Page files, or active swap.
    pub paging: Option<Vec<Text>>,
    /// VMware Tools or open-vm-tools.
    pub tools: Option<Presence>,
    pub network_manager: Option<Presence>,
    /// Those that start by themselves.
    pub services: Option<Vec<Service>>,
    /// What configures the network: `netplan`, `NetworkManager`, `wicked`, `systemd-networkd`, `ifupdown`,
    /// or `ifcfg` for the files of network-scripts; empty where none is known.
    pub keeper: Text,
    /// What the script says that it could not read, or left out.
    pub unread: Vec<Text>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum System {
    Windows,
    Linux,
    #[default]
    Unknown,
}

/// A network adapter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Adapter {
    pub name: Text,
    /// Hardware address; lower case, with colons.
    pub mac: Text,
    /// How it comes by its IPv4 address.
    pub lease: Lease,
    /// `10.8.0.4/24`; without the ones of the link.
    pub addresses: Vec<Text>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Lease {
    Fixed,
    Dhcp,
    #[default]
    Unknown,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NameServer {
    /// Empty where the system does not say.
    pub adapter: Text,
    pub address: Text,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Route {
    /// `default`, or `10.20.0.0/16`.
    pub to: Text,
    pub gateway: Text,
    pub adapter: Text,
    /// Whether somebody set it to stay, told apart from those that DHCP brings.
    pub fixed: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Disk {
    /// `0` of Windows, `sda` of Linux: not the same after a restart.
    pub name: Text,
    pub size: Option<Bytes>,
    /// What of it stays the same everywhere: partition-table id, or empty.
    pub id: Text,
    pub online: Option<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Mount {
    /// `E:` or `/srv`.
    pub at: Text,
    /// What is mounted there.
    pub source: Text,
    pub kind: Text,
    /// The file system's own id, the same at home and in Azure; empty where it is not told.
    pub id: Text,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FstabLine {
    /// Without the account that may stand in it.
    pub source: Text,
    pub at: Text,
    pub kind: Text,
    /// Only those that hold no secret; `...` stands for the others.
    pub options: Text,
}

/// The temporary disk: what is on it is lost with the VM, and it must not be protected \[000\].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Temporary {
    /// `1` of Windows, `/dev/sdb` of Linux.
    pub disk: Text,
    /// Where its file system is: `D:`, `/mnt`; empty where it is nowhere.
    pub at: Text,
    pub online: Option<bool>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Presence {
    pub installed: bool,
    /// `None`: the system does not say.
    pub running: Option<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Service {
    pub name: Text,
    pub start: StartMode,
    pub running: Option<bool>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StartMode {
    Automatic,
    Manual,
    Disabled,
    #[default]
    Unknown,
}

impl Guest {
    /// Every address, without its length.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        let adapters = self.adapters.iter().flatten();
        adapters.flat_map(|a| a.addresses.iter().map(|address| bare(address.as_str())))
    }

    /// Whether it is on the temporary disk.
    #[must_use]
    pub fn is_temporary(&self, at: &str) -> bool {
        let mut temporary = self.temporary.iter().flatten();
        temporary.any(|t| !t.at.is_empty() && same_place(t.at.as_str(), at))
    }
}

/// An address without the length of its network.
pub(super) fn bare(address: &str) -> &str {
    address.split('/').next().unwrap_or(address)
}

/// Windows does not care for the case of `D:`, and Linux never has two such.
pub(super) fn same_place(one: &str, other: &str) -> bool {
    let bare = |at: &str| at.trim_end_matches(['\\', ':']).to_ascii_lowercase();
    match one.starts_with('/') || other.starts_with('/') {
        true => one == other,
        false => bare(one) == bare(other),
    }
}
