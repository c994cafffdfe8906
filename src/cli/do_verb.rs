//! `failback do VERB MACHINE`: one action on one machine, without a named plan.

use std::io::{BufRead, IsTerminal, Write};
use std::sync::Arc;

use serde_json::{Value, json};

use super::arguments::{Arguments, Do, DoVerb};
use super::exit::Exit;
use super::machines;
use super::output::{self, Complaint, print_json, print_json_line};
use super::target;
use crate::domain::{Failure, Job, JobState, Machine, Outcome, Retry, Task, Verb};
use crate::runner::{self, End, Prepared, Progress};
use crate::site::{Estate, PartName, PartState};

pub fn run(arguments: &Arguments, options: &Do) -> Result<Exit, Complaint> {
    let runtime = target::runtime()?;
    let target = target::open(arguments, &runtime)?;
    let site = &target.site;
    let estate = runtime.block_on(machines::gather(site));
    if let Some(PartState::Failed(failure)) = estate.part(PartName::Machines).map(|p| &p.state) {
        return Err(Complaint::failed(failure.as_ref().clone()));
    }
    let machine = find(&estate, &options.machine)?;
    let verb = match options.verb {
        DoVerb::Failback => Verb::FailBack,
    };
    let prepared = runner::prepare(&machine, &estate.machines, verb, site.arm().api_version())
        .map_err(|failure| Complaint {
            failure,
            exit: Exit::NotReady,
        })?;
    if arguments.read_only && !options.dry_run {
        return Err(Complaint {
            failure: Failure::new(
                "Nothing was sent: this is read-only (--read-only or FAILBACK_READ_ONLY).",
                "See the call with --dry-run; send it without read-only.",
                Retry::AfterFixing,
            ),
            exit: Exit::NotReady,
        });
    }
    if options.dry_run {
        show(&prepared, arguments.json);
        return Ok(Exit::Done);
    }
    if !arguments.json {
        show(&prepared, false);
    }
    let typed = typed(options, &prepared)?;
    let confirmed = prepared.confirm(&typed).ok_or_else(|| {
        Complaint::usage(
            format!("Nothing was sent: {typed:?} is not the machine's name."),
            format!("Say --confirm '{}' when you are sure.", prepared.machine),
        )
    })?;
    let json = arguments.json;
    let last = std::sync::Mutex::new(Told::default());
    let end = runtime.block_on(runner::carry_out(site, &confirmed, |news| {
        if let Ok(mut told) = last.lock() {
            told.tell(&news, json);
        }
    }));
    Ok(match end {
        End::Done(Outcome::Succeeded | Outcome::SucceededBut(_)) => Exit::Done,
        End::Done(_) | End::NotDone => Exit::Failed,
        End::Unknown => Exit::NeedsPerson,
    })
}

/// The one machine that is meant.
fn find(estate: &Estate, wanted: &str) -> Result<Arc<Machine>, Complaint> {
    let matches = |machine: &&Arc<Machine>| {
        machine.name.as_str().eq_ignore_ascii_case(wanted)
            || machine.id.name().eq_ignore_ascii_case(wanted)
            || machine.id.as_str().eq_ignore_ascii_case(wanted)
    };
    let found: Vec<_> = estate.machines.iter().filter(matches).collect();
    match found.as_slice() {
        [one] => Ok(Arc::clone(one)),
        [] => Err(Complaint::usage(
            format!("No protected machine is called {wanted:?} here."),
            "See their names: failback machines",
        )),
        several => {
            let ids: Vec<_> = several.iter().map(|m| m.id.to_string()).collect();
            Err(Complaint::usage(
                format!("{} machines are called {wanted:?}.", several.len()),
                format!("Say which by its whole id: {}", ids.join(" or ")),
            ))
        }
    }
}

/// Shows the exact call.
fn show(prepared: &Prepared, json: bool) {
    if json {
        let body: Option<Value> = prepared
            .call
            .body
            .as_deref()
            .and_then(|body| serde_json::from_str(body).ok());
        print_json(&json!({
            "schema": "failback/call/1",
            "machine": prepared.machine,
            "verb": prepared.verb,
            "warnings": prepared.warnings,
            "wayBack": prepared.way_back,
            "call": { "method": prepared.call.method.to_string(), "path": prepared.call.path, "body": body },
        }));
        return;
    }
    output::print(&format!("{}: {}", prepared.verb.words(), prepared.machine));
    prepared
        .warnings
        .iter()
        .for_each(|words| output::print(&format!("  ! {words}")));
    output::print(&format!("  Way back: {}", prepared.way_back));
    output::print(&format!("\n{}\n", prepared.call));
}

/// The machine's name, typed: by flag, or at the terminal.
fn typed(options: &Do, prepared: &Prepared) -> Result<String, Complaint> {
    if let Some(name) = &options.confirm {
        return Ok(name.clone());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Complaint {
            failure: Failure::new(
                "Nothing was sent: this wants to be confirmed.",
                format!(
                    "Say --confirm '{}', or run it at a terminal.",
                    prepared.machine
                ),
                Retry::AfterFixing,
            ),
            exit: Exit::NeedsPerson,
        });
    }
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "Type the machine's name to send it: ");
    let _ = err.flush();
    let mut line = String::new();
    let _ = std::io::stdin().lock().read_line(&mut line);
    Ok(line.trim().to_owned())
}

/// What was printed already, so that only news is.
#[derive(Default)]
struct Told {
    tasks: Vec<(String, String)>,
}

impl Told {
    fn tell(&mut self, news: &Progress, json: bool) {
        if json {
            print_json_line(&news_json(news));
            return;
        }
        match news {
            Progress::Sending(id) => output::print(&format!("Sending it, once (request id {id}).")),
            Progress::NotDone(failure) => print_failure("Not done", failure),
            Progress::Accepted(job) => output::print(&format!("Azure took it: job {job}.")),
            Progress::AnswerLost(failure) => print_failure("The answer was lost", failure),
            Progress::Found(job) => output::print(&format!(
                "It had arrived: job {job} carries our request id."
            )),
            Progress::NotFound(failure) => print_failure("Unknown", failure),
            Progress::Job(job) => self.tasks(job),
            Progress::Unreadable(failure) => print_failure("The job cannot be read now", failure),
            Progress::LostSight(failure) => print_failure("The job is no longer followed", failure),
            Progress::Ended { job, machine } => {
                self.tasks(job);
                ended(job, machine.as_deref());
            }
        }
    }

    /// Prints the tasks whose state is news.
    fn tasks(&mut self, job: &Job) {
        for (depth, task) in job.flat_tasks() {
            let seen = (task.title.to_string(), state_words(task));
            if task.state == JobState::NotStarted || self.tasks.contains(&seen) {
                continue;
            }
            output::print(&format!(
                "  {}{:<44} {}",
                "  ".repeat(depth),
                seen.0,
                seen.1
            ));
            self.tasks.push(seen);
        }
    }
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

fn ended(job: &Job, machine: Option<&Machine>) {
    match job.outcome() {
        Outcome::Succeeded => output::print("Succeeded."),
        Outcome::SucceededBut(but) => {
            output::print("Succeeded, but:");
            but.iter()
                .for_each(|words| output::print(&format!("  ! {words}")));
        }
        Outcome::Failed => output::print("Failed. Azure's words:"),
        Outcome::Cancelled => output::print("Cancelled."),
        other => output::print(&format!("Ended as {other:?}.")),
    }
    if !matches!(job.outcome(), Outcome::SucceededBut(_)) {
        let tasks = job.flat_tasks();
        let all = job
            .problems
            .iter()
            .chain(tasks.iter().flat_map(|(_, task)| &task.problems));
        let mut told = Vec::new();
        for problem in all {
            if !told.contains(&problem) {
                let labelled = [
                    ("", format!("{} ({})", problem.message, problem.code)),
                    ("Possible causes: ", problem.causes.to_string()),
                    ("Azure recommends: ", problem.remedy.to_string()),
                    ("Activity id: ", problem.activity_id.to_string()),
                ];
                let lines = labelled.iter().filter(|(_, text)| !text.is_empty());
                lines.for_each(|(label, text)| output::print(&format!("  {label}{text}")));
                told.push(problem);
            }
        }
    }
    match machine {
        Some(m) => output::print(&format!(
            "{} is now: {}, {}.",
            m.name,
            m.place.word(),
            m.state_words()
        )),
        None => output::print("The machine could not be read again: its state is unknown."),
    }
}

fn print_failure(head: &str, failure: &Failure) {
    output::print(&format!("{head}:"));
    failure
        .lines()
        .iter()
        .for_each(|line| output::print(&format!("  {line}")));
}

fn news_json(news: &Progress) -> Value {
    let (kind, rest) = match news {
        Progress::Sending(id) => ("sending", json!({ "requestId": id })),
        Progress::NotDone(failure) => ("notDone", json!({ "error": failure })),
        Progress::Accepted(job) => ("accepted", json!({ "job": job })),
        Progress::AnswerLost(failure) => ("answerLost", json!({ "error": failure })),
        Progress::Found(job) => ("found", json!({ "job": job })),
        Progress::NotFound(failure) => ("notFound", json!({ "error": failure })),
        Progress::Job(job) => ("job", json!({ "job": job })),
        Progress::Unreadable(failure) => ("unreadable", json!({ "error": failure })),
        Progress::LostSight(failure) => ("lostSight", json!({ "error": failure })),
        Progress::Ended { job, machine } => (
            "ended",
            json!({ "job": job, "outcome": job.outcome(), "machine": machine.as_deref().map(machines::one) }),
        ),
    };
    let mut line = json!({ "schema": "failback/progress/1", "news": kind });
    if let (Value::Object(line), Value::Object(rest)) = (&mut line, rest) {
        line.extend(rest);
    }
    line
}
