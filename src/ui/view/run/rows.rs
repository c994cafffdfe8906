//! The machines of a run, a line each. Only those in sight are built.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::words;
use crate::domain::run::{MachineRun, StepState};
use crate::domain::text::{column, columns};
use crate::ui::clock;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{CrewRow, RunView, Story};
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
    Now,
    Percent,
    Job,
    Time,
    WayBack,
}

impl Column {
    fn title(self) -> &'static str {
        match self {
            Self::Name => "MACHINE",
            Self::Steps => "STEPS",
            Self::Now => "NOW",
            Self::Percent => "",
            Self::Job => "JOB",
            Self::Time => "SINCE",
            Self::WayBack => "WAY BACK",
        }
    }
}

/// Columns with their places, from left to right. On a run's page the steps are shown, and what the
/// lines below say anyway is left out.
fn layout(width: u16, page: bool, widest: usize) -> Vec<(Column, u16, u16)> {
    use Column::{Job, Name, Now, Percent, Steps, Time, WayBack};
    let widest = u16::try_from(widest).unwrap_or(u16::MAX);
    let name = widest.clamp(12, 34).min((width / 4).max(8));
    let mut chosen = vec![(Name, name)];
    if page && width >= 50 || width >= 110 {
        chosen.push((Steps, 8));
    }
    chosen.push((Now, 0));
    if width >= 40 {
        chosen.push((Percent, 5));
    }
    if width >= 76 && !page || width >= 100 {
        chosen.push((Job, 8));
    }
    if width >= 50 {
        chosen.push((Time, if width < 100 && !page { 7 } else { 8 }));
    }
    if width >= 76 && !page {
        chosen.push((WayBack, if width < 100 { 12 } else { 14 }));
    }
    let used: u16 = chosen.iter().map(|(_, width)| width + 1).sum();
    let rest = width.saturating_sub(LEAD + used);
    let mut x = LEAD;
    chosen
        .into_iter()
        .map(|(column, width)| {
            let width = if column == Now { rest } else { width };
            let placed = (column, x, width);
            x += width + 1;
            placed
        })
        .collect()
}

/// Columns before the steps and what a machine does, which keep their own colours under the cursor.
pub(super) fn before_now(width: u16, widest: usize) -> u16 {
    let mut placed = layout(width, true, widest).into_iter();
    let after = placed.find(|(column, ..)| *column != Column::Name);
    after.map_or(width, |(_, x, _)| x.saturating_sub(1))
}

pub(in crate::ui::view) fn headings(
    model: &Model,
    page: bool,
    widest: usize,
    area: Rect,
    buf: &mut Buffer,
) {
    let look = &model.settings.look;
    paint::style_row(buf, area, 0, look.theme.heading);
    for (column, x, width) in layout(area.width, page, widest) {
        let title = align(column, column.title(), width);
        paint::put(
            buf,
            area,
            area.x + x,
            area.y,
            width,
            &title,
            look.theme.heading,
        );
    }
}

fn align(column: Column, words: &str, width: u16) -> String {
    match column {
        Column::Time | Column::Percent => {
            let spare = usize::from(width).saturating_sub(columns(words));
            format!("{}{words}", " ".repeat(spare))
        }
        _ => words.to_owned(),
    }
}

/// The line of the run itself, on its page.
pub(super) fn of_run(model: &Model, run: &RunView, widest: usize, area: Rect, buf: &mut Buffer) {
    let look = &model.settings.look;
    let placed = layout(area.width, true, widest);
    for (column, x, width) in placed {
        let words = match column {
            Column::Name => "the run".to_owned(),
            Column::Now => words::launched(model, run),
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
    run: &RunView,
    story: &Story,
    from: usize,
    area: Rect,
    page: bool,
    buf: &mut Buffer,
) {
    let Some(crew) = &story.crew else {
        return;
    };
    let look = &model.settings.look;
    let placed = layout(area.width, page, crew.widest);
    for (line, row) in (0..area.height).zip(crew.rows.iter().skip(from)) {
        let here = Rect {
            y: area.y + line,
            height: 1,
            ..area
        };
        match row {
            CrewRow::Wave(number) => {
                let words = format!("WAVE {number}");
                let style = look.theme.heading;
                paint::put(buf, here, here.x + LEAD, here.y, here.width, &words, style);
            }
            CrewRow::Machine(at) => {
                if let Some(machine) = crew.machines.get(*at) {
                    one(model, run, machine, &placed, here, buf);
                }
            }
        }
    }
}

fn one(
    model: &Model,
    run: &RunView,
    machine: &MachineRun,
    placed: &[(Column, u16, u16)],
    area: Rect,
    buf: &mut Buffer,
) {
    #[cfg(test)]
    BUILT.set(BUILT.get() + 1);
    let look = &model.settings.look;
    let (tone, now) = words::now(model, run, machine);
    let style = tone.style(&look.theme);
    paint::put(
        buf,
        area,
        area.x + 1,
        area.y,
        1,
        tone.glyph(&look.glyphs),
        style,
    );
    for (column, x, width) in placed {
        let (words, style) = match column {
            Column::Name => (machine.name.to_string(), look.theme.text),
            Column::Steps => {
                steps(model, machine, area.x + x, area.y, *width, area, buf);
                continue;
            }
            Column::Now => (now.clone(), style),
            Column::Percent => (words::percent(machine), look.theme.text),
            Column::Job => (words::job(machine), look.theme.text),
            Column::Time => (words::time(model, machine), look.theme.text),
            Column::WayBack => (words::way_back(machine).to_owned(), look.theme.text),
        };
        let words = align(*column, &words, *width);
        let words = self::column(&words, usize::from(*width), look.glyphs.cut);
        paint::put(buf, area, area.x + x, area.y, *width, &words, style);
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
