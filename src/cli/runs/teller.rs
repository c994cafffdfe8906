//! Telling people what happens in a run, record by record.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::show::{question_lines, request_words};
use super::state::closed;
use crate::domain::run::{Attempt, End, Line, Record, Run, Synchronisation};
use crate::domain::size::span;
use crate::domain::{ArmId, Job, JobState, StepKind, Task};

/// Remembers what was told, so that only news is.
#[derive(Default)]
pub struct Teller {
    /// The tasks of jobs as they were told last, by step.
    tasks: HashMap<(ArmId, StepKind), Vec<(String, String)>>,
}

impl Teller {
    /// What a record is worth to people. `run` holds it already. Of what is past (`old`) the steps
    /// of jobs and synchronisations are left out: newer ones follow.
    pub fn tell(&mut self, run: &Run, line: &Line, old: bool) -> Vec<String> {
        let time = line.at.to_zoned(TimeZone::system());
        let time = time.strftime("%H:%M:%S");
        let words = self.words(run, &line.record, old);
        let mut words = words.into_iter();
        let mut lines: Vec<String> = words
            .next()
            .map(|w| format!("{time}  {w}"))
            .into_iter()
            .collect();
        lines.extend(words.map(|w| format!("          {w}")));
        lines
    }

    fn words(&mut self, run: &Run, record: &Record, old: bool) -> Vec<String> {
        let name = |id: &ArmId| run.name_of(id);
        let of = |id: &ArmId, step: StepKind| format!("{}: {}", name(id), step.words());
        let at = |attempt: &Attempt| of(&attempt.machine, attempt.step);
        match record {
            Record::Launched(launch) => vec![format!(
                "{} ({}) launched by {}, run {}",
                launch.name, launch.intent, launch.by, launch.run
            )],
            Record::StepBegan { machine, step } => vec![format!("{} begins", of(machine, *step))],
            Record::Intent {
                attempt, request, ..
            } => vec![format!(
                "{} is sent, attempt {} (request id {request})",
                at(attempt),
                attempt.attempt
            )],
            Record::Accepted { attempt, job, .. } => vec![match job {
                Some(job) => format!("{}: Azure took it, job {job}", at(attempt)),
                None => format!("{}: Azure took it", at(attempt)),
            }],
            Record::NotSent { attempt, failure } => {
                labelled(format!("{} was not done", at(attempt)), failure.lines())
            }
            Record::AnswerLost { attempt, failure } => labelled(
                format!("{}: the answer was lost; it is looked for", at(attempt)),
                failure.lines(),
            ),
            Record::Found { attempt, job } => {
                vec![format!("{}: it had arrived, job {job}", at(attempt))]
            }
            Record::Job { .. } | Record::Synchronising { .. } if old => Vec::new(),
            Record::Job { machine, step, job } => {
                let head = of(machine, *step);
                let told = self.tasks.entry((machine.clone(), *step)).or_default();
                tasks(told, &head, job)
            }
            Record::Synchronising {
                machine,
                step,
                state,
            } => {
                let words = synchronisation(state);
                let told = (!words.is_empty()).then(|| format!("{}: {words}", of(machine, *step)));
                told.into_iter().collect()
            }
            Record::Remark { machine, words, .. } => vec![match machine {
                Some(machine) => format!("{}: {words}", name(machine)),
                None => words.to_string(),
            }],
            Record::Asked(question) => question_lines(run, question),
            Record::Answered { answer, by, .. } => {
                let words = request_words(&crate::domain::run::Request::Answer(answer.clone()));
                vec![format!("{by}: {words}")]
            }
            Record::Requested {
                by,
                request,
                refused,
                ..
            } => vec![match refused {
                None => format!("{by}: {}", request_words(request)),
                Some(why) => format!("{by}: {}; refused: {why}", request_words(request)),
            }],
            Record::StepEnded { machine, step, end } => {
                let (mark, words, more) = end_words(end);
                labelled(format!("{mark} {}: {words}", of(machine, *step)), more)
            }
            Record::Paused { why } => vec![format!("Paused: {why}")],
            Record::WentOn => vec!["It goes on.".into()],
            Record::Kept { .. } => Vec::new(),
            Record::HookBegan { at, command } => {
                vec![format!("{}: {command} begins", at.words())]
            }
            Record::HookEnded { at, end } => {
                let (mark, words, more) = end_words(end);
                labelled(format!("{mark} {}: {words}", at.words()), more)
            }
            Record::Suspended { why, .. } => vec![format!(
                "Suspended: {why}. Go on with: failback runs resume {}",
                run.launch.run
            )],
            Record::Resumed { by, program } => {
                vec![format!(
                    "{by} goes on with it ({program}); open questions are asked anew."
                )]
            }
            Record::Mended { bytes, kept } => vec![format!(
                "The journal ended in {bytes} bytes that were not whole; they are kept in {kept}."
            )],
            Record::Closed(closing) => {
                let (_, words) = closed(*closing);
                vec![format!("The run is over: {words}.")]
            }
        }
    }
}

fn labelled(head: String, lines: Vec<String>) -> Vec<String> {
    std::iter::once(head).chain(lines).collect()
}

/// A mark, a word and what else there is to say about the end of a step.
pub fn end_words(end: &End) -> (&'static str, String, Vec<String>) {
    match end {
        End::Done => ("+", "done".into(), Vec::new()),
        End::DoneBut(but) => {
            let but = but.iter().map(|words| format!("! {words}")).collect();
            ("!", "done, but".into(), but)
        }
        End::Left(why) => ("!", format!("left: {why}"), Vec::new()),
        End::Failed(failure) => ("x", "failed".into(), failure.lines()),
        End::Unknown(failure) => ("?", "unknown".into(), failure.lines()),
        End::NotBegun(why) => ("-", format!("not begun: {why}"), Vec::new()),
    }
}

/// How far a synchronisation is; empty when nothing of it is told.
pub fn synchronisation(state: &Synchronisation) -> String {
    let percent = state.percent.map(|percent| format!("{percent} %"));
    let pending = state.pending.map(|bytes| format!("{bytes} on the way"));
    let rpo = state.rpo_seconds.map(|seconds| {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        format!("{} behind", span(seconds))
    });
    let parts: Vec<String> = [percent, pending, rpo].into_iter().flatten().collect();
    parts.join(", ")
}

/// The tasks whose state is news.
fn tasks(told: &mut Vec<(String, String)>, head: &str, job: &Job) -> Vec<String> {
    let mut lines = Vec::new();
    for (depth, task) in job.flat_tasks() {
        let seen = (task.title.to_string(), state_words(task));
        if task.state == JobState::NotStarted || told.contains(&seen) {
            continue;
        }
        let indent = "  ".repeat(depth);
        lines.push(format!("{head}: {indent}{} - {}", seen.0, seen.1));
        told.push(seen);
    }
    lines
}

fn state_words(task: &Task) -> String {
    match &task.state {
        _ if task.is_skipped() => "skipped".into(),
        JobState::NotStarted => "waits".into(),
        JobState::InProgress => "runs".into(),
        JobState::Succeeded => "done".into(),
        JobState::Failed => "failed".into(),
        JobState::Cancelled => "cancelled".into(),
        JobState::Suspended => "waits for a person".into(),
        JobState::Other(word) => word.to_string(),
    }
}
