//! A machine's registrations beside each other, a column each.
//!
//! ```text
//!             ( ) at home              (o) in Azure
//!  Host name  hr-01                    hr-01
//!  Host id    f46af85b-46e8-5cb8-bc88- 93b6af32-51ce-57ff-ac25-
//!             a5b12451f30d             8c287e5e291c
//!  Found by   a vCenter                agent (physical)    
//!  Speaks     - a vCenter discovered   + the agent of the machine in
//!             it, and a vCenter sees   Azure has this id
//! ```
//!
//! `+` speaks for its being the machine in Azure, `-` against it.

use crate::domain::identity::{Called, Candidate, Power, Side, Verdict};
use crate::domain::text::{column, columns};
use crate::domain::{Discovery, Text};
use crate::site::Identity;
use crate::ui::document::wrap;
use crate::ui::look::Tone;

use super::Told;

/// Columns of the labels, and the least that a registration wants.
const LABEL: usize = 11;
const LEAST: usize = 20;

/// Columns of an id.
const ID: usize = 36;

/// As many beside each other as there is room for; the others below them.
pub(super) fn draw(own: &Identity, room: usize, cut: &str, lines: &mut Vec<Told>) {
    let members: Vec<usize> = (0..own.group.members.len()).collect();
    let fit = (room.saturating_sub(LABEL) / LEAST).clamp(1, members.len().max(1));
    for some in members.chunks(fit) {
        let wide = (room.saturating_sub(LABEL) / fit).clamp(LEAST - 4, ID + 2);
        let columns: Vec<Column> = some
            .iter()
            .map(|at| Column::of(own, *at, wide - 2))
            .collect();
        band(&columns, wide, cut, lines);
    }
}

/// One registration: what its cells say, in the order of [`LABELS`], broken into lines.
struct Column {
    kept: bool,
    cells: Vec<Vec<String>>,
}

const HEARTBEAT: &str = "Heartbeat";
const NOT_TOLD: &str = "not told";

const LABELS: [&str; 10] = [
    "",
    "Host name",
    "Host id",
    "Found by",
    "Platform",
    "Addresses",
    "Power",
    HEARTBEAT,
    "Tied by",
    "Speaks",
];

impl Column {
    fn of(own: &Identity, at: usize, wide: usize) -> Self {
        let member = &own.group.members[at];
        let candidate = &member.candidate;
        let words = |text: &str| wrap(text, wide);
        let (kept, head) = head(own, at);
        let cells = vec![
            words(head),
            words(candidate.registration.name.as_str()),
            id(candidate, wide),
            words(&found_by(candidate)),
            words(&platform(candidate)),
            words(&addresses(candidate)),
            words(power(candidate)),
            words(&heartbeat(candidate)),
            words(member.tie.words()),
            speaks(own, at, wide),
        ];
        Self { kept, cells }
    }
}

fn band(all: &[Column], wide: usize, cut: &str, lines: &mut Vec<Told>) {
    for (row, label) in LABELS.iter().enumerate() {
        // Over Azure alone nobody tells when an agent was heard of.
        let is_told = |one: &Column| one.cells[row].iter().any(|line| line != NOT_TOLD);
        if *label == HEARTBEAT && !all.iter().any(is_told) {
            continue;
        }
        let tall = all.iter().map(|one| one.cells[row].len()).max();
        for line in 0..tall.unwrap_or_default() {
            let lead = if line == 0 { label } else { "" };
            let mut spans = vec![(Tone::Plain, column(lead, LABEL, cut))];
            for one in all {
                let cell = one.cells[row].get(line).map_or("", String::as_str);
                let tone = if row == 0 && one.kept {
                    Tone::Good
                } else {
                    Tone::Plain
                };
                spans.push((tone, column(cell, wide, cut)));
            }
            lines.push(Told::Row(2, spans));
        }
    }
}

fn head(own: &Identity, at: usize) -> (bool, &'static str) {
    let speaks = |side: Side| {
        let evidence = own.judged.evidence.get(at);
        evidence.is_some_and(|all| all.iter().any(|one| one.side == side))
    };
    match (&own.judged.verdict, speaks(Side::Azure), speaks(Side::Home)) {
        (Verdict::AsExpected { azure, .. }, ..) if *azure == at => (true, "(o) in Azure"),
        (Verdict::AsExpected { .. }, ..) => (false, "( ) at home"),
        (Verdict::Keep(kept), ..) if *kept == at => (true, "(o) in Azure"),
        (Verdict::Keep(_), ..) => (false, "( ) not this one"),
        (_, true, false) => (false, "( ) Azure, it seems"),
        (_, false, true) => (false, "( ) home, it seems"),
        (_, true, true) => (false, "( ) told both ways"),
        (_, false, false) => (false, "( ) nothing is told"),
    }
}

/// The id, broken where its dashes are.
fn id(own: &Candidate, wide: usize) -> Vec<String> {
    let words = match own.called() {
        Called::Id(id) => id.to_string(),
        other => return wrap(other.words().as_str(), wide),
    };
    if columns(&words) <= wide {
        return vec![words];
    }
    let mut lines = vec![String::new()];
    for part in words.split_inclusive('-') {
        if lines
            .last()
            .is_some_and(|line| line.len() + part.len() > wide)
        {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(part);
        }
    }
    lines
}

fn found_by(own: &Candidate) -> String {
    match &own.registration.discovery {
        Discovery::VCenter => "a vCenter".into(),
        Discovery::Physical => "agent (physical)".into(),
        Discovery::Other(word) if word.is_empty() => NOT_TOLD.into(),
        Discovery::Other(word) => word.to_string(),
    }
}

/// What the service replicates it with tells where it runs (asr-rest.md 3).
fn platform(own: &Candidate) -> String {
    let all: Vec<&str> = own.providers.iter().map(Text::as_str).collect();
    let is = |word: &str| all.iter().any(|one| one.eq_ignore_ascii_case(word));
    let place = match (is("InMage"), is("InMageAzureV2")) {
        (true, false) => "Azure",
        (false, true) => "on-premises",
        _ if all.is_empty() => return NOT_TOLD.into(),
        _ => "not clear",
    };
    format!("{place} ({})", all.join(", "))
}

fn addresses(own: &Candidate) -> String {
    match own.registration.address.is_empty() {
        true => NOT_TOLD.into(),
        false => own.registration.address.to_string(),
    }
}

fn power(own: &Candidate) -> &'static str {
    match own.power {
        Power::On => "switched on",
        Power::Off => "switched off",
        Power::NotTold => NOT_TOLD,
    }
}

fn heartbeat(own: &Candidate) -> String {
    own.heartbeat
        .map_or_else(|| NOT_TOLD.into(), |at| format!("{at:.0}"))
}

/// What speaks for its being the machine in Azure, and what against it.
fn speaks(own: &Identity, at: usize, wide: usize) -> Vec<String> {
    let evidence = own.judged.evidence.get(at).map_or(&[][..], Vec::as_slice);
    let mut lines = Vec::new();
    for one in evidence {
        let mark = match one.side {
            Side::Azure => "+",
            Side::Home => "-",
        };
        for (line, piece) in wrap(one.words.as_str(), wide.saturating_sub(2))
            .iter()
            .enumerate()
        {
            let lead = if line == 0 { mark } else { " " };
            lines.push(format!("{lead} {piece}"));
        }
    }
    if lines.is_empty() {
        lines.push("nothing".into());
    }
    lines
}
