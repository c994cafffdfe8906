//! The record of something that was done to a machine. How far it has come is computed from the clock.

use jiff::Timestamp;

use super::asked::Asked;
use super::clock::{after, seconds};
use super::failure::Failure;
use super::kind::{Effect, Kind, Task, kind};

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
    pub asked: Asked,
    /// The Site Recovery error code it ends with, or is warned by.
    pub error: Option<String>,
    /// The same of what the service does by itself when it fails.
    pub undoing_error: Option<String>,
    /// It waits for a person where its kind allows that.
    pub hold: bool,
    /// Where it waits, it waits in words that nobody knows.
    pub unnamed: bool,
    /// It belongs to the estate's past: the machine's stage already counts it in.
    pub past: bool,
    /// The service began it, nobody else.
    pub by_itself: bool,
    /// Factor on all durations.
    pub pace: f64,
    /// When it began there was no commit pending.
    pub committed: bool,
    /// When it began the item replicated, or had replicated, from Azure to the site.
    pub homeward: bool,
    /// What the service called the machine when it began; none: as the estate has it.
    pub object: Option<String>,
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
}

impl Progress {
    /// It ended without success when something had been done already.
    pub fn broke_off(&self) -> bool {
        let begun = self.tasks.first().is_some_and(|t| t.state == "Succeeded");
        begun && ["Failed", "Cancelled"].contains(&self.state)
    }
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
            Some("source-not-required") => !self.asked.required,
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
        }
    }

    /// What its tasks have done to the machine until `now`, in order.
    pub fn happened(&self, now: Timestamp) -> Vec<(Timestamp, Effect)> {
        let progress = self.progress(now);
        let undone = |index| {
            let struck = progress.error.as_ref().filter(|e| e.1 == index);
            struck.is_some_and(|(code, _)| Failure::of(code).undoes())
        };
        let mut all = Vec::new();
        let tasks = self.kind.tasks.iter().zip(&progress.tasks);
        for (index, (task, at)) in tasks.enumerate() {
            let started = task.starts.iter().zip(at.start.into_iter().cycle());
            all.extend(started.map(|(effect, time)| (time, *effect)));
            let done = at.end.filter(|_| at.state == "Succeeded" && !undone(index));
            let ended = task.ends.iter().zip(done.into_iter().cycle());
            all.extend(ended.map(|(effect, time)| (time, *effect)));
        }
        all
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
            asked: Asked::default(),
            ..self.clone()
        })
    }

    /// What the service does by itself when this one broke off: the failed planned failover is cancelled \[004\]. It
    /// is computed, not recorded. `name` makes its ids from what they are for.
    pub fn undoing(&self, now: Timestamp, name: impl Fn(&str) -> String) -> Option<Self> {
        let undoing = self.kind.undone_by.as_deref().and_then(kind)?;
        let progress = self.progress(now);
        let started = progress
            .end
            .filter(|_| progress.broke_off() && !self.past)?;
        let of = |what: &str| name(&format!("{what} of undoing {} {started}", self.job));
        Some(Self {
            kind: undoing,
            job: of("job"),
            started,
            client: of("client"),
            correlation: of("correlation"),
            asked: Asked::default(),
            error: self.undoing_error.clone(),
            undoing_error: None,
            hold: false,
            unnamed: false,
            by_itself: true,
            cancelled: None,
            resumed: None,
            superseded: false,
            ..self.clone()
        })
    }

    /// Whether it keeps its machine busy.
    pub fn running(&self, now: Timestamp) -> bool {
        self.progress(now).end.is_none() && seconds(self.started, now) >= 0.0
    }
}
