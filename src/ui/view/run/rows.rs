//! The machines of a run, a line each. Only those in sight are built.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::timeline::{self, Times};
use super::words;
use crate::domain::run::{MachineRun, StepState};
use crate::domain::text::{column, columns, fit};
use crate::ui::clock;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{Crew, CrewRow, RunView, Story};
use crate::ui::paint;

#[cfg(test)]
thread_local! {
    /// How many rows were built, for the test that says only those in sight are.
    pub(in crate::ui) static BUILT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Before the name: the cursor's glyph, the state's, a blank.
const LEAD: u16 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    /// A glyph a step.
    Steps,
    /// Its steps over time.
    Bar,
    /// When it is where it should be.
    Arrives,
    Now,
    Percent,
    Job,
    Time,
    WayBack,
}

/// What the lines are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui::view) enum Shape {
    /// Below the Monitor's list.
    Pane,
    /// A run's page, its steps.
    Steps,
    /// A run's page, its time.
    Timeline,
}

impl Shape {
    /// Of the run's page.
    pub(super) fn of_page(model: &Model) -> Self {
        match model.monitor.timeline {
            true => Self::Timeline,
            false => Self::Steps,
        }
    }
}

impl Column {
    fn title(self) -> &'static str {
        match self {
            Self::Name => "MACHINE",
            Self::Steps => "STEPS",
            Self::Bar => "",
            Self::Arrives => "ARRIVES",
            Self::Now => "NOW",
            Self::Percent => "",
            Self::Job => "JOB",
            Self::Time => "SINCE",
            Self::WayBack => "WAY BACK",
        }
    }
}

/// Columns with their places, from left to right. On a run's page the steps are shown or their time,
/// and what the lines below say anyway is left out; what is left goes to the widest column.
fn layout(width: u16, shape: Shape, widest: usize) -> Vec<(Column, u16, u16)> {
    use Column::{Arrives, Bar, Job, Name, Now, Percent, Steps, Time, WayBack};
    let widest = u16::try_from(widest).unwrap_or(u16::MAX);
    let name = widest.clamp(12, 34).min((width / 4).max(8));
    let mut chosen = vec![(Name, name)];
    let pane = shape == Shape::Pane;
    match shape {
        Shape::Timeline => {
            chosen.push((Bar, 0));
            if width >= 68 {
                chosen.push((Arrives, 7));
            }
            chosen.push((
                Now,
                if width < 68 {
                    15
                } else {
                    (width / 4).clamp(21, 40)
                },
            ));
        }
        Shape::Steps | Shape::Pane => {
            if !pane && width >= 50 || width >= 110 {
                chosen.push((Steps, 8));
            }
            match shape == Shape::Steps && width >= 100 {
                true => chosen.extend([(Now, 34), (Percent, 5), (Bar, 0), (Arrives, 7)]),
                false => chosen.push((Now, 0)),
            }
        }
    }
    if shape != Shape::Timeline {
        if width >= 40 && (pane || width < 100) {
            chosen.push((Percent, 5));
        }
        if pane && width >= 76 {
            chosen.push((Job, 8));
        }
        if width >= 50 {
            chosen.push((Time, if width < 100 && pane { 7 } else { 8 }));
        }
        if pane && width >= 76 {
            chosen.push((WayBack, if width < 100 { 12 } else { 14 }));
        }
    }
    let used: u16 = chosen.iter().map(|(_, width)| width + 1).sum();
    let rest = width.saturating_sub(LEAD + used);
    let mut x = LEAD;
    chosen
        .into_iter()
        .map(|(column, width)| {
            let width = if width == 0 { rest } else { width };
            let placed = (column, x, width);
            x += width + 1;
            placed
        })
        .collect()
}

/// Columns before the steps and what a machine does, which keep their own colours under the cursor.
pub(super) fn before_now(width: u16, shape: Shape, widest: usize) -> u16 {
    let mut placed = layout(width, shape, widest).into_iter();
    let after = placed.find(|(column, ..)| *column != Column::Name);
    after.map_or(width, |(_, x, _)| x.saturating_sub(1))
}

pub(in crate::ui::view) fn headings(
    model: &Model,
    of: (&RunView, Option<&Story>),
    shape: Shape,
    area: Rect,
    buf: &mut Buffer,
) {
    let look = &model.settings.look;
    let (run, story) = of;
    let style = look.theme.heading;
    paint::style_row(buf, area, 0, style);
    for (column, x, width) in layout(area.width, shape, widest(story)) {
        if let (Column::Bar, Some(story)) = (column, story) {
            Times::of(model, run, story, width).head(x, area, buf);
        }
        let title = align(column, column.title(), width);
        paint::put(buf, area, area.x + x, area.y, width, &title, style);
    }
}

/// Columns of the widest name.
fn widest(story: Option<&Story>) -> usize {
    let crew = story.and_then(|story| story.crew.as_ref());
    crew.map_or(0, |crew| crew.widest)
}

fn align(column: Column, words: &str, width: u16) -> String {
    match column {
        Column::Time | Column::Percent | Column::Arrives => {
            let spare = usize::from(width).saturating_sub(columns(words));
            format!("{}{words}", " ".repeat(spare))
        }
        _ => words.to_owned(),
    }
}

/// The line of the run itself, on its page.
pub(super) fn of_run(
    model: &Model,
    of: (&RunView, Option<&Story>),
    shape: Shape,
    area: Rect,
    buf: &mut Buffer,
) {
    let look = &model.settings.look;
    let (run, story) = of;
    for (column, x, width) in layout(area.width, shape, widest(story)) {
        let words = match column {
            Column::Name => "the run".to_owned(),
            Column::Now => words::launched(model, run),
            Column::Bar => {
                timeline::legend(&look.theme, &look.glyphs, (x, width), area, buf);
                continue;
            }
            _ => continue,
        };
        let words = self::column(&words, usize::from(width), look.glyphs.cut);
        let style = look.theme.text;
        paint::put(buf, area, area.x + x, area.y, width, &words, style);
    }
}

/// The lines from `from` on that fit.
pub(in crate::ui::view) fn draw(
    model: &Model,
    of: (&RunView, &Story),
    shape: Shape,
    from: usize,
    area: Rect,
    buf: &mut Buffer,
) {
    let (run, story) = of;
    let Some(crew) = &story.crew else {
        return;
    };
    let placed = layout(area.width, shape, crew.widest);
    let bar = placed.iter().find(|(column, ..)| *column == Column::Bar);
    let times = bar.map(|(_, _, width)| Times::of(model, run, story, *width));
    let lines = Lines {
        model,
        run,
        crew,
        placed,
        times,
    };
    for (line, row) in (0..area.height).zip(crew.rows.iter().skip(from)) {
        let here = Rect {
            y: area.y + line,
            height: 1,
            ..area
        };
        match row {
            CrewRow::Wave(number) => lines.wave(*number, here, buf),
            CrewRow::Machine(at) => {
                if let Some(machine) = crew.machines.get(*at) {
                    lines.machine(machine, here, buf);
                }
            }
        }
    }
}

/// What all lines are drawn from.
struct Lines<'a> {
    model: &'a Model,
    run: &'a RunView,
    crew: &'a Crew,
    placed: Vec<(Column, u16, u16)>,
    times: Option<Times<'a>>,
}

impl Lines<'_> {
    /// The head of a wave; with its cut-over, where time is shown.
    fn wave(&self, number: usize, area: Rect, buf: &mut Buffer) {
        let look = &self.model.settings.look;
        for (column, x, width) in &self.placed {
            let (words, style) = match (column, &self.times) {
                (Column::Name, _) => (format!("WAVE {number}"), look.theme.heading),
                (Column::Bar, Some(times)) => {
                    times.wave(self.crew, number, *x, area, buf);
                    continue;
                }
                (Column::Now, Some(times)) => (times.there(self.crew, number), look.theme.text),
                (Column::Arrives, Some(times)) => {
                    (times.wave_arrives(self.crew, number), look.theme.text)
                }
                _ => continue,
            };
            // Not filled up: a heading may be underlined.
            let words = fit(&words, usize::from(*width), look.glyphs.cut);
            let words = align(*column, &words, *width);
            paint::put(buf, area, area.x + x, area.y, *width, &words, style);
        }
    }

    fn machine(&self, machine: &MachineRun, area: Rect, buf: &mut Buffer) {
        #[cfg(test)]
        BUILT.set(BUILT.get() + 1);
        let model = self.model;
        let look = &model.settings.look;
        let (tone, now) = words::now(model, self.run, machine);
        let style = tone.style(&look.theme);
        let glyph = tone.glyph(&look.glyphs);
        paint::put(buf, area, area.x + 1, area.y, 1, glyph, style);
        for (column, x, width) in &self.placed {
            let (words, style) = match (column, &self.times) {
                (Column::Name, _) => (machine.name.to_string(), look.theme.text),
                (Column::Steps, _) => {
                    steps(model, machine, area.x + x, area.y, *width, area, buf);
                    continue;
                }
                (Column::Bar, Some(times)) => {
                    times.machine(machine, *x, area, buf);
                    continue;
                }
                (Column::Arrives, Some(times)) => (times.arrives(machine), look.theme.text),
                (Column::Bar | Column::Arrives, None) => continue,
                (Column::Now, _) => (now.clone(), style),
                (Column::Percent, _) => (words::percent(machine), look.theme.text),
                (Column::Job, _) => (words::job(machine), look.theme.text),
                (Column::Time, _) => (words::time(model, machine), look.theme.text),
                (Column::WayBack, _) => (words::way_back(machine).to_owned(), look.theme.text),
            };
            let words = align(*column, &words, *width);
            let words = self::column(&words, usize::from(*width), look.glyphs.cut);
            paint::put(buf, area, area.x + x, area.y, *width, &words, style);
        }
    }
}

/// A glyph for each step, in its tone.
fn steps(
    model: &Model,
    machine: &MachineRun,
    x: u16,
    y: u16,
    width: u16,
    area: Rect,
    buf: &mut Buffer,
) {
    let look = &model.settings.look;
    for (at, step) in (0..width).zip(&machine.steps) {
        let tone = match step.state {
            StepState::Waits => Tone::Waiting,
            StepState::Runs => Tone::Busy,
            StepState::Ended(ref end) => words::end(end),
        };
        let style = tone.style(&look.theme);
        paint::put(buf, area, x + at, y, 1, tone.glyph(&look.glyphs), style);
    }
}

/// The time of a moment as the column writes it.
pub(super) fn hour(model: &Model, at: jiff::Timestamp) -> String {
    clock::minutes(at, &model.settings.zone)
}
