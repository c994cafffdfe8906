//! What a program draws into.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Widget;

/// One frame in memory. Its methods are named as those of ratatui's `Frame`, which cannot be made
/// outside ratatui's own terminal.
#[derive(Debug)]
pub struct View<'a> {
    buffer: &'a mut Buffer,
    cursor: Option<Position>,
}

impl<'a> View<'a> {
    /// Draws into `buffer`; tests of screens make one over a buffer of their own.
    #[must_use]
    pub fn new(buffer: &'a mut Buffer) -> Self {
        Self {
            buffer,
            cursor: None,
        }
    }

    /// The whole screen; may be as small as 1x1.
    #[must_use]
    pub fn area(&self) -> Rect {
        self.buffer.area
    }

    /// The cells themselves. Indexing outside [`Self::area`] panics.
    pub fn buffer_mut(&mut self) -> &mut Buffer {
        self.buffer
    }

    /// Draws `widget`; what of `area` lies outside the screen is cut.
    pub fn render_widget<W: Widget>(&mut self, widget: W, area: Rect) {
        widget.render(area.intersection(self.buffer.area), self.buffer);
    }

    /// Shows the cursor there: on the focused thing, which is what a screen reader follows.
    /// Not called, or outside the screen: the cursor is hidden.
    pub fn set_cursor_position(&mut self, position: impl Into<Position>) {
        let position = position.into();
        self.cursor = self.buffer.area.contains(position).then_some(position);
    }

    /// Where the cursor is to be.
    #[must_use]
    pub fn cursor(&self) -> Option<Position> {
        self.cursor
    }
}
