//! Text from outside, made safe in one place.
//!
//! Names and messages of Azure, vCenter and machines are untrusted: an escape sequence in a machine
//! name must not move the cursor, a right-to-left override must not swap two names, and a name of a
//! megabyte must not fill memory. [`Text`] is the only form in which such words reach a screen, a log
//! or a report.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Most characters a [`Text`] keeps; what is longer is cut and says so.
pub const MOST_CHARS: usize = 4096;

/// Most combining marks kept on one base character: enough for every living script, too few to
/// climb over the neighbouring rows.
const MOST_MARKS: usize = 3;

/// Words from outside: no control characters, no direction overrides, bounded.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(Box<str>);

impl Text {
    /// Makes `raw` safe. Controls become visible (`ESC` reads `\x1b`), line breaks and tabs become
    /// blanks, invisible direction and format characters become `\u{202e}`, towers of combining
    /// marks are cut, and what exceeds [`MOST_CHARS`] is left out.
    #[must_use]
    pub fn from_outside(raw: &str) -> Self {
        let mut safe = String::with_capacity(raw.len().min(MOST_CHARS));
        let mut marks = 0;
        for (count, c) in raw.chars().enumerate() {
            if count == MOST_CHARS {
                safe.push_str(" [cut]");
                break;
            }
            let mark =
                !c.is_ascii() && UnicodeWidthStr::width(c.encode_utf8(&mut [0; 4]) as &str) == 0;
            marks = if mark { marks + 1 } else { 0 };
            match c {
                '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' | '\u{85}' => safe.push(' '),
                c if c.is_control() && (c as u32) < 0x100 => {
                    safe.push_str(&format!("\\x{:02x}", c as u32));
                }
                c if is_hidden(c) => safe.push_str(&format!("\\u{{{:x}}}", c as u32)),
                _ if mark && (marks > MOST_MARKS || safe.is_empty()) => {}
                c => safe.push(c),
            }
        }
        Self(safe.into_boxed_str())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Format characters that reorder or hide what stands beside them (bidi controls, zero-width
/// joiners, tags, variation selectors, the byte-order mark).
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Self {
        Self::from_outside(raw)
    }
}

impl From<String> for Text {
    fn from(raw: String) -> Self {
        Self::from_outside(&raw)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?))
    }
}

/// Columns that `text` takes on a terminal.
#[must_use]
pub fn columns(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` cut to at most `width` columns, the last one `mark` (an ellipsis or `~`) where something
/// was left out. Never splits a character from its combining marks.
#[must_use]
pub fn fit<'a>(text: &'a str, width: usize, mark: &str) -> Cow<'a, str> {
    if columns(text) <= width {
        return Cow::Borrowed(text);
    }
    let room = width.saturating_sub(columns(mark));
    let mut out = String::new();
    let mut used = 0;
    for cluster in text.graphemes(true) {
        let wide = columns(cluster);
        if used + wide > room {
            break;
        }
        used += wide;
        out.push_str(cluster);
    }
    if used + columns(mark) <= width {
        out.push_str(mark);
    }
    Cow::Owned(out)
}

/// `text` cut or filled with blanks to exactly `width` columns.
#[must_use]
pub fn column(text: &str, width: usize, mark: &str) -> String {
    let mut cell = fit(text, width, mark).into_owned();
    let used = columns(&cell);
    cell.extend(std::iter::repeat_n(' ', width.saturating_sub(used)));
    cell
}

/// `1 machine`, `3 machines`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_escape_sequence_becomes_visible() {
        assert_eq!(Text::from("web\u{1b}[2J-01").as_str(), "web\\x1b[2J-01");
        assert_eq!(Text::from("c1 \u{9b}31m").as_str(), "c1 \\x9b31m");
    }

    #[test]
    fn a_direction_override_becomes_visible() {
        assert_eq!(Text::from("a\u{202e}b").as_str(), "a\\u{202e}b");
    }

    #[test]
    fn a_tower_of_marks_is_cut() {
        let tower = format!("a{}b", "\u{301}".repeat(50));
        assert_eq!(Text::from(tower.as_str()).as_str().chars().count(), 5);
    }

    #[test]
    fn a_megabyte_is_cut_and_says_so() {
        let text = Text::from("x".repeat(1 << 20));
        assert!(text.as_str().len() < MOST_CHARS + 16);
        assert!(text.as_str().ends_with("[cut]"));
    }

    #[test]
    fn columns_hold_for_wide_characters() {
        assert_eq!(column("東京サーバー", 7, "~"), "東京サ~");
        assert_eq!(column("東京", 7, "~"), "東京   ");
        assert_eq!(column("ab", 0, "~"), "");
    }

    proptest! {
        #[test]
        fn nothing_raw_gets_through(raw in any::<String>()) {
            let text = Text::from(raw.as_str());
            prop_assert!(!text.as_str().chars().any(|c| c.is_control() || is_hidden(c)));
        }

        #[test]
        fn a_column_is_as_wide_as_asked(raw in any::<String>(), width in 0usize..60) {
            let text = Text::from(raw.as_str());
            prop_assert_eq!(columns(&column(text.as_str(), width, "~")), width);
        }
    }
}
