//! The machines of a run with their steps, attempts and jobs.

use std::collections::HashMap;

use jiff::Timestamp;

use super::model::{Asked, Attempt, End, Job, Machine, Point, Step, Task, Tone};
use super::order;
use crate::domain::run::{self, Line, MachineRun, Planned, Record, Run, StepRun, StepState, Topic};
use crate::domain::{ArmId, Call, Failure, JobId, JobState, Outcome, Plan, StepKind, Text, job};

/// What the lines tell of one step beyond its fold.
#[derive(Default)]
struct Beyond<'a> {
    attempts: Vec<Attempt>,
    /// In the order in which they were first seen, each as last seen.
    jobs: Vec<&'a job::Job>,
    /// The last call that was sent.
    call: Option<&'a Call>,
}

pub(super) fn machines(
    run: &Run,
    plan: Option<&Plan>,
    lines: &[Line],
    questions: &[Asked],
) -> Vec<Machine> {
    let beyond = beyond(lines);
    let machine = |own: &MachineRun| {
        let of = |kind: StepKind| beyond.get(&(&own.id, kind));
        let steps: Vec<Step> = own.steps.iter().map(|s| step(s, of(s.kind))).collect();
        let mut sent = own.steps.iter().filter_map(|s| sent(of(s.kind)?.call?));
        Machine {
            machine: own.name.clone(),
            id: own.id.clone(),
            generation: own.generation,
            wave: own.wave,
            after: order::after(run, own),
            optional: own.optional,
            disks: planned(run, own).and_then(|planned| planned.disks),
            pending: planned(run, own).and_then(|planned| planned.pending),
            way_back: own.way_back(),
            tone: tone(&steps),
            point: Point {
                asked: plan.and_then(|plan| order::asked(plan, &own.id, own.generation)),
                sent: sent.next_back(),
                seen: seen(own),
            },
            verified: verified(own, questions),
            window: own.memory.window,
            cancelled: own.memory.cancelled.clone(),
            left: left(own),
            steps,
        }
    };
    run.machines.iter().map(machine).collect()
}

/// The machine as the run's first record has it.
fn planned<'a>(run: &'a Run, own: &MachineRun) -> Option<&'a Planned> {
    run.launch.machines.get(run.place(&own.id)?)
}

fn beyond(lines: &[Line]) -> HashMap<(&ArmId, StepKind), Beyond<'_>> {
    let mut all: HashMap<(&ArmId, StepKind), Beyond<'_>> = HashMap::new();
    for line in lines {
        match &line.record {
            Record::Intent {
                attempt,
                call,
                request,
                service_time,
                ..
            } => {
                let own = all.entry((&attempt.machine, attempt.step)).or_default();
                own.call = Some(call);
                own.attempts.push(Attempt {
                    attempt: attempt.attempt,
                    at: line.at,
                    service_time: *service_time,
                    method: call.method,
                    path: call.path.as_str().into(),
                    request_id: *request,
                    outcome: "open",
                    job_id: None,
                    correlation_id: Text::default(),
                    failure: None,
                    found: false,
                });
            }
            Record::Accepted {
                attempt,
                job,
                correlation,
                ..
            } => known(&mut all, attempt, |own| {
                own.outcome = "accepted";
                own.job_id = job.clone().or(own.job_id.take());
                own.correlation_id = correlation.clone();
            }),
            Record::Found { attempt, job, .. } => known(&mut all, attempt, |own| {
                own.outcome = "accepted";
                own.job_id = Some(job.clone());
                own.found = true;
            }),
            Record::NotSent {
                attempt, failure, ..
            } => known(&mut all, attempt, |own| {
                own.outcome = "notSent";
                own.failure = Some(failure.as_ref().clone());
            }),
            Record::AnswerLost {
                attempt, failure, ..
            } => known(&mut all, attempt, |own| {
                own.outcome = "lost";
                own.failure = Some(failure.as_ref().clone());
            }),
            Record::Job {
                machine, step, job, ..
            } => {
                let jobs = &mut all.entry((machine, *step)).or_default().jobs;
                match jobs.iter_mut().find(|other| other.name == job.name) {
                    Some(other) => *other = job,
                    None => jobs.push(job),
                }
            }
            _ => {}
        }
    }
    all
}

fn known<'a>(
    all: &mut HashMap<(&'a ArmId, StepKind), Beyond<'a>>,
    attempt: &'a run::Attempt,
    change: impl FnOnce(&mut Attempt),
) {
    let own = all.entry((&attempt.machine, attempt.step)).or_default();
    let same = |known: &&mut Attempt| known.attempt == attempt.attempt;
    if let Some(known) = own.attempts.iter_mut().rev().find(same) {
        change(known);
    }
}

fn step(own: &StepRun, beyond: Option<&Beyond<'_>>) -> Step {
    let span = own.begun.zip(own.ended);
    Step {
        step: own.kind,
        title: own.kind.words(),
        end: end(&own.state),
        begun: own.begun,
        ended: own.ended,
        seconds: span.map(|(begun, ended)| ended.duration_since(begun).as_secs()),
        attempts: beyond.map(|b| b.attempts.clone()).unwrap_or_default(),
        jobs: beyond
            .map(|b| b.jobs.iter().map(|job| self::job(job)).collect())
            .unwrap_or_default(),
        synchronisation: own.synchronisation.clone(),
    }
}

/// How a step or a local command stands.
pub(super) fn end(state: &StepState) -> End {
    let (word, tone, words, failure): (_, _, Vec<Text>, Option<&Failure>) = match state {
        StepState::Waits => ("waits", Tone::Plain, Vec::new(), None),
        StepState::Runs => ("runs", Tone::Plain, Vec::new(), None),
        StepState::Ended(end) => match end {
            run::End::Done => ("done", Tone::Well, Vec::new(), None),
            run::End::DoneBut(but) => ("doneBut", Tone::Amber, but.clone(), None),
            run::End::Left(why) => ("left", Tone::Amber, vec![why.clone()], None),
            run::End::Failed(failure) => ("failed", Tone::Bad, Vec::new(), Some(failure)),
            run::End::Unknown(failure) => ("unknown", Tone::Unknown, Vec::new(), Some(failure)),
            run::End::NotBegun(why) => ("notBegun", Tone::Amber, vec![why.clone()], None),
        },
    };
    End {
        word,
        tone,
        words,
        failure: failure.cloned(),
    }
}

/// The worst of several; well only where all are.
fn tone(steps: &[Step]) -> Tone {
    let has = |tone| steps.iter().any(|step| step.end.tone == tone);
    let order = [Tone::Bad, Tone::Unknown, Tone::Amber, Tone::Plain];
    order
        .into_iter()
        .find(|tone| has(*tone))
        .unwrap_or(Tone::Well)
}

fn job(job: &job::Job) -> Job {
    let (state, tone) = match job.outcome() {
        Outcome::Running => ("runs".into(), Tone::Plain),
        Outcome::Waiting => ("waits for a person".into(), Tone::Amber),
        Outcome::Succeeded => ("done".into(), Tone::Well),
        Outcome::SucceededBut(_) => ("done, but".into(), Tone::Amber),
        Outcome::Failed => ("failed".into(), Tone::Bad),
        Outcome::Cancelled => ("cancelled".into(), Tone::Bad),
        Outcome::Unknown(word) => (word, Tone::Unknown),
    };
    Job {
        job_id: JobId::clone(&job.name),
        title: job.title.clone(),
        state,
        tone,
        start: job.start,
        end: job.end,
        activity_id: job.activity_id.clone(),
        problems: job.problems.clone(),
        tasks: job
            .flat_tasks()
            .into_iter()
            .map(|(depth, task)| self::task(depth, task))
            .collect(),
    }
}

fn task(depth: usize, task: &job::Task) -> Task {
    let description = task.description.as_str();
    let plain = description.is_empty() || description.eq_ignore_ascii_case("completed");
    let (state, tone): (Text, _) = match &task.state {
        _ if task.is_skipped() => ("skipped".into(), Tone::Amber),
        JobState::NotStarted => ("waits".into(), Tone::Plain),
        JobState::InProgress => ("runs".into(), Tone::Plain),
        JobState::Succeeded if plain => ("done".into(), Tone::Well),
        JobState::Succeeded => (format!("done: {description}").into(), Tone::Amber),
        JobState::Failed => ("failed".into(), Tone::Bad),
        JobState::Cancelled => ("cancelled".into(), Tone::Bad),
        JobState::Suspended => ("waits for a person".into(), Tone::Amber),
        JobState::Other(word) => (word.clone(), Tone::Unknown),
    };
    Task {
        depth,
        title: task.title.clone(),
        state,
        tone: match (tone, task.problems.is_empty()) {
            (Tone::Well, false) => Tone::Amber,
            (tone, _) => tone,
        },
        start: task.start,
        end: task.end,
        problems: task.problems.clone(),
    }
}

/// The recovery point in the body of a call, as it was sent.
fn sent(call: &Call) -> Option<Text> {
    let body: serde_json::Value = serde_json::from_str(call.body.as_deref()?).ok()?;
    let properties = body.get("properties")?;
    let details = properties.get("providerSpecificDetails");
    let field = |name: &str| {
        let places = [details, Some(properties)];
        let mut found = places.into_iter().flatten().filter_map(|at| at.get(name));
        found.find_map(|value| value.as_str())
    };
    let id = field("recoveryPointId").map(|id| id.rsplit('/').next().unwrap_or(id));
    match (field("recoveryPointType"), id) {
        (Some(kind), Some(id)) => Some(format!("{kind} {id}").into()),
        (Some(one), None) | (None, Some(one)) => Some(one.into()),
        (None, None) => None,
    }
}

/// What the run saw of the moment to which a machine was brought.
fn seen(own: &MachineRun) -> Vec<Text> {
    let mut seen = Vec::new();
    if let Some(quiet) = own.memory.quiet {
        let since = moment(quiet);
        seen.push(format!("nothing was to be written from {since} on").into());
    }
    if own.memory.drained {
        seen.push("nothing was on its way when last looked".into());
    }
    if own.memory.undrained {
        seen.push("a person let it go on although something was on its way".into());
    }
    seen
}

/// Who answers for a machine. What its steps remember stands in for an answer that is not there.
fn verified(own: &MachineRun, questions: &[Asked]) -> Vec<Text> {
    let answers = questions.iter().filter_map(|asked| {
        let same = asked.topic == Topic::Survivor && asked.machine.as_ref() == Some(&own.name);
        let answer = asked.answer.as_ref().filter(|_| same)?;
        let made = asked.checks.iter().filter(|c| answer.ticked.contains(c));
        let looked = match asked.checks.len() {
            0 => String::new(),
            all => format!(", {} of {all} checks looked at", made.count()),
        };
        let why = answer.why.as_ref();
        let why = why.map_or(String::new(), |why| format!(": {why}"));
        Some(Text::from(format!(
            "{} answered {} at {}{looked}{why}",
            answer.by,
            answer.choice,
            moment(answer.at)
        )))
    });
    let answers: Vec<Text> = answers.collect();
    match answers.is_empty() {
        true => own.memory.vouched.iter().cloned().collect(),
        false => answers,
    }
}

/// A moment within words, in UTC as the service tells it.
fn moment(at: Timestamp) -> impl std::fmt::Display {
    at.strftime("%Y-%m-%d %H:%M:%S UTC")
}

/// What was left as it is, or not begun.
fn left(own: &MachineRun) -> Vec<Text> {
    let left = own.steps.iter().filter_map(|step| match &step.state {
        StepState::Ended(run::End::Left(why)) => {
            Some(format!("{}: left, {why}", step.kind.words()))
        }
        StepState::Ended(run::End::NotBegun(why)) => {
            Some(format!("{}: not begun, {why}", step.kind.words()))
        }
        StepState::Waits | StepState::Runs => Some(format!("{}: not over", step.kind.words())),
        StepState::Ended(_) => None,
    });
    left.map(Text::from).collect()
}
