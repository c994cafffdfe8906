//! How things look: a theme of named roles and a table of glyphs. Every state has a glyph and a word
//! of its own, so that nothing depends on colour.

mod glyphs;
mod theme;
mod tone;

use super::terminal::{self, Depth};
pub use glyphs::Glyphs;
pub use theme::{Theme, ThemeError};
pub use tone::{Tone, health, health_with, job_state, machine, outcome, stage};

/// A theme with its glyphs.
#[derive(Clone, Debug)]
pub struct Look {
    pub theme: Theme,
    pub glyphs: Glyphs,
}

impl Look {
    /// The look of the theme `name` on a terminal that has `depth` colours and shows `glyphs`.
    ///
    /// # Errors
    /// The theme cannot be used; the words say why.
    pub fn of(name: &str, depth: Depth, glyphs: terminal::Glyphs) -> Result<Self, ThemeError> {
        let glyphs = match glyphs {
            terminal::Glyphs::Unicode => Glyphs::LINES,
            terminal::Glyphs::Ascii => Glyphs::ASCII,
        };
        Ok(Self::new(Theme::named(name, depth)?, glyphs))
    }

    #[must_use]
    pub fn new(theme: Theme, glyphs: Glyphs) -> Self {
        Self { theme, glyphs }
    }
}
