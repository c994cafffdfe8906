//! The Monitor: plans and runs, and below them the machines of the run under the cursor.
//!
//! ```text
//!    PLAN             KIND       STATE                      PROGRESS
//!  ► erp-home         fail back  » wave 2 of 3              [████████░░░░]  61 %
//!     ! sql-01: are its applications quiet?
//!    web-home         fail back  · saved: recover later     Enter launches it
//!    dc-protect       protect    √ done 08:12               [████████████] 100 %
//!  ── erp-home ── launched 08:40 CET by kim ───── closing this terminal is safe ──
//!    dc-01         home; commit waits            -   f3040a4d   6 min  none
//!  » sql-01        Synchronizing the latest ~   41 % 9b0c2f6e  12 min  none
//!  · web-01        waits for wave 2              -          -       -  stop the run
//! ```
//!
//! Above 120 columns the machines stand beside the list.

mod cells;
mod history;
mod launch;
mod outlives;
mod pane;
mod question;
mod standing;
mod stop;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

pub(super) use history::{draw as history, height as history_height};
pub(super) use launch::{Scripts, calls, draw as launch, extent as launch_extent};
pub(in crate::ui) use outlives::in_words as outlives_in_words;
pub(super) use outlives::safe;
pub(super) use question::{draw as question, extent as question_extent, line as question_line};
pub(super) use standing::standing;
pub(super) use stop::{draw as stop, extent as stop_extent};

use super::machines::select;
use crate::domain::text::column;
use crate::ui::document::wrap;
use crate::ui::look::Tone;
use crate::ui::model::monitor::Row;
use crate::ui::model::{Model, Source};
use crate::ui::paint;
use cells::Columns;

/// Above so many columns the machines stand beside the list.
pub(super) const BESIDE: u16 = 120;
/// Columns of the list when something stands beside it.
const LIST: u16 = 76;
/// Below so many rows there is the list alone.
const LEAST: u16 = 12;

/// Where the list lies, the rule between, and the machines.
pub(super) struct Split {
    pub list: Rect,
    pub rule: Rect,
    pub pane: Rect,
}

impl Split {
    /// Parts `area` for a list of `wanted` rows. Does not depend on what the cursor is on, so that
    /// nothing jumps while it moves.
    pub(super) fn of(area: Rect, wanted: usize, list_width: u16) -> Self {
        let empty = Rect::new(area.x, area.bottom(), area.width, 0);
        if area.width > BESIDE {
            let list = Rect {
                width: list_width.min(area.width),
                ..area
            };
            let rest = Rect {
                x: list.right() + 1,
                width: area.width.saturating_sub(list.width + 1),
                ..area
            };
            let [rule, pane] = headed(rest);
            return Self { list, rule, pane };
        }
        if area.height < LEAST {
            return Self {
                list: area,
                rule: empty,
                pane: empty,
            };
        }
        let most = area.height - (area.height * 2 / 5).max(8);
        let wanted = u16::try_from(wanted).unwrap_or(u16::MAX);
        let height = wanted.clamp(3, most);
        let list = Rect { height, ..area };
        let rest = Rect {
            y: list.bottom(),
            height: area.height - height,
            ..area
        };
        let [rule, pane] = headed(rest);
        Self { list, rule, pane }
    }
}

fn headed(rest: Rect) -> [Rect; 2] {
    let rule = Rect { height: 1, ..rest };
    let pane = Rect {
        y: rest.y + 1,
        height: rest.height.saturating_sub(1),
        ..rest
    };
    [rule.intersection(rest), pane.intersection(rest)]
}

fn split(model: &Model, body: Rect) -> Split {
    Split::of(body, model.monitor.rows.len() + 1, LIST)
}

/// Lines of the list that are in sight.
pub(super) fn list_height(model: &Model, body: Rect) -> usize {
    usize::from(split(model, body).list.height.saturating_sub(1)).max(1)
}

pub(super) fn draw(model: &Model, body: Rect, buf: &mut Buffer) -> Option<Position> {
    let split = split(model, body);
    let columns = Columns::of(split.list.width);
    cells::headings(model, &columns, split.list, buf);
    let list = Rect {
        y: split.list.y + 1,
        height: split.list.height.saturating_sub(1),
        ..split.list
    };
    if model.monitor.rows.is_empty() {
        let whole = Rect {
            height: body.bottom().saturating_sub(list.y),
            ..list
        };
        nothing(model, whole, buf);
        return None;
    }
    let cursor = rows(model, &columns, list, buf);
    if area_between(&split, body) {
        let look = &model.settings.look;
        for y in body.top()..body.bottom() {
            let x = split.list.right();
            paint::put(buf, body, x, y, 1, look.glyphs.vertical, look.theme.border);
        }
    }
    pane::draw(model, split.rule, split.pane, buf);
    cursor
}

fn area_between(split: &Split, body: Rect) -> bool {
    split.list.width < body.width
}

fn rows(model: &Model, columns: &Columns, list: Rect, buf: &mut Buffer) -> Option<Position> {
    let monitor = &model.monitor;
    let height = usize::from(list.height);
    let top = paint::window(monitor.top, monitor.cursor, monitor.rows.len(), height);
    let visible = &monitor.rows[top..monitor.rows.len().min(top + height)];
    for (line, row) in (0..).zip(visible) {
        let area = Rect {
            y: list.y + line,
            height: 1,
            ..list
        };
        cells::row(model, row, columns, area, buf);
    }
    let row = u16::try_from(monitor.cursor.checked_sub(top)?).ok()?;
    let width = match monitor.rows.get(monitor.cursor) {
        Some(Row::Run(_) | Row::Plan(..)) => columns.before_state(),
        Some(Row::Question(..) | Row::More(..) | Row::Damaged(_)) => list.width,
        Some(Row::Head(_) | Row::Older(_)) | None => 0,
    };
    let selected = Rect {
        width: width.min(list.width),
        ..list
    };
    if width > 0 {
        select(&model.settings.look, selected, row, buf);
    }
    Some(Position::new(list.x, list.y + row))
}

/// Why there is nothing to be seen, and what to do.
fn nothing(model: &Model, area: Rect, buf: &mut Buffer) {
    let look = &model.settings.look;
    let mut y = area.y + 1;
    let mut say = |tone: Tone, words: &str| {
        let lines = wrap(words, usize::from(area.width.saturating_sub(6)));
        for line in lines {
            let style = tone.style(&look.theme);
            paint::put(buf, area, area.x + 3, y, area.width, &line, style);
            y += 1;
        }
    };
    if model.settings.source == Source::Recorded {
        return say(Tone::Plain, "A recording has no plans and no runs.");
    }
    for trouble in &model.monitor.troubles {
        say(Tone::Bad, &trouble.lines().join("\n"));
    }
    match model.monitor.is_read {
        false => say(Tone::Plain, "Reading plans and runs..."),
        true if model.monitor.troubles.is_empty() => {
            say(
                Tone::Plain,
                "No plan is saved here, and nothing was run yet.",
            );
            say(
                Tone::Plain,
                "On 1 Machines, mark machines and press p to protect them, f to bring them home.",
            );
        }
        true => {}
    }
}

/// A rule with words in it: what stands below or beside, and a word at its right end.
pub(super) fn rule(
    model: &Model,
    title: &str,
    words: &str,
    right: (&str, Tone),
    area: Rect,
    buf: &mut Buffer,
) {
    use crate::domain::text::{columns, fit};
    if area.is_empty() {
        return;
    }
    let look = &model.settings.look;
    let line = look.glyphs.horizontal.repeat(usize::from(area.width));
    paint::put(
        buf,
        area,
        area.x,
        area.y,
        area.width,
        &line,
        look.theme.border,
    );
    let mut room = usize::from(area.width).saturating_sub(6);
    let (right_words, tone) = right;
    let wide = columns(right_words);
    if wide > 0 && wide + 10 < room {
        let at = area.right().saturating_sub(wide as u16 + 3);
        let words = format!(" {right_words} ");
        let style = tone.style(&look.theme);
        paint::put(buf, area, at, area.y, area.width, &words, style);
        room = room.saturating_sub(wide + 4);
    }
    let title = format!(" {} ", fit(title, room, look.glyphs.cut));
    paint::put(
        buf,
        area,
        area.x + 1,
        area.y,
        area.width,
        &title,
        look.theme.title,
    );
    let used = columns(&title);
    let left = room.saturating_sub(used);
    if !words.is_empty() && left > 8 {
        let words = format!(" {} ", fit(words, left, look.glyphs.cut));
        let at = area.x + 2 + used as u16;
        paint::put(buf, area, at, area.y, area.width, &words, look.theme.text);
    }
}

/// A bar with its percent, `width` columns in all; without room the percent alone.
pub(super) fn bar(model: &Model, percent: u8, width: usize) -> String {
    let bar = width.saturating_sub(6);
    match bar {
        6.. => format!(
            "{} {percent:>3} %",
            model.settings.look.glyphs.bar(percent, bar)
        ),
        _ => column(
            &format!("{percent:>3} %"),
            width,
            model.settings.look.glyphs.cut,
        ),
    }
}
