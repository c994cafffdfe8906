//! Buttons in a row; the one that Enter presses stands in brackets.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::text::columns;
use crate::ui::look::Theme;
use crate::ui::paint;

/// One button.
pub(super) struct Button<'a> {
    pub label: &'a str,
    /// Enter presses it.
    pub default: bool,
    pub focused: bool,
}

/// Draws them in the first row of `row`; hands back where the focused one stands.
pub(super) fn draw(
    theme: &Theme,
    buttons: &[Button<'_>],
    row: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let mut x = row.x;
    let mut cursor = None;
    for button in buttons {
        let words = match button.default {
            true => format!("[ {} ]", button.label),
            false => format!("  {}  ", button.label),
        };
        let style = match (button.focused, button.default) {
            (true, _) => theme.selected,
            (false, true) => theme.key,
            (false, false) => theme.text,
        };
        let wide = columns(&words) as u16;
        paint::put(buf, row, x, row.y, wide, &words, style);
        if button.focused {
            cursor = Some(Position::new(x, row.y));
        }
        x = x.saturating_add(wide + 2);
    }
    cursor
}
