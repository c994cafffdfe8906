//! The wizards: moving among what a step asks, taking answers, going on and back.

mod drafts;
mod moving;
mod news;
mod opening;
mod stating;
mod taking;

use super::{Commands, Handled, identities, recording};
use crate::domain::ArmId;
use crate::ui::action::Action;
use crate::ui::effect::Effect;
use crate::ui::model::wizard::{Readiness, Spot};
use crate::ui::model::{Model, Notice, Overlay, Screen};
use crate::ui::terminal::Command;
use crate::ui::view;
use crate::wizard::{Field, Kind, StepId, apply_to_all};

use moving::{Landing, go, section, step, turn};

pub use drafts::list as list_drafts;
pub(super) use drafts::{offer as offer_drafts, run as in_drafts};
pub(super) use news::{
    choices, drafts, is_of, kept, offered, readied, renew, saved, show, waits_for,
};
pub(super) use opening::{leave, open, open_on, put_away};
pub(super) use stating::{open_early, run as in_stating};

pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    if model.wizard.is_none() {
        return Handled::Pass;
    }
    if let Some(wizard) = &mut model.wizard {
        // Who moves is where they want to be.
        wizard.left_in = None;
    }
    if identities::run(model, action, out) || recording::run(model, action, out) {
        settle(model, out);
        return Handled::Yes;
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
        Action::PasteFile
        | Action::OpenFile
        | Action::ReadBySsh
        | Action::StopReading
        | Action::Attest => {
            let words = "This works in the step Identities.";
            model.notice = Some(Notice::Said(words.into()));
        }
        Action::RecordGuests => recording::elsewhere(model),
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
        Spot::Identity(_) => step(model, 1, out),
        Spot::ApplyToAll(id) => all_alike(model, &id, out),
        Spot::Wave(id) => fold(model, &id),
        Spot::AroundWave(number) => fold_wave(model, number),
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
        Spot::Machine(id) if wizard.unfolded.contains(&id) != later => fold(model, &id),
        Spot::Wave(id) => taking::moved(model, &id, later, out),
        Spot::AroundWave(number) if wizard.unfolded_waves.contains(&number) != later => {
            fold_wave(model, number);
        }
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

fn fold_wave(model: &mut Model, number: u64) {
    if let Some(wizard) = &mut model.wizard
        && !wizard.unfolded_waves.remove(&number)
    {
        wizard.unfolded_waves.insert(number);
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
        wizard.unfold(&key);
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
    let evidence = model.identities.evidence();
    let Some(wizard) = &mut model.wizard else {
        return;
    };
    wizard.readiness = Readiness::Checking {
        generation,
        plan: Box::new(plan.clone()),
    };
    let plan = std::sync::Arc::new(plan);
    out.push(Command::Read(Effect::Ready {
        plan,
        evidence,
        generation,
    }));
}

/// Finds out again, whatever is known.
fn recheck(model: &mut Model, out: &mut Commands) {
    let plan = model.wizard.as_ref().and_then(|wizard| wizard.plan());
    if let Some(plan) = plan {
        ask_ready(model, plan, out);
    }
}
