//! The wizards: moving among what a step asks, taking answers, going on and back.

mod drafts;
mod news;
mod opening;
mod stating;
mod taking;

use super::{Commands, Handled};
use crate::domain::ArmId;
use crate::ui::action::Action;
use crate::ui::effect::Effect;
use crate::ui::model::wizard::{Readiness, Spot, Wizard};
use crate::ui::model::{Model, Notice, Overlay, Screen};
use crate::ui::terminal::Command;
use crate::ui::view;
use crate::wizard::{Field, Key, Kind, StepId, apply_to_all};

pub use drafts::list as list_drafts;
pub(super) use drafts::{offer as offer_drafts, run as in_drafts};
pub(super) use news::{choices, drafts, kept, offered, readied, renew, saved, waits_for};
pub(super) use opening::{leave, open, put_away};
pub(super) use stating::run as in_stating;

pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    if model.wizard.is_none() {
        return Handled::Pass;
    }
    match action {
        Action::Up => step(model, -1, out),
        Action::Down => step(model, 1, out),
        Action::PageUp => turn(model, false, out),
        Action::PageDown => turn(model, true, out),
        Action::First => go(model, 0, Landing::There, out),
        Action::Last => go(model, usize::MAX, Landing::There, out),
        Action::NextField => section(model, true, out),
        Action::PreviousField => section(model, false, out),
        Action::Press => press(model, out),
        Action::Toggle => toggle(model, out),
        Action::Earlier => sideways(model, false, out),
        Action::Later => sideways(model, true, out),
        Action::Recheck => recheck(model, out),
        Action::Back => back(model, out),
        Action::Help => model.overlays.push(Overlay::FieldHelp { top: 0 }),
        _ => return Handled::Pass,
    }
    settle(model, out);
    Handled::Yes
}

/// Brings the keys back to something that is there, and asks for what is wanted and not known.
pub(super) fn settle(model: &mut Model, out: &mut Commands) {
    if let Some(wizard) = &mut model.wizard {
        wizard.settle();
    }
    news::learn(model, out);
    ready(model, out);
    let height = view::wizard_height(model);
    let Some(spread) = view::wizard_spread(model) else {
        return;
    };
    if let Some(wizard) = &mut model.wizard {
        wizard.top = spread.top(wizard.top, height);
    }
}

/// Turns a page: from the buttons the text is scrolled, else the keys move as far.
fn turn(model: &mut Model, down: bool, out: &mut Commands) {
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
    let by = isize::try_from(page).unwrap_or(1);
    step(model, if down { by } else { -by }, out);
}

/// Moves by so many spots.
fn step(model: &mut Model, by: isize, out: &mut Commands) {
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
enum Landing {
    /// Just there.
    There,
    /// On what is chosen, else on the first of it.
    FromAbove,
    /// On what is chosen, else on the last of it.
    FromBelow,
}

/// Moves to a spot by its number; a line that is left is taken.
fn go(model: &mut Model, to: usize, landing: Landing, out: &mut Commands) {
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
            chosen_of(wizard, key, down).unwrap_or_else(|| spot.clone())
        }
        _ => spot.clone(),
    };
    wizard.settle();
}

/// The spot of what is chosen in a field; where nothing is, the nearest one.
fn chosen_of(wizard: &Wizard, key: &Key, down: bool) -> Option<Spot> {
    let walk = wizard.walk();
    let page = wizard.page();
    let own = || page.spots().into_iter().filter(|s| s.key() == Some(key));
    if let Some(question) = page.question(key)
        && matches!(question.kind, Kind::Machines(_))
    {
        return if down { own().next() } else { own().last() };
    }
    let given = key.machine.is_none() || walk.given(key).is_some();
    let chosen = own().find(|spot| match spot {
        Spot::Candidate(_, value) => {
            given
                && walk
                    .value(key)
                    .is_some_and(|v| v.to_string() == value.as_str())
        }
        Spot::AsAll(_) => !given,
        _ => true,
    });
    chosen.or_else(|| if down { own().next() } else { own().last() })
}

/// Moves to the first spot of the next field, or of the one before.
fn section(model: &mut Model, forward: bool, out: &mut Commands) {
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

/// Enter: takes what the keys are on, and goes on.
fn press(model: &mut Model, out: &mut Commands) {
    let Some(spot) = model.wizard.as_ref().map(|wizard| wizard.at.clone()) else {
        return;
    };
    match spot {
        Spot::Candidate(key, value) if key.field == Field::Machines => {
            taking::mark(model, &value, out);
        }
        Spot::Candidate(..) | Spot::AsAll(_) => {
            if taking::choose(model, &spot, out) {
                section(model, true, out);
                skip_known(model, out);
            }
        }
        Spot::Line(_) => {
            section(model, true, out);
            skip_known(model, out);
        }
        Spot::YesNo(key) => taking::flip(model, &key, out),
        Spot::Machine(id) => fold(model, &id),
        Spot::ApplyToAll(id) => all_alike(model, &id, out),
        Spot::Wave(_) => sideways(model, true, out),
        Spot::Finding(group) => stating::open(model, group),
        Spot::Back => back(model, out),
        Spot::Next => next(model, out),
    }
}

/// Passes by what is not asked: fields whose only candidate is chosen already, and the machines'
/// own settings, which are there for who wants them.
fn skip_known(model: &mut Model, out: &mut Commands) {
    loop {
        let Some(wizard) = &mut model.wizard else {
            return;
        };
        if matches!(wizard.at, Spot::Machine(_)) {
            wizard.at = Spot::Next;
            return;
        }
        let page = wizard.page();
        let question = wizard.at.key().and_then(|key| page.question(key));
        let is_known = question.is_some_and(|question| match &question.kind {
            Kind::Choice(all) => {
                let free = all.iter().filter(|c| c.refused.is_none()).count();
                free == 1 && wizard.walk().value(&question.key).is_some()
            }
            _ => false,
        });
        if !is_known {
            return;
        }
        section(model, true, out);
    }
}

/// Space: as Enter, but stays.
fn toggle(model: &mut Model, out: &mut Commands) {
    let Some(spot) = model.wizard.as_ref().map(|wizard| wizard.at.clone()) else {
        return;
    };
    match spot {
        Spot::Candidate(key, value) if key.field == Field::Machines => {
            if taking::mark(model, &value, out) {
                step(model, 1, out);
            }
        }
        Spot::Candidate(..) | Spot::AsAll(_) => {
            taking::choose(model, &spot, out);
        }
        _ => press(model, out),
    }
}

/// Left and Right: between the buttons, between waves; a machine's settings are folded and unfolded.
fn sideways(model: &mut Model, later: bool, out: &mut Commands) {
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    match wizard.at.clone() {
        Spot::Back | Spot::Next => {
            wizard.at = if later { Spot::Next } else { Spot::Back };
        }
        Spot::Machine(id) => {
            if wizard.unfolded.contains(&id) != later {
                fold(model, &id);
            }
        }
        Spot::Wave(id) => taking::move_wave(model, &id, later, out),
        Spot::YesNo(key) => taking::flip(model, &key, out),
        _ => {}
    }
}

fn fold(model: &mut Model, id: &ArmId) {
    if let Some(wizard) = &mut model.wizard
        && !wizard.unfolded.remove(id)
    {
        wizard.unfolded.insert(id.clone());
    }
}

fn all_alike(model: &mut Model, id: &ArmId, out: &mut Commands) {
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    let fields = wizard.row().fields;
    apply_to_all(&mut wizard.draft, fields, id);
    let name = wizard.offers.machine(id).map(|m| m.machine.name.clone());
    wizard.at = Spot::Machine(id.clone());
    let words = format!("All machines are now as {}.", name.unwrap_or_default());
    model.notice = Some(Notice::Said(words));
    taking::save(model, out);
}

/// Goes to the step before; from the first one back to where the wizard was opened.
fn back(model: &mut Model, out: &mut Commands) {
    taking::leave_line(model, out);
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    // What could not be taken is not kept against a person's will: going back drops it.
    wizard.refused.clear();
    match wizard.neighbour(false) {
        Some(step) => wizard.enter(step),
        None => opening::leave(model),
    }
}

/// Goes to the next step, once this one is answered; from the last one the plan is kept.
fn next(model: &mut Model, out: &mut Commands) {
    taking::leave_line(model, out);
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    let faults = wizard.walk().faults(wizard.row());
    let open = wizard.refused.iter().map(|(key, ..)| key).next();
    let first = open
        .cloned()
        .or_else(|| faults.first().map(|(key, _)| key.clone()));
    if let Some(key) = first {
        wizard.is_insisting = true;
        if let Some(id) = &key.machine {
            wizard.unfolded.insert(id.clone());
        }
        if let Some(spot) = wizard.page().first_of(&key) {
            wizard.at = spot;
        }
        let words = match faults.len().max(1) {
            1 => "One field needs another look.".to_owned(),
            many => format!("{many} fields need another look."),
        };
        model.notice = Some(Notice::Warned(words));
        return;
    }
    match wizard.neighbour(true) {
        Some(step) => {
            wizard.enter(step);
            taking::save(model, out);
        }
        None => finish(model, out),
    }
}

/// Keeps the finished plan; its draft goes with it.
fn finish(model: &mut Model, out: &mut Commands) {
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    if wizard.is_keeping {
        return;
    }
    let finished = wizard.walk().finish();
    match finished {
        Ok(finished) => {
            wizard.is_keeping = true;
            out.push(Command::Write(Effect::KeepPlan {
                plan: Box::new(finished.plan),
                draft: wizard.id,
                now: finished.now,
            }));
        }
        Err(faults) => {
            let first = faults.first().cloned().unwrap_or_default();
            let words = format!("Nothing was kept: {first}");
            model.notice = Some(Notice::Warned(words));
        }
    }
}

/// Asks for the readiness of the plan as it stands, where it is shown.
fn ready(model: &mut Model, out: &mut Commands) {
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    let shown = matches!(wizard.step, StepId::Readiness | StepId::Review);
    if !shown || model.screen != Screen::Wizard {
        return;
    }
    if let Some(plan) = wizard.wants_readiness() {
        ask_ready(model, plan, out);
    }
}

fn ask_ready(model: &mut Model, plan: crate::domain::Plan, out: &mut Commands) {
    let generation = model.asked.advance();
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    wizard.readiness = Readiness::Checking {
        generation,
        plan: Box::new(plan.clone()),
    };
    let plan = std::sync::Arc::new(plan);
    out.push(Command::Read(Effect::Ready { plan, generation }));
}

/// Finds out again, whatever is known.
fn recheck(model: &mut Model, out: &mut Commands) {
    let plan = model.wizard.as_ref().and_then(|wizard| wizard.plan());
    if let Some(plan) = plan {
        ask_ready(model, plan, out);
    }
}
