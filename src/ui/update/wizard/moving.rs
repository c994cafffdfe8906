//! Moving among what a step asks.

use super::taking;
use crate::ui::model::Model;
use crate::ui::model::wizard::Spot;
use crate::ui::update::Commands;
use crate::ui::view;

/// Turns a page: from the buttons the text is scrolled, else the keys move as far.
pub(super) fn turn(model: &mut Model, down: bool, out: &mut Commands) {
    let page = view::wizard_height(model).max(2) - 1;
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    if matches!(wizard.at, Spot::Back | Spot::Next) {
        wizard.top = match down {
            true => wizard.top.saturating_add(page),
            false => wizard.top.saturating_sub(page),
        };
        return;
    }
    if matches!(wizard.at, Spot::Identity(_)) && within(model, down, page) {
        return;
    }
    let by = isize::try_from(page).unwrap_or(1);
    step(model, if down { by } else { -by }, out);
}

/// Scrolls what the keys are on, where it is longer than the page; whether there was more of it.
fn within(model: &mut Model, down: bool, page: usize) -> bool {
    let height = view::wizard_height(model);
    let focus = view::wizard_spread(model).and_then(|spread| spread.focus);
    let (Some((first, end)), Some(wizard)) = (focus, &mut model.wizard) else {
        return false;
    };
    let is_more = match down {
        true => wizard.top + height <= end,
        false => wizard.top > first,
    };
    if is_more {
        wizard.top = match down {
            true => wizard.top + page,
            false => wizard.top.saturating_sub(page),
        };
    }
    is_more
}

/// Moves by so many spots.
pub(super) fn step(model: &mut Model, by: isize, out: &mut Commands) {
    let at = model.wizard.as_ref().map_or(0, |wizard| wizard.index);
    let landing = match by {
        1 => Landing::FromAbove,
        -1 => Landing::FromBelow,
        _ => Landing::There,
    };
    go(model, at.saturating_add_signed(by), landing, out);
}

/// Where in a field the keys arrive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Landing {
    /// Just there.
    There,
    /// On what is chosen, else on the first of it.
    FromAbove,
    /// On what is chosen, else on the last of it.
    FromBelow,
}

/// Moves to a spot by its number; a line that is left is taken.
pub(super) fn go(model: &mut Model, to: usize, landing: Landing, out: &mut Commands) {
    taking::leave_line(model, out);
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    let spots = wizard.page().spots();
    let to = to.min(spots.len().saturating_sub(1));
    let Some(spot) = spots.get(to) else {
        return;
    };
    let crossed = spot.key() != wizard.at.key() && landing != Landing::There;
    wizard.at = match (crossed, spot.key()) {
        (true, Some(key)) => {
            let down = landing == Landing::FromAbove;
            wizard.chosen_of(key, down).unwrap_or_else(|| spot.clone())
        }
        _ => spot.clone(),
    };
    if matches!(wizard.at, Spot::Identity(_)) {
        // What is longer than the page is read from its beginning.
        wizard.top = 0;
    }
    wizard.settle();
}

/// Moves to the first spot of the next field, or of the one before.
pub(super) fn section(model: &mut Model, forward: bool, out: &mut Commands) {
    let Some(wizard) = &model.wizard else {
        return;
    };
    let spots = wizard.page().spots();
    let same = |spot: &Spot| match (spot, &wizard.at) {
        (Spot::Finding(_), Spot::Finding(_)) | (Spot::Wave(_), Spot::Wave(_)) => true,
        (spot, at) => spot == at || (spot.key().is_some() && spot.key() == at.key()),
    };
    let at = wizard.index;
    let to = match forward {
        true => (at..spots.len()).find(|to| spots.get(*to).is_some_and(|s| !same(s))),
        false => (0..at)
            .rev()
            .find(|to| spots.get(*to).is_some_and(|s| !same(s))),
    };
    match (to, forward) {
        // Forward, the way leads to the button that goes on.
        (Some(to), true) if spots.get(to) == Some(&Spot::Back) => {
            go(model, to + 1, Landing::There, out);
        }
        (Some(to), _) => go(model, to, Landing::FromAbove, out),
        (None, true) => go(model, 0, Landing::FromAbove, out),
        (None, false) => go(model, usize::MAX, Landing::There, out),
    }
}
