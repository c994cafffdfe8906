//! The sequences that terminals send for keys, the mouse, the focus and a paste.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::{Input, Token};

/// Reads `ESC [ ...` or `ESC O x`. What is complete and unknown means nothing.
pub fn read(bytes: &[u8]) -> Token {
    if bytes[1] == b'O' {
        return bytes
            .get(2)
            .map_or(Token::Incomplete, |c| Token::Means(3, application_key(*c)));
    }
    if bytes.get(2) == Some(&b'[') {
        // The Linux console: ESC [ [ A is F1.
        return bytes.get(3).map_or(Token::Incomplete, |c| {
            let number = c.wrapping_sub(b'A');
            Token::Means(
                4,
                (number < 5).then(|| key(KeyCode::F(number + 1), KeyModifiers::NONE)),
            )
        });
    }
    let body = &bytes[2..];
    let parameters = body.iter().take_while(|c| matches!(c, 0x20..=0x3f)).count();
    match body.get(parameters) {
        None => Token::Incomplete,
        Some(c @ 0x40..=0x7e) => {
            let length = 2 + parameters + 1;
            match (&body[..parameters], c) {
                (b"200", b'~') => Token::PasteBegins(length),
                (text, c) => Token::Means(length, meaning(text, *c)),
            }
        }
        // Not a sequence after all: what stands there begins something else.
        Some(_) => Token::Means(2 + parameters, None),
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Input {
    Input::Key(KeyEvent::new(code, modifiers))
}

fn application_key(c: u8) -> Option<Input> {
    let code = match c {
        b'M' => KeyCode::Enter,
        b'P'..=b'S' => KeyCode::F(c - b'P' + 1),
        // The number pad in application mode.
        b'j'..=b'y' => KeyCode::Char(char::from(c - b'j' + b'*')),
        _ => cursor_key(c)?,
    };
    Some(key(code, KeyModifiers::NONE))
}

fn cursor_key(c: u8) -> Option<KeyCode> {
    Some(match c {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        _ => return None,
    })
}

fn meaning(parameters: &[u8], last: u8) -> Option<Input> {
    if let Some(report) = parameters.strip_prefix(b"<") {
        return mouse(&numbers(report)?, last);
    }
    let numbers = numbers(parameters)?;
    let modifiers = modifiers(numbers.get(1).copied().unwrap_or(1));
    let code = match last {
        b'I' => return Some(Input::Focus(true)),
        b'O' => return Some(Input::Focus(false)),
        b'Z' => return Some(key(KeyCode::BackTab, modifiers | KeyModifiers::SHIFT)),
        b'P' | b'Q' | b'S' => KeyCode::F(last - b'P' + 1),
        // ESC [ 1 ; 5 R is F3 with Ctrl; without a 1 it would be a report of the cursor.
        b'R' if numbers.first() == Some(&1) => KeyCode::F(3),
        b'a'..=b'd' if parameters.is_empty() => {
            return Some(key(
                cursor_key(last.to_ascii_uppercase())?,
                KeyModifiers::SHIFT,
            ));
        }
        b'~' => numbered_key(*numbers.first()?)?,
        b'u' => return spelled_out(*numbers.first()?, modifiers),
        _ => cursor_key(last)?,
    };
    Some(key(code, modifiers))
}

fn numbered_key(number: u16) -> Option<KeyCode> {
    let function = |first: u16, name: u8| {
        u8::try_from(number - first)
            .ok()
            .map(|offset| KeyCode::F(name + offset))
    };
    match number {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => function(11, 1),
        17..=21 => function(17, 6),
        23..=26 => function(23, 11),
        28..=29 => function(28, 15),
        31..=34 => function(31, 17),
        _ => None,
    }
}

/// `ESC [ code ; modifiers u`, which tmux may send for keys that have no other name.
fn spelled_out(code: u16, modifiers: KeyModifiers) -> Option<Input> {
    let code = match char::from_u32(u32::from(code))? {
        '\r' => KeyCode::Enter,
        '\t' if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        '\t' => KeyCode::Tab,
        '\u{1b}' => KeyCode::Esc,
        '\u{7f}' | '\u{8}' => KeyCode::Backspace,
        c if c.is_control() => return None,
        c => KeyCode::Char(c),
    };
    Some(key(code, modifiers))
}

fn numbers(parameters: &[u8]) -> Option<Vec<u16>> {
    if parameters.is_empty() {
        return Some(Vec::new());
    }
    let text = std::str::from_utf8(parameters).ok()?;
    text.split(';')
        .map(|number| {
            if number.is_empty() {
                Some(1)
            } else {
                number.parse().ok()
            }
        })
        .collect()
}

fn modifiers(parameter: u16) -> KeyModifiers {
    let bits = parameter.saturating_sub(1);
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::SHIFT, bits & 1 != 0);
    modifiers.set(KeyModifiers::ALT, bits & 2 != 0);
    modifiers.set(KeyModifiers::CONTROL, bits & 4 != 0);
    modifiers
}

/// `ESC [ < button ; column ; row M` (down) or `m` (up).
fn mouse(numbers: &[u16], last: u8) -> Option<Input> {
    let &[report, column, row] = numbers else {
        return None;
    };
    let button = match report & 3 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        _ => MouseButton::Right,
    };
    let kind = match (report & 0xc0, report & 3, last) {
        (0x40, 0, b'M') => MouseEventKind::ScrollUp,
        (0x40, 1, b'M') => MouseEventKind::ScrollDown,
        (0x40, 2, b'M') => MouseEventKind::ScrollLeft,
        (0x40, 3, b'M') => MouseEventKind::ScrollRight,
        // Motion is not asked for; a terminal that sends it is not listened to.
        (0, ..) if report & 32 != 0 => return None,
        (0, 0..=2, b'M') => MouseEventKind::Down(button),
        (0, 0..=2, b'm') => MouseEventKind::Up(button),
        _ => return None,
    };
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::SHIFT, report & 4 != 0);
    modifiers.set(KeyModifiers::ALT, report & 8 != 0);
    modifiers.set(KeyModifiers::CONTROL, report & 16 != 0);
    let (column, row) = (column.saturating_sub(1), row.saturating_sub(1));
    Some(Input::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers,
    }))
}
