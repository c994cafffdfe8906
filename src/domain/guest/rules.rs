//! What is compared, as a table, and what may be lost.

mod name_servers;
mod network;
mod storage;
mod system;

use super::compare::Outcome;
use super::model::{Disk, FstabLine, Guest, Mount, Route, System};
use super::record::Record;
use crate::domain::size::Bytes;
use crate::domain::text::Text;

/// One row.
pub struct Rule {
    pub code: &'static str,
    pub title: &'static str,
    /// `None`: for every system.
    pub system: Option<System>,
    /// Record, what was inside then, what is inside now.
    pub judge: fn(&Record, &Guest, &Guest) -> Outcome,
}

/// Something that was there, and is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    Name {
        was: Text,
        now: Text,
    },
    /// An address that it does not have any more.
    Address(Address),
    /// The address is there, and is given by DHCP: it was fixed.
    Fixed(Address),
    /// The address is there, in a network of another length: what it is now.
    Length(Address, Text),
    NameServers {
        adapter: Text,
        missing: Vec<Text>,
        all: Vec<Text>,
    },
    /// Azure's own name server answers in Azure alone.
    AzureNameServer {
        adapter: Text,
    },
    DefaultRoute {
        gateway: Text,
        adapter: Text,
        /// The gateway that it goes over now; empty where it goes nowhere.
        now: Text,
    },
    Route(Route),
    Disk {
        was: usize,
        now: usize,
    },
    /// A disk that is told by its id, and is not among those that are there.
    DiskGone(Disk),
    Offline {
        disk: Text,
    },
    Mount(Mount),
    /// A volume of Windows under another letter.
    Letter {
        id: Text,
        was: Text,
        now: Text,
    },
    Fstab(FstabLine),
    FstabChanged {
        was: FstabLine,
        now: FstabLine,
    },
    /// A line that names the temporary disk, which is not there at home.
    FstabOfAzure(FstabLine),
    Paging(Text),
    Tools {
        installed: bool,
    },
    NetworkManager {
        installed: bool,
    },
    /// `listed`: it is still there and starts by itself.
    Service {
        name: Text,
        listed: bool,
    },
    Cpus {
        was: u32,
        now: u32,
    },
    Memory {
        was: Bytes,
        now: Bytes,
    },
}

/// A fixed address, with what belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The adapter that it should be on now; empty where that is open.
    pub adapter: Text,
    /// With the length of its network where that is known.
    pub address: Text,
    pub gateway: Text,
    pub name_servers: Vec<Text>,
}

/// The most pressing first.
pub const RULES: &[Rule] = &[
    Rule {
        code: "HOST",
        title: "It is the machine that was recorded",
        system: None,
        judge: system::host,
    },
    Rule {
        code: "POST-03",
        title: "Windows has its fixed addresses",
        system: Some(System::Windows),
        judge: network::addresses,
    },
    Rule {
        code: "POST-02",
        title: "Linux has its fixed addresses",
        system: Some(System::Linux),
        judge: network::addresses,
    },
    Rule {
        code: "DNS",
        title: "Its name servers are the ones it had",
        system: None,
        judge: name_servers::name_servers,
    },
    Rule {
        code: "ROUTES",
        title: "Its routes are there",
        system: None,
        judge: network::routes,
    },
    Rule {
        code: "POST-01",
        title: "NetworkManager is there",
        system: Some(System::Linux),
        judge: system::network_manager,
    },
    Rule {
        code: "DISKS",
        title: "All its disks are there, and online",
        system: None,
        judge: storage::disks,
    },
    Rule {
        code: "MOUNTS",
        title: "Its file systems are where they were",
        system: None,
        judge: storage::mounts,
    },
    Rule {
        code: "X-9",
        title: "fstab is as it was",
        system: Some(System::Linux),
        judge: storage::fstab,
    },
    Rule {
        code: "PAGING",
        title: "Page file or swap is not on the disk that Azure lent",
        system: None,
        judge: storage::paging,
    },
    Rule {
        code: "POST-04",
        title: "VMware Tools run again",
        system: Some(System::Windows),
        judge: system::tools,
    },
    Rule {
        code: "POST-05",
        title: "VMware Tools are installed and run",
        system: Some(System::Linux),
        judge: system::tools,
    },
    Rule {
        code: "SERVICES",
        title: "The services that start by themselves run",
        system: None,
        judge: system::services,
    },
    Rule {
        code: "SIZE",
        title: "It has its processors and memory",
        system: None,
        judge: system::size,
    },
];

/// Both sides of one part, or why they cannot be compared.
fn both<'a, T>(
    what: &str,
    before: &'a Option<T>,
    now: &'a Option<T>,
) -> Result<(&'a T, &'a T), Outcome> {
    match (before, now) {
        (Some(before), Some(now)) => Ok((before, now)),
        (None, Some(_)) => Err(unknown(format!(
            "{what} were not read when it was recorded"
        ))),
        (Some(_), None) => Err(unknown(format!("{what} were not read now"))),
        (None, None) => Err(unknown(format!("{what} were read neither then nor now"))),
    }
}

fn unknown(why: impl Into<Text>) -> Outcome {
    Outcome::Unknown(why.into())
}
