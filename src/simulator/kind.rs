//! What can be done to a machine, as data (`assets/templates/scenarios.json`).

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::template::raw;

/// One kind of job: who may start it, what it does, task by task.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Kind {
    pub key: String,
    /// The verb of the POST that starts it, `update` for a PATCH; none when nobody can ask for it.
    pub verb: Option<String>,
    /// What it is called among an item's allowed operations, one of which has to be there; none: always allowed.
    #[serde(default)]
    pub operations: Vec<String>,
    /// The `instanceType` that the request must name; `own` is the item's.
    pub input: Option<String>,
    /// The `dataSyncOption` that chooses it among its equals.
    pub option: Option<String>,
    /// How its request is checked.
    #[serde(default)]
    pub form: Form,
    /// From which stage to which.
    pub moves: HashMap<String, String>,
    /// Where it leaves the machine when it fails beyond its first task; none: where it was.
    pub fails_to: Option<String>,
    /// The kind that the service starts by itself when this one fails, or is cancelled, beyond its first task \[004\].
    pub undone_by: Option<String>,
    /// `scenarioName` of the job.
    pub scenario: String,
    /// `friendlyName` of the job.
    pub name: String,
    /// `instanceType` of its details.
    pub details: String,
    /// The start of the job becomes the item's lastSuccessfulFailoverTime (asr-rest.md 12).
    #[serde(default)]
    pub failover: bool,
    /// Its outcome is the item's lastPlannedFailoverStatus.
    #[serde(default)]
    pub planned: bool,
    /// A new VM in Azure comes of it.
    #[serde(default)]
    pub makes_vm: bool,
    /// The direction is turned round: new class, new internal ids (asr-rest.md 12).
    #[serde(default)]
    pub turns: bool,
    /// A test VM comes of it; it is done away with.
    #[serde(default)]
    pub tests: bool,
    #[serde(default)]
    pub cleans: bool,
    /// It changes the recovery point of a failover that was done.
    #[serde(default)]
    pub repoints: bool,
    /// Its running job does not offer Cancel, as nearly all others do (recorded).
    #[serde(default)]
    pub cannot_cancel: bool,
    /// How long the first synchronisation goes on after the job has ended: 12 minutes against 32 in the recording
    /// (asr-rest.md 13).
    #[serde(default)]
    pub initial_seconds: f64,
    pub tasks: Vec<Task>,
}

/// How the body of a request is checked (`inputs/`).
#[derive(Deserialize, Debug, Clone, Copy, Default, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Form {
    #[default]
    Nothing,
    ProtectClassic,
    ProtectModern,
    Reverse,
    HomeClassic,
    HomeModern,
    HomeHyperv,
    ToAzure,
    ToAzurePlanned,
    Test,
    Cleanup,
    Point,
    Update,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Task {
    pub id: String,
    pub name: String,
    pub friendly: String,
    pub seconds: f64,
    /// `committed`, or `source-not-required`.
    pub skip: Option<String>,
    /// What has happened once the task has started, and once it has succeeded.
    #[serde(default)]
    pub starts: Vec<Effect>,
    #[serde(default)]
    pub ends: Vec<Effect>,
    /// The friendly name of a job within the job.
    pub child: Option<String>,
    /// After this task the job may wait for a person: the stateDescription it then has.
    pub hold: Option<String>,
    /// After this task the job may wait in words that nobody knows (`suspended-unnamed`).
    #[serde(default)]
    pub may_wait: bool,
}

/// What a task does to the machine itself.
#[derive(Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Effect {
    /// The failover is committed, whatever becomes of the rest (asr-rest.md 13).
    Commits,
    AzureOff,
    AzureOn,
    SiteOff,
    SiteOn,
    /// What was on its way has arrived.
    Synchronised,
    /// From here on the other side is what counts: what has not arrived there is lost.
    FailedOver,
    /// The disks on the site are being written to, and not consistent until they are whole again \[003\].
    Syncing,
    Whole,
    /// The disks on the site are as they were before the failover: what was written there since is lost \[004\].
    Reverted,
}

static KINDS: LazyLock<Vec<Kind>> =
    LazyLock::new(|| Vec::<Kind>::deserialize(raw("scenarios")).unwrap_or_default());

pub(super) fn kinds() -> &'static [Kind] {
    &KINDS
}

pub(super) fn kind(key: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|k| k.key == key)
}

/// Where a stage leads to when what it waits for is committed.
pub(super) fn committed(stage: &str) -> Option<&'static str> {
    let commits = KINDS
        .iter()
        .filter(|k| k.verb.as_deref() == Some("failoverCommit"));
    commits
        .filter_map(|k| k.moves.get(stage))
        .map(String::as_str)
        .next()
}
