//! What is asked of machines: by the menu, by its keys, or by a command's name.

use std::sync::Arc;

use super::moving::moved;
use super::{Commands, Handled, monitor, picking, wizard};
use crate::domain::{ArmId, Failure, Machine, Retry, Verb, WizardKind};
use crate::ui::action::Action;
use crate::ui::model::menu::{self, Entry, Menu, Why};
use crate::ui::model::{Model, Notice, Overlay};

/// Opens the menu over the machines that are meant.
pub(super) fn open(model: &mut Model) {
    let machines = model.meant().iter().map(|m| m.id.clone()).collect();
    open_on(model, machines);
}

/// Opens the menu over these machines.
pub(super) fn open_on(model: &mut Model, machines: Vec<ArmId>) {
    if machines.is_empty() {
        model.notice = Some(Notice::Warned("There is no machine here.".into()));
        return;
    }
    model.overlays.push(Overlay::Menu(Menu::new(machines)));
}

pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let Some(Overlay::Menu(menu)) = model.overlays.last() else {
        return Handled::Pass;
    };
    let entries = menu.entries(model);
    let cursor = menu.cursor.min(entries.len().saturating_sub(1));
    if let Some(to) = moved(action, cursor, entries.len(), entries.len()) {
        if let Some(Overlay::Menu(menu)) = model.overlays.last_mut() {
            menu.cursor = to;
        }
        return Handled::Yes;
    }
    match action {
        Action::Close => drop(model.overlays.pop()),
        Action::Press => match entries.get(cursor) {
            Some(entry) => take(model, entry.clone(), out),
            None => drop(model.overlays.pop()),
        },
        _ => match menu::verb_of(action) {
            Some(verb) => {
                let machines = menu.known(model);
                take(model, menu::entry(model, verb, &machines), out);
            }
            None => return Handled::Pass,
        },
    }
    Handled::Yes
}

/// An action that was asked for outside the menu, of the machines that are meant.
pub(super) fn ask(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let Some(verb) = menu::verb_of(action) else {
        return Handled::Pass;
    };
    let machines = model.meant();
    take(model, menu::entry(model, verb, &machines), out);
    Handled::Yes
}

/// Goes on with an action, or says why it cannot be.
fn take(model: &mut Model, entry: Entry, out: &mut Commands) {
    if monitor::is_refused(model, entry.verb.words(), "Nothing was sent.") {
        return;
    }
    // The wizards say themselves what is wrong with a machine, as they do when their keys are pressed.
    let wizard = match entry.verb {
        Verb::Protect => Some(WizardKind::Protect),
        Verb::FailBack => Some(WizardKind::Recover),
        Verb::FailOverToAzure => Some(WizardKind::FailOver),
        _ => None,
    };
    if entry.offered.is_empty() {
        return explain(model, &entry);
    }
    let (left_out, verb) = (said(&entry.left_out), entry.verb);
    close_menu(model);
    match wizard {
        Some(kind) => wizard::open_on(model, kind, &entry.offered, out),
        None => picking::begin(model, verb, entry.offered, out),
    }
    if let Some(words) = left_out {
        model.notice = Some(Notice::Warned(words));
    }
}

fn close_menu(model: &mut Model) {
    // With the job's or the run's page from which it was opened.
    if matches!(model.overlays.last(), Some(Overlay::Menu(_))) {
        model.overlays.clear();
    }
}

/// `2 left out; web-01: it is busy`.
fn said(left_out: &[(Arc<Machine>, Why)]) -> Option<String> {
    let (machine, why) = left_out.first()?;
    Some(match left_out.len() {
        1 => format!("Left out: {}: {}", machine.name, why.why),
        many => format!("{many} left out; {}: {}", machine.name, why.why),
    })
}

/// Why an action is offered for none of the machines.
fn explain(model: &mut Model, entry: &Entry) {
    let words = entry.verb.words();
    if entry.left_out.is_empty() {
        let words = format!("{words}: it does not apply here.");
        model.notice = Some(Notice::Warned(words));
        return;
    }
    let each = entry.left_out.iter();
    let each: Vec<String> = each.map(|(m, why)| format!("{}: {why}", m.name)).collect();
    let what = match entry.left_out.as_slice() {
        [(machine, why)] => {
            format!("{words} is not offered for {}. {}", machine.name, why.why)
        }
        several => format!(
            "{words} is not offered for these {} machines.",
            several.len()
        ),
    };
    let advice = match entry.left_out.as_slice() {
        [(_, why)] => why.instead.clone(),
        _ => each.join(" "),
    };
    let failure = Failure::new(what, advice, Retry::AfterFixing);
    model.overlays.push(Overlay::Failure {
        title: words.to_owned(),
        failure: Box::new(failure),
        top: 0,
    });
}
