//! How things look: a theme of named roles and a table of glyphs. Every state has a glyph and a word
//! of its own, so that nothing depends on colour.

mod glyphs;
mod theme;
mod tone;

pub use glyphs::Glyphs;
pub use theme::{Depth, Theme, ThemeError};
pub use tone::{Tone, health, job_state, machine, outcome, stage};

/// A theme with its glyphs.
#[derive(Clone, Debug)]
pub struct Look {
    pub theme: Theme,
    pub glyphs: Glyphs,
}

impl Look {
    #[must_use]
    pub fn new(theme: Theme, glyphs: Glyphs) -> Self {
        Self { theme, glyphs }
    }
}
