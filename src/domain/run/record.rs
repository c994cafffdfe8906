//! The records of a journal.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::mark::Mark;
use super::question::{Answer, Question};
use super::request::Request;
use crate::domain::call::Call;
use crate::domain::failure::Failure;
use crate::domain::ids::{ArmId, JobId, RequestId};
use crate::domain::job::Job;
use crate::domain::person::Person;
use crate::domain::place::Generation;
use crate::domain::plan::Slug;
use crate::domain::recipe::StepKind;
use crate::domain::size::Bytes;
use crate::domain::text::Text;

/// The name of a run and of its folder: `20261121-091500-3f2a7c`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunId(Box<str>);

impl RunId {
    /// The id of a run that begins at `at`, told from others of the same second by `salt`.
    #[must_use]
    pub fn new(at: Timestamp, salt: u32) -> Self {
        let time = at.strftime("%Y%m%d-%H%M%S");
        Self(format!("{time}-{:06x}", salt & 0x00ff_ffff).into())
    }

    /// Takes a name from outside: a date, a time and six hexadecimal digits.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let shape = raw.len() == 22
            && raw.bytes().enumerate().all(|(at, b)| match at {
                8 | 15 => b == b'-',
                16.. => b.is_ascii_digit() || (b'a'..=b'f').contains(&b),
                _ => b.is_ascii_digit(),
            });
        shape.then(|| Self(raw.into()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RunId {
    type Error = &'static str;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse(&raw).ok_or("this is no run's name")
    }
}

impl From<RunId> for String {
    fn from(id: RunId) -> Self {
        id.0.into()
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// One line of a journal. The first line's `before` is all zeros.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// Counted from 1.
    pub number: u64,
    /// By the clock of the machine on which the runner runs.
    pub at: Timestamp,
    /// SHA-256 of the line before, without its line break, in hexadecimal.
    pub before: Box<str>,
    pub record: Record,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Record {
    /// Always the first.
    Launched(Box<Launch>),
    StepBegan {
        machine: ArmId,
        step: StepKind,
    },
    /// A change is about to be sent. Nothing is sent before this is on disk.
    Intent {
        #[serde(flatten)]
        attempt: Attempt,
        call: Call,
        request: RequestId,
        /// Of the item; `None` where no item is changed.
        mark: Option<Mark>,
        /// By the service's clock.
        service_time: Timestamp,
    },
    /// The service took it.
    Accepted {
        #[serde(flatten)]
        attempt: Attempt,
        /// `None` where no Site Recovery job carries it out.
        job: Option<JobId>,
        /// ARM's correlation id, the key of the Azure Activity Log.
        correlation: Text,
    },
    /// It certainly was not made.
    NotSent {
        #[serde(flatten)]
        attempt: Attempt,
        failure: Box<Failure>,
    },
    /// It may have been made: the answer was lost.
    AnswerLost {
        #[serde(flatten)]
        attempt: Attempt,
        failure: Box<Failure>,
    },
    /// The job of a change whose answer was lost.
    Found {
        #[serde(flatten)]
        attempt: Attempt,
        job: JobId,
    },
    /// A job as it stands now; written when it changed.
    Job {
        machine: ArmId,
        step: StepKind,
        job: Box<Job>,
    },
    /// How far a synchronisation or a drain is; written when it changed.
    Synchronising {
        machine: ArmId,
        step: StepKind,
        state: Synchronisation,
    },
    /// Something worth knowing that changes nothing.
    Remark {
        machine: Option<ArmId>,
        step: Option<StepKind>,
        words: Text,
    },
    Asked(Box<Question>),
    Answered {
        answer: Answer,
        by: Person,
        /// When they wrote it, by the clock of their host.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Timestamp>,
    },
    /// What somebody asked of the run, and what became of it when it could not be done.
    Requested {
        by: Person,
        request: Request,
        refused: Option<Text>,
        /// When they wrote it, by the clock of their host.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Timestamp>,
    },
    StepEnded {
        machine: ArmId,
        step: StepKind,
        end: End,
    },
    Paused {
        why: Text,
    },
    WentOn,
    /// What a machine's later steps need to know of its earlier ones; written when it changed.
    Kept {
        machine: ArmId,
        memory: Memory,
    },
    /// A local command of the plan, or of a wave, is about to be run.
    HookBegan {
        at: HookAt,
        command: Text,
    },
    HookEnded {
        at: HookAt,
        end: End,
    },
    /// The runner ended, and the run did not: it may be resumed.
    Suspended {
        cause: Suspension,
        why: Text,
    },
    /// A new runner goes on. Questions that were open are asked anew.
    Resumed {
        by: Person,
        /// The program that carries it on, with its version.
        program: Text,
    },
    /// The journal ended in a line that was not whole, of a runner that was killed as it wrote: it
    /// was taken off, and nothing was done on the strength of it.
    Mended {
        bytes: u64,
        /// The file beside the journal in which it is kept.
        kept: Text,
    },
    /// Always the last of a run that came to its end.
    Closed(Closing),
}

impl Record {
    /// The machine that it is about; `None` where it is about the run.
    #[must_use]
    pub fn machine(&self) -> Option<&ArmId> {
        match self {
            Self::StepBegan { machine, .. }
            | Self::Job { machine, .. }
            | Self::Synchronising { machine, .. }
            | Self::Kept { machine, .. }
            | Self::StepEnded { machine, .. } => Some(machine),
            Self::Intent { attempt, .. }
            | Self::Accepted { attempt, .. }
            | Self::NotSent { attempt, .. }
            | Self::AnswerLost { attempt, .. }
            | Self::Found { attempt, .. } => Some(&attempt.machine),
            Self::Remark { machine, .. } => machine.as_ref(),
            Self::Asked(question) => question.machine.as_ref(),
            Self::Launched(_)
            | Self::Answered { .. }
            | Self::Requested { .. }
            | Self::Paused { .. }
            | Self::WentOn
            | Self::HookBegan { .. }
            | Self::HookEnded { .. }
            | Self::Suspended { .. }
            | Self::Resumed { .. }
            | Self::Mended { .. }
            | Self::Closed(_) => None,
        }
    }
}

/// One attempt at one step of one machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    pub machine: ArmId,
    pub step: StepKind,
    /// Counted from 1.
    pub attempt: u32,
}

/// What was launched, by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Launch {
    /// `failback/run/1`.
    pub schema: Text,
    pub run: RunId,
    pub site: Text,
    /// The plan's name; of a single action its words: `Commit web-01`.
    pub name: Text,
    /// The plan's file; `None` for the unnamed plan behind a single action.
    pub slug: Option<Slug>,
    /// [`crate::domain::Intent::word`].
    pub intent: Text,
    pub by: Person,
    /// The program that carries it out, with its version.
    pub program: Text,
    pub machines: Vec<Planned>,
}

/// One machine of a run, with the steps that await it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Planned {
    pub id: ArmId,
    pub name: Text,
    /// Counted from 1.
    pub wave: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<Generation>,
    /// The machines whose cut-over it waits for, beside the waves before its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<ArmId>,
    /// Whether the others go on without a question when it does not come through.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// All its disks under replication together, as they were at the launch; `None` where that was not
    /// told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disks: Option<Bytes>,
    /// What had not reached the target at the launch, of all disks together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Bytes>,
    pub steps: Vec<StepKind>,
}

/// What a machine's steps leave to the later ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Memory {
    /// Since when nothing is written any more, by the service's clock.
    pub quiet: Option<Timestamp>,
    /// Nothing was on its way when last looked.
    pub drained: bool,
    /// A person decided to go on although something was on its way.
    pub undrained: bool,
    /// This run switched the Azure VM off before the failover.
    pub stopped_first: bool,
    /// The job of a synchronisation that waits to be completed.
    pub held: Option<Held>,
    /// This run saw it come home.
    pub home: bool,
    /// Who answers for the machine that survives, and why.
    pub vouched: Option<Text>,
    /// The step that began a local command, and has no end yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<StepKind>,
    /// When its commit window is over, by the service's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Timestamp>,
    /// Who decided to cancel its failback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<Text>,
}

/// A Hyper-V failback that synchronised before its failover, and waits to be completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    pub job: JobId,
    /// The machine right before it began, or when it was found.
    pub before: Mark,
    /// Whether this run began it.
    pub ours: bool,
}

/// Where a local command stands that belongs to no machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum HookAt {
    BeforePlan,
    AfterPlan,
    /// Waves are counted from 1.
    BeforeWave(usize),
    AfterWave(usize),
}

impl HookAt {
    /// `before wave 2`.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::BeforePlan => "before the plan".into(),
            Self::AfterPlan => "after the plan".into(),
            Self::BeforeWave(wave) => format!("before wave {wave}"),
            Self::AfterWave(wave) => format!("after wave {wave}"),
        }
    }
}

/// Why a runner ended before its run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Suspension {
    /// Signing in to Azure fails: the credentials expired, or were taken away.
    Credentials,
    /// The process was told to end: a shutdown, a log-out.
    Told,
}

/// How far a synchronisation is; `None` is what is not told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Synchronisation {
    /// 0 to 100.
    pub percent: Option<u8>,
    /// What has not reached the target yet.
    pub pending: Option<Bytes>,
    pub rpo_seconds: Option<u64>,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum End {
    Done,
    /// Amber: done, and this is not as it should be.
    DoneBut(Vec<Text>),
    /// A person decided to leave it: `leave it uncommitted`.
    Left(Text),
    Failed(Box<Failure>),
    /// Nobody knows whether it was done.
    Unknown(Box<Failure>),
    /// Not begun: something before it did not come through, or the run was stopped.
    NotBegun(Text),
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Closing {
    /// Every step of every machine is done.
    Done,
    /// Done, with amber, or with something left as it is.
    DoneBut,
    Failed,
    /// A person stopped it.
    Stopped,
}
