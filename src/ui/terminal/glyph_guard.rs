//! The last place before the line: what a cell may send.

use std::borrow::Cow;

use ratatui::buffer::{Buffer, CellWidth};

use super::Glyphs;

/// `cells` as a line without other characters shows them: a character that is not ASCII becomes one
/// `?` in each of its columns. Done before frames are compared, because a `?` does not vanish with
/// its neighbour as the second half of a wide character does.
pub fn spelled_out(cells: &Buffer, glyphs: Glyphs) -> Cow<'_, Buffer> {
    let plain = |cells: &Buffer| cells.content().iter().all(|cell| cell.symbol().is_ascii());
    if glyphs == Glyphs::Unicode || plain(cells) {
        return Cow::Borrowed(cells);
    }
    let mut spelled = cells.clone();
    let area = cells.area;
    for y in area.top()..area.bottom() {
        let mut x = area.left();
        while x < area.right() {
            let cell = &cells[(x, y)];
            let width = cell.cell_width().max(1);
            if !cell.symbol().is_ascii() {
                let style = cell.style();
                for column in x..x.saturating_add(width).min(area.right()) {
                    spelled[(column, y)].set_symbol("?").set_style(style);
                }
            }
            x = x.saturating_add(width);
        }
    }
    Cow::Owned(spelled)
}

/// `symbol` as it may be sent. A control character in a cell would move the cursor or worse, so it
/// becomes `?` even though [`crate::domain::text::Text`] should have caught it long before; in
/// ASCII mode so does everything else that the line cannot show. The width stays.
pub fn guarded(symbol: &str, width: u16, glyphs: Glyphs) -> Cow<'_, str> {
    let safe = !symbol.is_empty() && !symbol.chars().any(char::is_control);
    if safe && (glyphs == Glyphs::Unicode || symbol.is_ascii()) {
        Cow::Borrowed(symbol)
    } else {
        Cow::Owned("?".repeat(usize::from(width.max(1))))
    }
}

/// `shown` with the second half of each wide character made unlike anything that can follow: what a
/// terminal leaves there when the first half is written over is its own affair, so it is always
/// written anew.
pub fn halves_unknown(shown: Cow<'_, Buffer>) -> Cow<'_, Buffer> {
    if shown.content().iter().all(|cell| cell.cell_width() < 2) {
        return shown;
    }
    let mut marked = shown.into_owned();
    let area = marked.area;
    for y in area.top()..area.bottom() {
        let mut x = area.left();
        while x < area.right() {
            let width = marked[(x, y)].cell_width().max(1);
            let end = x.saturating_add(width).min(area.right());
            for half in x + 1..end {
                marked[(half, y)].set_symbol("\u{e000}");
            }
            x = end;
        }
    }
    Cow::Owned(marked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_mode_sends_question_marks_of_the_same_width() {
        assert_eq!(guarded("é", 1, Glyphs::Ascii), "?");
        assert_eq!(guarded("東", 2, Glyphs::Ascii), "??");
        assert_eq!(guarded("a", 1, Glyphs::Ascii), "a");
        assert_eq!(guarded("東", 2, Glyphs::Unicode), "東");
    }

    #[test]
    fn no_control_character_is_ever_sent() {
        for raw in ["\u{1b}", "\u{9b}", "a\u{7}", "\n", "\u{7f}"] {
            assert!(guarded(raw, 1, Glyphs::Unicode).chars().all(|c| c == '?'));
        }
    }
}
