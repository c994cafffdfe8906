//! A consent or an attestation: what was found, what to do about it, and the person's own words.
//!
//! ```text
//! ┌ Consent: RP-04 ─────────────────────────────────────────────────┐
//! │ ! web-01: the newest such point is 50 min old                   │
//! │ What to do: ...                                                 │
//! │ Why do you want it nevertheless? It is kept in the plan.        │
//! │  agreed with the owners_                                        │
//! │ [ Cancel ]  Consent                                             │
//! └─────────────────────────────────────────────────────────────────┘
//! ```

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::super::buttons::{self, Button};
use super::super::frame;
use super::readiness::tone;
use crate::domain::plan::{StatementKind, Subject};
use crate::domain::{Plan, citation};
use crate::readiness::identity_doubts;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::monitor::{Readied, ReadyState};
use crate::ui::model::wizard::{About, Stating, StatingFocus};
use crate::ui::model::{Model, Overlay};
use crate::ui::paint;

/// Rows below the text: the question, the field, what is wrong, the buttons.
const ASKING: u16 = 4;

pub(in crate::ui::view) fn draw(
    model: &Model,
    state: &Stating,
    body: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let inner = frame::inside(body);
    let text = Rect {
        height: inner.height.saturating_sub(ASKING),
        ..inner
    };
    let lines = lines(model, state, inner.width);
    let last = lines.len().saturating_sub(usize::from(text.height));
    let title = format!("{}: {}", state.verb(), state.check);
    frame::draw(model, &title, "", body, buf);
    crate::ui::view::page(&lines, state.top.min(last), text, buf);
    ask(model, state, inner, buf)
}

/// Lines of text above the question, and how many are in sight.
pub(in crate::ui::view) fn extent(model: &Model, state: &Stating, body: Rect) -> (usize, usize) {
    let inner = frame::inside(body);
    let height = inner.height.saturating_sub(ASKING);
    (lines(model, state, inner.width).len(), usize::from(height))
}

fn lines(model: &Model, state: &Stating, width: u16) -> Vec<Line<'static>> {
    let mut doc = Document::new(&model.settings.look, width);
    if state.about == About::Identity {
        early(model, state, &mut doc);
        return doc.lines;
    }
    let Some((readied, plan)) = judged(model, state) else {
        return doc.lines;
    };
    let own = readied.findings.of(state.check);
    let about: Vec<_> = own
        .filter(|f| state.subjects.contains(&f.subject))
        .collect();
    for finding in &about {
        let name = plan.subject_names(&finding.subject);
        doc.toned(0, tone(finding), &format!("{name}: {}", finding.words));
    }
    if let Some(first) = about.first() {
        doc.blank();
        doc.fact("Wanted", first.row.title);
        doc.fact("What to do", first.what_to_do());
        doc.fact("Source", &citation::told(first.row.sources));
    }
    doc.blank();
    let words = match state.kind {
        StatementKind::Consent => {
            "Consenting starts the plan nevertheless. It is kept in the plan with your name, and \
             falls when the plan or what was found changes."
        }
        StatementKind::Attestation => {
            "Attesting says that you looked, and that it is as it should be. It is kept in the plan \
             with your name, and falls when the plan or what was found changes."
        }
    };
    doc.words(0, words, doc.look().theme.text);
    doc.lines
}

/// What nobody can tell about a machine's registrations.
fn early(model: &Model, state: &Stating, doc: &mut Document<'_>) {
    let text = doc.look().theme.text;
    for subject in &state.subjects {
        let Subject::Machine(id) = subject else {
            continue;
        };
        let Some(own) = model.identities.known().of_machine(id) else {
            continue;
        };
        let name = format!(
            "{}, VM {}",
            own.group.subject.name,
            crate::ui::view::identities::vm(own)
        );
        for (check, words, _) in identity_doubts(&own.judged) {
            doc.toned(0, Tone::Unknown, &format!("{check} {name}: {words}"));
        }
    }
    doc.blank();
    doc.words(
        0,
        "Attesting says that you looked, and know which registration is the machine in Azure. It is kept in the draft with your name, and counts while what is in doubt \
         stays the same.",
        text,
    );
}

/// What was found, and the plan that it is about.
fn judged<'a>(model: &'a Model, state: &Stating) -> Option<(&'a Readied, Cow<'a, Plan>)> {
    if state.about != About::Launch {
        let wizard = model.wizard.as_ref()?;
        return Some((wizard.readied()?, Cow::Owned(wizard.plan()?)));
    }
    let mut layers = model.overlays.iter().rev();
    layers.find_map(|overlay| match overlay {
        Overlay::Launch(launching) => match &launching.ready {
            ReadyState::Known(readied) => Some((&**readied, Cow::Borrowed(&*launching.plan))),
            _ => None,
        },
        _ => None,
    })
}

fn ask(model: &Model, state: &Stating, inner: Rect, buf: &mut Buffer) -> Option<Position> {
    let look = &model.settings.look;
    let theme = &look.theme;
    let y = inner.bottom().saturating_sub(ASKING);
    let question = match state.kind {
        StatementKind::Consent => "Why do you want it nevertheless?",
        StatementKind::Attestation => "What did you look at?",
    };
    paint::put(buf, inner, inner.x, y, inner.width, question, theme.text);
    let field = Rect::new(inner.x, y + 1, inner.width.min(64), 1).intersection(inner);
    let style = match state.focus {
        StatingFocus::Why => theme.selected,
        _ => theme.text,
    };
    let typed = paint::field(buf, field, &state.field, style);
    if let Some(error) = &state.error {
        let words = format!("{} {error}", Tone::Bad.glyph(&look.glyphs));
        paint::put(buf, inner, inner.x, y + 2, inner.width, &words, theme.bad);
    }
    let states = match state.focus {
        StatingFocus::State => true,
        StatingFocus::Cancel => false,
        StatingFocus::Why => !state.field.text().trim().is_empty(),
    };
    let both = [
        Button {
            label: "Cancel",
            default: !states,
            focused: state.focus == StatingFocus::Cancel,
        },
        Button {
            label: state.verb(),
            default: states,
            focused: state.focus == StatingFocus::State,
        },
    ];
    let row = Rect {
        y: y + 3,
        height: 1,
        ..inner
    };
    let cursor = buttons::draw(theme, &both, row.intersection(inner), buf);
    match state.focus {
        StatingFocus::Why => Some(typed),
        _ => cursor,
    }
}
