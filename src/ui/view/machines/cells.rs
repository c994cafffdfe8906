//! What stands in each column of a machine's row.

use super::layout::{Column, Placed};
use crate::domain::{Health, Machine};
use crate::ui::look::{self, Look, Tone};

#[cfg(test)]
thread_local! {
    /// How many rows were built, for the test that says only those in sight are.
    pub(in crate::ui) static BUILT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

pub(super) fn build(look: &Look, machine: &Machine, columns: &[Placed]) -> Vec<(String, Tone)> {
    #[cfg(test)]
    BUILT.set(BUILT.get() + 1);
    columns
        .iter()
        .map(|placed| cell(look, machine, *placed))
        .collect()
}

fn cell(look: &Look, machine: &Machine, placed: Placed) -> (String, Tone) {
    let plain = |text: &str| (text.to_owned(), Tone::Plain);
    match placed.column {
        Column::Name => plain(machine.name.as_str()),
        Column::Provider => plain(machine.provider().word()),
        Column::Place => match machine.place {
            crate::domain::Place::Unknown(_) => ("unknown".into(), Tone::Unknown),
            _ => plain(machine.place.word()),
        },
        Column::State => {
            let tone = look::machine(machine);
            let glyph = tone.glyph(&look.glyphs);
            (format!("{glyph} {}", machine.state_words()), tone)
        }
        Column::Rpo => plain(&rpo(machine.rpo_seconds)),
        Column::Next => match machine.next.verbs.first() {
            Some(verb) => plain(verb.words()),
            None => plain("-"),
        },
        Column::Health => health(look, machine, placed.width),
        Column::AzureName => match machine.azure_name() {
            Some(name) => plain(name.as_str()),
            None => plain(""),
        },
        Column::Address => plain(machine.address.as_str()),
        Column::Group => plain(machine.group_name.as_str()),
        Column::Policy => plain(machine.policy.as_str()),
        Column::Vault => (
            crate::domain::Text::from(machine.id.segment("vaults").unwrap_or_default()).to_string(),
            Tone::Plain,
        ),
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

/// The glyph with the number of problems, and the word where there is room.
fn health(look: &Look, machine: &Machine, width: u16) -> (String, Tone) {
    let tone = look::health(&machine.health);
    let glyph = tone.glyph(&look.glyphs);
    let count = machine.problems.len();
    let word = machine.health.word();
    let words = match (&machine.health, count, width) {
        (Health::Normal, 0, _) => format!("{glyph} {word}"),
        (_, 0, 0..10) => glyph.to_owned(),
        (_, 0, _) => format!("{glyph} {word}"),
        _ => format!("{glyph} {count}"),
    };
    (words, tone)
}
