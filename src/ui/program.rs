//! The screens as the loop drives them.

use std::time::Instant;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::effect::{Effect, Message};
use super::model::{Model, Settings};
use super::terminal::{Command, Input, Program, View};
use super::{update, view};

/// The full-screen program.
#[derive(Debug)]
pub struct Screens {
    pub(super) model: Model,
    /// When the site is read again by itself.
    next_reading: Option<Instant>,
    /// The clock; given, so that tests turn it.
    now: fn() -> Instant,
}

impl Screens {
    /// The screens of `site`; without one they begin with the connect screen.
    #[must_use]
    pub fn new(settings: Settings, site: Option<String>, size: (u16, u16)) -> Self {
        Self {
            model: Model::new(settings, site, size),
            next_reading: None,
            now: Instant::now,
        }
    }

    /// Draws a frame; hands back where the cursor belongs.
    #[must_use]
    pub fn draw(&self, area: Rect, buf: &mut Buffer) -> Option<Position> {
        view::view(&self.model, area, buf)
    }

    /// A reading is good for as long as the settings say, counted from when it was over.
    fn plan_next_reading(&mut self, was_reading: bool) {
        match (was_reading, self.model.is_reading) {
            (true, false) => {
                self.next_reading = self.model.settings.refresh.map(|span| (self.now)() + span);
            }
            (_, true) => self.next_reading = None,
            (false, false) => {}
        }
    }
}

impl Program for Screens {
    type Message = Message;
    type Effect = Effect;

    fn init(&mut self) -> Vec<Command<Effect>> {
        let mut out = Vec::new();
        update::gather(&mut self.model, &mut out);
        out
    }

    fn input(&mut self, input: Input) -> Vec<Command<Effect>> {
        let was_reading = self.model.is_reading;
        let out = update::input(&mut self.model, input);
        self.plan_next_reading(was_reading);
        out
    }

    fn reply(&mut self, message: Message) -> Vec<Command<Effect>> {
        let was_reading = self.model.is_reading;
        let out = update::reply(&mut self.model, message);
        self.plan_next_reading(was_reading);
        out
    }

    fn failed(&mut self, what: String) -> Vec<Command<Effect>> {
        let was_reading = self.model.is_reading;
        update::failed(&mut self.model, crate::domain::Text::from(what).as_str());
        self.plan_next_reading(was_reading);
        Vec::new()
    }

    fn woken(&mut self, now: Instant) -> Vec<Command<Effect>> {
        let mut out = Vec::new();
        if self.next_reading.is_some_and(|at| at <= now) {
            self.next_reading = None;
            update::gather(&mut self.model, &mut out);
        }
        out
    }

    fn deadline(&self) -> Option<Instant> {
        self.next_reading
    }

    fn view(&self, view: &mut View<'_>) {
        let area = view.area();
        if let Some(cursor) = self.draw(area, view.buffer_mut()) {
            view.set_cursor_position(cursor);
        }
    }
}
