//! The site's recent jobs, newest first.
//!
//! ```text
//!    STATE                       WHAT              MACHINE        STARTED
//!  ► » running                   Fail back         sql-01         09:14 CET
//!    √ succeeded                 Commit            web-01         2021-04-06 14:06:12 CEST
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::{job, machines::select};
use crate::domain::Job;
use crate::domain::text::column;
use crate::site::{PartName, PartState};
use crate::ui::clock;
use crate::ui::document::wrap;
use crate::ui::look::{self, Tone};
use crate::ui::model::Model;
use crate::ui::paint;

struct Columns {
    state: usize,
    what: usize,
    name: usize,
    start: usize,
}

impl Columns {
    fn of(width: u16) -> Self {
        let width = usize::from(width);
        if width < usize::from(super::NARROW) {
            let name = width.saturating_sub(22) / 2;
            let what = width.saturating_sub(22 + name);
            return Self {
                state: 16,
                what,
                name,
                start: 0,
            };
        }
        let start = 24;
        let state = if width >= 100 { 30 } else { 16 };
        let rest = width.saturating_sub(3 + state + start + 3);
        Self {
            state,
            what: rest / 2,
            name: rest - rest / 2,
            start,
        }
    }
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let look = &model.settings.look;
    let columns = Columns::of(area.width);
    paint::style_row(buf, area, 0, look.theme.heading);
    let heading = line(
        &columns,
        "  STATE",
        "WHAT",
        "MACHINE",
        "STARTED",
        look.glyphs.cut,
    );
    paint::put(
        buf,
        area,
        area.x,
        area.y,
        area.width,
        &heading,
        look.theme.heading,
    );
    let body = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    let len = model.activity_len();
    if len == 0 {
        nothing(model, body, buf);
        return None;
    }
    let height = usize::from(body.height);
    let at = model.activity.at.min(len - 1);
    let top = paint::window(model.activity.top, at, len, height);
    for row in 0..height.min(len - top) {
        let index = top + row;
        if let Some(job) = model.estate.jobs.get(index) {
            let line = job_line(model, job, &columns);
            paint::put_line(buf, body, row as u16, &line);
        }
    }
    let row = (at - top) as u16;
    select(look, body, row, buf);
    Some(Position::new(body.x, body.y + row))
}

fn line(columns: &Columns, state: &str, what: &str, name: &str, start: &str, cut: &str) -> String {
    format!(
        "   {} {} {} {}",
        column(state, columns.state, cut),
        column(what, columns.what, cut),
        column(name, columns.name, cut),
        column(start, columns.start, cut),
    )
}

fn toned(
    model: &Model,
    tone: Tone,
    columns: &Columns,
    state: &str,
    rest: [&str; 3],
) -> Line<'static> {
    let look = &model.settings.look;
    let state = format!("{} {state}", tone.glyph(&look.glyphs));
    let cut = look.glyphs.cut;
    let whole = line(columns, "", rest[0], rest[1], rest[2], cut);
    let head = 3 + columns.state;
    Line::from(vec![
        Span::styled(
            format!("   {}", column(&state, columns.state, cut)),
            tone.style(&look.theme),
        ),
        Span::styled(
            whole.get(head..).unwrap_or_default().to_owned(),
            look.theme.text,
        ),
    ])
}

fn job_line(model: &Model, job: &Job, columns: &Columns) -> Line<'static> {
    let start = job.start.map_or("not told".into(), |at| {
        clock::moment(at, &model.settings.zone)
    });
    let rest = [job.title.as_str(), job.target_name.as_str(), &start];
    // A list leaves the tasks out, and one of them may have been skipped: no green before it is read.
    let tone = match look::outcome(&job.outcome()) {
        Tone::Good if job.tasks.is_empty() => Tone::Plain,
        tone => tone,
    };
    toned(model, tone, columns, &job::state_words(job), rest)
}

fn nothing(model: &Model, area: Rect, buf: &mut Buffer) {
    let words = match model.estate.part(PartName::Jobs).map(|part| &part.state) {
        Some(PartState::Failed(failure)) => failure.lines().join("\n"),
        Some(PartState::NotRecorded) => "The recording holds no jobs.".into(),
        Some(PartState::Read | PartState::Composed | PartState::Partial(_)) => {
            "No recent jobs.".into()
        }
        Some(PartState::Reading) | None if model.is_reading => "Reading the jobs...".into(),
        Some(PartState::Reading) | None => "Nothing was read yet. r reads.".into(),
    };
    let theme = &model.settings.look.theme;
    let lines = wrap(&words, usize::from(area.width.saturating_sub(6)));
    for (row, line) in (1..area.height).zip(lines) {
        paint::put(
            buf,
            area,
            area.x + 3,
            area.y + row,
            area.width,
            &line,
            theme.text,
        );
    }
}
