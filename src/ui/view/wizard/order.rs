//! The order of a recovery: its waves.

use super::spread::Spread;
use crate::domain::{ArmId, Text};
use crate::ui::model::wizard::{Spot, Wizard};

pub(super) fn draw(wizard: &Wizard, number: u64, machines: &[(ArmId, Text)], spread: &mut Spread) {
    let theme = spread.look().theme.clone();
    spread.words(2, &format!("Wave {number}"), theme.heading);
    for (id, name) in machines {
        let here = wizard.at == Spot::Wave(id.clone());
        spread.spot(here, &format!("  {name}"), theme.text);
    }
    spread.blank();
}

pub(super) fn hint(spread: &mut Spread) {
    let style = spread.look().theme.text;
    spread.words(
        2,
        "Right moves the machine to a later wave, Left to an earlier one.",
        style,
    );
}
