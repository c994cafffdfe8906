//! Writing into a frame. Nothing here can write outside the area it was given.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use super::field::Field;

/// Writes `text` at `x`, `y`, at most `width` columns and never beyond `area`.
pub fn put(buf: &mut Buffer, area: Rect, x: u16, y: u16, width: u16, text: &str, style: Style) {
    let area = area.intersection(buf.area);
    if y < area.y || y >= area.bottom() || x < area.x || x >= area.right() {
        return;
    }
    let room = width.min(area.right() - x);
    buf.set_stringn(x, y, text, usize::from(room), style);
}

/// Writes a line of styled words in row `row` of `area`.
pub fn put_line(buf: &mut Buffer, area: Rect, row: u16, line: &Line<'_>) {
    let area = area.intersection(buf.area);
    if row < area.height {
        buf.set_line(area.x, area.y + row, line, area.width);
    }
}

/// Gives a whole row of `area` a style.
pub fn style_row(buf: &mut Buffer, area: Rect, row: u16, style: Style) {
    let area = area.intersection(buf.area);
    if row < area.height {
        buf.set_style(Rect::new(area.x, area.y + row, area.width, 1), style);
    }
}

/// A line that is typed into, in the first row of `area`; where its cursor stands.
pub fn field(buf: &mut Buffer, area: Rect, field: &Field, style: Style) -> Position {
    style_row(buf, area, 0, style);
    let (shown, at) = field.window(usize::from(area.width).saturating_sub(2));
    put(buf, area, area.x + 1, area.y, area.width, &shown, style);
    Position::new(area.x + 1 + at as u16, area.y)
}

/// Empties `area`.
pub fn clear(buf: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buf.area);
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            let cell = &mut buf[(x, y)];
            cell.reset();
            cell.set_style(style);
        }
    }
}

/// Replaces everything that is not ASCII, whoever wrote it: one `?` a column, so that columns hold.
pub fn only_ascii(buf: &mut Buffer, area: Rect) {
    let area = area.intersection(buf.area);
    for y in area.top()..area.bottom() {
        let mut owed = 0;
        for x in area.left()..area.right() {
            let cell = &mut buf[(x, y)];
            if owed > 0 {
                cell.set_symbol("?");
                owed -= 1;
            } else if !cell.symbol().is_ascii() {
                owed = crate::domain::text::columns(cell.symbol()).saturating_sub(1);
                cell.set_symbol("?");
            }
        }
    }
}

/// The part of a list that a window of `height` lines shows, starting as near to `top` as keeps
/// the cursor in sight.
#[must_use]
pub fn window(top: usize, cursor: usize, len: usize, height: usize) -> usize {
    let last = len.saturating_sub(height);
    let lowest = (cursor + 1).saturating_sub(height);
    top.min(cursor).max(lowest).min(last)
}
