//! Which registration of a machine is which, in lines: for the wizard's step and for one machine's
//! page.
//!
//! ```text
//!   3 registrations may be the machine, and nothing settles which one runs in Azure
//!              ( ) not settled          ( ) not settled
//!   Host name  hr-01                    hr-01
//!   ...
//!   √ Read: Run Command on hr-01, 18:05 CET (2 min ago): the agent's id is 9b0c2f6e-...
//! ```

mod beside;

use std::fmt::Write as _;

use ratatui::text::{Line, Span};

use crate::domain::identity::{READ_FILE, Reading, Standing, Verdict};
use crate::domain::{ArmId, Text};
use crate::site::Identity;
use crate::ui::clock;
use crate::ui::look::{Look, Tone};
use crate::ui::model::Model;
use crate::ui::model::identities::{UnderWay, standing};

/// What a person does to know more.
pub(super) const READ_IT: &str = "Read drscout.conf: R Run Command, P paste, O file, S ssh.";

/// A piece of what is told.
pub(super) enum Told {
    /// How far in, how it stands, what it says.
    Words(usize, Tone, String),
    /// How far in, and cells that fit the line.
    Row(usize, Vec<(Tone, String)>),
}

impl Told {
    /// A row as a line, `indent` columns further in.
    pub(super) fn line(indent: usize, cells: Vec<(Tone, String)>, look: &Look) -> Line<'static> {
        let lead = Span::raw(" ".repeat(indent));
        let cells = cells.into_iter().map(|(tone, words)| match tone {
            Tone::Plain => Span::styled(words, look.theme.text),
            tone => Span::styled(words, tone.style(&look.theme)),
        });
        std::iter::once(lead).chain(cells).collect()
    }
}

/// Most readings that are shown; the command line tells all.
const MOST_READINGS: usize = 2;

/// Most findings of a file that are shown; the command line tells all.
const MOST: usize = 6;

pub(super) fn tone(own: &Identity) -> Tone {
    match (standing(own), &own.judged.verdict) {
        // Nobody confirmed it: it proves nothing, and looks like nothing.
        (
            Standing::Passes,
            Verdict::AsExpected {
                confirmed: false, ..
            },
        ) => Tone::Plain,
        (Standing::Passes, _) => Tone::Good,
        (Standing::Unknown, _) => Tone::Unknown,
        (Standing::Blocks, _) => Tone::Bad,
        (Standing::NotApplicable, _) => Tone::Plain,
    }
}

/// The verdict in a word or two.
pub(super) fn word(own: &Identity) -> &'static str {
    match &own.judged.verdict {
        Verdict::AsExpected {
            azure,
            confirmed: true,
            ..
        } => match own.group.is_by_hand(*azure) {
            true => "as expected, confirmed by hand",
            false => "as expected, confirmed",
        },
        verdict => verdict.word(),
    }
}

/// The name of a machine's VM in Azure.
pub(super) fn vm(own: &Identity) -> Text {
    let vm = own.group.subject.azure_vm.as_ref();
    vm.map_or_else(|| "not told".into(), |vm| ArmId::name(vm).into())
}

/// The last try, if it failed, and why the verdict is what it is.
pub(super) fn why(model: &Model, own: &Identity) -> Vec<Told> {
    let newest = readings(own).next();
    let failed = newest.filter(|reading| reading.file.is_err());
    let failed = failed.map(|reading| read(model, reading));
    // What to read it by stands beside it.
    let all = own.judged.why.iter();
    let all = all.filter(|why| why.as_str() != READ_FILE);
    let all = all.map(|why| Told::Words(2, Tone::Plain, why.to_string()));
    failed.into_iter().chain(all).collect()
}

/// What counts, the newest first.
fn readings(own: &Identity) -> impl Iterator<Item = &Reading> {
    let mut all: Vec<&Reading> = own.group.readings.iter().collect();
    all.sort_by_key(|reading| std::cmp::Reverse(reading.at));
    all.into_iter()
}

/// What the verdict rests on, in a page of that width.
pub(super) fn grounds(model: &Model, own: &Identity, width: usize) -> Vec<Told> {
    let mut lines: Vec<Told> = Vec::new();
    let cut = model.settings.look.glyphs.cut;
    beside::draw(own, width.saturating_sub(2), cut, &mut lines);
    if own.group.members.is_empty() {
        let words = "no registration may be this machine";
        lines.push(Told::Words(2, Tone::Unknown, words.into()));
    }
    let said_above = |reading: &Reading| reading.file.is_err();
    let rest = readings(own).enumerate();
    let rest = rest.filter(|(at, reading)| *at > 0 || !said_above(reading));
    let rest: Vec<Told> = rest.map(|(_, reading)| read(model, reading)).collect();
    let earlier = rest.len().saturating_sub(MOST_READINGS);
    lines.extend(rest.into_iter().take(MOST_READINGS));
    if earlier > 0 {
        let words = format!("{earlier} earlier: failback identities");
        lines.push(Told::Words(2, Tone::Plain, words));
    }
    for reading in &own.group.stale {
        let mut words = said(model, reading);
        let _ = write!(words, "; it {}: read again", own.group.why_stale(reading));
        lines.push(Told::Words(2, Tone::Amber, words));
    }
    if let Some(lost) = &own.group.lost {
        lines.push(Told::Words(2, Tone::Amber, lost.to_string()));
    }
    let (findings, more) = own.findings();
    for finding in findings.iter().take(MOST) {
        let words = format!("drscout.conf, {}", finding.words());
        lines.push(Told::Words(2, Tone::Amber, words));
    }
    let more = more + findings.len().saturating_sub(MOST);
    if more > 0 {
        let words = format!("{more} more about that file: failback identities");
        lines.push(Told::Words(2, Tone::Amber, words));
    }
    lines
}

/// A file that is being fetched.
pub(super) fn under_way(model: &Model, under_way: &UnderWay) -> String {
    let since = clock::time(under_way.since, &model.settings.zone);
    format!("reading drscout.conf: {}, since {since}", under_way.words)
}

fn read(model: &Model, reading: &Reading) -> Told {
    let id = reading.file.as_ref().ok().and_then(|file| file.called.id());
    let tone = match id {
        Some(_) => Tone::Good,
        None => Tone::Amber,
    };
    Told::Words(2, tone, said(model, reading))
}

fn said(model: &Model, reading: &Reading) -> String {
    let at = clock::moment(reading.at, &model.settings.zone);
    let ago = ago(clock::between(reading.at, model.now));
    let source = reading.source.words();
    match &reading.file {
        Ok(file) => {
            let hash: String = file.sha256.as_str().chars().take(12).collect();
            format!(
                "Read: {source}, {at}{ago}: the agent's id {}; SHA-256 {hash}...",
                file.called.words()
            )
        }
        Err(why) => format!("Not read: {source}, {at}{ago}: {why}"),
    }
}

/// How long ago, behind a time; nothing where the clocks disagree.
fn ago(seconds: i64) -> String {
    match seconds {
        ..0 => String::new(),
        0..120 => format!(" ({seconds} s ago)"),
        120..7_200 => format!(" ({} min ago)", seconds / 60),
        7_200..172_800 => format!(" ({} h ago)", seconds / 3_600),
        _ => format!(" ({} days ago)", seconds / 86_400),
    }
}
