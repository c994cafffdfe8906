//! One machine with its steps.

use super::{maybe, plan, time};
use crate::domain::size::clock;
use crate::domain::{Failure, Generation, Problem, Provider};
use crate::report::Look;
use crate::report::model::{Attempt, End, Job, Machine, Report, Step, Tone};
use crate::report::write::{Block, Cell};

pub(super) fn of(report: &Report, own: &Machine, look: &Look) -> Vec<Block> {
    let mut blocks = vec![
        Block::Heading(2, own.machine.clone().into()),
        Block::Facts(facts(report, own, look)),
        Block::Table {
            head: vec!["Step", "Outcome", "Begun", "Ended", "Took"],
            rows: own.steps.iter().map(|step| row(step, look)).collect(),
        },
    ];
    for step in &own.steps {
        blocks.extend(more(step, look));
    }
    blocks
}

fn facts(report: &Report, own: &Machine, look: &Look) -> Vec<(&'static str, Cell)> {
    let provider = |generation: Generation| Provider::from(generation).word().to_owned();
    let generation = match own.generation {
        Some(generation) => provider(generation).into(),
        None => Cell::new(Tone::Unknown, "not told"),
    };
    let mut facts = vec![
        ("Id", own.id.as_str().into()),
        ("Generation", generation),
        ("Wave", own.wave.to_string().into()),
        ("Way back", own.way_back.into()),
    ];
    facts.extend(plan::machine(report, &own.id));
    facts.extend(data(own));
    if let Some(asked) = &own.point.asked {
        facts.push(("Recovery point, asked", asked.clone().into()));
        facts.push(match &own.point.sent {
            Some(sent) => ("Recovery point, sent", sent.clone().into()),
            None => ("Recovery point, sent", "none was named in a call".into()),
        });
    }
    let seen = own.point.seen.iter();
    facts.extend(seen.map(|words| ("Of its data", words.clone().into())));
    let looked_at = own.steps.iter().any(|step| {
        let kind = crate::domain::StepKind::VerifySurvivor;
        step.step == kind && step.end.tone == Tone::Well
    });
    match own.verified.as_slice() {
        [] if looked_at => {
            let words = "it was looked at; by whom the journal does not tell";
            facts.push(("Verified", Cell::new(Tone::Unknown, words)));
        }
        [] => facts.push(("Verified", Cell::new(Tone::Amber, "by nobody"))),
        all => facts.extend(all.iter().map(|words| ("Verified", words.clone().into()))),
    }
    let window = own.window.map(|until| time(until, look).into());
    facts.extend(window.map(|until| ("Commit window until", until)));
    if let Some(who) = &own.cancelled {
        let words = format!("by {who}");
        facts.push(("Failback cancelled", Cell::new(Tone::Amber, words)));
    }
    let left = own.left.iter();
    facts.extend(left.map(|words| ("Left", Cell::new(Tone::Amber, words.clone()))));
    facts
}

/// How much there was of its data when the run was launched.
fn data(own: &Machine) -> Vec<(&'static str, Cell)> {
    let disks = own.disks.map(|disks| format!("{disks} on its disks"));
    let pending = own.pending.map(|pending| format!("{pending} on the way"));
    let both: Vec<String> = disks.into_iter().chain(pending).collect();
    match both.is_empty() {
        true => Vec::new(),
        false => vec![("At the launch", both.join(", ").into())],
    }
}

fn row(step: &Step, look: &Look) -> Vec<Cell> {
    let took = step.seconds.map_or_else(|| "-".into(), clock);
    vec![
        step.title.into(),
        ended(&step.end),
        maybe(step.begun, look),
        maybe(step.ended, look),
        took.into(),
    ]
}

/// How it ended, in a word or two.
pub(super) fn ended(end: &End) -> Cell {
    let word = match end.word {
        "doneBut" => "done, but",
        "notBegun" => "not begun",
        word => word,
    };
    Cell::new(end.tone, word)
}

/// What there is to say about a step beyond its row; nothing for one that is as it should be and
/// sent nothing.
fn more(step: &Step, look: &Look) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !step.end.words.is_empty() {
        let words = step.end.words.iter();
        blocks.push(Block::List(
            words
                .map(|words| Cell::new(step.end.tone, words.clone()))
                .collect(),
        ));
    }
    if let Some(failure) = &step.end.failure {
        blocks.push(told(failure, step.end.tone));
    }
    for attempt in &step.attempts {
        blocks.extend(sent(attempt, look));
    }
    for job in &step.jobs {
        blocks.extend(carried(job, look));
    }
    if !blocks.is_empty() {
        blocks.insert(0, Block::Heading(3, step.title.into()));
    }
    blocks
}

/// A failure, Azure's own words with it.
pub(super) fn told(failure: &Failure, tone: Tone) -> Block {
    let lines = failure.lines().into_iter();
    Block::List(lines.map(|line| Cell::new(tone, line)).collect())
}

fn sent(attempt: &Attempt, look: &Look) -> Vec<Block> {
    let (tone, outcome) = match (attempt.outcome, attempt.found) {
        ("accepted", false) => (Tone::Plain, "Azure took it"),
        ("accepted", true) => (Tone::Plain, "its answer was lost; Azure had taken it"),
        ("notSent", _) => (Tone::Amber, "it was certainly not made"),
        ("lost", _) => (Tone::Unknown, "the answer was lost: it may have been made"),
        _ => (Tone::Unknown, "what became of it was not written down"),
    };
    let mut facts: Vec<(&'static str, Cell)> = vec![
        (
            "Attempt",
            format!("{} at {}", attempt.attempt, time(attempt.at, look)).into(),
        ),
        (
            "Call",
            format!("{} {}", attempt.method, attempt.path).into(),
        ),
        ("Outcome", Cell::new(tone, outcome)),
        ("Request id", attempt.request_id.to_string().into()),
    ];
    if let Some(job) = &attempt.job_id {
        facts.push(("Job id", job.to_string().into()));
    }
    if !attempt.correlation_id.is_empty() {
        facts.push(("Correlation id", attempt.correlation_id.clone().into()));
    }
    let mut blocks = vec![Block::Facts(facts)];
    blocks.extend(attempt.failure.as_ref().map(|failure| told(failure, tone)));
    blocks
}

fn carried(job: &Job, look: &Look) -> Vec<Block> {
    let mut facts: Vec<(&'static str, Cell)> = vec![
        ("Job", format!("{} {}", job.title, job.job_id).into()),
        ("State", Cell::new(job.tone, job.state.clone())),
        ("Started", maybe(job.start, look)),
        ("Ended", maybe(job.end, look)),
    ];
    if !job.activity_id.is_empty() {
        facts.push(("Activity id", job.activity_id.clone().into()));
    }
    let mut blocks = vec![Block::Facts(facts)];
    if !job.tasks.is_empty() {
        let rows = job.tasks.iter().map(|task| {
            let indent = "\u{2013} ".repeat(task.depth);
            let took = task.start.zip(task.end);
            let took = took.map_or_else(
                || "-".into(),
                |(start, end)| clock(end.duration_since(start).as_secs()),
            );
            vec![
                format!("{indent}{}", task.title).into(),
                Cell::new(task.tone, task.state.clone()),
                took.into(),
            ]
        });
        blocks.push(Block::Table {
            head: vec!["Task", "State", "Took"],
            rows: rows.collect(),
        });
    }
    let of_tasks = job.tasks.iter().flat_map(|task| &task.problems);
    let problems: Vec<Cell> = job
        .problems
        .iter()
        .chain(of_tasks)
        .flat_map(problem)
        .collect();
    if !problems.is_empty() {
        blocks.push(Block::List(problems));
    }
    blocks
}

/// A problem in Azure's own words.
fn problem(problem: &Problem) -> Vec<Cell> {
    let tone = match problem.level {
        crate::domain::Level::Error => Tone::Bad,
        crate::domain::Level::Warning => Tone::Amber,
        crate::domain::Level::Information => Tone::Plain,
    };
    let code = match problem.code.is_empty() {
        true => String::new(),
        false => format!(" ({})", problem.code),
    };
    let mut lines = vec![Cell::new(
        tone,
        format!("Azure says: {}{code}", problem.message),
    )];
    let labelled = [
        ("Possible causes", &problem.causes),
        ("Azure recommends", &problem.remedy),
        ("Activity id", &problem.activity_id),
    ];
    let labelled = labelled.into_iter().filter(|(_, words)| !words.is_empty());
    lines.extend(labelled.map(|(label, words)| format!("{label}: {words}").into()));
    let explained = crate::readiness::codes::explain_problem(problem);
    lines.extend(explained.iter().flat_map(|e| e.lines()).map(Cell::from));
    lines
}
