//! A report as the blocks of a page: what stands where, for both writers.

mod machine;
mod parts;
mod plan;

use jiff::Timestamp;

use super::Look;
use super::model::{Begin, Report, Tone};
use super::write::{Block, Cell};
use crate::domain::size::clock;

/// The page.
pub(super) fn of(report: &Report, look: &Look) -> Vec<Block> {
    let mut page = vec![Block::Heading(
        1,
        format!("{}: {}", report.plan.name, report.plan.intent).into(),
    )];
    let cautions = report.cautions.iter();
    page.extend(cautions.map(|words| Block::Notice(words.clone().into())));
    page.push(head(report, look));
    page.extend(plan::of(report));
    page.extend(parts::order(report));
    page.extend(parts::hooks(report, look));
    for own in &report.machines {
        page.extend(machine::of(report, own, look));
    }
    page.extend(parts::questions(report, look));
    page.extend(parts::requests(report, look));
    page.extend(parts::pauses(report, look));
    page.extend(parts::statements(report, look));
    page.extend(parts::afterwards(report));
    page.extend(parts::remarks(report, look));
    page.extend(parts::journal(report, look));
    page.extend(plan::document(report));
    page
}

fn head(report: &Report, look: &Look) -> Block {
    let mut facts: Vec<(&'static str, Cell)> = vec![
        (
            "Outcome",
            Cell::new(report.state.tone, report.state.words.clone()),
        ),
        ("Run", report.run.clone().into()),
        ("Site", report.site.clone().into()),
        ("Launched", begin(&report.launched, look).into()),
    ];
    facts.extend(runners(report, look));
    facts.push(match &report.ended {
        Some(ended) => ("Ended", time(ended.at, look).into()),
        None => ("Ended", Cell::new(Tone::Amber, "it is not over")),
    });
    facts.push(("From launch to last record", clock(report.seconds).into()));
    facts.push(("Machines", report.machines.len().to_string().into()));
    facts.push(match (&report.journal.head, report.journal.sound) {
        (Some(head), true) => ("Head", format!("{}:{}", head.number, head.hash).into()),
        (Some(head), false) => {
            let words = format!("not sound; as far as it is: {}:{}", head.number, head.hash);
            ("Head", Cell::new(Tone::Bad, words))
        }
        (None, _) => ("Head", Cell::new(Tone::Unknown, "not known")),
    });
    let made = format!("{}, {}", time(report.made.at, look), report.made.program);
    facts.push(("Report made", made.into()));
    Block::Facts(facts)
}

/// The runners that ended before the run did, and those that went on, as they came.
fn runners(report: &Report, look: &Look) -> Vec<(&'static str, Cell)> {
    let suspended = report.suspended.iter().map(|suspended| {
        let words = format!("{}: {}", time(suspended.at, look), suspended.why);
        let cell = Cell::new(Tone::Amber, words);
        (suspended.at, ("Suspended", cell))
    });
    let resumed = report.resumed.iter().map(|again| {
        let words = begin(again, look);
        (again.at, ("Resumed", words.into()))
    });
    let mut all: Vec<_> = suspended.chain(resumed).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, fact)| fact).collect()
}

fn begin(begin: &Begin, look: &Look) -> String {
    let at = time(begin.at, look);
    format!("{at} by {} ({})", begin.by, begin.program)
}

/// A moment, with its zone.
fn time(at: Timestamp, look: &Look) -> String {
    let zoned = at.to_zoned(look.zone.clone());
    zoned.strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}

/// A moment in a column; `-` where there is none.
fn maybe(at: Option<Timestamp>, look: &Look) -> Cell {
    at.map_or_else(|| "-".into(), |at| time(at, look).into())
}
