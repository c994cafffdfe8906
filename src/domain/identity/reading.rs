//! What an agent's own configuration said: evidence, never the file.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::candidate::Subject;
use super::host::Called;
use crate::domain::ids::ArmId;
use crate::domain::source::Source;
use crate::domain::text::Text;

/// How long a reading settles anything: agents are installed anew.
pub const SETTLES_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Most remarks that are kept about a file; [`AgentFile::more`] counts the others.
pub const MOST_REMARKS: usize = 20;

/// One look, or one try to look, at the configuration of the agent in a machine that runs in Azure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Reading {
    pub source: Source,
    /// When it was read; of Run Command by the service's clock.
    pub at: Timestamp,
    /// Or why there was nothing to read.
    pub file: Result<AgentFile, NotRead>,
}

/// Why there was nothing to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotRead {
    /// Somebody looked where an agent keeps its file, and there is none: what was read before is no
    /// longer so.
    NoAgent(Text),
    /// Nobody could look: this takes nothing away.
    Failed(Text),
}

impl NotRead {
    #[must_use]
    pub fn why(&self) -> &Text {
        match self {
            Self::NoAgent(why) | Self::Failed(why) => why,
        }
    }
}

impl std::fmt::Display for NotRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.why().fmt(f)
    }
}

/// A reading as a document has it: a file, or why there was none.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    source: Source,
    at: Timestamp,
    #[serde(default)]
    file: Option<AgentFile>,
    #[serde(default)]
    not_read: Option<Text>,
    /// It was not read because no agent is there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    no_agent: bool,
}

impl From<Written> for Reading {
    fn from(written: Written) -> Self {
        let why = || {
            let why = written.not_read;
            let why = why.unwrap_or_else(|| "nothing says why".into());
            match written.no_agent {
                true => NotRead::NoAgent(why),
                false => NotRead::Failed(why),
            }
        };
        Self {
            source: written.source,
            at: written.at,
            file: written.file.ok_or_else(why),
        }
    }
}

impl From<Reading> for Written {
    fn from(reading: Reading) -> Self {
        let no_agent = reading.found_no_agent();
        let (file, not_read) = match reading.file {
            Ok(file) => (Some(file), None),
            Err(NotRead::NoAgent(why) | NotRead::Failed(why)) => (None, Some(why)),
        };
        Self {
            source: reading.source,
            at: reading.at,
            file,
            not_read,
            no_agent,
        }
    }
}

impl Reading {
    /// Whether it is young enough to settle anything. One from a day ahead was written by a wrong
    /// clock, and nobody knows how old it is.
    #[must_use]
    pub fn settles(&self, now: Timestamp) -> bool {
        now.duration_since(self.at).abs() <= SETTLES_FOR
    }

    /// Whether it tells anything: a file, or that there is no agent. A try that failed does not.
    #[must_use]
    pub fn tells(&self) -> bool {
        self.file.is_ok() || self.found_no_agent()
    }

    /// Whether somebody looked, and there is no agent.
    #[must_use]
    pub fn found_no_agent(&self) -> bool {
        matches!(self.file, Err(NotRead::NoAgent(_)))
    }

    /// Why it says nothing of the machine that runs in Azure now, however young it is. Each failover
    /// makes another VM, in which the agent registers anew (asr-rest.md 13).
    #[must_use]
    pub fn outlived(&self, subject: &Subject) -> Option<&'static str> {
        let another = |own: &ArmId| matches!(&self.source, Source::RunCommand(vm) if vm != own);
        if subject.azure_vm.as_ref().is_some_and(another) {
            return Some("was read in another VM");
        }
        let before = subject.failed_over.is_some_and(|moved| self.at < moved);
        before.then_some("was read before the machine was last failed over")
    }
}

/// What counts of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// What is wrong with it, in the order of its lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Remark>,
    /// How many findings there were beyond those.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_none(more: &usize) -> bool {
    *more == 0
}

/// Something that a person should know about the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    /// From 1; `None` for the file as a whole.
    pub line: Option<u32>,
    pub weight: Weight,
    pub words: Text,
}

impl Remark {
    /// `line 4: ...`
    #[must_use]
    pub fn words(&self) -> String {
        match self.line {
            Some(line) => format!("line {line}: {}", self.words),
            None => self.words.to_string(),
        }
    }
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Weight {
    /// The agent refuses the whole file for it.
    Unreadable,
    /// The agent cannot work with what stands there, or reads something else than people do.
    Problem,
    /// Worth knowing.
    Remark,
}

/// `Role`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    Agent,
    MasterTarget,
    Other(Text),
    NotTold,
}

/// `VmPlatform` and `PlatformChange`. "VmWare" also stands for physical machines, and stays in
/// many machines that went to Azure: it tells nothing (cx-protocol.md 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Platform {
    /// The agent noticed that it runs in Azure now.
    Azure,
    VmWare,
    Other(Text),
    NotTold,
}

/// `CSType`: what the agent speaks to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stack {
    /// A configuration server; also where nothing is said.
    Legacy,
    /// A replication appliance.
    Prime,
    Other(Text),
}

/// `Hostname` of the transport: the configuration server that the agent reports to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
