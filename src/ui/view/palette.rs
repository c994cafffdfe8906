//! The list of commands; typing narrows it.
//!
//! ```text
//! ┌ Commands ──────────────────────────────────────────────────┐
//! │ : fail                                                      │
//! │ ► fail-back        f          Fail the machine back to ...  │
//! └─────────────────────────────────────────────────────────────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{frame, machines};
use crate::domain::text::column;
use crate::ui::action::{Row, Scope, TABLE};
use crate::ui::model::{Model, Palette};
use crate::ui::paint;

/// Columns of a command's name.
const NAME: usize = 21;

/// The rows that the typed words leave, those that can be run here first; each action once.
#[must_use]
pub fn matches(model: &Model, typed: &str) -> Vec<(&'static Row, bool)> {
    let typed = typed.to_lowercase();
    let here = model.scopes_beneath();
    let mut rows: Vec<(&Row, bool)> = TABLE
        .iter()
        .filter(|row| !matches!(row.scope, Scope::Palette))
        .filter(|row| !(row.dangerous && model.settings.is_read_only()))
        .map(|row| (row, here.contains(&row.scope)))
        .filter(|(row, _)| {
            let hay = format!("{} {}", row.name, row.words).to_lowercase();
            typed.split_whitespace().all(|word| hay.contains(word))
        })
        .collect();
    // One action has one row: the one that runs here, else the first that would run elsewhere.
    rows.sort_by_key(|(_, runs)| !runs);
    let mut seen = std::collections::HashSet::new();
    rows.retain(|(row, _)| seen.insert(row.action));
    // What is named as typed comes before what only mentions it.
    rows.sort_by_key(|(row, runs)| (!runs, !row.name.starts_with(typed.trim())));
    rows
}

pub(super) fn draw(
    model: &Model,
    state: &Palette,
    body: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let look = &model.settings.look;
    let area = frame::centred(body, 100, 18);
    let rows = matches(model, state.field.text());
    let noun = if rows.len() == 1 {
        "command"
    } else {
        "commands"
    };
    let note = if model.settings.is_read_only() {
        format!("{} {noun}; read-only: changes are left out", rows.len())
    } else {
        format!("{} {noun}", rows.len())
    };
    frame::draw(model, "Commands", &note, area, buf);
    let inner = frame::inside(area);
    let (shown, at) = state.field.window(usize::from(inner.width) - 2);
    paint::put(buf, inner, inner.x, inner.y, 2, ":", look.theme.key);
    paint::put(
        buf,
        inner,
        inner.x + 2,
        inner.y,
        inner.width,
        &shown,
        look.theme.text,
    );

    let list = Rect {
        y: inner.y + 1,
        height: inner.height.saturating_sub(1),
        ..inner
    };
    let height = usize::from(list.height);
    let cursor = state.cursor.min(rows.len().saturating_sub(1));
    let top = paint::window(
        cursor.saturating_sub(height / 2),
        cursor,
        rows.len(),
        height,
    );
    for (line, (row, runs)) in (0..list.height).zip(rows.iter().skip(top)) {
        let cut = look.glyphs.cut;
        let keys = if row.keys.is_empty() {
            "-".into()
        } else {
            row.key_words()
        };
        let place = if *runs {
            String::new()
        } else {
            format!("({}) ", row.scope.title())
        };
        let text = format!(
            "  {} {} {place}{}",
            column(row.name, NAME, cut),
            column(&keys, 11, cut),
            row.words
        );
        let text = crate::domain::text::fit(&text, usize::from(list.width), cut);
        paint::put(
            buf,
            list,
            list.x,
            list.y + line,
            list.width,
            &text,
            look.theme.text,
        );
        if !runs {
            continue;
        }
        paint::put(
            buf,
            list,
            list.x + 2,
            list.y + line,
            NAME as u16,
            row.name,
            look.theme.key,
        );
    }
    if !rows.is_empty() {
        machines::select(look, list, (cursor - top) as u16, buf);
    }
    Some(Position::new(inner.x + 2 + at as u16, inner.y))
}
