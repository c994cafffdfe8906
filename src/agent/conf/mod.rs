//! drscout.conf, read as the agent reads it (cx-protocol.md 5).
//!
//! A line that the agent does not understand makes the whole file unreadable to it. Reading goes on
//! behind it all the same, so that every bad line is told and a person sees what the file was meant
//! to say. Nothing is kept of the file but the few values that count, its length and its hash.

mod against;
mod finding;
mod keys;
mod lines;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::domain::Text;
use crate::domain::identity::Called;

pub use finding::{Finding, Weight, What};
pub use keys::{KEYS, Key};

use keys::{Known, is_section, known, section_meant};
use lines::{End, Line, Lines, bare};

/// Most bytes that are looked at; an agent's file has some thousand.
pub const MOST_BYTES: usize = 1 << 20;

/// Most findings that are kept; [`Conf::more`] counts the others.
pub const MOST_FINDINGS: usize = 100;

/// Most characters of a value that are kept.
const MOST_CHARS: usize = 255;

/// Longest name of a section that the agent's reader takes, in bytes.
const LONGEST_SECTION: usize = 255;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// What a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conf {
    /// Of all its bytes, in lower-case hexadecimal.
    pub sha256: Text,
    pub bytes: usize,
    /// In the order of the lines, those about the whole file last.
    pub findings: Vec<Finding>,
    /// How many findings there were beyond those.
    pub more: usize,
    /// The line at which the agent gives up the file.
    pub refused_at: Option<u32>,
    /// Whether a section or a key of an agent's is in it, or what a person would take for one. Else it
    /// is another file.
    pub is_recognised: bool,
    values: [Option<Value>; KEYS.len()],
}

/// The value of a key: the last one that the file gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub line: u32,
    pub text: Text,
    called: Option<Called>,
}

impl Conf {
    /// Reads a file. Takes anything: what is no such file has findings and no values.
    #[must_use]
    pub fn read(file: &[u8]) -> Self {
        let mut reader = Reader::default();
        let head = &file[..file.len().min(MOST_BYTES)];
        if file.starts_with(b"\xff\xfe") || file.starts_with(b"\xfe\xff") {
            reader.find(1, What::Utf16);
            reader.is_recognised = true;
        } else {
            Lines::of(head).for_each(|line| reader.take(&line));
            reader.end(file.len() > MOST_BYTES);
        }
        let mut findings = reader.findings;
        findings.sort_by_key(|finding| finding.line.unwrap_or(u32::MAX));
        Self {
            sha256: hexadecimal(&Sha256::digest(file)),
            bytes: file.len(),
            findings,
            more: reader.more,
            refused_at: reader.refused_at,
            is_recognised: reader.is_recognised,
            values: reader.values,
        }
    }

    #[must_use]
    pub fn value(&self, key: Key) -> Option<&Value> {
        self.values.get(key.index())?.as_ref()
    }

    /// The id that counts: the last one.
    #[must_use]
    pub fn called(&self) -> Called {
        let value = self.value(Key::HostId);
        let called = value.and_then(|value| value.called.clone());
        called.unwrap_or(Called::Nothing)
    }

    /// The text of a key, empty when it has none.
    fn text(&self, key: Key) -> &str {
        self.value(key).map_or("", |value| value.text.as_str())
    }
}

/// A file while it is being read.
#[derive(Default)]
struct Reader {
    /// As the agent has it: empty before the first.
    section: Vec<u8>,
    findings: Vec<Finding>,
    more: usize,
    refused_at: Option<u32>,
    is_recognised: bool,
    values: [Option<Value>; KEYS.len()],
    /// Lines that end with LF, with CR LF.
    ends: [usize; 2],
    /// The last line, when it says something and has no end.
    open: Option<u32>,
}

impl Reader {
    fn find(&mut self, line: impl Into<Option<u32>>, what: What) {
        let line = line.into();
        if what.weight() == Weight::Unreadable && self.refused_at.is_none() {
            self.refused_at = line;
        }
        match self.findings.len() < MOST_FINDINGS {
            true => self.findings.push(Finding { line, what }),
            false => self.more += 1,
        }
    }

    fn take(&mut self, line: &Line<'_>) {
        match line.end {
            End::Lf => self.ends[0] += 1,
            End::CrLf => self.ends[1] += 1,
            End::Open => {}
        }
        let mut text = line.text;
        if line.number == 1
            && !line.piece
            && let Some(behind) = text.strip_prefix(MARK)
        {
            let refused = !text.contains(&b'=');
            self.find(1, What::ByteOrderMark { refused });
            if refused {
                text = bare(behind);
            }
        }
        self.open = None;
        if matches!(text.first(), None | Some(b'#' | b';')) {
            return;
        }
        if line.end == End::Open {
            self.open = Some(line.number);
        }
        if line.piece {
            self.find(line.number, What::LongLine);
        }
        if line.nul {
            self.find(line.number, What::Nul);
        }
        if !text.is_ascii() && !text.starts_with(MARK) {
            self.find(line.number, What::NotAscii);
        }
        match text {
            [b'[', inside @ ..] => self.take_section(line.number, inside),
            _ => self.take_value(line.number, text),
        }
    }

    /// The name runs to the last `]`; what stands behind that is passed over.
    fn take_section(&mut self, line: u32, inside: &[u8]) {
        let Some(end) = memchr::memrchr(b']', inside) else {
            self.find(line, What::UnclosedSection);
            self.section = path(inside);
            return;
        };
        let name = &inside[..end];
        let section = path(name);
        self.is_recognised |= is_section(&section) || section_meant(&section).is_some();
        let brackets = name.iter().any(|b| matches!(b, b'[' | b']'));
        if section.is_empty() || name.len() > LONGEST_SECTION || brackets {
            self.find(line, What::BadSectionName);
        } else if let Some(meant) = section_meant(&section) {
            let written = shown(name);
            self.find(line, What::LookAlikeSection { written, meant });
        }
        self.section = section;
    }

    fn take_value(&mut self, line: u32, text: &[u8]) {
        let Some(equals) = memchr::memchr(b'=', text) else {
            self.find(line, What::NoEquals);
            return;
        };
        let key = bare(&text[..equals]);
        let value = match bare(&text[equals + 1..]) {
            [b'"', inside @ .., b'"'] => inside,
            [b'"'] => &[],
            value => value,
        };
        let known = known(&self.section, key);
        self.is_recognised |= known != Known::Nothing;
        match known {
            Known::Key(key) => self.set(key, line, value),
            Known::LookAlike(meant) => {
                let written = shown(key);
                self.find(line, What::LookAlike { written, meant });
            }
            Known::Elsewhere(key, home) => self.find(line, What::Elsewhere { key, home }),
            Known::Nothing => {}
        }
    }

    fn set(&mut self, key: Key, line: u32, value: &[u8]) {
        let called = (key == Key::HostId).then(|| called(value));
        if let Some(called) = &called
            && called.id().is_none()
        {
            self.find(line, What::Id(called.clone()));
        }
        let new = Value {
            line,
            text: shown(value),
            called,
        };
        if let Some(old) = self.values[key.index()].replace(new.clone()) {
            let repeated = What::Repeated {
                key: key.word(),
                before: old.line,
                differs: old.text != new.text,
            };
            self.find(line, repeated);
        }
    }

    /// What the file as a whole lacks, and what is wrong with the values that count.
    fn end(&mut self, too_large: bool) {
        if let Some(line) = self.open.filter(|_| !too_large) {
            self.find(line, What::NoEnd);
        }
        for (key, _, _) in KEYS {
            let value = self.values[key.index()].clone();
            if let Some(what) = against::wrong(key, value.as_ref()) {
                self.find(value.map(|value| value.line), what);
            }
        }
        if self.ends.iter().all(|count| *count > 0) {
            self.find(None, What::MixedEnds);
        }
        if too_large {
            self.find(None, What::TooLarge { most: MOST_BYTES });
        }
    }
}

/// `a\b` and `a/b` are sections inside each other; blanks in a name are part of it.
fn path(name: &[u8]) -> Vec<u8> {
    let parts = name.split(|b| matches!(b, b'\\' | b'/'));
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(&b'\\')
}

/// What the agent calls itself, by the bytes themselves: what is shown of them may be more legal than
/// they are.
fn called(value: &[u8]) -> Called {
    let ascii = std::str::from_utf8(value)
        .ok()
        .filter(|text| text.is_ascii());
    match ascii.map(Called::of) {
        None | Some(Called::Malformed(_)) => Called::Malformed(shown(value)),
        Some(called) => called,
    }
}

/// Bytes as words: UTF-8 where they are that, else each byte beyond ASCII as `\xfc`; bounded.
fn shown(bytes: &[u8]) -> Text {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.escape_ascii().to_string(),
    };
    match text.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{}...", &text[..end]).into(),
        None => text.into(),
    }
}

fn hexadecimal(bytes: &[u8]) -> Text {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text.into()
}
