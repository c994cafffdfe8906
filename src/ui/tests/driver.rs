//! Drives the program as the loop would.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::build;
use crate::site::Estate;
use crate::ui::look::{Glyphs, Look, Theme};
use crate::ui::model::{Model, Settings, Source};
use crate::ui::terminal::{Command, Input, Program};
use crate::ui::{Effect, Message, Screens};

/// A program with a terminal of a given size.
pub struct Driver {
    pub screens: Screens,
    pub size: (u16, u16),
    /// Everything that was asked to be done, oldest first.
    pub asked: Vec<Command<Effect>>,
}

pub fn settings() -> Settings {
    Settings {
        look: Look::new(Theme::mono(), Glyphs::LINES),
        zone: TimeZone::fixed(jiff::tz::offset(1)),
        source: Source::Live,
        refresh: Some(Duration::from_secs(60)),
        ..Settings::default()
    }
}

impl Driver {
    /// The screens over `estate`, 80x24.
    pub fn over(estate: Estate) -> Self {
        Self::with(settings(), Some(estate))
    }

    /// The usual dozen machines.
    pub fn usual() -> Self {
        Self::over(build::estate(build::machines()))
    }

    pub fn with(settings: Settings, estate: Option<Estate>) -> Self {
        let site = estate.as_ref().map(|_| "contoso-dr".to_owned());
        let mut driver = Self {
            screens: Screens::new(settings, site, (80, 24)),
            size: (80, 24),
            asked: Vec::new(),
        };
        driver.screens.wall_clock = || build::at("2026-03-02T08:22:00Z");
        driver.screens.model.now = build::at("2026-03-02T08:22:00Z");
        if let Some(estate) = estate {
            driver.screens.model.estate = estate;
            driver.screens.model.estate_changed();
        }
        driver
    }

    pub fn at(mut self, columns: u16, rows: u16) -> Self {
        self.resize(columns, rows);
        self
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
        self.input(Input::Resized(columns, rows));
    }

    pub fn model(&self) -> &Model {
        &self.screens.model
    }

    pub fn input(&mut self, input: Input) {
        let asked = self.screens.input(input);
        self.asked.extend(asked);
    }

    pub fn reply(&mut self, message: Message) {
        let asked = self.screens.reply(message);
        self.asked.extend(asked);
    }

    /// Presses keys: words such as `Enter` or `C-d`, anything else letter by letter.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for word in keys.split(' ').filter(|word| !word.is_empty()) {
            match named(word) {
                Some(event) => self.input(Input::Key(event)),
                None => self.type_text(word),
            }
        }
        self
    }

    pub fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            let event = KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
            self.input(Input::Key(event));
        }
    }

    pub fn buffer(&self) -> (Buffer, Option<Position>) {
        let mut buf = Buffer::empty(Rect::new(0, 0, self.size.0, self.size.1));
        let cursor = self.screens.draw(buf.area, &mut buf);
        (buf, cursor)
    }

    /// The screen as text, lines without their trailing blanks.
    pub fn screen(&self) -> String {
        text(&self.buffer().0)
    }

    pub fn sees(&self, words: &str) -> bool {
        self.screen().contains(words)
    }

    /// Panics with the screen when `words` are not on it.
    #[track_caller]
    pub fn expect(&self, words: &str) -> &Self {
        assert!(self.sees(words), "no {words:?} on\n{}", self.screen());
        self
    }

    #[track_caller]
    pub fn expect_not(&self, words: &str) -> &Self {
        assert!(!self.sees(words), "{words:?} is on\n{}", self.screen());
        self
    }
}

/// A buffer's characters; the second half of a wide one is left out.
pub fn text(buf: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buf.area.height {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..buf.area.width {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let symbol = buf[(x, y)].symbol();
            skip = crate::domain::text::columns(symbol).saturating_sub(1);
            line.push_str(symbol);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn named(word: &str) -> Option<KeyEvent> {
    let plain = |code| Some(KeyEvent::new(code, KeyModifiers::NONE));
    match word {
        "Enter" => plain(KeyCode::Enter),
        "Esc" => plain(KeyCode::Esc),
        "Tab" => plain(KeyCode::Tab),
        "S-Tab" => plain(KeyCode::BackTab),
        "Space" => plain(KeyCode::Char(' ')),
        "Up" => plain(KeyCode::Up),
        "Down" => plain(KeyCode::Down),
        "Left" => plain(KeyCode::Left),
        "Right" => plain(KeyCode::Right),
        "PgUp" => plain(KeyCode::PageUp),
        "PgDn" => plain(KeyCode::PageDown),
        "Home" => plain(KeyCode::Home),
        "End" => plain(KeyCode::End),
        "Backspace" => plain(KeyCode::Backspace),
        _ => {
            if let Some(number) = word.strip_prefix('F').and_then(|n| n.parse().ok()) {
                return plain(KeyCode::F(number));
            }
            let c = word.strip_prefix("C-").filter(|rest| rest.len() == 1)?;
            let c = c.chars().next()?;
            Some(KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL))
        }
    }
}
