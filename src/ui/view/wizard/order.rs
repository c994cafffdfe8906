//! The order of a recovery: its waves, each machine's place in them, and what counts for all.

use super::spread::Spread;
use crate::domain::text::{column, columns};
use crate::domain::{ArmId, Text};
use crate::ui::model::wizard::{Spot, Wizard};

/// What can be done here; more is in the help of each field.
pub(super) const HELP: &str = "A wave is cut over when the one before it is through. Left and Right \
    move a machine between waves; Enter opens what it waits for, and its commands.";

/// Columns of a machine's name at most.
const NAME: usize = 24;

pub(super) fn wave(number: u64, spread: &mut Spread) {
    let theme = spread.look().theme.clone();
    if number > 1 {
        spread.blank();
    }
    spread.words(2, &format!("Wave {number}"), theme.heading);
}

/// A machine, and in a few words what is said about its place; unfolded, its fields follow.
pub(super) fn placed(wizard: &Wizard, id: &ArmId, name: &Text, words: &Text, spread: &mut Spread) {
    let style = spread.look().theme.text;
    let cut = spread.look().glyphs.cut;
    let here = wizard.at == Spot::Wave(id.clone());
    let sign = sign(wizard.unfolded.contains(id));
    let all = wizard.walk();
    let wide = all
        .machines()
        .iter()
        .map(|m| columns(m.machine.name.as_str()));
    let wide = wide.max().unwrap_or(0).min(NAME);
    let name = column(name.as_str(), wide, cut);
    spread.spot(here, format!("{sign} {name}  {words}").trim_end(), style);
}

/// What is done around a wave; unfolded, its fields follow.
pub(super) fn around(wizard: &Wizard, number: u64, words: &Text, spread: &mut Spread) {
    let style = spread.look().theme.text;
    let here = wizard.at == Spot::AroundWave(number);
    let sign = sign(wizard.unfolded_waves.contains(&number));
    let words = format!("{sign} commands of the wave  {words}");
    spread.spot(here, words.trim_end(), style);
}

fn sign(open: bool) -> &'static str {
    match open {
        true => "-",
        false => "+",
    }
}

/// Stands before what counts for the plan as a whole.
pub(super) fn whole(spread: &mut Spread) {
    let theme = spread.look().theme.clone();
    spread.blank();
    spread.words(2, "The whole plan", theme.heading);
}
