//! What can be done to a machine, as data (`assets/templates/scenarios.json`).

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::template::raw;

/// One kind of job: who may start it, what it does, task by task.
#[derive(Deserialize, Debug)]
pub(super) struct Kind {
    pub key: String,
    /// The verb of the POST that starts it; none when the site does not carry it out yet.
    pub verb: Option<String>,
    /// The `instanceType` that the request must name.
    pub input: Option<String>,
    /// From which stage to which.
    pub moves: HashMap<String, String>,
    /// `scenarioName` of the job.
    pub scenario: String,
    /// `friendlyName` of the job.
    pub name: String,
    /// `instanceType` of its details.
    pub details: String,
    /// The start of the job becomes the item's lastSuccessfulFailoverTime (asr-rest.md 12).
    #[serde(default)]
    pub failover: bool,
    #[serde(default)]
    pub planned: bool,
    /// The direction is turned round: new class, new internal ids (asr-rest.md 12).
    #[serde(default)]
    pub turns: bool,
    /// How long the first synchronisation goes on after the job has ended: 12 minutes against 32 in the recording
    /// (asr-rest.md 13).
    #[serde(default)]
    pub initial_seconds: f64,
    pub tasks: Vec<Task>,
}

#[derive(Deserialize, Debug)]
pub(super) struct Task {
    pub id: String,
    pub name: String,
    pub friendly: String,
    pub seconds: f64,
    /// `committed`, or `source-not-required`.
    pub skip: Option<String>,
    /// The failover is committed when this task has ended, whatever becomes of the rest (asr-rest.md 13).
    #[serde(default)]
    pub commits: bool,
    /// The Azure VM is off when this task has ended.
    #[serde(default)]
    pub source_off: bool,
    /// The friendly name of a job within the job.
    pub child: Option<String>,
    /// After this task the job may wait for a person: the stateDescription it then has.
    pub hold: Option<String>,
    /// After this task the job may wait in words that nobody knows (`suspended-unnamed`).
    #[serde(default)]
    pub may_wait: bool,
}

static KINDS: LazyLock<Vec<Kind>> =
    LazyLock::new(|| Vec::<Kind>::deserialize(raw("scenarios")).unwrap_or_default());

pub(super) fn kinds() -> &'static [Kind] {
    &KINDS
}

pub(super) fn kind(key: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|k| k.key == key)
}
