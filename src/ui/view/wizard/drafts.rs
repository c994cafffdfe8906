//! The drafts that wait: a line over the machines, and the list to go on with one.
//!
//! ```text
//! ┌ Drafts ─────────────────────────────────────────────────────────┐
//! │ ► New protection   web-01, web-02      Target      09:15 CET     │
//! │                                                                 │
//! │ Enter goes on with it, x discards it, Esc leaves it for later.  │
//! └─────────────────────────────────────────────────────────────────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::frame;
use crate::domain::draft::Draft;
use crate::domain::text::{column, columns, fit};
use crate::domain::{ArmId, Text};
use crate::ui::clock;
use crate::ui::model::wizard::DraftsView;
use crate::ui::model::{Model, Screen};
use crate::ui::paint;
use crate::wizard::steps;

/// Most machines of a draft that are named.
const MOST: usize = 3;

/// What a draft is about, in a few words.
fn about(model: &Model, draft: &Draft) -> String {
    let name = |text: &Text| {
        let id = ArmId::parse(text.as_str());
        let known = id.as_ref().and_then(|id| model.estate.machine(id));
        match (known, &id) {
            (Some(machine), _) => machine.name.to_string(),
            (None, Some(id)) => Text::from(id.name()).to_string(),
            (None, None) => text.to_string(),
        }
    };
    let all = draft.machines();
    let names: Vec<String> = all.iter().take(MOST).map(name).collect();
    match all.len().saturating_sub(MOST) {
        _ if all.is_empty() => "no machine yet".into(),
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

fn step(draft: &Draft) -> &'static str {
    let own = draft.step.as_ref().map(Text::as_str);
    let row = steps(draft.wizard).iter().find(|row| Some(row.name) == own);
    row.map_or("", |row| row.short)
}

/// The line over the machines; nothing while there is no draft.
pub(in crate::ui::view) fn line(model: &Model, area: Rect, buf: &mut Buffer) {
    let Some((_, first)) = model.drafts.first().filter(|_| !area.is_empty()) else {
        return;
    };
    let look = &model.settings.look;
    let waits = match model.drafts.len() {
        1 => "A draft waits:".to_owned(),
        many => format!("{many} drafts wait; newest:"),
    };
    let words = format!(
        " {waits} {} of {}",
        first.wizard.words(),
        about(model, first)
    );
    let hint = "  [d] goes on";
    let at = area.right().saturating_sub(columns(hint) as u16 + 1);
    let room = usize::from(at.saturating_sub(area.x));
    let words = fit(&words, room, look.glyphs.cut);
    paint::put(
        buf,
        area,
        area.x,
        area.y,
        area.width,
        &words,
        look.theme.title,
    );
    paint::put(buf, area, at, area.y, area.width, hint, look.theme.key);
}

/// Whether the line is shown.
#[must_use]
pub fn is_told(model: &Model) -> bool {
    model.screen == Screen::Machines && model.opened.is_none() && !model.drafts.is_empty()
}

pub(in crate::ui::view) fn draw(
    model: &Model,
    state: &DraftsView,
    body: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let look = &model.settings.look;
    let rows = model
        .drafts
        .len()
        .min(usize::from(body.height.saturating_sub(5)));
    let area = frame::centred(body, 76, rows as u16 + 5);
    frame::draw(model, "Drafts", "", area, buf);
    let inner = frame::inside(area);
    let cursor = state.cursor.min(model.drafts.len().saturating_sub(1));
    let top = paint::window(0, cursor, model.drafts.len(), rows);
    for (y, (_, draft)) in (inner.y..).zip(model.drafts.iter().skip(top).take(rows)) {
        let here = usize::from(y - inner.y) + top == cursor;
        let time = draft
            .saved
            .map(|at| clock::moment(at, &model.settings.zone));
        let width = usize::from(inner.width);
        let time = time.unwrap_or_default();
        let rest = width.saturating_sub(2 + 16 + 13 + columns(&time));
        let words = format!(
            "{} {} {} {} {time}",
            if here { look.glyphs.cursor } else { " " },
            column(draft.wizard.words(), 15, look.glyphs.cut),
            column(
                &about(model, draft),
                rest.saturating_sub(1),
                look.glyphs.cut
            ),
            column(step(draft), 12, look.glyphs.cut),
        );
        let style = if here {
            look.theme.selected
        } else {
            look.theme.text
        };
        paint::put(
            buf,
            inner,
            inner.x,
            y,
            inner.width,
            &column(&words, width, look.glyphs.cut),
            style,
        );
    }
    let hint = "Enter goes on with it, x discards it, Esc leaves it for later.";
    let y = inner.bottom().saturating_sub(1);
    paint::put(buf, inner, inner.x, y, inner.width, hint, look.theme.text);
    Some(Position::new(inner.x, inner.y + (cursor - top) as u16))
}
