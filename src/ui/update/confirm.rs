//! From the key to the call: the exact call is shown, the machine's name is asked for, and only
//! then anything is sent, once.

use super::moving::scrolled;
use super::{Commands, Handled};
use crate::domain::Verb;
use crate::runner::Confirmed;
use crate::runner::prepare;
use crate::ui::action::Action;
use crate::ui::effect::{ChangeId, Effect};
use crate::ui::field::Field;
use crate::ui::model::{Change, Confirm, ConfirmFocus, Model, Notice, Overlay, Phase};
use crate::ui::terminal::Command;
use crate::ui::view;

/// Readies a fail back of the machine that the keys are about, or says why it cannot be.
pub(super) fn ask_fail_back(model: &mut Model) {
    let Some(machine) = model.subject().cloned() else {
        model.notice = Some(Notice::Warned("No machine is chosen.".into()));
        return;
    };
    let pending = model
        .changes
        .iter()
        .find(|change| change.machine == machine.id && !change.is_over());
    if let Some(change) = pending {
        let change = change.id;
        model.overlays.push(Overlay::Follow { change, top: 0 });
        let words = format!("{} is being changed already: this is it.", machine.name);
        model.notice = Some(Notice::Warned(words));
        return;
    }
    let marks = model.listing.marks.len();
    if marks > 0 {
        let words = format!(
            "{marks} marked; Fail back works on one machine at a time: {}.",
            machine.name
        );
        model.notice = Some(Notice::Warned(words));
    }
    let overlay = match prepare(
        &machine,
        &model.estate.machines,
        Verb::FailBack,
        &model.settings.api_version,
    ) {
        Ok(prepared) => Overlay::Confirm(Box::new(Confirm {
            prepared,
            machine: machine.id.clone(),
            field: Field::default(),
            focus: ConfirmFocus::Name,
            error: None,
            top: 0,
        })),
        Err(failure) => Overlay::Failure {
            title: format!("{} cannot be failed back now", machine.name),
            failure: Box::new(failure),
            top: 0,
        },
    };
    model.overlays.push(overlay);
}

pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let extent = view::page_extent(model);
    let Some(Overlay::Confirm(confirm)) = model.overlays.last_mut() else {
        return Handled::Pass;
    };
    use ConfirmFocus::{Cancel, Name, Send};
    match action {
        Action::NextField => {
            confirm.focus = match confirm.focus {
                Name => Cancel,
                Cancel => Send,
                Send => Name,
            };
        }
        Action::PreviousField => {
            confirm.focus = match confirm.focus {
                Name => Send,
                Cancel => Name,
                Send => Cancel,
            };
        }
        Action::Press => press(model, out),
        Action::Close => {
            model.overlays.pop();
            model.notice = Some(Notice::Said("Nothing was sent.".into()));
        }
        _ => match scrolled(action, confirm.top, extent) {
            Some(top) => confirm.top = top,
            None => return Handled::Pass,
        },
    }
    Handled::Yes
}

/// Presses the default: Cancel while the field is empty or Cancel has the focus. A name that is not
/// the machine's sends nothing and says so.
fn press(model: &mut Model, out: &mut Commands) {
    let Some(Overlay::Confirm(confirm)) = model.overlays.last_mut() else {
        return;
    };
    let typed = confirm.field.text();
    let is_cancel = match confirm.focus {
        ConfirmFocus::Cancel => true,
        ConfirmFocus::Name => typed.trim().is_empty(),
        ConfirmFocus::Send => false,
    };
    if is_cancel {
        model.overlays.pop();
        model.notice = Some(Notice::Said("Nothing was sent.".into()));
        return;
    }
    match confirm.prepared.confirm(typed) {
        Some(confirmed) => send(model, confirmed, out),
        None => {
            confirm.error = Some(if typed.trim().is_empty() {
                "The name is not typed yet. Nothing was sent.".into()
            } else {
                "That is not the machine's name, letter for letter. Nothing was sent.".into()
            });
            confirm.focus = ConfirmFocus::Name;
        }
    }
}

/// Hands the confirmed change over, once, and shows what becomes of it.
fn send(model: &mut Model, confirmed: Confirmed, out: &mut Commands) {
    let Some(Overlay::Confirm(confirm)) = model.overlays.pop() else {
        return;
    };
    let id = ChangeId(model.changes.len() as u64 + 1);
    let prepared = confirmed.prepared();
    model.changes.push(Change {
        id,
        machine: confirm.machine.clone(),
        name: prepared.machine.clone(),
        verb: prepared.verb,
        way_back: prepared.way_back.clone(),
        request: None,
        job_name: None,
        job: None,
        phase: Phase::Confirmed,
        answer_lost: None,
        unreadable: None,
        after: None,
    });
    model.overlays.push(Overlay::Follow { change: id, top: 0 });
    out.push(Command::Write(Effect::CarryOut {
        id,
        change: Box::new(confirmed),
    }));
}
