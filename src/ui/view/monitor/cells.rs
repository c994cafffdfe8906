//! What stands in the list's columns.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{bar, standing};
use crate::domain::Plan;
use crate::domain::text::{column, fit};
use crate::ui::clock;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{Row, RunView};
use crate::ui::paint;
use crate::ui::view::NARROW;
use crate::ui::view::run::left;

/// Before the first column: the cursor's glyph, two blanks.
const LEAD: u16 = 3;

/// Where the columns lie, and how wide they are; those of no width are left out.
pub(super) struct Columns {
    name: (u16, u16),
    kind: (u16, u16),
    state: (u16, u16),
    progress: (u16, u16),
    left: (u16, u16),
}

impl Columns {
    pub(super) fn of(width: u16) -> Self {
        let rest = width.saturating_sub(LEAD);
        let (name, kind, state, progress, left) = match width {
            0..NARROW => {
                let state = (rest * 3 / 5).min(25);
                (rest.saturating_sub(state + 1), 0, state, 0, 0)
            }
            NARROW..74 => (rest.saturating_sub(26 + 6 + 2), 0, 26, 6, 0),
            74..92 => {
                let progress = rest.saturating_sub(16 + 9 + 25 + 11 + 4);
                (16, 9, 25, progress.min(22), 11)
            }
            _ => (
                24,
                16,
                26,
                rest.saturating_sub(24 + 16 + 26 + 11 + 5).clamp(17, 44),
                11,
            ),
        };
        let mut x = LEAD;
        let mut place = |width: u16| {
            let placed = (x, width);
            x += width + u16::from(width > 0);
            placed
        };
        Self {
            name: place(name),
            kind: place(kind),
            state: place(state),
            progress: place(progress),
            left: place(left),
        }
    }
}

impl Columns {
    /// Columns before the state, which keeps its own colours under the cursor.
    pub(super) fn before_state(&self) -> u16 {
        self.state.0.saturating_sub(1)
    }
}

pub(super) fn headings(model: &Model, columns: &Columns, area: Rect, buf: &mut Buffer) {
    let look = &model.settings.look;
    paint::style_row(buf, area, 0, look.theme.heading);
    // Two columns in: the state's glyph stands before the words.
    for ((x, width), title) in [
        (columns.name, "PLAN"),
        (columns.kind, "KIND"),
        (columns.state, "  STATE"),
        (columns.progress, "PROGRESS"),
        (columns.left, "       LEFT"),
    ] {
        let x = area.x + x;
        paint::put(buf, area, x, area.y, width, title, look.theme.heading);
    }
}

/// A cell's place, its words and its tone.
type Cell<'a> = ((u16, u16), &'a str, Tone);

fn put(model: &Model, cells: &[Cell<'_>], area: Rect, buf: &mut Buffer) {
    let look = &model.settings.look;
    for ((x, width), words, tone) in cells {
        if *width == 0 {
            continue;
        }
        let words = column(words, usize::from(*width), look.glyphs.cut);
        let style = tone.style(&look.theme);
        paint::put(buf, area, area.x + x, area.y, *width, &words, style);
    }
}

pub(super) fn row(model: &Model, row: &Row, columns: &Columns, area: Rect, buf: &mut Buffer) {
    let monitor = &model.monitor;
    let run = |at: &usize| monitor.runs().get(*at);
    match row {
        Row::Head(words) => {
            let style = model.settings.look.theme.heading;
            paint::put(buf, area, area.x + LEAD, area.y, area.width, words, style);
        }
        Row::Run(at) => {
            if let Some(of) = run(at) {
                of_run(model, of, of.name(), columns, area, buf);
            }
        }
        Row::Plan(at, latest) => {
            let Some(plan) = monitor.plans().get(*at) else {
                return;
            };
            match latest.as_ref().and_then(run) {
                Some(run) => of_run(model, run, plan.name.as_str(), columns, area, buf),
                None => of_plan(model, plan, columns, area, buf),
            }
        }
        Row::Question(at, question) => {
            if let Some(of) = run(at) {
                of_question(model, of, *question, area, buf);
            }
        }
        Row::More(_, count) => {
            let words = format!("  and {count} more; Enter shows the run, a answers the next");
            words_at(model, 5, Tone::Amber, &words, area, buf);
        }
        Row::Damaged(at) => {
            let file = monitor.damaged().get(*at);
            let words = file.map_or_else(String::new, |file| {
                format!("{} cannot be used: see below", file.name)
            });
            words_at(model, LEAD, Tone::Bad, &words, area, buf);
        }
        Row::Older(count) => {
            let words = format!("and {count} older: h shows them all");
            words_at(model, LEAD, Tone::Plain, &words, area, buf);
        }
    }
}

fn words_at(model: &Model, x: u16, tone: Tone, words: &str, area: Rect, buf: &mut Buffer) {
    let look = &model.settings.look;
    let room = usize::from(area.width.saturating_sub(x));
    let words = match tone {
        Tone::Plain => words.to_owned(),
        _ => format!("{} {words}", tone.glyph(&look.glyphs)),
    };
    let words = fit(&words, room, look.glyphs.cut);
    let style = tone.style(&look.theme);
    paint::put(buf, area, area.x + x, area.y, area.width, &words, style);
}

fn of_run(
    model: &Model,
    run: &RunView,
    name: &str,
    columns: &Columns,
    area: Rect,
    buf: &mut Buffer,
) {
    let (tone, state) = standing(model, run);
    let state = format!("{} {state}", tone.glyph(&model.settings.look.glyphs));
    let kind = run.story.as_ref().map_or("", |story| story.intent.as_str());
    let progress = run.story.as_ref().map_or_else(String::new, |story| {
        bar(model, story.percent(), usize::from(columns.progress.1))
    });
    let left = {
        let wide = usize::from(columns.left.1);
        format!("{:>wide$}", left::short(model, run))
    };
    let cells: [Cell<'_>; 5] = [
        (columns.name, name, Tone::Plain),
        (columns.kind, short(kind, columns.kind.1), Tone::Plain),
        (columns.state, &state, tone),
        (columns.progress, &progress, tone),
        (columns.left, &left, Tone::Plain),
    ];
    put(model, &cells, area, buf);
}

fn of_plan(model: &Model, plan: &Plan, columns: &Columns, area: Rect, buf: &mut Buffer) {
    let state = format!(
        "{} saved: recover later",
        model.settings.look.glyphs.waiting
    );
    let state = match plan.intent() {
        crate::domain::Intent::FailBack(_) => state,
        _ => format!("{} saved", model.settings.look.glyphs.waiting),
    };
    // The words go on over the column beside it.
    let room = columns.progress.1 + columns.left.1;
    let launches = match (model.settings.is_read_only(), room) {
        (true, _) | (_, 0..17) => "-",
        _ => "Enter launches it",
    };
    let progress = (columns.progress.0, room);
    let kind = short(plan.intent().word(), columns.kind.1);
    let cells: [Cell<'_>; 4] = [
        (columns.name, plan.name.as_str(), Tone::Plain),
        (columns.kind, kind, Tone::Plain),
        (columns.state, &state, Tone::Waiting),
        (progress, launches, Tone::Plain),
    ];
    put(model, &cells, area, buf);
}

/// A kind that fits: `protect to Azure` cut short would read as the way home.
fn short(kind: &str, width: u16) -> &str {
    match kind {
        "protect to Azure" if width < 16 => "to Azure",
        kind => kind,
    }
}

/// The machine and what is asked, or the answer that is on its way.
fn of_question(model: &Model, run: &RunView, at: usize, area: Rect, buf: &mut Buffer) {
    let Some(story) = &run.story else {
        return;
    };
    let Some(question) = story.questions.get(at) else {
        return;
    };
    let machine = question.machine.as_ref();
    let name = machine.map_or_else(String::new, |id| {
        let found = model.monitor.run_with(id);
        let name = found.map_or_else(|| id.name().into(), |(_, machine)| machine.name.clone());
        format!("{name}: ")
    });
    let (tone, words) = match model.monitor.answer_to(run, question.id) {
        None => (Tone::Amber, format!("{name}{}", question.words)),
        Some((answer, at)) => {
            let at = at.map_or("now".into(), |at| clock::minutes(at, &model.settings.zone));
            let words = format!("{name}answered {} {at}, not yet taken", answer.choice);
            (Tone::Busy, words)
        }
    };
    words_at(model, 5, tone, &words, area, buf);
}
