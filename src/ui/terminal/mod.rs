//! The terminal: one loop, one writer, and the promise that the shell comes back as it was.
//!
//! A program is written in Elm's shape ([`Program`]): it is told what happened, answers with
//! [`Command`]s, and draws itself into a [`View`]. It does no I/O; [`run`] alone does. What belongs
//! to the line lies here too, because over SSH every part of it can fail: a line that stops
//! reading loses frames and blocks nothing, a line that is gone is noticed without SIGHUP, and
//! however the program ends the terminal is put back first.
//!
//! ```text
//!  keys, signals ---> loop (this thread) ---> newest frame ---> writer thread ---> tty
//!                      |            ^                            (notices the hang-up)
//!                      v effects    | replies
//!                  reads: at once; writes: one ordered queue  (the given runtime)
//! ```

mod clipboard;
mod effects;
mod environment;
mod glyph_guard;
mod keyboard;
mod keys;
mod modes;
mod paint;
mod panics;
mod screen;
mod signals;
mod tty;
mod turn;
mod view;
mod writer;

use std::time::{Duration, Instant};

use crossterm::event::{KeyEvent, MouseEvent};

pub use effects::Replies;
pub use environment::{Depth, Environment, Glyphs, Passthrough};
pub use turn::run;
pub use view::View;

/// Shortest time between two frames: at most thirty a second.
pub const FRAME: Duration = Duration::from_millis(33);

/// How long leaving waits for the queue of writes: a draft is worth a moment, a dead disk is not.
pub const DRAIN: Duration = Duration::from_secs(2);

/// Most bytes that one paste hands to the program; of more, a part.
pub const MOST_PASTED: usize = 64 * 1024;

/// A program in Elm's shape: told what happened, it changes itself and says what is to be done.
/// No method may block or do I/O.
pub trait Program: 'static {
    /// What an effect reports back.
    type Message: Send + 'static;
    /// I/O that the program wants done.
    type Effect: Send + 'static;

    /// Called once. Its commands are carried out after the first frame, which waits for nothing.
    fn init(&mut self) -> Vec<Command<Self::Effect>>;
    /// The person did something.
    fn input(&mut self, input: Input) -> Vec<Command<Self::Effect>>;
    /// An effect reported.
    fn reply(&mut self, message: Self::Message) -> Vec<Command<Self::Effect>>;
    /// A task panicked; `what` is safe to show. The details are in the log.
    fn failed(&mut self, what: String) -> Vec<Command<Self::Effect>>;
    /// The time that [`Self::deadline`] named has come.
    fn woken(&mut self, now: Instant) -> Vec<Command<Self::Effect>>;
    /// When the view next changes by itself; `None`: never. Asked anew on every turn, so it must be
    /// a fixed time that comes, not one that is always a second away. Served at most once a
    /// [`FRAME`], and not while the program is suspended.
    fn deadline(&self) -> Option<Instant>;
    /// Draws everything. Only what differs from the line's last whole frame is sent.
    fn view(&self, view: &mut View<'_>);
}

/// What a program wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command<E> {
    /// Do this now, beside everything else. Abandoned on leaving.
    Read(E),
    /// Do this after every earlier `Write`, one at a time, and finish before leaving.
    Write(E),
    /// End with [`Ending::Quit`].
    Leave,
    /// Give the terminal back and stop, as Ctrl-Z asks; drawn anew on `fg`.
    Suspend,
    /// Ring.
    Bell,
    /// Send to the clipboard of the person's own terminal (OSC 52). Whether it arrives cannot be
    /// known: say "sent to your terminal's clipboard". What exceeds 74,994 encoded bytes is cut.
    Copy(String),
    /// Clear and draw all, as Ctrl-L asks.
    Redraw,
    /// Change the ways of the terminal while running (mouse, colour, glyphs).
    Ways(Ways),
}

/// What the person did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key went down.
    Key(KeyEvent),
    /// Pasted in one piece, at most [`MOST_PASTED`] bytes; line breaks are `\n`. Not made safe.
    Paste(String),
    /// A part of what was pasted: more of it was longer than that, had no end, or is no text.
    PartOfPaste(String),
    /// Only with [`Ways::mouse`]: presses, releases and the wheel, never motion.
    Mouse(MouseEvent),
    /// Columns and rows; never zero. Told before anything else, and whenever they change.
    Resized(u16, u16),
    /// The terminal got (`true`) or lost the focus.
    Focus(bool),
}

/// How the terminal is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// Capture clicks and the wheel. Off by default, because it takes selecting away.
    pub mouse: bool,
    /// `false`: colours are never sent, attributes such as REVERSED always are.
    pub colour: bool,
    /// [`Glyphs::Ascii`]: whatever is not ASCII is sent as `?`.
    pub glyphs: Glyphs,
    /// What stands between this program and the terminal that owns the clipboard.
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

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The program left.
    Quit,
    /// Asked to end by this signal.
    Signal(i32),
    /// The line is gone.
    HangUp,
}

impl Ending {
    /// The exit code that a shell expects: 128 and the signal's number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Quit => 0,
            Self::Signal(number) => 128u8.saturating_add(u8::try_from(number).unwrap_or(0)),
            Self::HangUp => 129,
        }
    }
}

/// Why a run could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("standard input and output must be a terminal; use the subcommands with --json here")]
    NotATerminal,
    #[error("the terminal refused: {0}")]
    Terminal(#[from] std::io::Error),
    /// The queue of writes did not become empty within [`DRAIN`].
    #[error("left before everything was saved ({waiting} not finished)")]
    Unsaved { waiting: usize, ending: Ending },
}

impl Error {
    /// The exit code that goes with it.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Unsaved { ending, .. } if *ending != Ending::Quit => ending.code(),
            _ => 1,
        }
    }
}
