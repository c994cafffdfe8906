//! What is wrong with a file, line by line.

use super::lines::BUFFER;
use crate::domain::Text;
use crate::domain::identity::{Called, Remark};

pub use crate::domain::identity::Weight;

/// Something that a person should know about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// From 1; `None` for the file as a whole.
    pub line: Option<u32>,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A byte-order mark before the first line, which the agent takes for part of it.
    ByteOrderMark {
        refused: bool,
    },
    /// Two bytes a character, as some editors write: the agent sees the first letter.
    Utf16,
    NoEquals,
    UnclosedSection,
    /// Empty, longer than 255 bytes, or with a bracket in it.
    BadSectionName,
    TooLarge {
        most: usize,
    },
    LongLine,
    Nul,
    NotAscii,
    /// The same key stood there before; the last one counts.
    Repeated {
        key: &'static str,
        before: u32,
        differs: bool,
    },
    LookAlike {
        written: Text,
        meant: &'static str,
    },
    LookAlikeSection {
        written: Text,
        meant: &'static str,
    },
    Elsewhere {
        key: &'static str,
        home: &'static str,
    },
    /// A `HostId` that is none, also one that another overrides.
    Id(Called),
    /// No `HostId` at all.
    NoId,
    /// It is a master target's.
    MasterTarget,
    UnknownRole(Text),
    /// The agent speaks to a replication appliance.
    Prime,
    UnknownStack(Text),
    UnknownPlatform(Text),
    /// No server to report to.
    NoServer,
    /// A server that is not known as one of the site's.
    OtherServer(Text),
    BadPort(Text),
    BadHttps(Text),
    MixedEnds,
    /// The last line has no end: the file may be cut off.
    NoEnd,
}

impl What {
    #[must_use]
    pub fn weight(&self) -> Weight {
        match self {
            Self::ByteOrderMark { refused: true }
            | Self::Utf16
            | Self::NoEquals
            | Self::UnclosedSection
            | Self::BadSectionName => Weight::Unreadable,
            Self::NotAscii
            | Self::MixedEnds
            | Self::Repeated { differs: false, .. }
            | Self::UnknownPlatform(_) => Weight::Remark,
            _ => Weight::Problem,
        }
    }

    /// As a sentence.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::ByteOrderMark { refused: true } => {
                "a byte-order mark stands before it; the agent refuses the file".into()
            }
            Self::ByteOrderMark { .. } => {
                "a byte-order mark stands before it; the agent takes it for part of the key".into()
            }
            Self::Utf16 => "the file is written as UTF-16; the agent cannot read it".into(),
            Self::NoEquals => "a line without '='; the agent refuses the file".into(),
            Self::UnclosedSection => "a section without ']'; the agent refuses the file".into(),
            Self::BadSectionName => {
                "a section whose name the agent does not take; it refuses the file".into()
            }
            Self::TooLarge { most } => {
                format!("the file is larger than {most} bytes; no agent's is, and the rest was not read")
            }
            Self::LongLine => format!(
                "longer than {BUFFER} bytes; the agent takes the rest for another line"
            ),
            Self::Nul => "a NUL byte; the agent does not see what stands behind it".into(),
            Self::NotAscii => "bytes that are not ASCII".into(),
            Self::Repeated { key, before, differs } => {
                let same = if *differs { "" } else { ", with the same value" };
                format!("{key} stood in line {before} already{same}; the last one counts")
            }
            Self::LookAlike { written, meant } => {
                format!("'{written}' is not {meant}: keys are case-exact, and the agent does not see it")
            }
            Self::LookAlikeSection { written, meant } => {
                format!("[{written}] is not [{meant}] to the agent")
            }
            Self::Elsewhere { key, home } => {
                format!("{key} counts in [{home}] alone; here the agent does not look for it")
            }
            Self::Id(called) => match called {
                Called::NeverRegistered => {
                    "HostId is the placeholder: the agent never registered".into()
                }
                Called::Nothing => "HostId is empty".into(),
                other => format!("HostId {}", other.words()),
            },
            Self::NoId => "there is no HostId in [vxagent]".into(),
            Self::MasterTarget => {
                "Role is MasterTarget: the file is a master target's, not a protected machine's".into()
            }
            Self::UnknownRole(role) => format!("Role is neither Agent nor MasterTarget: {role}"),
            Self::Prime => {
                "CSType is CSPrime: the agent speaks to a replication appliance, not to a \
                 configuration server"
                    .into()
            }
            Self::UnknownStack(stack) => format!("CSType is not known: {stack}"),
            Self::UnknownPlatform(platform) => format!("VmPlatform is not known: {platform}"),
            Self::NoServer => {
                "Hostname in [vxagent.transport] is blank: the registration failed, or was never made"
                    .into()
            }
            Self::OtherServer(server) => {
                format!("Hostname is {server}, none of the addresses of the site's configuration server")
            }
            Self::BadPort(port) => format!("Port is no port: {port}"),
            Self::BadHttps(https) => format!("Https is neither 0 nor 1: {https}"),
            Self::MixedEnds => "some lines end with CR LF, others with LF".into(),
            Self::NoEnd => "the last line has no end; the file may be cut off".into(),
        }
    }
}

impl From<&Finding> for Remark {
    fn from(finding: &Finding) -> Self {
        Self {
            line: finding.line,
            weight: finding.what.weight(),
            words: finding.what.words().into(),
        }
    }
}

impl Finding {
    /// `line 4: ...`
    #[must_use]
    pub fn words(&self) -> String {
        match self.line {
            Some(line) => format!("line {line}: {}", self.what.words()),
            None => self.what.words(),
        }
    }
}
