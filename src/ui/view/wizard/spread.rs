//! The lines of a step, which of them the keys are on, and where the cursor belongs.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::domain::text::{column, columns};
use crate::ui::document::wrap;
use crate::ui::look::{Look, Tone};

/// Lines being gathered.
#[derive(Debug)]
pub struct Spread {
    look: Look,
    width: usize,
    pub lines: Vec<Line<'static>>,
    /// First and last line of what the keys are on.
    pub focus: Option<(usize, usize)>,
    /// Line and column of the cursor.
    pub cursor: Option<(usize, u16)>,
}

/// Columns of a label, its indent included.
pub(super) const LABEL: usize = 25;

impl Spread {
    pub(super) fn new(look: &Look, width: u16) -> Self {
        Self {
            look: look.clone(),
            width: usize::from(width.max(8)),
            lines: Vec::new(),
            focus: None,
            cursor: None,
        }
    }

    pub(super) fn look(&self) -> &Look {
        &self.look
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The first line in sight: as near to `top` as keeps what the keys are on in sight, the first
    /// line of the page with its first field.
    #[must_use]
    pub fn top(&self, top: usize, height: usize) -> usize {
        let last = self.lines.len().saturating_sub(height);
        let Some((first, end)) = self.focus else {
            return top.min(last);
        };
        // A line above for the label of what the keys are on.
        let above = first.saturating_sub(1);
        if end < height {
            return 0;
        }
        let lowest = (end + 1).saturating_sub(height);
        top.clamp(lowest.min(above), above.max(lowest)).min(last)
    }

    pub(super) fn blank(&mut self) {
        self.lines.push(Line::default());
    }

    /// Words, wrapped, every line `indent` columns in.
    pub(super) fn words(&mut self, indent: usize, text: &str, style: Style) {
        let lead = " ".repeat(indent);
        for piece in wrap(text, self.width.saturating_sub(indent).max(4)) {
            self.lines.push(Line::from(vec![
                Span::raw(lead.clone()),
                Span::styled(piece, style),
            ]));
        }
    }

    /// Words after a glyph of their tone.
    pub(super) fn toned(&mut self, indent: usize, tone: Tone, text: &str) {
        let style = tone.style(&self.look.theme);
        let glyph = tone.glyph(&self.look.glyphs);
        let lead = format!("{}{glyph} ", " ".repeat(indent));
        let hang = columns(&lead);
        let room = self.width.saturating_sub(hang).max(4);
        for (at, piece) in wrap(text, room).into_iter().enumerate() {
            let lead = match at {
                0 => lead.clone(),
                _ => " ".repeat(hang),
            };
            self.lines.push(Line::from(vec![
                Span::styled(lead, style),
                Span::styled(piece, style),
            ]));
        }
    }

    /// A label and what it says, the rest of the line for a note.
    pub(super) fn fact(&mut self, label: &str, value: &str, style: Style, note: &str) {
        let cut = self.look.glyphs.cut;
        let text = self.look.theme.text;
        let wide = LABEL.min(self.width / 2);
        let lead = format!("  {} ", column(label, wide.saturating_sub(3), cut));
        let room = self.width.saturating_sub(columns(&lead));
        let note = match note.is_empty() {
            true => String::new(),
            false => format!("  {note}"),
        };
        let value = crate::domain::text::fit(value, room, cut).into_owned();
        let rest = room.saturating_sub(columns(&value));
        let note = crate::domain::text::fit(&note, rest, cut).into_owned();
        self.lines.push(Line::from(vec![
            Span::styled(lead, text),
            Span::styled(value, style),
            Span::styled(note, text),
        ]));
    }

    /// A line that the keys can be on: reversed, and with a glyph for those who see no reverse.
    pub(super) fn spot(&mut self, here: bool, words: &str, style: Style) {
        let cut = self.look.glyphs.cut;
        let style = match here {
            true => self.look.theme.selected,
            false => style,
        };
        let lead = match here {
            true => format!("{} ", self.look.glyphs.cursor),
            false => "  ".to_owned(),
        };
        let words = column(words, self.width.saturating_sub(2), cut);
        let words = match here {
            true => words,
            false => words.trim_end().to_owned(),
        };
        if here {
            self.on(0);
        }
        let lead_style = if here { self.look.theme.key } else { style };
        self.lines.push(Line::from(vec![
            Span::styled(lead, lead_style),
            Span::styled(words, style),
        ]));
    }

    /// The next line is what the keys are on; the cursor stands in that column of it.
    pub(super) fn on(&mut self, at: u16) {
        let line = self.lines.len();
        self.focus = Some((line, line));
        self.cursor = Some((line, at));
    }

    /// What the keys are on ends with the last line so far.
    pub(super) fn on_until_here(&mut self) {
        if let Some((_, end)) = &mut self.focus {
            *end = self.lines.len().saturating_sub(1);
        }
    }
}
