//! Confirming a change: everything that will happen, the call as it goes out, the machine's name.
//!
//! ```text
//! ┌ Fail back: sql-01 (Azure -> on-premises) ───────────────────────┐
//! │ ! The Azure VM is shut down first ...                           │
//! │ Way back: none once Fail back is sent                           │
//! │ POST /subscriptions/.../unplannedFailover?api-version=...       │
//! │ {"properties":{...}}                                            │
//! │ Type the machine's name to send it:                             │
//! │  sql-01_                                                        │
//! │ [ Cancel ]  Send                                                │
//! └─────────────────────────────────────────────────────────────────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::frame;
use crate::domain::{Place, Text, Verb};
use crate::ui::document::{Document, broken};
use crate::ui::look::Tone;
use crate::ui::model::{Confirm, ConfirmFocus, Model};
use crate::ui::paint;

/// Rows below the text: the question, the field, what is wrong with it, the buttons.
const ASKING: u16 = 5;

pub(super) fn draw(
    model: &Model,
    state: &Confirm,
    body: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let area = body;
    let inner = frame::inside(area);
    let lines = lines(model, state, inner.width);
    let text = text_area(inner);
    let height = usize::from(text.height);
    let last = lines.len().saturating_sub(height);
    let top = state.top.min(last);
    frame::draw(model, &title(state), "", area, buf);
    super::page(&lines, top, text, buf);
    ask(model, state, last.saturating_sub(top), inner, buf)
}

fn title(state: &Confirm) -> String {
    let way = match state.prepared.verb {
        Verb::FailBack | Verb::Protect => "Azure -> on-premises",
        Verb::FailOverToAzure | Verb::ProtectToAzure => "on-premises -> Azure",
        _ => {
            return format!(
                "{}: {}",
                state.prepared.verb.words(),
                state.prepared.machine
            );
        }
    };
    let (verb, machine) = (state.prepared.verb.words(), &state.prepared.machine);
    format!("{verb}: {machine} ({way})")
}

fn text_area(inner: Rect) -> Rect {
    Rect {
        height: inner.height.saturating_sub(ASKING),
        ..inner
    }
}

/// Lines of text above the question, and how many are in sight.
pub(super) fn extent(model: &Model, state: &Confirm, inner: Rect) -> (usize, usize) {
    let text = text_area(inner);
    (
        lines(model, state, inner.width).len(),
        usize::from(text.height),
    )
}

fn lines(model: &Model, state: &Confirm, width: u16) -> Vec<Line<'static>> {
    let theme = &model.settings.look.theme;
    let mut doc = Document::new(&model.settings.look, width);
    let prepared = &state.prepared;
    for warning in &prepared.warnings {
        doc.toned(0, Tone::Amber, warning.as_str());
    }
    if model.is_fate_unknown(&state.machine) {
        let words = "An earlier change of this machine was sent and nobody knows whether it was made. \
                     Look at the machine and its jobs before sending another.";
        doc.toned(0, Tone::Bad, words);
    }
    let machine = model.estate.machine(&state.machine);
    if let Some(Place::Unknown(why)) = machine.map(|machine| &machine.place) {
        doc.toned(
            0,
            Tone::Unknown,
            &format!("where it runs is unknown: {why}"),
        );
    }
    doc.section("THE CALL, AS IT GOES OUT");
    let address = format!("{} {}", prepared.call.method, prepared.call.path);
    for line in broken(Text::from(address).as_str(), doc.width()) {
        doc.line(Line::styled(line, theme.quote));
    }
    if let Some(body) = &prepared.call.body {
        for raw in body.lines() {
            for line in broken(Text::from(raw).as_str(), doc.width()) {
                doc.line(Line::styled(line, theme.quote));
            }
        }
    }
    doc.lines
}

fn ask(
    model: &Model,
    state: &Confirm,
    hidden: usize,
    inner: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let look = &model.settings.look;
    let theme = &look.theme;
    let y = inner.bottom().saturating_sub(ASKING);
    let prepared = &state.prepared;
    let name = match prepared.machine.as_str().is_ascii() {
        true => "the machine's name".to_owned(),
        false => format!("the machine's name or {}", prepared.item_name()),
    };
    // Always in sight, however small the terminal: there is no way back from here.
    let way_back = format!("Way back: {}", prepared.way_back);
    paint::put(buf, inner, inner.x, y, inner.width, &way_back, theme.bad);
    if hidden > 0 {
        let more = format!("PgDn: {hidden} more");
        let at = inner.right().saturating_sub(more.len() as u16);
        if at > inner.x + way_back.len() as u16 {
            paint::put(buf, inner, at, y, inner.width, &more, theme.key);
        }
    }
    let y = y + 1;
    let question = format!("Type {name} to send it:");
    paint::put(buf, inner, inner.x, y, inner.width, &question, theme.text);

    let field = Rect::new(inner.x, y + 1, inner.width.min(64), 1).intersection(inner);
    let style = match state.focus {
        ConfirmFocus::Name => theme.selected,
        _ => theme.text,
    };
    paint::style_row(buf, field, 0, style);
    let (shown, at) = state
        .field
        .window(usize::from(field.width).saturating_sub(2));
    paint::put(buf, field, field.x + 1, field.y, field.width, &shown, style);
    if let Some(error) = &state.error {
        let words = format!("{} {error}", Tone::Bad.glyph(&look.glyphs));
        paint::put(buf, inner, inner.x, y + 2, inner.width, &words, theme.bad);
    }
    let cursor = buttons(
        model,
        state,
        Rect {
            y: y + 3,
            height: 1,
            ..inner
        },
        buf,
    );
    match state.focus {
        ConfirmFocus::Name => Some(Position::new(field.x + 1 + at as u16, field.y)),
        _ => cursor,
    }
}

/// The default is bracketed: Cancel, until the name stands in the field.
fn buttons(model: &Model, state: &Confirm, row: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = &model.settings.look.theme;
    let named = state.prepared.confirm(state.field.text()).is_some();
    let send_is_default = match state.focus {
        ConfirmFocus::Send => true,
        ConfirmFocus::Cancel => false,
        ConfirmFocus::Name => named,
    };
    let mut x = row.x;
    let mut cursor = None;
    for (label, default, focused) in [
        (
            "Cancel",
            !send_is_default,
            state.focus == ConfirmFocus::Cancel,
        ),
        ("Send", send_is_default, state.focus == ConfirmFocus::Send),
    ] {
        let words = if default {
            format!("[ {label} ]")
        } else {
            format!("  {label}  ")
        };
        let style = match (focused, default) {
            (true, _) => theme.selected,
            (false, true) => theme.key,
            (false, false) => theme.text,
        };
        paint::put(buf, row, x, row.y, words.len() as u16, &words, style);
        if focused {
            cursor = Some(Position::new(x, row.y));
        }
        x += words.len() as u16 + 2;
    }
    cursor
}
