//! What works on every screen.

use super::{Commands, Handled, monitor, wizard};
use crate::ui::action::{Action, Row};
use crate::ui::effect::Effect;
use crate::ui::look::Glyphs;
use crate::ui::model::monitor::{ReadyState, RunDeed};
use crate::ui::model::{Model, Notice, Overlay, Palette, Screen, Source};
use crate::ui::terminal::{self, Command};

pub(super) fn run(model: &mut Model, action: Action, again: bool, out: &mut Commands) -> Handled {
    match action {
        Action::Machines => go(model, Screen::Machines),
        Action::Monitor => go(model, Screen::Monitor),
        Action::Infrastructure => go(model, Screen::Infrastructure),
        Action::Activity => go(model, Screen::Activity),
        Action::Connect => model.screen = Screen::Connect,
        Action::NextScreen => turn(model, 1),
        Action::PreviousScreen => turn(model, Screen::TABS.len() - 1),
        Action::Back => model.screen = Screen::Machines,
        Action::Refresh => refresh(model, out),
        Action::Sources => model.overlays.push(Overlay::Sources { top: 0 }),
        Action::Help => model.overlays.push(Overlay::Help { top: 0 }),
        Action::Palette => model.overlays.push(Overlay::Palette(Palette::default())),
        Action::Ascii => toggle_ascii(model, out),
        Action::Redraw => out.push(Command::Redraw),
        Action::Suspend => out.push(Command::Suspend),
        Action::Interrupt => interrupt(model, again, out),
        Action::Quit => out.push(Command::Leave),
        _ => return Handled::Pass,
    }
    Handled::Yes
}

/// A second press of a screen's own key leads back to its list.
fn go(model: &mut Model, screen: Screen) {
    if model.screen == screen {
        match screen {
            Screen::Monitor => model.monitor.page = None,
            _ => model.opened = None,
        }
    }
    model.screen = screen;
}

fn turn(model: &mut Model, by: usize) {
    let tabs = Screen::TABS;
    let at = tabs.iter().position(|(tab, _)| *tab == model.screen);
    let at = at.unwrap_or(0);
    model.screen = tabs[(at + by) % tabs.len()].0;
}

fn toggle_ascii(model: &mut Model, out: &mut Commands) {
    let settings = &mut model.settings;
    let (glyphs, on_line) = if settings.look.glyphs.ascii {
        (Glyphs::LINES, terminal::Glyphs::Unicode)
    } else {
        (Glyphs::ASCII, terminal::Glyphs::Ascii)
    };
    settings.look.glyphs = glyphs;
    settings.ways.glyphs = on_line;
    out.push(Command::Ways(settings.ways));
}

/// In read-only mode: why nothing happens.
pub(super) fn refuse(model: &mut Model, row: &Row) {
    let why = match model.settings.source {
        Source::Recorded => "This is a recording",
        Source::Live | Source::Demo => "Read-only",
    };
    let words = format!(
        "{why}: {} is switched off here. Nothing was sent.",
        row.hint
    );
    model.notice = Some(Notice::Warned(words));
}

/// Reads the site anew; what comes of an older reading is dropped from now on.
pub fn gather(model: &mut Model, out: &mut Commands) {
    if model.site.is_none() {
        return;
    }
    let generation = model.reading.advance();
    model.is_reading = true;
    out.push(Command::Read(Effect::Gather { generation }));
}

fn refresh(model: &mut Model, out: &mut Commands) {
    gather(model, out);
    monitor::watch(model, out);
    model.monitor.looked = None;
    if let Some(opened) = &mut model.opened {
        let generation = model.asked.advance();
        opened.generation = generation;
        out.push(Command::Read(Effect::ReadMachine {
            id: opened.id.clone(),
            generation,
        }));
    }
}

/// The first C-c cancels what is open or asked for; the second in a row leaves.
fn interrupt(model: &mut Model, again: bool, out: &mut Commands) {
    if again {
        out.push(Command::Leave);
        return;
    }
    model.leaving = true;
    let did = match model.overlays.pop() {
        Some(Overlay::State(_)) => "Nothing was stated. ",
        Some(Overlay::Hand(_)) => "No file was taken. ",
        Some(Overlay::Record(_)) => "No script was run. ",
        Some(Overlay::Question(_)) => "Nothing was answered. ",
        Some(Overlay::Pick(_)) => "Nothing was sent. ",
        Some(Overlay::Stop(of)) if of.deed == RunDeed::Resume => "Nothing was resumed. ",
        Some(Overlay::Stop(_)) => "Nothing was asked of the run. ",
        Some(Overlay::Launch(launching)) => match launching.ready {
            ReadyState::Launching => "It is being launched. ",
            _ => "Nothing was launched. ",
        },
        Some(_) => "",
        None if model.form.testing.take().is_some() => {
            model.asked.advance();
            "The test was stopped. "
        }
        None if model.wizard.is_some() => {
            wizard::leave(model);
            "The wizard is left; what was answered is kept as a draft. "
        }
        None => {
            model.filter_field = None;
            ""
        }
    };
    let words = format!("{did}C-c again leaves.");
    model.notice = Some(Notice::Warned(words));
}
