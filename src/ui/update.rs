//! What input and news do to the model, and what is to be done about it. Pure: no I/O, no clock.

mod activity;
mod connect;
mod detail;
mod form_keys;
mod global;
mod identities;
mod infrastructure;
mod machines;
mod menu;
mod monitor;
mod moving;
mod news;
mod overlays;
mod palette;
mod picking;
mod recording;
mod wizard;

use super::action::{self, Action};
use super::effect::Effect;
use super::keys::Key;
use super::model::identities::Way;
use super::model::{Model, Overlay, Screen};
use super::terminal::{Command, Input};
use crossterm::event::{MouseEvent, MouseEventKind};

pub use global::gather;
pub use monitor::watch;
pub use news::{failed, reply};
pub use wizard::list_drafts;

/// Whether a layer took an action, or it goes on to the one below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handled {
    Yes,
    Pass,
}

/// What is to be done.
pub type Commands = Vec<Command<Effect>>;

/// Takes what came from the terminal.
pub fn input(model: &mut Model, input: Input) -> Commands {
    match input {
        Input::Key(event) => match Key::of(event) {
            Some(key) => press(model, key),
            None => Commands::new(),
        },
        Input::Paste(text) => pasted(model, &text, true),
        Input::PartOfPaste(text) => pasted(model, &text, false),
        Input::Mouse(event) => mouse(model, event),
        Input::Resized(columns, rows) => {
            model.size = (columns, rows);
            moving::settle(model);
            Commands::new()
        }
        Input::Focus(_) => Commands::new(),
    }
}

fn pasted(model: &mut Model, text: &str, is_whole: bool) -> Commands {
    let mut out = Commands::new();
    match model.overlays.last_mut() {
        Some(Overlay::Hand(handing)) if handing.way == Way::Paste => {
            if is_whole {
                identities::pasted(model, text, &mut out);
            } else {
                handing.error = Some(identities::NOT_WHOLE.into());
            }
            wizard::settle(model, &mut out);
            moving::settle(model);
        }
        _ => {
            if let Some(field) = model.field() {
                field.paste(text);
                edited(model);
            }
        }
    }
    out
}

fn press(model: &mut Model, key: Key) -> Commands {
    model.notice = None;
    let scopes = model.scopes();
    let bound = action::find(scopes, key);
    let is_text = model.takes_text() && form_keys::is_text(key);
    match bound {
        Some(row) if !is_text => {
            let leaving = std::mem::take(&mut model.leaving);
            let mut out = Commands::new();
            if row.dangerous && model.settings.is_read_only() {
                global::refuse(model, row);
            } else {
                let asked_before =
                    leaving && matches!(row.action, Action::Interrupt | Action::Quit);
                run(model, row.action, asked_before, &mut out);
            }
            out
        }
        _ => {
            model.leaving = false;
            if model.takes_text() && form_keys::take(model, key) {
                edited(model);
            }
            Commands::new()
        }
    }
}

/// Carries an action out: the topmost layer first, then what is below it. `again`: it was asked for
/// before, and the person was warned.
pub fn run(model: &mut Model, action: Action, again: bool, out: &mut Commands) -> Handled {
    let by_layer = match model.overlays.last() {
        Some(Overlay::Palette(_)) => palette::run(model, action, out),
        Some(Overlay::Question(_)) => monitor::in_question(model, action, out),
        Some(Overlay::History(_)) => monitor::in_history(model, action),
        Some(Overlay::Menu(_)) => menu::run(model, action, out),
        Some(Overlay::Pick(_)) => picking::run(model, action, out),
        Some(Overlay::Launch(_)) => monitor::in_launch(model, action, out),
        Some(Overlay::Stop(_)) => monitor::in_stop(model, action, out),
        Some(Overlay::State(_)) => wizard::in_stating(model, action, out),
        Some(Overlay::Hand(_)) => identities::in_handing(model, action, out),
        Some(Overlay::Record(_)) => recording::in_agreeing(model, action, out),
        Some(Overlay::Drafts(_)) => wizard::in_drafts(model, action, out),
        Some(_) => overlays::run(model, action, out),
        None => on_screen(model, action, out),
    };
    let handled = match by_layer {
        Handled::Yes => Handled::Yes,
        Handled::Pass => global::run(model, action, again, out),
    };
    if model.screen != Screen::Wizard {
        wizard::put_away(model);
    }
    moving::settle(model);
    if model.screen == Screen::Monitor {
        monitor::look(model, out);
        monitor::learn(model, out);
    }
    handled
}

fn on_screen(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    match model.screen {
        Screen::Machines if model.opened.is_some() => detail::run(model, action, out),
        Screen::Machines => machines::run(model, action, out),
        Screen::Monitor => monitor::run(model, action, out),
        Screen::Infrastructure => infrastructure::run(model, action),
        Screen::Activity => activity::run(model, action, out),
        Screen::Connect => connect::run(model, action, out),
        Screen::Wizard => wizard::run(model, action, out),
    }
}

/// The text in the field of now changed.
fn edited(model: &mut Model) {
    match model.overlays.last_mut() {
        Some(Overlay::Palette(palette)) => palette.cursor = 0,
        Some(Overlay::Launch(launching)) => launching.error = None,
        Some(Overlay::State(stating)) => stating.error = None,
        Some(Overlay::Question(asking)) => asking.error = None,
        Some(Overlay::History(history)) => history.narrow(),
        Some(Overlay::Hand(handing)) => handing.error = None,
        Some(_) => {}
        None => match model.screen {
            Screen::Machines => machines::filter_edited(model),
            Screen::Connect => connect::edited(model),
            Screen::Monitor | Screen::Infrastructure | Screen::Activity | Screen::Wizard => {}
        },
    }
    moving::settle(model);
}

/// The wheel scrolls; nothing else of the mouse is taken, so that the terminal keeps selecting.
fn mouse(model: &mut Model, event: MouseEvent) -> Commands {
    let action = match event.kind {
        MouseEventKind::ScrollUp => Action::Up,
        MouseEventKind::ScrollDown => Action::Down,
        _ => return Commands::new(),
    };
    let mut out = Commands::new();
    for _ in 0..3 {
        run(model, action, false, &mut out);
    }
    out
}
