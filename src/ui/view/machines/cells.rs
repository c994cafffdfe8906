//! What stands in each column of a machine's row.

use super::layout::{Column, Placed};
use crate::domain::text::columns;
use crate::domain::{Class, Health, Job, Machine, Place, Provider, Situation, Stage, Verb};
use crate::ui::look::{self, Look, Tone};
use crate::ui::model::Model;

#[cfg(test)]
thread_local! {
    /// How many rows were built, for the test that says only those in sight are.
    pub(in crate::ui) static BUILT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

pub(super) fn build(model: &Model, machine: &Machine, placed: &[Placed]) -> Vec<(String, Tone)> {
    #[cfg(test)]
    BUILT.set(BUILT.get() + 1);
    placed
        .iter()
        .map(|placed| cell(model, machine, *placed))
        .collect()
}

fn cell(model: &Model, machine: &Machine, placed: Placed) -> (String, Tone) {
    let look = &model.settings.look;
    let plain = |text: &str| (text.to_owned(), Tone::Plain);
    match placed.column {
        Column::Name => plain(machine.name.as_str()),
        Column::Provider => match machine.provider() {
            Provider::Modernised if placed.width < 10 => plain("modern"),
            provider => plain(provider.word()),
        },
        Column::Place => match machine.place {
            Place::Unknown(_) => ("unknown".into(), Tone::Unknown),
            _ => plain(machine.place.word()),
        },
        Column::State => {
            let tone = look::machine(machine);
            let glyph = tone.glyph(&look.glyphs);
            let words = state(machine, usize::from(placed.width).saturating_sub(2));
            (format!("{glyph} {words}"), tone)
        }
        Column::Rpo => plain(&rpo(machine.rpo_seconds)),
        Column::Next => match first(machine, &model.estate.jobs) {
            Some(verb) if model.stopped(verb, &machine.id).is_some() => {
                (who(placed.width).into(), Tone::Bad)
            }
            Some(verb) => plain(next(verb, placed.width)),
            None => plain("-"),
        },
        Column::Health => {
            let stopped = model.stopped(Verb::Protect, &machine.id).is_some();
            health(look, machine, stopped, placed.width)
        }
        Column::AzureName => match machine.azure_name() {
            Some(name) => plain(name.as_str()),
            None => plain(""),
        },
        Column::Address => plain(machine.address.as_str()),
        // On a single machine the group is called by its own id (asr-rest.md 13): no group.
        Column::Group if machine.group_name == machine.group_id => plain(""),
        Column::Group => plain(machine.group_name.as_str()),
        Column::Policy => plain(machine.policy.as_str()),
        Column::Vault => (
            crate::domain::Text::from(machine.id.segment("vaults").unwrap_or_default()).to_string(),
            Tone::Plain,
        ),
    }
}

/// The state in words; where they do not fit, what would be cut is said shorter: a cut word must
/// not read as another state.
fn state(machine: &Machine, width: usize) -> String {
    let words = machine.state_words();
    let home = machine.running.is_none() && machine.place == Place::OnPremises;
    match machine.stage {
        Stage::Committed if home && columns(&words) > width => "Committed on-prem".into(),
        _ => words,
    }
}

/// What is best done next. Only of a Hyper-V machine of which Azure lists nothing the jobs are asked:
/// its failback may wait to be completed.
fn first(machine: &Machine, jobs: &[Job]) -> Option<Verb> {
    let waits = || {
        let asked = machine.class == Class::HyperV && machine.place == Place::Azure;
        let waits = asked && Situation::of(machine, jobs).waiting_failback().is_some();
        waits.then_some(Verb::Complete)
    };
    machine.next.verbs.first().copied().or_else(waits)
}

/// A verb that fits: `Protect to Azure` cut short would read as the way home.
fn next(verb: Verb, width: u16) -> &'static str {
    let words = verb.words();
    if words.len() <= usize::from(width) {
        return words;
    }
    match verb {
        Verb::ProtectToAzure if width < 11 => "To Azure",
        Verb::ProtectToAzure => "Prot. Azure",
        Verb::FailOverToAzure => "Fail over",
        Verb::ChangeRecoveryPoint => "Change",
        Verb::TestFailoverCleanup => "Clean up",
        Verb::Resynchronise => "Resync",
        Verb::TestFailover => "Test",
        Verb::Cancel => "Cancel",
        Verb::Complete => "Complete",
        Verb::FailBack | Verb::Commit | Verb::Protect => words,
    }
}

/// What comes before anything else where registrations contradict each other.
fn who(width: u16) -> &'static str {
    match width {
        0..11 => "who?",
        _ => "who is who?",
    }
}

/// `4:02`, from an hour on `1h10`, from two days on `19 d`; `-` where the provider does not tell.
pub(in crate::ui::view) fn rpo(seconds: Option<u64>) -> String {
    match seconds {
        None => "-".into(),
        Some(s @ 0..=3599) => format!("{}:{:02}", s / 60, s % 60),
        Some(s @ 3600..=172_799) => format!("{}h{:02}", s / 3600, s % 3600 / 60),
        Some(s) => format!("{} d", s / 86_400),
    }
}

/// The glyph with the number of problems, and the word where there is room. That nobody knows which
/// registration the machine is, is a problem more, whatever Azure says of its health.
fn health(look: &Look, machine: &Machine, is_stopped: bool, width: u16) -> (String, Tone) {
    let tone = match is_stopped {
        true => Tone::Bad,
        false => look::health_with(&machine.health, &machine.problems),
    };
    let glyph = tone.glyph(&look.glyphs);
    let count = machine.problems.len() + usize::from(is_stopped);
    let word = machine.health.word();
    let words = match (&machine.health, count, width) {
        _ if tone == Tone::Good => format!("{glyph} {word}"),
        (Health::Normal, 0, _) => format!("{glyph} {word}"),
        (_, 0, 0..10) => glyph.to_owned(),
        (_, 0, _) => format!("{glyph} {word}"),
        _ => format!("{glyph} {count}"),
    };
    (words, tone)
}
