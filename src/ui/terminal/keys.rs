//! Makes keys of bytes. Pure: bytes in, [`Input`]s out, whatever the pieces they come in.
//!
//! Keys are named as crossterm names them: an upper-case letter carries SHIFT, Ctrl-A is `a` with
//! CONTROL, Shift-Tab is `BackTab`.

mod sequences;

use std::collections::VecDeque;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{Input, MOST_PASTED};

const ESC: u8 = 0x1b;
const PASTE_END: &[u8] = b"\x1b[201~";

/// Longest sequence that is waited for; what is longer is not one.
const LONGEST: usize = 64;

/// Bytes read and keys found.
#[derive(Debug, Default)]
pub struct Keys {
    bytes: Vec<u8>,
    found: VecDeque<Input>,
    pasting: Option<Pasting>,
}

/// What was pasted so far.
#[derive(Debug, Default)]
struct Pasting {
    bytes: Vec<u8>,
    is_cut: bool,
}

/// What stands at the beginning of the bytes.
#[derive(Debug, PartialEq, Eq)]
enum Token {
    /// So many bytes mean this, or nothing.
    Means(usize, Option<Input>),
    PasteBegins(usize),
    /// More bytes are needed to tell.
    Incomplete,
}

impl Keys {
    pub fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.parse(false);
    }

    pub fn next(&mut self) -> Option<Input> {
        self.found.pop_front()
    }

    /// The beginning of something is there and its end is not.
    pub fn is_incomplete(&self) -> bool {
        !self.bytes.is_empty() || self.is_pasting()
    }

    pub fn is_pasting(&self) -> bool {
        self.pasting.is_some()
    }

    /// Nothing more comes: a lone ESC was the key, a paste without an end has ended.
    pub fn give_up_waiting(&mut self) {
        if self.is_pasting() {
            let rest = std::mem::take(&mut self.bytes);
            self.paste(&rest);
            self.finish_paste(false);
        }
        self.parse(true);
    }

    fn parse(&mut self, final_: bool) {
        let bytes = std::mem::take(&mut self.bytes);
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            if self.is_pasting() {
                let Some(end) = find(rest, PASTE_END) else {
                    // The end may have begun in the last bytes.
                    let sure = rest.len() - partial_end(rest);
                    self.paste(&rest[..sure]);
                    rest = &rest[sure..];
                    break;
                };
                self.paste(&rest[..end]);
                self.finish_paste(true);
                rest = &rest[end + PASTE_END.len()..];
                continue;
            }
            match token(rest, final_) {
                Token::Means(length, input) => {
                    self.found.extend(input);
                    rest = &rest[length..];
                }
                Token::PasteBegins(length) => {
                    self.pasting = Some(Pasting::default());
                    rest = &rest[length..];
                }
                Token::Incomplete => break,
            }
        }
        self.bytes = rest.to_vec();
    }

    fn paste(&mut self, bytes: &[u8]) {
        if let Some(pasted) = &mut self.pasting {
            let room = MOST_PASTED.saturating_sub(pasted.bytes.len());
            pasted.is_cut |= bytes.len() > room;
            pasted
                .bytes
                .extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }

    fn finish_paste(&mut self, has_end: bool) {
        let Some(Pasting { bytes, is_cut }) = self.pasting.take() else {
            return;
        };
        let is_whole = has_end && !is_cut && std::str::from_utf8(&bytes).is_ok();
        // A bounded paste may end within a character.
        let text = bytes.utf8_chunks().map(|chunk| chunk.valid());
        let text = text.collect::<String>();
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        self.found.push_back(match is_whole {
            true => Input::Paste(text),
            false => Input::PartOfPaste(text),
        });
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// How many of the last bytes may begin [`PASTE_END`].
fn partial_end(bytes: &[u8]) -> usize {
    (1..PASTE_END.len())
        .rev()
        .find(|count| bytes.ends_with(&PASTE_END[..*count]))
        .unwrap_or(0)
}

/// Reads one token. With `final_` nothing is incomplete: what could have been the beginning of a
/// sequence is taken for keys.
fn token(bytes: &[u8], final_: bool) -> Token {
    let token = if bytes[0] == ESC {
        escape(bytes, final_)
    } else {
        plain(bytes)
    };
    match token {
        Token::Incomplete if final_ => Token::Means(1, None),
        token => token,
    }
}

fn escape(bytes: &[u8], final_: bool) -> Token {
    let esc = |modifiers| Some(Input::Key(KeyEvent::new(KeyCode::Esc, modifiers)));
    match bytes.get(1) {
        None if final_ => Token::Means(1, esc(KeyModifiers::NONE)),
        None => Token::Incomplete,
        Some(b'[' | b'O') => match sequences::read(bytes) {
            // Alt-[ and Alt-O begin as sequences do.
            Token::Incomplete if final_ && bytes.len() == 2 => with_alt(plain(&bytes[1..])),
            Token::Incomplete if bytes.len() >= LONGEST || final_ => {
                Token::Means(bytes.len(), None)
            }
            token => token,
        },
        // Some tmux send Esc as Alt-Esc; and rxvt sends Alt with a sequence as ESC and it.
        Some(&ESC) => match bytes.get(2) {
            None if !final_ => Token::Incomplete,
            Some(b'[' | b'O') => Token::Means(1, esc(KeyModifiers::NONE)),
            _ => Token::Means(2, esc(KeyModifiers::ALT)),
        },
        Some(_) => with_alt(plain(&bytes[1..])),
    }
}

fn with_alt(token: Token) -> Token {
    match token {
        Token::Means(length, Some(Input::Key(mut key))) => {
            key.modifiers |= KeyModifiers::ALT;
            Token::Means(length + 1, Some(Input::Key(key)))
        }
        Token::Means(length, input) => Token::Means(length + 1, input),
        token => token,
    }
}

/// One character or control byte.
fn plain(bytes: &[u8]) -> Token {
    let key = |code, modifiers| Token::Means(1, Some(Input::Key(KeyEvent::new(code, modifiers))));
    let control = |c: u8| key(KeyCode::Char(char::from(c)), KeyModifiers::CONTROL);
    match bytes[0] {
        b'\r' => key(KeyCode::Enter, KeyModifiers::NONE),
        b'\t' => key(KeyCode::Tab, KeyModifiers::NONE),
        // Which of the two Backspace sends is a setting that SSH does not carry along.
        0x7f | 0x08 => key(KeyCode::Backspace, KeyModifiers::NONE),
        0 => control(b' '),
        c @ 0x01..=0x1a => control(c - 1 + b'a'),
        c @ 0x1b..=0x1f => control(c - 0x1c + b'4'),
        _ => character(bytes),
    }
}

fn character(bytes: &[u8]) -> Token {
    let length = match bytes[0] {
        0x00..0x80 => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Token::Means(1, None),
    };
    let there = &bytes[..bytes.len().min(length)];
    match std::str::from_utf8(there) {
        Ok(text) => {
            let key = text.chars().next().map(|c| {
                let shift = if c.is_uppercase() {
                    KeyModifiers::SHIFT
                } else {
                    KeyModifiers::NONE
                };
                Input::Key(KeyEvent::new(KeyCode::Char(c), shift))
            });
            Token::Means(length, key)
        }
        Err(error) if error.error_len().is_none() => Token::Incomplete,
        Err(_) => Token::Means(1, None),
    }
}

#[cfg(test)]
mod tests;
