//! Connecting a site: the form, and what the test found, finding by finding.
//!
//! ```text
//!   Name of the site    contoso-dr
//! ► Tenant              contoso.onmicrosoft.com
//!     x ' ' cannot stand in a tenant.
//!   ...
//!   [ Test F5 ]   Save F10
//!   √ sign in           a token for 59 minutes
//!   x vault rsv-weu     403: ...
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::domain::Text;
use crate::domain::text::column;
use crate::site::{Finding, Verdict};
use crate::ui::connect::{Entry, Form};
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::paint;

const LABEL: usize = 20;

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let (lines, focused, cursor) = lines(model, inner.width);
    let height = usize::from(inner.height);
    let last = lines.len().saturating_sub(height);
    let top = match model.form.scroll {
        Some(top) => top.min(last),
        // What the test finds stands below the buttons: they go up to make room for it.
        None if matches!(model.form.focus, Entry::Test | Entry::Save) => {
            focused.saturating_sub(1).min(last)
        }
        None => paint::window(0, focused, lines.len(), height),
    };
    super::page(&lines, top, inner, buf);
    let row = focused.checked_sub(top).filter(|row| *row < height)? as u16;
    paint::put(
        buf,
        area,
        area.x,
        area.y + row,
        1,
        model.settings.look.glyphs.cursor,
        model.settings.look.theme.key,
    );
    Some(Position::new(inner.x + cursor, inner.y + row))
}

/// Lines of the form, and how many are in sight.
pub(super) fn extent(model: &Model, width: u16) -> usize {
    lines(model, width.saturating_sub(2)).0.len()
}

/// Every line, which of them has the focus, and the cursor's column in it.
fn lines(model: &Model, width: u16) -> (Vec<Line<'static>>, usize, u16) {
    let form = &model.form;
    let mut doc = Document::new(&model.settings.look, width);
    if model.site.is_none() {
        let text = doc.look().theme.text;
        doc.words(
            1,
            "No site yet: where are the vaults, and how does this machine sign in?",
            text,
        );
    }
    let (mut focused, mut cursor) = (0, 0);
    for entry in form.entries() {
        if entry == Entry::Test {
            doc.blank();
            if matches!(form.focus, Entry::Test | Entry::Save) {
                focused = doc.lines.len();
                cursor = if form.focus == Entry::Test { 1 } else { 15 };
            }
            doc.line(buttons(model));
            continue;
        }
        if entry == Entry::Save {
            continue;
        }
        if entry == form.focus {
            focused = doc.lines.len();
        }
        let (line, at) = entry_line(model, entry, usize::from(width));
        if entry == form.focus {
            cursor = at;
        }
        doc.line(line);
        below(form, entry, &mut doc);
    }
    findings(form, &mut doc);
    (doc.lines, focused, cursor)
}

fn entry_line(model: &Model, entry: Entry, width: usize) -> (Line<'static>, u16) {
    let look = &model.settings.look;
    let form = &model.form;
    let focused = entry == form.focus;
    let style = if focused {
        look.theme.selected
    } else {
        look.theme.text
    };
    let room = width.saturating_sub(LABEL + 1).clamp(4, 64);
    let label = Span::styled(
        format!(" {}", column(form.label(entry), LABEL - 1, look.glyphs.cut)),
        look.theme.text,
    );
    if let Some(choice) = form.choice(entry) {
        let words = format!("< {choice} >");
        let value = Span::styled(column(&words, room, look.glyphs.cut), style);
        return (Line::from(vec![label, value]), LABEL as u16);
    }
    let Some(field) = form.field(entry) else {
        return (Line::from(label), 0);
    };
    let (shown, at) = if focused {
        field.window(room.saturating_sub(1))
    } else {
        (field.text().to_owned(), 0)
    };
    let value = Span::styled(column(&shown, room, look.glyphs.cut), style);
    (Line::from(vec![label, value]), (LABEL + at) as u16)
}

/// Under an entry: what is wrong with it; under the one in focus, else what belongs there.
fn below(form: &Form, entry: Entry, doc: &mut Document<'_>) {
    let text = doc.look().theme.text;
    match form.error(entry) {
        Some(error) => doc.toned(3, Tone::Bad, error),
        None if entry == form.focus => doc.words(5, form.help(entry), text),
        None => {}
    }
}

fn buttons(model: &Model) -> Line<'static> {
    let theme = &model.settings.look.theme;
    let form = &model.form;
    let style = |entry| {
        if form.focus == entry {
            theme.selected
        } else {
            theme.key
        }
    };
    let note = match (form.saving, form.testing) {
        (true, _) => "saving...",
        (false, Some(_)) => "testing...",
        (false, None) if form.passed() => "the test went through",
        _ => "",
    };
    Line::from(vec![
        Span::raw(" "),
        Span::styled("[ Test  F5 ]", style(Entry::Test)),
        Span::raw("  "),
        Span::styled("[ Save  F10 ]", style(Entry::Save)),
        Span::styled(format!("  {note}"), theme.busy),
    ])
}

fn findings(form: &Form, doc: &mut Document<'_>) {
    if form.focus == Entry::Test || form.focus == Entry::Save {
        let text = doc.look().theme.text;
        doc.words(1, form.help(form.focus), text);
    }
    for finding in &form.findings {
        draw_finding(finding, doc);
    }
    if let Some(failure) = &form.save_failure {
        doc.failure(1, failure);
    }
}

fn draw_finding(finding: &Finding, doc: &mut Document<'_>) {
    let words = |said: &Text| format!("{}: {said}", finding.what);
    match &finding.verdict {
        Verdict::Good(said) => doc.toned(1, Tone::Good, &words(said)),
        Verdict::But(said) => doc.toned(1, Tone::Amber, &words(said)),
        Verdict::NotTried => doc.toned(1, Tone::Unknown, &format!("{}: not tried", finding.what)),
        Verdict::Bad(failure) => {
            doc.toned(1, Tone::Bad, finding.what);
            doc.failure(3, failure);
        }
    }
}
