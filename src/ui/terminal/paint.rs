//! Turns a frame into the bytes that make the terminal show it.
//!
//! crossterm's own styling is not used: under NO_COLOR it writes resets that wipe REVERSED out
//! (so that the selected row cannot be seen), and it spells the sixteen colours longer than they
//! are. A key press is paid for in bytes on a slow line.

use std::borrow::Cow;
use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};

use super::glyph_guard::{guarded, halves_unknown, spelled_out};
use super::{Ways, modes};

/// A frame ready to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    pub cells: Buffer,
    pub cursor: Option<Position>,
}

/// Blanks up to the end of a row are worth an erase from this many on.
const WORTH_ERASING: u16 = 4;

/// Columns that cost at most as many bytes to write anew as to skip.
const SHORTER_THAN_MOVING: u16 = 3;

/// The bytes that lead from `shown` (`None`: unknown, so clear first) to `next`; none if nothing
/// differs.
pub fn bytes(shown: Option<&Frame>, next: &Frame, ways: Ways) -> Vec<u8> {
    let area = next.cells.area;
    let known = shown.filter(|shown| shown.cells.area == area);
    let blank;
    let before = match known {
        Some(shown) => halves_unknown(spelled_out(&shown.cells, ways.glyphs)),
        None => {
            blank = Buffer::empty(area);
            Cow::Borrowed(&blank)
        }
    };
    let cells = spelled_out(&next.cells, ways.glyphs);
    let mut pen = Pen {
        out: String::new(),
        style: Look::PLAIN,
        at: None,
        ways,
    };
    if known.is_none() {
        // The cursor's state is unknown too.
        pen.out.push_str("\x1b[?25l\x1b[m\x1b[2J");
    }
    let mut erased = None;
    for (x, y, cell) in before.diff_iter(&cells) {
        if erased == Some(y) {
            continue;
        }
        if pen.is_plain_blank(cell) && blanks_to_the_end(&pen, &cells, x, y) {
            pen.erase_row(x, y);
            erased = Some(y);
        } else {
            pen.bridge(&cells, x, y);
            pen.put(x, y, area.right(), cell);
        }
    }
    pen.wear(Look::PLAIN);
    let was = known.and_then(|shown| shown.cursor);
    match next.cursor {
        Some(position) if was != next.cursor || !pen.out.is_empty() => {
            pen.go(position.x, position.y);
            if was.is_none() {
                pen.out.push_str("\x1b[?25h");
            }
        }
        None if was.is_some() => pen.out.push_str("\x1b[?25l"),
        _ => {}
    }
    if pen.out.is_empty() {
        return Vec::new();
    }
    [modes::BEGIN, pen.out.as_bytes(), modes::END].concat()
}

fn blanks_to_the_end(pen: &Pen, cells: &Buffer, x: u16, y: u16) -> bool {
    let right = cells.area.right();
    right - x >= WORTH_ERASING && (x..right).all(|x| pen.is_plain_blank(&cells[(x, y)]))
}

/// Colours and attributes of a cell, as far as they are sent.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Look {
    const PLAIN: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifier: Modifier::empty(),
    };
}

/// What the terminal is known to do with the next character.
struct Pen {
    out: String,
    style: Look,
    /// Where the cursor stands; `None`: not known.
    at: Option<(u16, u16)>,
    ways: Ways,
}

impl Pen {
    fn look(&self, cell: &Cell) -> Look {
        if self.ways.colour {
            Look {
                fg: cell.fg,
                bg: cell.bg,
                modifier: cell.modifier,
            }
        } else {
            Look {
                modifier: cell.modifier,
                ..Look::PLAIN
            }
        }
    }

    fn is_plain_blank(&self, cell: &Cell) -> bool {
        cell.symbol() == " " && self.look(cell) == Look::PLAIN
    }

    fn erase_row(&mut self, x: u16, y: u16) {
        self.go(x, y);
        self.wear(Look::PLAIN);
        self.out.push_str("\x1b[K");
    }

    /// Writes what stands already between the cursor and `x`, where that is shorter than moving.
    fn bridge(&mut self, cells: &Buffer, x: u16, y: u16) {
        let Some((from, row)) = self.at else { return };
        if row != y || from >= x || x - from > SHORTER_THAN_MOVING {
            return;
        }
        let between = || (from..x).map(|x| &cells[(x, y)]);
        let same = |cell: &Cell| {
            let graphic = matches!(cell.symbol().as_bytes(), [b' '..=b'~']);
            graphic && self.look(cell) == self.style
        };
        if between().all(same) {
            self.out.extend(between().map(Cell::symbol));
            self.at = Some((x, y));
        }
    }

    fn put(&mut self, x: u16, y: u16, right: u16, cell: &Cell) {
        self.go(x, y);
        self.wear(self.look(cell));
        let width = cell.cell_width();
        if x + width.max(1) > right {
            // Half a character would wrap into the next row.
            self.out.push('?');
        } else {
            self.out
                .push_str(&guarded(cell.symbol(), width, self.ways.glyphs));
        }
        // Terminals disagree on how wide the wide ones are, and on what follows the last column.
        let sure = cell.symbol().len() <= 3 && width == 1 && x + 1 < right;
        self.at = sure.then_some((x + 1, y));
    }

    fn go(&mut self, x: u16, y: u16) {
        match self.at {
            Some(at) if at == (x, y) => return,
            Some((before, row)) if row == y && before < x => {
                let _ = match x - before {
                    1 => write!(self.out, "\x1b[C"),
                    columns => write!(self.out, "\x1b[{columns}C"),
                };
            }
            _ => {
                let _ = match (x, y) {
                    (0, 0) => write!(self.out, "\x1b[H"),
                    (0, y) => write!(self.out, "\x1b[{}H", y + 1),
                    (x, y) => write!(self.out, "\x1b[{};{}H", y + 1, x + 1),
                };
            }
        }
        self.at = Some((x, y));
    }

    /// Says what differs; starts from a reset where an attribute has to go.
    fn wear(&mut self, look: Look) {
        if look == self.style {
            return;
        }
        let mut was = self.style;
        self.style = look;
        let mut codes = String::new();
        if !look.modifier.contains(was.modifier) || look == Look::PLAIN {
            was = Look::PLAIN;
            codes.push(';');
        }
        for (attribute, code) in ATTRIBUTES {
            if look.modifier.contains(attribute) && !was.modifier.contains(attribute) {
                let _ = write!(codes, "{code};");
            }
        }
        if look.fg != was.fg {
            colour(&mut codes, look.fg, 30);
        }
        if look.bg != was.bg {
            colour(&mut codes, look.bg, 40);
        }
        codes.pop();
        let _ = write!(self.out, "\x1b[{codes}m");
    }
}

const ATTRIBUTES: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// `base` is 30 for the foreground, 40 for the background.
fn colour(codes: &mut String, colour: Color, base: u8) {
    let (dim, bright) = (base, base + 60);
    let code = match colour {
        Color::Reset => base + 9,
        Color::Black => dim,
        Color::Red => dim + 1,
        Color::Green => dim + 2,
        Color::Yellow => dim + 3,
        Color::Blue => dim + 4,
        Color::Magenta => dim + 5,
        Color::Cyan => dim + 6,
        Color::Gray => dim + 7,
        Color::DarkGray => bright,
        Color::LightRed => bright + 1,
        Color::LightGreen => bright + 2,
        Color::LightYellow => bright + 3,
        Color::LightBlue => bright + 4,
        Color::LightMagenta => bright + 5,
        Color::LightCyan => bright + 6,
        Color::White => bright + 7,
        Color::Indexed(index) => {
            let _ = write!(codes, "{};5;{index};", base + 8);
            return;
        }
        Color::Rgb(r, g, b) => {
            let _ = write!(codes, "{};2;{r};{g};{b};", base + 8);
            return;
        }
    };
    let _ = write!(codes, "{code};");
}

#[cfg(test)]
mod tests;
