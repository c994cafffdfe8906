//! What the loop asks of a full-screen program. A private copy, to be replaced by
//! `ui::terminal`'s own when the two come together.

use std::time::Instant;

use crossterm::event::{KeyEvent, MouseEvent};

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
}

/// What a program wants done.
#[derive(Debug)]
pub enum Command<E> {
    Read(E),
    Write(E),
    Leave,
    Suspend,
    Copy(String),
    Redraw,
}

/// What comes from the terminal.
#[derive(Clone, Debug)]
pub enum Input {
    Key(KeyEvent),
    Paste(String),
    Mouse(MouseEvent),
    Resized(u16, u16),
    Focus(bool),
}
