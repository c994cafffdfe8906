//! The screens: an Elm program. [`Model`] is everything they know, `update` changes it and says what
//! is to be done, `view` draws it; neither does I/O, and the loop that does calls [`Screens`].
//!
//! A key becomes an action by the one table in `action`; the footer, help and the palette are read
//! from the same table. How things look is in `look`: a theme of named roles and a glyph table.

pub mod action;
mod clock;
pub mod connect;
mod document;
pub mod effect;
mod field;
mod keys;
mod listing;
pub mod look;
pub mod model;
mod paint;
mod perform;
mod program;
pub mod terminal;
mod update;
mod view;

#[cfg(test)]
mod tests;

pub use effect::{Effect, Generation, Message};
pub use keys::Key;
pub use model::{Model, Settings, Source};
pub use perform::{Credentials, Kept, Opener, Performer, with_secret};
pub use program::Screens;
