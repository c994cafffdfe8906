//! Every run that was made, newest first; what is typed narrows.
//!
//! ```text
//! ┌ History ───────────────────────────────────────────────────────┐
//! │ / erp_                                                          │
//! │   WHEN              PLAN        KIND       STATE           BY   │
//! │ ► 2026-03-02 09:00  ERP home    fail back  √ done 11:12    kim  │
//! │   2026-02-17 22:04  ERP home    fail back  x failed 17 Feb ada  │
//! └──────────────────────────────────────────── 2 of 132 runs ──────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::standing;
use crate::domain::text::column;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{History, RunView};
use crate::ui::paint;
use crate::ui::view::{frame, machines};

/// Columns before the first one: the cursor's glyph.
const LEAD: u16 = 2;

/// Where the columns lie: when, plan, kind, state, by; those of no width are left out.
fn layout(width: u16) -> [(u16, u16); 5] {
    let rest = width.saturating_sub(LEAD);
    let widths: [u16; 5] = match width {
        0..56 => [11, rest.saturating_sub(11 + 22 + 2), 0, 22, 0],
        56..90 => {
            let name = rest.saturating_sub(16 + 9 + 24 + 10 + 4);
            match name {
                0..12 => [16, rest.saturating_sub(16 + 24 + 2), 0, 24, 0],
                _ => [16, name, 9, 24, 10],
            }
        }
        _ => [16, rest.saturating_sub(16 + 17 + 26 + 16 + 4), 17, 26, 16],
    };
    let mut x = LEAD;
    widths.map(|width| {
        let placed = (x, width);
        x += width + u16::from(width > 0);
        placed
    })
}

/// The field's line, the headings, the list.
fn parts(body: Rect) -> (Rect, Rect, Rect) {
    let inner = frame::inside(body);
    let line = |by: u16| Rect {
        y: inner.y + by,
        height: 1,
        ..inner
    };
    let list = Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    let (field, head) = (line(0), line(1));
    (field.intersection(inner), head.intersection(inner), list)
}

/// Lines of the list that are in sight.
pub(in crate::ui::view) fn height(body: Rect) -> usize {
    usize::from(parts(body).2.height).max(1)
}

pub(in crate::ui::view) fn draw(
    model: &Model,
    state: &History,
    body: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let look = &model.settings.look;
    frame::draw(model, "History: all runs", &count(state), body, buf);
    let (field, head, list) = parts(body);
    let (shown, at) = state
        .field
        .window(usize::from(field.width).saturating_sub(3));
    let text = look.theme.text;
    paint::put(buf, field, field.x, field.y, 2, "/", look.theme.key);
    match shown.is_empty() {
        true => {
            let hint = "plan, machine, person, state, run: every word must be there";
            paint::put(
                buf,
                field,
                field.x + 2,
                field.y,
                field.width,
                hint,
                look.theme.border,
            );
        }
        false => paint::put(buf, field, field.x + 2, field.y, field.width, &shown, text),
    }
    let placed = layout(list.width);
    paint::style_row(buf, head, 0, look.theme.heading);
    let titles = ["WHEN", "PLAN", "KIND", "  STATE", "BY"];
    for ((x, width), title) in placed.iter().zip(titles) {
        let title = column(title, usize::from(*width), look.glyphs.cut);
        paint::put(
            buf,
            head,
            head.x + x,
            head.y,
            *width,
            &title,
            look.theme.heading,
        );
    }
    rows(model, state, list, &placed, buf);
    Some(Position::new(field.x + 2 + at as u16, field.y))
}

fn count(state: &History) -> String {
    let all = state.all.len();
    let plural = if all == 1 { "" } else { "s" };
    let count = match state.field.text().trim().is_empty() {
        true => format!("{all} run{plural}"),
        false => format!("{} of {all} run{plural}", state.rows.len()),
    };
    match &state.read {
        None => format!("{count}, reading..."),
        Some(_) => count,
    }
}

fn rows(model: &Model, state: &History, list: Rect, placed: &[(u16, u16); 5], buf: &mut Buffer) {
    let look = &model.settings.look;
    let mut area = list;
    if let Some(Err(failure)) = &state.read {
        let words = failure.lines().join(" ");
        let words = column(&words, usize::from(area.width), look.glyphs.cut);
        paint::put(
            buf,
            area,
            area.x,
            area.y,
            area.width,
            &words,
            look.theme.bad,
        );
        area = Rect {
            y: area.y + 1,
            height: area.height.saturating_sub(1),
            ..area
        };
    }
    if state.rows.is_empty() {
        let words = match (&state.read, state.all.is_empty()) {
            (None, _) => "Reading the runs...",
            (Some(_), true) => "Nothing was run for this site yet.",
            (Some(_), false) => "No run has all these words. Esc clears them.",
        };
        paint::put(
            buf,
            area,
            area.x + LEAD,
            area.y + 1,
            area.width,
            words,
            look.theme.text,
        );
        return;
    }
    let height = usize::from(area.height);
    let from = state.cursor.saturating_sub(height / 2);
    let top = paint::window(from, state.cursor, state.rows.len(), height);
    for (line, at) in (0..area.height).zip(state.rows.iter().skip(top)) {
        let Some(past) = state.all.get(*at) else {
            continue;
        };
        let here = Rect {
            y: area.y + line,
            height: 1,
            ..area
        };
        // One that is under way is shown as the watcher last told of it.
        let run = model.monitor.run(&past.run.id).unwrap_or(&past.run);
        row(model, run, placed, here, buf);
    }
    machines::select(look, area, (state.cursor - top) as u16, buf);
}

fn row(model: &Model, run: &RunView, placed: &[(u16, u16); 5], area: Rect, buf: &mut Buffer) {
    let look = &model.settings.look;
    let (tone, state) = standing(model, run);
    let story = run.story.as_ref();
    let when = story.map_or_else(String::new, |story| {
        let at = story.begun.to_zoned(model.settings.zone.clone());
        let format = if placed[0].1 < 16 {
            "%d %b %H:%M"
        } else {
            "%Y-%m-%d %H:%M"
        };
        at.strftime(format).to_string()
    });
    let cells = [
        (when, Tone::Plain),
        (run.name().to_owned(), Tone::Plain),
        (
            story.map_or_else(String::new, |story| story.intent.to_string()),
            Tone::Plain,
        ),
        (format!("{} {state}", tone.glyph(&look.glyphs)), tone),
        (
            story.map_or_else(String::new, |story| story.by.name.to_string()),
            Tone::Plain,
        ),
    ];
    for ((x, width), (words, tone)) in placed.iter().zip(cells) {
        let words = column(&words, usize::from(*width), look.glyphs.cut);
        let style = tone.style(&look.theme);
        paint::put(buf, area, area.x + x, area.y, *width, &words, style);
    }
}
