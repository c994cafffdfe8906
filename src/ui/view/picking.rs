//! A choice that an action wants.
//!
//! ```text
//! ┌ Change recovery point ──────────────────────────────────────────┐
//! │ Which recovery point for app-03?                                │
//! │ Until the commit it can be changed again. [004]                 │
//! │                                                                 │
//! │ ► Latest processed       The newest point that is there already │
//! │   Crash-consistent       21 Nov 09:05 CET, 4 min old            │
//! └─────────────────────────────────────────────────────────────────┘
//! ```

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{frame, machines};
use crate::domain::size::span;
use crate::domain::text::{column, fit};
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::picking::{Candidate, Next, Question, Told};
use crate::ui::model::{Model, Picking};
use crate::ui::paint;

fn head<'a>(model: &'a Model, question: &Question, width: u16) -> Document<'a> {
    let look = &model.settings.look;
    let mut doc = Document::new(look, width);
    doc.words(0, &question.title, look.theme.title);
    for note in &question.notes {
        doc.words(0, note, look.theme.text);
    }
    doc.blank();
    doc
}

/// Lines of the list that are in sight.
pub(super) fn height(model: &Model, picking: &Picking, body: Rect) -> usize {
    let inner = frame::inside(body);
    let head = match picking.next() {
        Next::Ask(question) => head(model, &question, inner.width).lines.len(),
        _ => 0,
    };
    usize::from(inner.height).saturating_sub(head).max(1)
}

pub(super) fn draw(
    model: &Model,
    picking: &Picking,
    body: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let look = &model.settings.look;
    let inner = frame::inside(body);
    let Next::Ask(question) = picking.next() else {
        frame::draw(model, picking.verb.words(), "", body, buf);
        let mut doc = Document::new(look, inner.width);
        doc.toned(0, Tone::Busy, "Reading what can be chosen...");
        super::page(&doc.lines, 0, inner, buf);
        return Some(Position::new(inner.x, inner.y));
    };
    let count = question.candidates.len();
    let doc = head(model, &question, inner.width);
    let used = (doc.lines.len() as u16).min(inner.height.saturating_sub(1));
    let list = Rect {
        y: inner.y + used,
        height: inner.height - used,
        ..inner
    };
    let height = usize::from(list.height);
    let cursor = picking.cursor.min(count.saturating_sub(1));
    let top = paint::window(picking.top, cursor, count, height);
    let more = match count.saturating_sub(top + height) {
        0 => String::new(),
        more => format!("{more} more"),
    };
    frame::draw(model, picking.verb.words(), &more, body, buf);
    let above = Rect {
        height: used,
        ..inner
    };
    super::page(&doc.lines, 0, above, buf);
    for (line, candidate) in (0..list.height).zip(question.candidates.iter().skip(top)) {
        let text = format!(
            "  {} {}",
            column(&candidate.label, 22, look.glyphs.cut),
            told(model, candidate)
        );
        let text = fit(&text, usize::from(list.width), look.glyphs.cut);
        paint::put(
            buf,
            list,
            list.x,
            list.y + line,
            list.width,
            &text,
            look.theme.text,
        );
    }
    let row = u16::try_from(cursor.saturating_sub(top)).unwrap_or(0);
    machines::select(look, list, row, buf);
    Some(Position::new(list.x, list.y + row))
}

fn told(model: &Model, candidate: &Candidate) -> String {
    match &candidate.told {
        Told::Words(words) => words.clone(),
        Told::Point { time, multi_vm } => {
            let group = if *multi_vm { ", of the group" } else { "" };
            format!("{}{group}", age(model, *time))
        }
    }
}

/// When a recovery point was made, and how old it was at the reading. Age is counted against the
/// service's own time, not against the local clock; a point from the future has none.
pub(super) fn age(model: &Model, time: Option<Timestamp>) -> String {
    let parts = model.estate.parts.iter();
    let read_at = parts.filter_map(|part| part.read_at).max();
    let zone = &model.settings.zone;
    match (time, read_at) {
        (None, _) => "age unknown: the time that the service gives cannot be trusted".into(),
        (Some(at), None) => clock::moment(at, zone),
        (Some(at), Some(now)) => {
            let stamp = clock::moment(at, zone);
            match clock::between(at, now) {
                0.. => format!("{stamp}, {} old", span(clock::between(at, now))),
                _ => format!("{stamp}, age unknown: future"),
            }
        }
    }
}
