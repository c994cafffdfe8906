//! The list of commands.

use super::moving::moved;
use super::{Commands, Handled};
use crate::ui::action::Action;
use crate::ui::model::{Model, Notice, Overlay};
use crate::ui::view;

pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let Some(Overlay::Palette(palette)) = model.overlays.last() else {
        return Handled::Pass;
    };
    let rows = view::palette_matches(model, palette.field.text());
    let cursor = palette.cursor.min(rows.len().saturating_sub(1));
    match action {
        Action::Close | Action::Palette => {
            model.overlays.pop();
        }
        Action::Run => {
            model.overlays.pop();
            match rows.get(cursor) {
                Some((row, true)) => {
                    super::run(model, row.action, false, out);
                }
                Some((row, false)) => {
                    let words = format!("{} works elsewhere: {}.", row.name, row.scope.title());
                    model.notice = Some(Notice::Warned(words));
                }
                None => {
                    model.notice = Some(Notice::Warned("There is no such command.".into()));
                }
            }
        }
        _ => match moved(action, cursor, rows.len(), 10) {
            Some(to) => {
                if let Some(Overlay::Palette(palette)) = model.overlays.last_mut() {
                    palette.cursor = to;
                }
            }
            None => return Handled::Pass,
        },
    }
    Handled::Yes
}
