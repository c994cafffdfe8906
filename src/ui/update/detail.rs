//! One machine in detail.

use super::moving::scrolled;
use super::{Commands, Handled, identities, menu, wizard};
use crate::domain::WizardKind;
use crate::ui::action::Action;
use crate::ui::effect::Effect;
use crate::ui::model::{Model, Notice, Opened, Overlay};
use crate::ui::terminal::Command;
use crate::ui::view;

pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let extent = view::page_extent(model);
    let Some(opened) = model.opened.as_mut() else {
        return Handled::Pass;
    };
    if let Some(top) = scrolled(action, opened.top, extent) {
        opened.top = top;
        return Handled::Yes;
    }
    match action {
        Action::Protect => wizard::open(model, WizardKind::Protect, out),
        Action::FailBack => wizard::open(model, WizardKind::Recover, out),
        Action::Actions => menu::open(model),
        Action::PlainPage => model.overlays.push(Overlay::Plain { top: 0 }),
        Action::CopyIds => copy(model, view::detail_ids(model), out),
        Action::Back => {
            model.opened = None;
            // The answer to the deep read, should it still come, is for something already left.
            model.asked.advance();
        }
        Action::ReadAgent
        | Action::PasteFile
        | Action::OpenFile
        | Action::ReadBySsh
        | Action::StopReading => identities::on_page(model, action, out),
        _ => return menu::ask(model, action, out),
    }
    Handled::Yes
}

/// Opens the machine under the cursor and asks for what only a deep read tells.
pub(super) fn open(model: &mut Model, out: &mut Commands) {
    let Some(machine) = model.listing.current(&model.estate.machines) else {
        return;
    };
    let id = machine.id.clone();
    let generation = model.asked.advance();
    out.push(Command::Read(Effect::ReadMachine {
        id: id.clone(),
        generation,
    }));
    model.opened = Some(Opened {
        id,
        generation,
        read: None,
        top: 0,
    });
}

/// Sends `text` to the terminal's clipboard; whether it arrives, nobody tells.
pub(super) fn copy(model: &mut Model, text: Option<String>, out: &mut Commands) {
    let Some(text) = text else {
        return;
    };
    out.push(Command::Copy(text));
    let words = "Sent to your terminal's clipboard; y shows a page to select from with the mouse.";
    let words = if model.overlays.is_empty() {
        words
    } else {
        "Sent to your terminal's clipboard."
    };
    model.notice = Some(Notice::Said(words.into()));
}
