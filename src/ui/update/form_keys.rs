//! Which keys are text while a field has the focus. They run nothing: `q` is a letter there.

use crate::ui::keys::Key;
use crate::ui::model::monitor::{Button, Launching, LaunchingFocus};
use crate::ui::model::wizard::{Stating, StatingFocus};
use crate::ui::model::{Model, Overlay, Screen};

/// Whether `key` belongs to the field, not to the table.
pub(super) fn is_text(key: Key) -> bool {
    matches!(
        key,
        Key::Char(_)
            | Key::Backspace
            | Key::Delete
            | Key::Left
            | Key::Right
            | Key::Home
            | Key::End
            | Key::Ctrl('u' | 'k' | 'w' | 'e')
    )
}

/// Gives `key` to what has the focus; whether it changed anything.
pub(super) fn take(model: &mut Model, key: Key) -> bool {
    match model.overlays.last_mut() {
        Some(Overlay::Launch(launching)) => return in_launch(launching, key),
        Some(Overlay::State(stating)) => return in_stating(stating, key),
        Some(Overlay::Stop(stopping)) => {
            if matches!(key, Key::Left | Key::Right) {
                stopping.focus = match stopping.focus {
                    Button::Cancel => Button::Do,
                    Button::Do => Button::Cancel,
                };
            }
            return false;
        }
        Some(Overlay::Palette(palette))
            if palette.field.text().is_empty() && key == Key::Backspace =>
        {
            model.overlays.pop();
            return false;
        }
        Some(_) => {}
        None if model.screen == Screen::Connect => {
            let turned = match key {
                Key::Char(' ') | Key::Right => model.form.turn(true),
                Key::Left => model.form.turn(false),
                _ => false,
            };
            if turned {
                return true;
            }
        }
        None => {}
    }
    model.field().is_some_and(|field| field.key(key))
}

/// The buttons take Left and Right; what is typed there goes to the field.
fn in_stating(stating: &mut Stating, key: Key) -> bool {
    match (stating.focus, key) {
        (StatingFocus::Cancel, Key::Left | Key::Right) => {
            stating.focus = StatingFocus::State;
            false
        }
        (StatingFocus::State, Key::Left | Key::Right) => {
            stating.focus = StatingFocus::Cancel;
            false
        }
        (StatingFocus::Why, _) => stating.field.key(key),
        _ => false,
    }
}

/// As in a statement.
fn in_launch(launching: &mut Launching, key: Key) -> bool {
    match (launching.focus, key) {
        (LaunchingFocus::Name, _) => return launching.field.key(key),
        // Sideways among the buttons alone.
        (_, Key::Left | Key::Right) => {
            let next = launching.stop(key == Key::Right);
            launching.focus = match next {
                LaunchingFocus::Name => launching.stop(key != Key::Right),
                button => button,
            };
        }
        _ => {}
    }
    false
}
