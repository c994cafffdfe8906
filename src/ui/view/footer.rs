//! The last line: the best hints that fit, what was just said, or the filter while it is typed.
//!
//! ```text
//!  Enter open  f fail back  / filter  Space mark  ? help  : commands  s sort
//!  /web !test_                                                Enter keep  Esc clear
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::domain::text::{columns, fit};
use crate::domain::{Verb, WizardKind};
use crate::ui::action::{self, Action, Row, Scope};
use crate::ui::keys::Key;
use crate::ui::model::monitor::RunView;
use crate::ui::model::{Model, Notice, Overlay, Screen, recording};
use crate::ui::paint;
use crate::wizard::StepId;

/// What reads the agent of the machine that is shown.
const READS: [Action; 4] = [
    Action::ReadAgent,
    Action::PasteFile,
    Action::OpenFile,
    Action::ReadBySsh,
];

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let look = &model.settings.look;
    if let Some(notice) = &model.notice {
        let (words, style) = match notice {
            Notice::Said(words) => (words, look.theme.title),
            Notice::Warned(words) => (words, look.theme.amber),
        };
        let words = format!(
            " {}",
            fit(
                words,
                usize::from(area.width).saturating_sub(2),
                look.glyphs.cut
            )
        );
        paint::put(buf, area, area.x, area.y, area.width, &words, style);
        return None;
    }
    let mut rows = action::hints(model.scopes(), model.settings.is_read_only());
    for (verb, action) in [
        (Verb::Protect, Action::Protect),
        (Verb::FailBack, Action::FailBack),
    ] {
        if rows.iter().any(|row| row.action == action) && !model.is_offered(verb) {
            rows.retain(|row| row.action != action);
        }
    }
    if model.site.is_none() {
        rows.retain(|row| (row.scope, row.action) != (Scope::Connect, Action::Back));
    }
    let own = model.opened.as_ref().map(|opened| &opened.id);
    let is_registered = own.is_some_and(|id| model.identities.known().of_machine(id).is_some());
    if !is_registered {
        rows.retain(|row| row.scope != Scope::Detail || !READS.contains(&row.action));
    }
    if model.drafts.is_empty() {
        rows.retain(|row| row.action != Action::Drafts);
    }
    let stopped = |run: &std::sync::Arc<RunView>| run.is_open() && !run.live;
    match rows.iter().position(|row| row.action == Action::Resume) {
        // What a run wants that nobody carries out stands behind the way into it.
        Some(at) if model.monitor.subject().is_some_and(stopped) => {
            rows[at.min(1)..=at].rotate_right(1);
        }
        Some(at) => drop(rows.remove(at)),
        None => {}
    }
    let has_checks = |overlay: &Overlay| matches!(overlay, Overlay::Question(asking) if !asking.asked.checks.is_empty());
    if model.overlays.last().is_some_and(|top| !has_checks(top)) {
        rows.retain(|row| (row.scope, row.action) != (Scope::Question, Action::Toggle));
    }
    let judged = model.wizard.as_ref().map(|wizard| wizard.step);
    let among_identities = matches!(&model.wizard, Some(wizard)
        if wizard.step == StepId::Identities && wizard.draft.wizard == WizardKind::Protect);
    let records = recording::is_shown(model);
    let checks = matches!(judged, Some(StepId::Readiness | StepId::Review));
    rows.retain(|row| match row.action {
        Action::Recheck => checks || among_identities,
        Action::PasteFile | Action::OpenFile | Action::ReadBySsh | Action::Attest => {
            among_identities
        }
        Action::StopReading => among_identities || (records && model.recordings.under_way() > 0),
        Action::RecordGuests => records,
        // There is nothing to mark among findings.
        Action::Toggle if records => row.scope != Scope::Wizard,
        Action::Toggle | Action::NextField => !(among_identities && row.scope == Scope::Wizard),
        _ => true,
    });
    if among_identities && let Some(at) = rows.iter().position(|row| row.action == Action::Recheck)
    {
        // What the step is for comes first.
        rows[..=at].rotate_right(1);
    }
    match (&model.filter_field, model.overlays.is_empty()) {
        (Some(field), true) => {
            let room = area.width.saturating_sub(30).max(12);
            let (shown, at) = field.window(usize::from(room) - 3);
            paint::put(buf, area, area.x, area.y, 2, " /", look.theme.key);
            paint::put(
                buf,
                area,
                area.x + 2,
                area.y,
                room - 2,
                &shown,
                look.theme.text,
            );
            let rest = Rect {
                x: area.x + room,
                width: area.width.saturating_sub(room),
                ..area
            };
            hints(model, &rows, rest, buf);
            Some(Position::new(area.x + 2 + at as u16, area.y))
        }
        _ => {
            hints(model, &rows, area, buf);
            None
        }
    }
}

/// The first key that does what the hint says now: where text is typed, a letter does not.
fn shown_key(model: &Model, row: &Row) -> Option<String> {
    let list_itself =
        model.overlays.is_empty() && model.screen == Screen::Machines && model.opened.is_none();
    let list = &model.listing;
    if row.action == Action::Back && list_itself && list.filter.is_empty() && list.anchor.is_none()
    {
        return None;
    }
    let usable = |key: &&Key| !(model.takes_text() && matches!(key, Key::Char(_)));
    row.keys.iter().find(usable).map(ToString::to_string)
}

/// Among identities the key that checks again reads.
fn hint(model: &Model, row: &Row) -> &'static str {
    let step = model.wizard.as_ref().map(|wizard| wizard.step);
    match (row.action, step) {
        (Action::Recheck, Some(StepId::Identities)) => "read",
        _ => row.hint,
    }
}

/// As many hints as fit, best first; one that does not fit makes room for a shorter one.
fn hints(model: &Model, rows: &[&Row], area: Rect, buf: &mut Buffer) {
    let theme = &model.settings.look.theme;
    let mut spans = Vec::new();
    let mut used = 0;
    for row in rows {
        let Some(key) = shown_key(model, row) else {
            continue;
        };
        let hint = hint(model, row);
        let wide = columns(&key) + columns(hint) + 3;
        if used + wide > usize::from(area.width) {
            continue;
        }
        used += wide;
        let hint = format!(" {hint} ");
        spans.extend([
            Span::raw(" "),
            Span::styled(key, theme.key),
            Span::raw(hint),
        ]);
    }
    paint::put_line(buf, area, 0, &Line::from(spans));
}
