//! One line of text that a person types. Pasting is one edit, and nothing that could reach the
//! terminal as a control gets in.

use tui_input::{Input, InputRequest};

use super::keys::Key;
use crate::domain::Text;

/// A text field with its cursor.
#[derive(Clone, Debug, Default)]
pub struct Field(Input);

/// Most characters a field takes: more than any Azure name or path.
const MOST: usize = 1024;

impl Field {
    #[must_use]
    pub fn holding(text: &str) -> Self {
        Self(Input::new(text.into()))
    }

    #[must_use]
    pub fn text(&self) -> &str {
        self.0.value()
    }

    /// Takes a key; whether it was one for text fields.
    pub fn key(&mut self, key: Key) -> bool {
        let request = match key {
            Key::Char(c) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
                return true;
            }
            Key::Backspace => InputRequest::DeletePrevChar,
            Key::Delete => InputRequest::DeleteNextChar,
            Key::Left => InputRequest::GoToPrevChar,
            Key::Right => InputRequest::GoToNextChar,
            Key::Home => InputRequest::GoToStart,
            Key::End | Key::Ctrl('e') => InputRequest::GoToEnd,
            Key::Ctrl('u') => InputRequest::DeleteFromStart,
            Key::Ctrl('k') => InputRequest::DeleteTillEnd,
            Key::Ctrl('w') => InputRequest::DeletePrevWord,
            _ => return false,
        };
        self.0.handle(request);
        true
    }

    /// Puts pasted text in at the cursor as one edit; line breaks become blanks.
    pub fn paste(&mut self, raw: &str) {
        self.insert(Text::from_outside(raw.trim()).as_str());
    }

    /// Where the cursor stands, in columns, and the part of the text that `width` columns show.
    #[must_use]
    pub fn window(&self, width: usize) -> (String, usize) {
        let scroll = self.0.visual_scroll(width.saturating_sub(1));
        let mut skipped = 0;
        let shown: String = self
            .text()
            .chars()
            .skip_while(|c| {
                let skip = skipped < scroll;
                skipped += crate::domain::text::columns(c.encode_utf8(&mut [0; 4]));
                skip
            })
            .collect();
        (shown, self.0.visual_cursor().saturating_sub(scroll))
    }

    fn insert(&mut self, text: &str) {
        let room = MOST.saturating_sub(self.text().chars().count());
        // Behind a letter, so that a combining mark typed by itself is not taken for a stray one.
        let safe = Text::from_outside(&format!("a{text}"));
        for c in safe.as_str().chars().skip(1).take(room) {
            self.0.handle(InputRequest::InsertChar(c));
        }
    }
}
