//! What belongs to the run as a whole.

use jiff::Timestamp;

use super::machine::{ended, told};
use super::{maybe, time};
use crate::domain::plan::StatementKind;
use crate::domain::{StepKind, Text};
use crate::report::Look;
use crate::report::model::{Asked, Errand, Report, Tone};
use crate::report::write::{Block, Cell};

/// A section, where it has something to say.
pub(super) fn section(heading: &str, blocks: Vec<Block>) -> Vec<Block> {
    match blocks.is_empty() {
        true => Vec::new(),
        false => std::iter::once(Block::Heading(2, heading.into()))
            .chain(blocks)
            .collect(),
    }
}

fn table(head: &[&'static str], rows: Vec<Vec<Cell>>) -> Vec<Block> {
    match rows.is_empty() {
        true => Vec::new(),
        false => vec![Block::Table {
            head: head.to_vec(),
            rows,
        }],
    }
}

pub(super) fn order(report: &Report) -> Vec<Block> {
    let mut rows = Vec::new();
    for wave in &report.order {
        for own in &wave.machines {
            let tone = report.machines.iter().find(|m| m.id == own.id);
            let tone = tone.map_or(Tone::Unknown, |m| m.tone);
            let waits: Vec<String> = own.after.iter().map(Text::to_string).collect();
            rows.push(vec![
                wave.wave.to_string().into(),
                Cell::new(tone, own.machine.clone()),
                match waits.is_empty() {
                    true => "-".into(),
                    false => waits.join(", ").into(),
                },
                if own.optional { "optional" } else { "critical" }.into(),
            ]);
        }
    }
    let head = ["Wave", "Machine", "Waits for", "Counts as"];
    section("Order", table(&head, rows))
}

pub(super) fn hooks(report: &Report, look: &Look) -> Vec<Block> {
    let row = |hook: &crate::report::model::Hook| {
        vec![
            hook.words.clone().into(),
            hook.command.clone().into(),
            ended(&hook.end),
            time(hook.begun, look).into(),
            maybe(hook.ended, look),
        ]
    };
    let rows = report.hooks.iter().map(row).collect();
    let head = ["When", "Command", "Outcome", "Begun", "Ended"];
    let mut blocks = table(&head, rows);
    for hook in &report.hooks {
        let words = hook.end.words.iter();
        let words: Vec<Cell> = words
            .map(|words| Cell::new(hook.end.tone, format!("{}: {words}", hook.words)))
            .collect();
        blocks.extend((!words.is_empty()).then_some(Block::List(words)));
        blocks.extend(hook.end.failure.as_ref().map(|f| told(f, hook.end.tone)));
    }
    section("Local commands", blocks)
}

pub(super) fn questions(report: &Report, look: &Look) -> Vec<Block> {
    let blocks = report
        .questions
        .iter()
        .flat_map(|asked| question(asked, look));
    section("Questions and answers", blocks.collect())
}

fn question(asked: &Asked, look: &Look) -> Vec<Block> {
    let mut facts: Vec<(&'static str, Cell)> = vec![("Asked", time(asked.at, look).into())];
    let machine = asked.machine.as_ref();
    facts.extend(machine.map(|name| ("Machine", name.clone().into())));
    facts.extend(
        asked
            .step
            .map(|step: StepKind| ("Step", step.words().into())),
    );
    let until = asked
        .until
        .map(|until| ("Open until", time(until, look).into()));
    facts.extend(until);
    match &asked.answer {
        Some(answer) => {
            let words = match answer.words.is_empty() {
                true => answer.choice.to_string(),
                false => format!("{}: {}", answer.choice, answer.words),
            };
            let at = time(answer.at, look);
            let asked = asked_at(answer.asked, look);
            facts.push(("Answer", words.into()));
            facts.push(("Answered", format!("{at} by {}{asked}", answer.by).into()));
            let why = answer.why.as_ref();
            facts.extend(why.map(|why| ("Why", why.clone().into())));
        }
        None => {
            let words = "none; it is open, was asked anew, or the run went on without one";
            facts.push(("Answer", Cell::new(Tone::Amber, words)));
        }
    }
    let known: Vec<Cell> = asked.evidence.iter().cloned().map(Cell::from).collect();
    let checks = asked.checks.iter().map(|check| looked_at(asked, check));
    let known: Vec<Cell> = known.into_iter().chain(checks).collect();
    let mut blocks = vec![
        Block::Heading(3, format!("{}. {}", asked.question, asked.words).into()),
        Block::Facts(facts),
    ];
    blocks.extend((!known.is_empty()).then_some(Block::List(known)));
    blocks
}

/// A line of what was to be looked at, and whether whoever answered says that they did.
fn looked_at(asked: &Asked, check: &Text) -> Cell {
    match &asked.answer {
        Some(answer) if answer.ticked.contains(check) => {
            Cell::new(Tone::Well, format!("looked at: {check}"))
        }
        Some(_) => Cell::new(Tone::Amber, format!("not said to be looked at: {check}")),
        None => format!("to look at: {check}").into(),
    }
}

/// When somebody wrote it, by the clock of their host.
fn asked_at(at: Option<Timestamp>, look: &Look) -> String {
    at.map_or_else(String::new, |at| format!(", asked {}", time(at, look)))
}

pub(super) fn requests(report: &Report, look: &Look) -> Vec<Block> {
    let rows = report.requests.iter().map(|request| {
        vec![
            format!(
                "{}{}",
                time(request.at, look),
                asked_at(request.asked, look)
            )
            .into(),
            request.by.to_string().into(),
            request.words.clone().into(),
            match &request.refused {
                None => "done".into(),
                Some(why) => Cell::new(Tone::Amber, format!("refused: {why}")),
            },
        ]
    });
    let head = ["When", "Who", "Request", "What became of it"];
    section("Requests", table(&head, rows.collect()))
}

pub(super) fn pauses(report: &Report, look: &Look) -> Vec<Block> {
    let rows = report.pauses.iter().map(|pause| {
        vec![
            time(pause.from, look).into(),
            match pause.to {
                Some(to) => time(to, look).into(),
                None => Cell::new(Tone::Amber, "it has not gone on"),
            },
            pause.why.clone().into(),
        ]
    });
    let head = ["From", "To", "Why"];
    section("Pauses", table(&head, rows.collect()))
}

pub(super) fn statements(report: &Report, look: &Look) -> Vec<Block> {
    let rows = report.statements.iter().map(|stated| {
        let statement = &stated.statement;
        vec![
            match statement.kind {
                StatementKind::Consent => "consent",
                StatementKind::Attestation => "attestation",
            }
            .into(),
            format!("{} {}", statement.check, stated.title).into(),
            stated.subject_name.clone().into(),
            statement.who.clone().into(),
            time(statement.when, look).into(),
            statement.why.clone().into(),
        ]
    });
    let head = ["Kind", "Check", "On", "Who", "When", "Why"];
    let blocks = match (&report.plan.unread, report.statements.is_empty()) {
        (Some(_), _) => vec![Block::Paragraph(Cell::new(
            Tone::Unknown,
            "The plan cannot be read: not known.",
        ))],
        (None, true) => vec![Block::Paragraph("None stands in the plan.".into())],
        (None, false) => table(&head, rows.collect()),
    };
    section("Consents and attestations", blocks)
}

pub(super) fn afterwards(report: &Report) -> Vec<Block> {
    let mut blocks = Vec::new();
    let unread = report.afterwards.unread.iter();
    let unread: Vec<Cell> = unread
        .map(|why| Cell::new(Tone::Unknown, format!("Could not be listed: {why}")))
        .collect();
    blocks.extend((!unread.is_empty()).then_some(Block::List(unread)));
    for own in &report.afterwards.machines {
        blocks.push(Block::Heading(3, own.machine.clone().into()));
        blocks.extend(own.errands.iter().flat_map(errand));
    }
    section("Afterwards: what has to be looked at", blocks)
}

fn errand(errand: &Errand) -> Vec<Block> {
    let sources = errand.sources.join(", ");
    let mut blocks = vec![
        Block::Heading(4, format!("{} {}", errand.code, errand.title).into()),
        Block::Facts(vec![
            ("Known", errand.known.clone().into()),
            ("Look", errand.look.into()),
            ("Source", sources.into()),
        ]),
    ];
    for command in &errand.commands {
        let words = format!("To {}, {} ({}):", command.does, command.at, command.shell);
        blocks.push(Block::Paragraph(words.into()));
        blocks.push(Block::Code(command.line.clone()));
    }
    blocks
}

pub(super) fn remarks(report: &Report, look: &Look) -> Vec<Block> {
    let rows = report.remarks.iter().map(|remark| {
        let machine = remark.machine.clone().unwrap_or_else(|| "-".into());
        vec![
            time(remark.at, look).into(),
            machine.into(),
            remark.step.map_or("-", StepKind::words).into(),
            remark.words.clone().into(),
        ]
    });
    let head = ["When", "Machine", "Step", "Remark"];
    section("Remarks", table(&head, rows.collect()))
}

pub(super) fn journal(report: &Report, look: &Look) -> Vec<Block> {
    let journal = &report.journal;
    let mut facts: Vec<(&'static str, Cell)> =
        vec![("Records", journal.records.to_string().into())];
    facts.push(match &journal.head {
        Some(head) => ("Head", format!("{}:{}", head.number, head.hash).into()),
        None => ("Head", Cell::new(Tone::Unknown, "not known")),
    });
    facts.push(match &journal.damage {
        None => (
            "Sound",
            Cell::new(
                Tone::Well,
                "each record follows the one before, up to the head",
            ),
        ),
        Some(damage) => ("Sound", Cell::new(Tone::Bad, format!("no: {damage}"))),
    });
    facts.extend(journal.mended.iter().map(|mended| {
        let at = time(mended.at, look);
        let words = format!(
            "{at}: {} bytes that were not whole were taken off; kept in {}",
            mended.bytes, mended.kept
        );
        ("Mended", Cell::new(Tone::Amber, words))
    }));
    let plainly = "Who can write the run's folder can forge its journal, and this report with it, \
                   unless the head was kept elsewhere: compare it.";
    section(
        "Journal",
        vec![Block::Facts(facts), Block::Paragraph(plainly.into())],
    )
}
