//! What an agent's own configuration said: evidence, never the file.

use jiff::Timestamp;
use serde::Serialize;

use super::host::Called;
use crate::domain::ids::ArmId;
use crate::domain::text::Text;

/// One look, or one try to look, at the configuration of the agent in a machine that runs in Azure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub source: Source,
    /// When it was read; of Run Command by the service's clock.
    pub at: Timestamp,
    /// Or why there was nothing to read.
    pub file: Result<AgentFile, Text>,
}

/// How the file was come by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "of")]
pub enum Source {
    /// Azure ran a script in this VM: Azure vouches that it is the VM.
    RunCommand(ArmId),
    /// A person named the host.
    Ssh(Text),
    /// A person handed over a file, under this name.
    File(Text),
    /// A person pasted it.
    Paste,
}

impl Source {
    /// Whether it is certain that the file is of the machine, and not of another one.
    #[must_use]
    pub fn is_vouched_for(&self) -> bool {
        matches!(self, Self::RunCommand(_))
    }

    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::RunCommand(vm) => format!("Run Command on {}", Text::from(vm.name())),
            Self::Ssh(host) => format!("ssh to {host}"),
            Self::File(name) => format!("file {name}"),
            Self::Paste => "paste".into(),
        }
    }
}

/// What counts of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentFile {
    /// SHA-256 of the bytes that were read, in lower-case hexadecimal.
    pub sha256: Text,
    /// The id that it holds, read as the agent would read it.
    pub called: Called,
    /// The agent itself refuses the file, at this line first; what is read of it nevertheless is
    /// what it was meant to say.
    pub refused_at: Option<u32>,
    pub role: Role,
    pub platform: Platform,
    pub stack: Stack,
    pub server: Server,
}

/// `Role`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    Agent,
    MasterTarget,
    Other(Text),
    NotTold,
}

/// `VmPlatform` and `PlatformChange`. "VmWare" also stands for physical machines, and stays in
/// many machines that went to Azure: it tells nothing (cx-protocol.md 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Platform {
    /// The agent noticed that it runs in Azure now.
    Azure,
    VmWare,
    Other(Text),
    NotTold,
}

/// `CSType`: what the agent speaks to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Stack {
    /// A configuration server; also where nothing is said.
    Legacy,
    /// A replication appliance.
    Prime,
    Other(Text),
}

/// `Hostname` of the transport: the configuration server that the agent reports to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "value")]
pub enum Server {
    /// One of the site's.
    OfTheSite(Text),
    /// None of the addresses by which the site's are known; it may be another one of theirs.
    NotOfTheSite(Text),
    /// Nobody said by which addresses the site's are known.
    NotCompared(Text),
    /// Blank, as after a registration that failed.
    None,
}
