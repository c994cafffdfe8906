//! The screens as the loop drives them.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::effect::{Effect, Message};
use super::model::{Model, Screen, Settings};
use super::terminal::{Command, Input, Program, View};
use super::{update, view};

/// How old a shown span of time may be.
const MINUTE: Duration = Duration::from_secs(60);

/// The full-screen program.
#[derive(Debug)]
pub struct Screens {
    pub(super) model: Model,
    /// When the site is read again by itself.
    next_reading: Option<Instant>,
    /// When the spans of time on the screen are old.
    next_minute: Option<Instant>,
    /// When what is counted down on the screen says something else.
    next_count: Option<Instant>,
    /// The clocks; given, so that tests turn them.
    now: fn() -> Instant,
    pub(super) wall_clock: fn() -> Timestamp,
}

impl Screens {
    /// The screens of `site`; without one they begin with the connect screen.
    #[must_use]
    pub fn new(settings: Settings, site: Option<String>, size: (u16, u16)) -> Self {
        Self {
            model: Model::new(settings, site, size),
            next_reading: None,
            next_minute: None,
            next_count: None,
            now: Instant::now,
            wall_clock: Timestamp::now,
        }
    }

    /// Spans of time are shown in minutes while a run goes on under the eyes: once a minute they are
    /// drawn anew, and at no other time is anything woken for them.
    fn plan_next_minute(&mut self) {
        self.model.now = (self.wall_clock)();
        let shown = self.model.screen == Screen::Monitor && self.model.monitor.is_any_live();
        self.next_minute = match (shown, self.next_minute) {
            (false, _) => None,
            (true, Some(at)) if at > (self.now)() => Some(at),
            (true, _) => Some((self.now)() + MINUTE),
        };
        // A commit window is counted down: drawn anew when another minute, or at its end another
        // second, is shown, and at no other time.
        let counts = || self.model.monitor.counts_in(self.model.now);
        self.next_count = shown.then(counts).flatten().map(|wait| (self.now)() + wait);
        if shown {
            let now = self.model.now;
            self.model.monitor.foresee(now);
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
        self.model.now = (self.wall_clock)();
        update::gather(&mut self.model, &mut out);
        update::watch(&mut self.model, &mut out);
        update::list_drafts(&self.model, &mut out);
        out
    }

    fn input(&mut self, input: Input) -> Vec<Command<Effect>> {
        let was_reading = self.model.is_reading;
        self.model.now = (self.wall_clock)();
        let out = update::input(&mut self.model, input);
        self.plan_next_reading(was_reading);
        self.plan_next_minute();
        out
    }

    fn reply(&mut self, message: Message) -> Vec<Command<Effect>> {
        let was_reading = self.model.is_reading;
        let out = update::reply(&mut self.model, message);
        self.plan_next_reading(was_reading);
        self.plan_next_minute();
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
        self.plan_next_minute();
        out
    }

    fn deadline(&self) -> Option<Instant> {
        let all = [self.next_reading, self.next_minute, self.next_count];
        all.into_iter().flatten().min()
    }

    fn view(&self, view: &mut View<'_>) {
        let area = view.area();
        if let Some(cursor) = self.draw(area, view.buffer_mut()) {
            view.set_cursor_position(cursor);
        }
    }
}
