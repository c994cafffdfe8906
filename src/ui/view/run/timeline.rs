//! The waves and machines of a run as bars over time.
//!
//! ```text
//!    MACHINE   09:00    09:10    09:20 ▼  09:30     ARRIVES  NOW
//!    WAVE 1       ██████████           │            09:18    all home
//!  ! dc-01     ··█████████████·········!·······     09:18    home; look, then commit
//!    WAVE 2                  ▒▒▒▒▒▒▒▒▒▒▒░░░░░░░░░   ~09:41   0 of 2 home
//!  » sql-01    ··████········▒▒▒▒▒▒▒▒▒▒▒░░░░░░      ~09:36   Synchronizing the latest changes
//!  · web-01    ··██████████·····················░░░ ~09:41   waits for sql-01
//! ```
//!
//! Every state has a glyph of its own: nothing is told by colour alone.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::axis::Axis;
use crate::domain::StepKind;
use crate::domain::estimate::{Guess, Range};
use crate::domain::run::{End, MachineRun, StepRun, StepState};
use crate::ui::clock;
use crate::ui::look::{Glyphs, Look, Theme};
use crate::ui::model::Model;
use crate::ui::model::monitor::{Crew, Foreseen, RunView, Story};
use crate::ui::paint;

/// What stands in a cell; where two meet the later one in this order is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ink {
    /// It waits: for its wave, another machine, a person.
    Waits,
    Expected,
    Done,
    /// Done, but not all is as it should be.
    But,
    Busy,
    /// A person is asked.
    Asks,
    Unknown,
    Failed,
}

impl Ink {
    fn glyph(self, glyphs: &Glyphs) -> &'static str {
        match self {
            Self::Waits => glyphs.waiting,
            Self::Expected => glyphs.bar_empty,
            Self::Done | Self::But => glyphs.bar_full,
            Self::Busy => glyphs.bar_half,
            Self::Asks => glyphs.amber,
            Self::Unknown => glyphs.unknown,
            Self::Failed => glyphs.failed,
        }
    }

    fn style(self, theme: &Theme) -> Style {
        match self {
            Self::Waits | Self::Expected => theme.text,
            Self::Done => theme.good,
            Self::But | Self::Asks => theme.amber,
            Self::Busy => theme.busy,
            Self::Unknown => theme.unknown,
            Self::Failed => theme.bad,
        }
    }
}

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bar {
    axis: Axis,
    cells: Vec<Option<Ink>>,
}

impl Bar {
    fn new(axis: Axis) -> Self {
        Self {
            axis,
            cells: vec![None; usize::from(axis.width)],
        }
    }

    fn span(&mut self, from: Timestamp, to: Timestamp, ink: Ink) {
        let (from, to) = (self.axis.column(from), self.axis.column(to.max(from)));
        for at in from..=to {
            self.put(at, ink);
        }
    }

    fn mark(&mut self, at: Timestamp, ink: Ink) {
        self.put(self.axis.column(at), ink);
    }

    fn put(&mut self, at: u16, ink: Ink) {
        if let Some(cell) = self.cells.get_mut(usize::from(at)) {
            *cell = (*cell).max(Some(ink));
        }
    }

    fn draw(&self, look: &Look, x: u16, area: Rect, buf: &mut Buffer) {
        let now = self.axis.column(self.axis.now);
        for (at, cell) in (0..).zip(&self.cells) {
            let (glyph, style) = match cell {
                Some(ink) => (ink.glyph(&look.glyphs), ink.style(&look.theme)),
                None if at == now && now + 1 < self.axis.width => {
                    (look.glyphs.vertical, look.theme.border)
                }
                None => continue,
            };
            paint::put(buf, area, area.x + x + at, area.y, 1, glyph, style);
        }
    }
}

/// Waiting is all that is done in it.
fn is_waiting(kind: StepKind) -> bool {
    matches!(
        kind,
        StepKind::Door | StepKind::Quiesce | StepKind::VerifySurvivor
    )
}

/// What a step did and does, up to now.
fn past(bar: &mut Bar, step: &StepRun, goes_on: bool, asks: bool) {
    let Some(begun) = step.begun else {
        return;
    };
    let now = bar.axis.now;
    let quiet = is_waiting(step.kind);
    let usual = |ink| if quiet { Ink::Waits } else { ink };
    match &step.state {
        StepState::Waits => {}
        StepState::Runs => {
            bar.span(begun, now, usual(Ink::Busy));
            match (goes_on, asks) {
                (false, _) => bar.mark(now, Ink::Unknown),
                (true, true) => bar.mark(now, Ink::Asks),
                (true, false) => {}
            }
        }
        StepState::Ended(end) => {
            let ended = step.ended.unwrap_or(now);
            match end {
                End::NotBegun(_) => return,
                End::DoneBut(_) => bar.span(begun, ended, usual(Ink::But)),
                _ => bar.span(begun, ended, usual(Ink::Done)),
            }
            match end {
                End::Failed(_) => bar.mark(ended, Ink::Failed),
                End::Unknown(_) => bar.mark(ended, Ink::Unknown),
                End::DoneBut(_) => bar.mark(ended, Ink::Asks),
                End::Done | End::Left(_) | End::NotBegun(_) => {}
            }
        }
    }
}

/// What is expected of a machine from now on: what it does before its turn, its turn, the rest.
fn future(bar: &mut Bar, machine: &MachineRun, foreseen: &Foreseen) {
    let Some(course) = foreseen.course(&machine.id) else {
        return;
    };
    let door = course.steps.iter().position(|s| s.step == StepKind::Door);
    let (before, behind) = course.steps.split_at(door.unwrap_or(0));
    let sum = |shares: &[crate::domain::estimate::Share]| {
        let known = shares.iter().filter_map(|share| share.guess.range());
        known.fold(Range::default(), Range::then).likely()
    };
    let arrives = course.arrives.likely();
    let prepared = sum(before).min(arrives);
    let turn = arrives.saturating_sub(sum(behind)).max(prepared);
    let now = bar.axis.now;
    let moment = |seconds| foreseen.moment(seconds).max(now);
    let expects = |shares: &[crate::domain::estimate::Share]| {
        shares
            .iter()
            .any(|share| matches!(share.guess, Guess::About { .. }))
    };
    if expects(before) {
        bar.span(now, moment(prepared), Ink::Expected);
    }
    if turn > prepared {
        bar.span(moment(prepared), moment(turn), Ink::Waits);
    }
    if expects(behind) {
        bar.span(moment(turn), moment(arrives), Ink::Expected);
    }
    if course.at_least && !machine.is_over() {
        // Nobody knows how much longer.
        let after = bar.axis.column(moment(arrives)).saturating_add(1);
        bar.put(after.min(bar.axis.width - 1), Ink::Unknown);
    }
}

/// What a bar is drawn from.
pub(super) struct Times<'a> {
    pub model: &'a Model,
    pub run: &'a RunView,
    pub story: &'a Story,
    pub axis: Axis,
}

impl<'a> Times<'a> {
    pub fn of(model: &'a Model, run: &'a RunView, story: &'a Story, width: u16) -> Self {
        Self {
            model,
            run,
            story,
            axis: Axis::of(model, run, story, width),
        }
    }

    fn goes_on(&self) -> bool {
        self.run.live && self.run.is_open()
    }

    fn foreseen(&self) -> Option<&'a Foreseen> {
        let foreseen = self.model.monitor.foreseen(&self.run.id);
        foreseen.filter(|_| self.goes_on() && !self.story.is_paused())
    }

    /// The labels, and where now is.
    pub fn head(&self, x: u16, area: Rect, buf: &mut Buffer) {
        let look = &self.model.settings.look;
        let style = look.theme.heading;
        let now = self.axis.column(self.axis.now);
        for (at, words) in self.axis.labels(&self.model.settings.zone) {
            let wide = words.len() as u16;
            // A label with a hole in it would be another time.
            if !(self.goes_on() && (at.saturating_sub(1)..at + wide + 1).contains(&now)) {
                paint::put(buf, area, area.x + x + at, area.y, wide, &words, style);
            }
        }
        if self.goes_on() {
            let at = area.x + x + now;
            paint::put(buf, area, at, area.y, 1, look.glyphs.down, style);
        }
    }

    pub fn machine(&self, machine: &MachineRun, x: u16, area: Rect, buf: &mut Buffer) {
        self.of_machine(machine)
            .draw(&self.model.settings.look, x, area, buf);
    }

    fn of_machine(&self, machine: &MachineRun) -> Bar {
        let mut bar = Bar::new(self.axis);
        let asked = self.story.asked_of(&machine.id);
        let asked = asked.filter(|q| {
            let answered = self.model.monitor.answer_to(self.run, q.id).is_some();
            self.goes_on() && !answered
        });
        for step in &machine.steps {
            let asks = asked.is_some_and(|question| question.step == Some(step.kind));
            past(&mut bar, step, self.goes_on(), asks);
        }
        if let Some(foreseen) = self.foreseen() {
            future(&mut bar, machine, foreseen);
        }
        // A commit window goes on until it is over.
        if let Some(left) = asked.and_then(|q| self.story.left(q, self.model.now)) {
            let until = self.axis.now.checked_add(left.span());
            bar.span(self.axis.now, until.unwrap_or(self.axis.now), Ink::Waits);
        }
        bar
    }

    /// The cut-over of a wave, from the first machine's to the last one's.
    pub fn wave(&self, crew: &Crew, wave: usize, x: u16, area: Rect, buf: &mut Buffer) {
        self.of_wave(crew, wave)
            .draw(&self.model.settings.look, x, area, buf);
    }

    fn of_wave(&self, crew: &Crew, wave: usize) -> Bar {
        let mut bar = Bar::new(self.axis);
        let own = || crew.machines.iter().filter(|m| m.wave == wave);
        let begun = own().filter_map(|machine| cut_over(machine)).min();
        let arrived = own().map(|m| arrived(m)).collect::<Option<Vec<_>>>();
        if let (Some(begun), Some(all)) = (begun, &arrived) {
            let last = all.iter().max().copied().unwrap_or(begun);
            bar.span(begun, last, Ink::Done);
            return bar;
        }
        if let Some(begun) = begun {
            let ink = match self.goes_on() {
                true => Ink::Busy,
                false => Ink::Unknown,
            };
            let over = own().all(|machine| machine.is_over());
            let ends = own().flat_map(|m| &m.steps).filter_map(|s| s.ended).max();
            let (until, ink) = match (over, ends) {
                (true, Some(ends)) => (ends, Ink::But),
                _ => (self.axis.now, ink),
            };
            bar.span(begun, until, ink);
        }
        if let Some(foreseen) = self.foreseen() {
            self.expects(
                &mut bar,
                foreseen,
                own().map(AsRef::as_ref),
                begun.is_some(),
            );
        }
        bar
    }

    /// When a wave is expected to begin, and to be over.
    fn expects<'m>(
        &self,
        bar: &mut Bar,
        foreseen: &Foreseen,
        own: impl Iterator<Item = &'m MachineRun>,
        has_begun: bool,
    ) {
        let courses = own.filter_map(|machine| foreseen.course(&machine.id));
        let (mut first, mut last) = (None::<u64>, 0);
        for course in courses.filter(|course| course.arrives.likely() > 0) {
            let behind = course.steps.iter().rev();
            let behind = behind.take_while(|share| share.step != StepKind::Door);
            let behind = behind.filter_map(|share| share.guess.range());
            let behind = behind.fold(Range::default(), Range::then).likely();
            let turn = course.arrives.likely().saturating_sub(behind);
            first = Some(first.map_or(turn, |first| first.min(turn)));
            last = last.max(course.arrives.likely());
        }
        let Some(first) = first else { return };
        let from = if has_begun { 0 } else { first };
        let now = self.axis.now;
        let moment = |seconds| foreseen.moment(seconds).max(now);
        bar.span(moment(from), moment(last), Ink::Expected);
    }

    /// When a machine is where it should be: when it got there, or when that is expected.
    pub fn arrives(&self, machine: &MachineRun) -> String {
        let zone = &self.model.settings.zone;
        if let Some(at) = arrived(machine) {
            return clock::minutes(at, zone);
        }
        if machine.is_over() {
            return "-".into();
        }
        let Some((course, all)) = self
            .foreseen()
            .and_then(|f| Some((f.course(&machine.id)?, f)))
        else {
            return "?".into();
        };
        let at = clock::minutes(all.moment(course.arrives.likely()), zone);
        match (course.at_least, course.arrives.likely()) {
            (true, 0) => "?".into(),
            (true, _) => format!(">{at}"),
            (false, _) => format!("~{at}"),
        }
    }

    /// When the last machine of a wave is.
    pub fn wave_arrives(&self, crew: &Crew, wave: usize) -> String {
        let own = || crew.machines.iter().filter(|m| m.wave == wave);
        let last = |machine: &&std::sync::Arc<MachineRun>| {
            let course = self.foreseen().and_then(|all| all.course(&machine.id));
            let likely = course.map_or(0, |course| course.arrives.likely());
            (!machine.has_arrived(), likely, arrived(machine))
        };
        // An unknown one makes of the others an "at least".
        let at_least = own().any(|machine| {
            let course = self.foreseen().and_then(|all| all.course(&machine.id));
            course.is_some_and(|course| course.at_least)
        });
        let words = own().max_by_key(last).map(|last| self.arrives(last));
        let words = words.unwrap_or_default();
        match at_least {
            true => words.replace('~', ">"),
            false => words,
        }
    }

    /// How many of a wave's machines are where they should be.
    pub fn there(&self, crew: &Crew, wave: usize) -> String {
        let own = || crew.machines.iter().filter(|m| m.wave == wave);
        let (there, all) = (own().filter(|m| m.has_arrived()).count(), own().count());
        let place = match self.story.intent.as_str() {
            "fail back" => "home",
            "fail over" => "in Azure",
            _ => "through",
        };
        match there == all {
            true => format!("all {place}"),
            false => format!("{there} of {all} {place}"),
        }
    }
}

/// What the glyphs mean, as far as there is room: from a column on, so many wide.
pub(super) fn legend(
    theme: &Theme,
    glyphs: &Glyphs,
    (x, width): (u16, u16),
    area: Rect,
    buf: &mut Buffer,
) {
    let mut at = 0;
    for (ink, words) in [
        (Ink::Done, "done"),
        (Ink::Busy, "now"),
        (Ink::Expected, "expected"),
        (Ink::Waits, "waits"),
        (Ink::Asks, "asks"),
    ] {
        let wide = words.len() as u16 + 2;
        if at + wide > width {
            return;
        }
        let from = area.x + x + at;
        paint::put(
            buf,
            area,
            from,
            area.y,
            1,
            ink.glyph(glyphs),
            ink.style(theme),
        );
        paint::put(buf, area, from + 2, area.y, wide, words, theme.text);
        at += wide + 1;
    }
}

/// When its cut-over began: the first step behind the door, or the first one where there is none.
fn cut_over(machine: &MachineRun) -> Option<Timestamp> {
    let door = machine.steps.iter().position(|s| s.kind == StepKind::Door);
    let behind = &machine.steps[door.map_or(0, |door| door + 1)..];
    behind.iter().find_map(|step| step.begun)
}

/// When it was where it should be.
fn arrived(machine: &MachineRun) -> Option<Timestamp> {
    if !machine.has_arrived() {
        return None;
    }
    let looks = |kind| matches!(kind, StepKind::VerifySurvivor | StepKind::Commit);
    let ends = machine.steps.iter().filter(|step| !looks(step.kind));
    let ends = ends.filter_map(|step| step.ended).max();
    // One whose only step is the commit.
    ends.or_else(|| machine.steps.iter().filter_map(|step| step.ended).max())
}
