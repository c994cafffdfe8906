//! The model of a report: what its JSON says. Fields are only ever added.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::plan::{Statement, Subject};
use crate::domain::run::{Closing, HookAt, Suspension, Synchronisation, Topic};
use crate::domain::{
    ArmId, Bytes, Failure, Generation, JobId, Method, Person, Plan, Problem, RequestId, StepKind,
    Text,
};

/// The schema of the document.
pub const SCHEMA: &str = "failback/report/1";

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub schema: &'static str,
    pub made: Made,
    pub run: Text,
    pub site: Text,
    /// What a reader must know first: that it is not over, that the journal is not sound.
    pub cautions: Vec<Text>,
    pub state: State,
    pub plan: PlanPart,
    pub launched: Begin,
    pub resumed: Vec<Begin>,
    pub suspended: Vec<Suspended>,
    pub ended: Option<Ended>,
    /// From the launch to the last record.
    pub seconds: i64,
    /// The waves, each with its machines.
    pub order: Vec<Wave>,
    pub hooks: Vec<Hook>,
    pub machines: Vec<Machine>,
    pub questions: Vec<Asked>,
    pub requests: Vec<Requested>,
    pub pauses: Vec<Pause>,
    /// Consents and attestations, as they stood in the plan at launch.
    pub statements: Vec<Stated>,
    pub remarks: Vec<Remark>,
    pub afterwards: Afterwards,
    pub journal: Journal,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Made {
    pub at: Timestamp,
    pub program: Text,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// `running`, `waiting`, `paused`, `suspended`, `arrived`, `done`, `doneBut`, `failed`, `stopped`.
    pub word: &'static str,
    pub words: Text,
    pub tone: Tone,
    pub live: bool,
}

/// How well something is. Amber is no kind of well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Tone {
    Plain,
    Well,
    Amber,
    Bad,
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanPart {
    pub name: Text,
    pub slug: Option<Text>,
    pub intent: Text,
    /// The plan as it was launched; `None` when it could not be read.
    pub document: Option<Plan>,
    /// Why it could not be read.
    pub unread: Option<Text>,
}

/// Somebody set a runner to work.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Begin {
    pub at: Timestamp,
    pub by: Person,
    pub program: Text,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Suspended {
    pub at: Timestamp,
    pub cause: Suspension,
    pub why: Text,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    pub at: Timestamp,
    pub how: Closing,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Wave {
    pub wave: usize,
    pub machines: Vec<Place>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    pub machine: Text,
    pub id: ArmId,
    /// The names of those that it waits for, beside the waves before its own.
    pub after: Vec<Text>,
    pub optional: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hook {
    pub at: HookAt,
    pub words: Text,
    pub command: Text,
    pub begun: Timestamp,
    pub ended: Option<Timestamp>,
    pub end: End,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Machine {
    pub machine: Text,
    pub id: ArmId,
    pub generation: Option<Generation>,
    pub wave: usize,
    pub after: Vec<Text>,
    pub optional: bool,
    /// Of all its disks together, and of it on the way to the target, at the launch; `None` is what
    /// was not told.
    pub disks: Option<Bytes>,
    pub pending: Option<Bytes>,
    pub way_back: &'static str,
    /// The worst of its steps.
    pub tone: Tone,
    pub point: Point,
    /// Who answers for it, and why; empty when nobody does.
    pub verified: Vec<Text>,
    /// When its commit window was to be over, by the service's clock; `None` where it has none.
    pub window: Option<Timestamp>,
    /// Who decided to cancel its failback.
    pub cancelled: Option<Text>,
    /// What was left as it is, or not begun.
    pub left: Vec<Text>,
    pub steps: Vec<Step>,
}

/// The moment that a machine was brought to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// As the plan asks for it; `None` where the plan has no say in it.
    pub asked: Option<Text>,
    /// As it was sent to Azure.
    pub sent: Option<Text>,
    /// What the run saw of it: since when nothing was written, whether all of it had arrived.
    pub seen: Vec<Text>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub step: StepKind,
    pub title: &'static str,
    pub end: End,
    pub begun: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    pub seconds: Option<i64>,
    pub attempts: Vec<Attempt>,
    /// Every job that was seen carrying it out, as last seen.
    pub jobs: Vec<Job>,
    pub synchronisation: Option<Synchronisation>,
}

/// How something ended, or stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct End {
    /// `waits`, `runs`, `done`, `doneBut`, `left`, `failed`, `unknown`, `notBegun`.
    pub word: &'static str,
    pub tone: Tone,
    /// What keeps it from being green, or why it is as it is.
    pub words: Vec<Text>,
    pub failure: Option<Failure>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    pub attempt: u32,
    /// By the runner's clock.
    pub at: Timestamp,
    pub service_time: Timestamp,
    pub method: Method,
    pub path: Text,
    pub request_id: RequestId,
    /// `open`, `notSent`, `lost`, `accepted`.
    pub outcome: &'static str,
    pub job_id: Option<JobId>,
    /// ARM's, the key of the Azure Activity Log; empty when none was told.
    pub correlation_id: Text,
    pub failure: Option<Failure>,
    /// Its answer was lost, and its job was found afterwards.
    pub found: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    pub job_id: JobId,
    pub title: Text,
    pub state: Text,
    pub tone: Tone,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    pub activity_id: Text,
    pub problems: Vec<Problem>,
    pub tasks: Vec<Task>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// How deep it stands in the tree of tasks.
    pub depth: usize,
    pub title: Text,
    pub state: Text,
    pub tone: Tone,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    pub problems: Vec<Problem>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    pub question: u32,
    pub at: Timestamp,
    pub topic: Topic,
    pub machine: Option<Text>,
    pub step: Option<StepKind>,
    pub words: Text,
    pub evidence: Vec<Text>,
    /// What to look at before answering.
    pub checks: Vec<Text>,
    /// What could be answered.
    pub choices: Vec<Offered>,
    pub until: Option<Timestamp>,
    /// `None`: it was not answered; the run went on or ended without it.
    pub answer: Option<Answered>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offered {
    pub choice: Text,
    pub words: Text,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answered {
    pub at: Timestamp,
    pub by: Person,
    /// When they wrote it, by the clock of their host.
    pub asked: Option<Timestamp>,
    pub choice: Text,
    /// What the choice does.
    pub words: Text,
    pub typed: Option<Text>,
    pub why: Option<Text>,
    /// Which of the checks they say they have made.
    pub ticked: Vec<Text>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Requested {
    pub at: Timestamp,
    pub by: Person,
    /// When they wrote it, by the clock of their host.
    pub asked: Option<Timestamp>,
    pub words: Text,
    /// Why it could not be done.
    pub refused: Option<Text>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pause {
    pub from: Timestamp,
    /// `None`: it has not gone on since.
    pub to: Option<Timestamp>,
    pub why: Text,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stated {
    #[serde(flatten)]
    pub statement: Statement,
    /// What the check is about; empty for one that this program does not know.
    pub title: &'static str,
    pub subject_name: Text,
}

impl Stated {
    pub(super) fn new(plan: &Plan, statement: &Statement) -> Self {
        let row = crate::readiness::catalogue::row(statement.check.as_str());
        let subject: &Subject = &statement.subject;
        Self {
            title: row.map_or("", |row| row.title),
            subject_name: plan.subject_name(subject),
            statement: statement.clone(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    pub at: Timestamp,
    pub machine: Option<Text>,
    pub step: Option<StepKind>,
    pub words: Text,
}

/// What has to be looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Afterwards {
    pub machines: Vec<Errands>,
    /// Why some of it could not be listed.
    pub unread: Vec<Text>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Errands {
    pub machine: Text,
    pub errands: Vec<Errand>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Errand {
    pub code: &'static str,
    pub title: &'static str,
    pub known: Text,
    pub look: &'static str,
    pub sources: Vec<&'static str>,
    pub commands: Vec<Command>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Command {
    pub shell: &'static str,
    pub at: &'static str,
    /// `look` or `repair`.
    pub does: &'static str,
    pub line: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Journal {
    pub records: u64,
    pub head: Option<Head>,
    pub sound: bool,
    pub damage: Option<Text>,
    /// Ends that were taken off because they were not whole.
    pub mended: Vec<Mended>,
}

/// The last line of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    pub number: u64,
    /// SHA-256 of the line without its line break, in hexadecimal.
    pub hash: Text,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mended {
    pub at: Timestamp,
    pub bytes: u64,
    pub kept: Text,
}
