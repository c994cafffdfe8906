//! What the loop asks of a full-screen program. A private copy of the shapes of `ui::terminal`, to
//! be deleted for the real ones (`s/ui::api/ui::terminal/`) when the two come together.

use std::time::Instant;

use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// A full-screen program as the loop drives it.
pub trait Program: 'static {
    type Message: Send + 'static;
    type Effect: Send + 'static;

    fn init(&mut self) -> Vec<Command<Self::Effect>>;
    fn input(&mut self, input: Input) -> Vec<Command<Self::Effect>>;
    fn reply(&mut self, message: Self::Message) -> Vec<Command<Self::Effect>>;
    /// A task panicked: an error on the screen.
    fn failed(&mut self, what: String) -> Vec<Command<Self::Effect>>;
    fn woken(&mut self, now: Instant) -> Vec<Command<Self::Effect>>;
    fn deadline(&self) -> Option<Instant>;
    fn view(&self, view: &mut View<'_>);
}

/// What a program wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command<E> {
    Read(E),
    Write(E),
    Leave,
    Suspend,
    Bell,
    Copy(String),
    Redraw,
    Ways(Ways),
}

/// What comes from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Key(KeyEvent),
    Paste(String),
    Mouse(MouseEvent),
    Resized(u16, u16),
    Focus(bool),
}

/// How the terminal is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    pub mouse: bool,
    pub colour: bool,
    pub glyphs: Glyphs,
    pub passthrough: Passthrough,
}

impl Default for Ways {
    fn default() -> Self {
        Self {
            mouse: false,
            colour: true,
            glyphs: Glyphs::Unicode,
            passthrough: Passthrough::None,
        }
    }
}

/// Which characters the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyphs {
    Unicode,
    Ascii,
}

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    None,
    Sixteen,
    Indexed,
    True,
}

/// What stands between this program and the terminal that owns the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passthrough {
    None,
    Tmux,
    Screen,
}

/// One frame in memory.
#[derive(Debug)]
pub struct View<'a> {
    buffer: &'a mut Buffer,
    cursor: Option<Position>,
}

impl<'a> View<'a> {
    #[must_use]
    pub fn new(buffer: &'a mut Buffer) -> Self {
        Self {
            buffer,
            cursor: None,
        }
    }

    #[must_use]
    pub fn area(&self) -> Rect {
        self.buffer.area
    }

    pub fn buffer_mut(&mut self) -> &mut Buffer {
        self.buffer
    }

    pub fn set_cursor_position(&mut self, position: impl Into<Position>) {
        let position = position.into();
        self.cursor = self.buffer.area.contains(position).then_some(position);
    }

    #[must_use]
    pub fn cursor(&self) -> Option<Position> {
        self.cursor
    }
}
