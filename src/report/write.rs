//! What both writers for people share: blocks of words, of which none is markup yet.

use super::model::Tone;
use crate::domain::Text;

/// A part of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Level 1 to 4.
    Heading(u8, Cell),
    Paragraph(Cell),
    /// What must not be passed over.
    Notice(Cell),
    /// A label and what it says.
    Facts(Vec<(&'static str, Cell)>),
    Table {
        head: Vec<&'static str>,
        rows: Vec<Vec<Cell>>,
    },
    List(Vec<Cell>),
    /// Lines to be copied.
    Code(String),
}

/// Words and how well what they say is. The words alone tell it, too.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub tone: Tone,
    words: Text,
}

impl Cell {
    /// Whatever the words are, none of them is a control character.
    pub fn new(tone: Tone, words: impl Into<Text>) -> Self {
        Self {
            tone,
            words: words.into(),
        }
    }

    #[must_use]
    pub fn words(&self) -> &str {
        self.words.as_str()
    }
}

impl<T: Into<Text>> From<T> for Cell {
    fn from(words: T) -> Self {
        Self::new(Tone::Plain, words)
    }
}

impl Tone {
    /// In what a page without colours says it.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Well => "+",
            Self::Amber => "!",
            Self::Bad => "x",
            Self::Unknown => "?",
        }
    }

    /// What a style sheet calls it.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Well => "well",
            Self::Amber => "amber",
            Self::Bad => "bad",
            Self::Unknown => "unknown",
        }
    }
}
