//! What can be asked of machines, a line each; below, all about the one under the cursor.
//!
//! ```text
//! ┌ app-02: what can be asked of it ────────────────────────────────┐
//! │ ► c  Commit                                                     │
//! │   u  Cancel failover                                            │
//! │   b  Protect to Azure                                           │
//! │ NOT NOW                                                         │
//! │   f  Fail back            It runs on-premises already.          │
//! │ ─────────────────────────────────────────────────────────────── │
//! │ Commit the failover: after a failback Azure may delete its VM   │
//! └─────────────────────────────────────────────────────────────────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{frame, machines};
use crate::domain::caution::cautions;
use crate::domain::text::{column, fit};
use crate::domain::{Machine, Verb};
use crate::ui::action::{Scope, TABLE};
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::menu::{Entry, action_of};
use crate::ui::model::{Menu, Model};
use crate::ui::paint;

/// Rows at the bottom for all about the entry under the cursor.
const ABOUT: u16 = 8;

pub(super) fn draw(model: &Model, menu: &Menu, body: Rect, buf: &mut Buffer) -> Option<Position> {
    let known = menu.known(model);
    let entries = menu.entries(model);
    let is_mixed = entries.iter().any(|e| !e.offered.is_empty())
        && entries.iter().any(|e| e.offered.is_empty());
    let rows = entries.len() as u16 + u16::from(is_mixed);
    let area = frame::centred(body, 100, rows + ABOUT + 3);
    let title = match known.as_slice() {
        [one] => format!("{}: what can be asked of it", one.name),
        several => format!("{} machines: what can be asked of them", several.len()),
    };
    frame::draw(model, &title, "", area, buf);
    let inner = frame::inside(area);
    if inner.is_empty() {
        return None;
    }
    let look = &model.settings.look;
    if entries.is_empty() {
        let words = "Azure offers nothing now that this program carries out.";
        paint::put(
            buf,
            inner,
            inner.x,
            inner.y,
            inner.width,
            words,
            look.theme.text,
        );
        return Some(Position::new(inner.x, inner.y));
    }
    let cursor = menu.cursor.min(entries.len() - 1);
    let about = ABOUT.min(inner.height / 2);
    let list = Rect {
        height: inner.height - about,
        ..inner
    };
    let at = lines(model, &entries, cursor, known.len(), list, buf);
    let below = Rect {
        y: inner.y + list.height,
        height: about,
        ..inner
    };
    let rule = look.glyphs.horizontal.repeat(usize::from(inner.width));
    paint::put(
        buf,
        below,
        below.x,
        below.y,
        below.width,
        &rule,
        look.theme.border,
    );
    let text = Rect {
        y: below.y + 1,
        height: below.height.saturating_sub(1),
        ..below
    };
    let mut doc = Document::new(look, inner.width);
    told(model, &entries[cursor], &mut doc);
    super::page(&doc.lines, 0, text, buf);
    Some(at)
}

/// The entries, those that are offered above those that are explained.
fn lines(
    model: &Model,
    entries: &[Entry],
    cursor: usize,
    of: usize,
    area: Rect,
    buf: &mut Buffer,
) -> Position {
    let look = &model.settings.look;
    let mut at = Position::new(area.x, area.y);
    let mut rows: Vec<Option<(usize, &Entry)>> = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        let first =
            entry.offered.is_empty() && number > 0 && !entries[number - 1].offered.is_empty();
        if first {
            rows.push(None);
        }
        rows.push(Some((number, entry)));
    }
    let here = rows
        .iter()
        .position(|row| row.is_some_and(|(number, _)| number == cursor))
        .unwrap_or(0);
    let height = usize::from(area.height);
    let top = paint::window(here.saturating_sub(height / 2), here, rows.len(), height);
    for (line, row) in (0..area.height).zip(rows.iter().skip(top)) {
        let Some((number, entry)) = row else {
            let style = look.theme.heading;
            paint::put(
                buf,
                area,
                area.x,
                area.y + line,
                area.width,
                "NOT NOW",
                style,
            );
            continue;
        };
        let text = format!(
            "  {} {} {}",
            key(entry.verb),
            column(entry.verb.words(), 22, look.glyphs.cut),
            beside(model, entry, of)
        );
        let text = fit(&text, usize::from(area.width), look.glyphs.cut);
        let style = look.theme.text;
        paint::put(buf, area, area.x, area.y + line, area.width, &text, style);
        if !entry.offered.is_empty() {
            let key = key(entry.verb);
            paint::put(
                buf,
                area,
                area.x + 2,
                area.y + line,
                1,
                &key,
                look.theme.key,
            );
        }
        if *number == cursor {
            machines::select(look, area, line, buf);
            at = Position::new(area.x, area.y + line);
        }
    }
    at
}

/// The letter that runs it in the menu.
fn key(verb: Verb) -> String {
    let own = |row: &&crate::ui::action::Row| {
        row.scope == Scope::Menu && action_of(verb) == Some(row.action)
    };
    let row = TABLE.iter().find(own);
    let key = row.and_then(|row| row.keys.first());
    key.map_or(" ".into(), ToString::to_string)
}

/// For how many it is offered, and what stops it; else why not, in short.
fn beside(model: &Model, entry: &Entry, of: usize) -> String {
    let offered = entry.offered.iter();
    let stopped = offered.filter(|machine| model.stopped(entry.verb, &machine.id).is_some());
    match (stopped.count(), entry.offered.len()) {
        (0, _) => {}
        (_, 1) => return "stopped by DUP-02: who is who?".into(),
        (some, all) => return format!("DUP-02 stops {some} of {all}: who is who?"),
    }
    match (entry.offered.len(), entry.left_out.first()) {
        (0, Some((machine, why))) if of > 1 => format!("{}: {}", machine.name, why.why),
        (0, Some((_, why))) => why.why.clone(),
        (some, _) if of > 1 && some < of => format!("for {some} of {of}"),
        _ => String::new(),
    }
}

/// Nothing anybody says lets such a machine through.
const STOPPED: &str = "It is put right in the step Identities before anything is sent. [DUP-02]";

/// All about an entry: what it does, for whom, and why not for the others.
fn told(model: &Model, entry: &Entry, doc: &mut Document<'_>) {
    let theme = &model.settings.look.theme;
    let own = |row: &&crate::ui::action::Row| action_of(entry.verb) == Some(row.action);
    let wizard = matches!(
        entry.verb,
        Verb::FailBack | Verb::Protect | Verb::FailOverToAzure
    );
    let scope = if wizard { Scope::Menu } else { Scope::Detail };
    let row = TABLE.iter().filter(own).find(|row| row.scope == scope);
    if let Some(row) = row.filter(|_| !entry.offered.is_empty()) {
        doc.words(0, row.words, theme.text);
    }
    for machine in &entry.offered {
        if let Some(why) = model.stopped(entry.verb, &machine.id) {
            let words = format!("{}: {why}. {STOPPED}", machine.name);
            doc.toned(0, Tone::Bad, &words);
        }
    }
    if let [one] = entry.offered.as_slice() {
        for words in cautions(entry.verb, one) {
            doc.toned(0, Tone::Amber, words);
        }
    }
    let alone = entry.offered.len() + entry.left_out.len() == 1;
    for (machine, why) in &entry.left_out {
        match alone {
            true => doc.words(0, &why.to_string(), theme.text),
            false => doc.words(0, &format!("{}: {why}", machine.name), theme.text),
        }
    }
    if entry.offered.len() > 1 {
        let names: Vec<String> = entry
            .offered
            .iter()
            .map(|m: &std::sync::Arc<Machine>| m.name.to_string())
            .collect();
        doc.words(0, &format!("For {}.", names.join(", ")), theme.text);
    }
}
