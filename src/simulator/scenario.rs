//! What can be done to a machine, as data (`assets/templates/scenarios.json`), and the record of one such doing.
//! A record never changes; how far it has come is computed from the clock.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use serde::Deserialize;

use super::clock::{after, seconds};
use super::failure::Failure;
use super::inputs::Choice;
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

/// One doing: what was asked, when, by whom, and what fate has in store for it.
#[derive(Clone, Debug)]
pub(super) struct Scenario {
    pub kind: &'static Kind,
    /// The name of the job.
    pub job: String,
    pub machine: usize,
    pub started: Timestamp,
    /// `x-ms-client-request-id` of the POST.
    pub client: String,
    /// `x-ms-correlation-request-id` of its answer.
    pub correlation: String,
    /// `sourceSiteOperations` was `Required`.
    pub required: bool,
    /// The Site Recovery error code it ends with, or is warned by.
    pub error: Option<String>,
    /// It waits for a person where its kind allows that.
    pub hold: bool,
    /// Where it waits, it waits in words that nobody knows.
    pub unnamed: bool,
    /// It belongs to the estate's past: the machine's stage already counts it in.
    pub past: bool,
    /// Factor on all durations.
    pub pace: f64,
    /// The recovery point chosen with `Custom`.
    pub point: Option<String>,
    /// When it began there was no commit pending.
    pub committed: bool,
    /// When it began the item replicated, or had replicated, from Azure to the site.
    pub homeward: bool,
    /// What a reprotect was told to use.
    pub choice: Option<Choice>,
    /// When a person cancelled it, and when a person answered it.
    pub cancelled: Option<Timestamp>,
    pub resumed: Option<Timestamp>,
    /// It failed and was restarted: a later record is what the job is now.
    pub superseded: bool,
}

/// A state that the documentation has for whatever has no other, and words that it does not have.
pub(super) const UNNAMED: (&str, &str) = ("Other", "WaitingForConfirmation");

/// How long a cancelled job takes to end.
const CANCELLING: f64 = 5.0;

/// How far a scenario has come at one moment.
pub(super) struct Progress {
    pub state: &'static str,
    pub description: String,
    pub end: Option<Timestamp>,
    pub tasks: Vec<TaskProgress>,
    /// The failure (or warning) and the task it happened in.
    pub error: Option<(String, usize)>,
    /// When the Azure VM was shut down by it.
    pub source_off: Option<Timestamp>,
    pub committed: bool,
}

pub(super) struct TaskProgress {
    pub state: &'static str,
    pub description: &'static str,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
}

impl TaskProgress {
    const fn at(state: &'static str, start: Option<Timestamp>, end: Option<Timestamp>) -> Self {
        let description = match state.as_bytes() {
            b"Succeeded" => "Completed",
            b"Other" => "Skipped",
            _ => state,
        };
        Self {
            state,
            description,
            start,
            end,
        }
    }
}

impl Scenario {
    fn skips(&self, task: &Task) -> bool {
        match task.skip.as_deref() {
            Some("committed") => self.committed,
            Some("source-not-required") => !self.required,
            _ => false,
        }
    }

    /// Where the error strikes: the first fitting task that is not skipped.
    fn failing_task(&self) -> Option<(&str, usize, bool)> {
        let code = self.error.as_deref()?;
        let failure = Failure::of(code);
        let (fitting, warning) = (failure.tasks(), failure.is_warning());
        let live = |i: &usize| !self.skips(&self.kind.tasks[*i]);
        let at = fitting
            .iter()
            .filter_map(|name| {
                self.kind
                    .tasks
                    .iter()
                    .position(|t| Some(t.name.as_str()) == name.as_str())
            })
            .find(live)
            .or_else(|| (0..self.kind.tasks.len()).rev().find(live))?;
        Some((code, at, warning))
    }

    /// The state of the job and its tasks at `now`.
    pub fn progress(&self, now: Timestamp) -> Progress {
        let Some(cancelled) = self.cancelled.filter(|c| now >= *c) else {
            return self.undisturbed(now);
        };
        let mut progress = self.undisturbed(cancelled);
        if progress.end.is_some() {
            return progress;
        }
        let end = after(cancelled, CANCELLING * self.pace.min(1.0));
        let ended = now >= end;
        for task in progress
            .tasks
            .iter_mut()
            .filter(|t| t.state == "InProgress")
        {
            let end = ended.then_some(end);
            let state = if ended { "Cancelled" } else { "Cancelling" };
            *task = TaskProgress::at(state, task.start, end);
        }
        progress.state = if ended { "Cancelled" } else { "Cancelling" };
        progress.description = progress.state.to_owned();
        progress.end = ended.then_some(end);
        progress
    }

    /// In which state and in which words it waits for a person after a task, if it does.
    fn waiting<'a>(&self, task: &'a Task) -> Option<(&'static str, &'a str)> {
        match (self.unnamed, self.hold, task.hold.as_deref()) {
            (true, true, Some(_)) => Some(UNNAMED),
            (true, ..) => task.may_wait.then_some(UNNAMED),
            (false, true, Some(words)) => Some(("Suspended", words)),
            _ => None,
        }
    }

    /// As if nobody cancelled it.
    fn undisturbed(&self, now: Timestamp) -> Progress {
        let failing = self.failing_task();
        let mut tasks = Vec::with_capacity(self.kind.tasks.len());
        let mut clock = after(self.started, 0.95 * self.pace.min(1.0));
        let (mut source_off, mut committed) = (None, false);
        let mut stopped: Option<(&'static str, String, Option<Timestamp>)> = None;
        let mut error = None;
        for (index, task) in self.kind.tasks.iter().enumerate() {
            if stopped.is_some() || now < clock {
                tasks.push(TaskProgress::at("NotStarted", None, None));
                stopped.get_or_insert(("InProgress", "InProgress".into(), None));
                continue;
            }
            if self.skips(task) {
                tasks.push(TaskProgress::at("Other", None, None));
                continue;
            }
            let end = after(clock, task.seconds * self.pace);
            if now < end {
                tasks.push(TaskProgress::at("InProgress", Some(clock), None));
                stopped = Some(("InProgress", "InProgress".into(), None));
                continue;
            }
            match failing.filter(|f| f.1 == index) {
                Some((code, _, false)) => {
                    tasks.push(TaskProgress::at("Failed", Some(clock), Some(end)));
                    error = Some((code.to_owned(), index));
                    stopped = Some(("Failed", "Failed".into(), Some(end)));
                    continue;
                }
                Some((code, _, true)) => error = Some((code.to_owned(), index)),
                None => {}
            }
            tasks.push(TaskProgress::at("Succeeded", Some(clock), Some(end)));
            if task.source_off {
                source_off = Some(end);
            }
            committed |= task.commits;
            clock = end;
            if let Some((state, words)) = self.waiting(task) {
                match self.resumed {
                    Some(resumed) => clock = clock.max(resumed),
                    None => stopped = Some((state, words.to_owned(), None)),
                }
            }
        }
        let (state, description, end) = stopped.unwrap_or_else(|| {
            let words = if error.is_some() {
                "PartiallySucceeded"
            } else {
                "Completed"
            };
            ("Succeeded", words.to_owned(), Some(clock))
        });
        Progress {
            state,
            description,
            end,
            tasks,
            error,
            source_off,
            committed,
        }
    }

    /// The job within this job, once its task has begun: "Enable replication" of a reprotect. It is computed, not
    /// recorded. `client` is its own request id, or its parent's (asr-rest.md 12).
    pub fn child(&self, name: &str, now: Timestamp, client: String) -> Option<Self> {
        let index = self.kind.tasks.iter().position(|t| t.child.is_some())?;
        let progress = self.progress(now);
        let started = progress.tasks.get(index)?.start?;
        Some(Self {
            kind: kind("enable")?,
            job: name.to_owned(),
            started,
            client,
            error: self
                .error
                .clone()
                .filter(|_| self.failing_task().is_some_and(|f| f.1 == index)),
            hold: false,
            unnamed: false,
            choice: None,
            ..self.clone()
        })
    }

    /// Whether it keeps its machine busy.
    pub fn running(&self, now: Timestamp) -> bool {
        self.progress(now).end.is_none() && seconds(self.started, now) >= 0.0
    }
}
