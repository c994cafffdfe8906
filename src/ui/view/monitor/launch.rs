//! Launching a plan: whether it is ready now, what it is about, every call, the plan's name.
//!
//! ```text
//! ┌ Launch erp-home: fail back ─────────────────────────────────────┐
//! │ √ Ready: 55 passed, 2 consented, 1 attested                     │
//! │ IN THIS ORDER                                                   │
//! │ Wave 1            dc-01                                         │
//! │ Wave 2            sql-01  web-01                                │
//! │ THE CALLS                                                       │
//! │ dc-01: fail back                                                │
//! │ POST /subscriptions/...                                         │
//! │ Way back: none once Fail back is sent            PgDn: 40 more  │
//! │ Type erp-home to launch it:                                     │
//! │  erp-home_                                                      │
//! │ [ Cancel ]  Launch                                              │
//! └─────────────────────────────────────────────────────────────────┘
//! ```

mod before;
mod deeds;
mod ready;

pub(in crate::ui::view) use deeds::{Scripts, calls};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::domain::plan::StatementKind;
use crate::domain::{Intent, Plan};
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{Launching, LaunchingFocus, ReadyState};
use crate::ui::paint;
use crate::ui::view::buttons::{self, Button};
use crate::ui::view::frame;

/// Rows below the text: the way back, the question, the field, what is wrong, the buttons.
const ASKING: u16 = 5;
/// Most calls, findings and machines that the page shows; the command line tells all.
const MOST: usize = 100;

pub(in crate::ui::view) fn draw(
    model: &Model,
    state: &Launching,
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
    let top = state.top.min(last);
    let title = match state.named {
        true => format!("Launch {}: {}", state.plan.name, state.plan.intent().word()),
        false => state.plan.name.to_string(),
    };
    frame::draw(model, &title, "", body, buf);
    crate::ui::view::page(&lines, top, text, buf);
    ask(model, state, last - top, inner, buf)
}

/// Lines of text above the question, and how many are in sight.
pub(in crate::ui::view) fn extent(model: &Model, state: &Launching, body: Rect) -> (usize, usize) {
    let inner = frame::inside(body);
    let height = inner.height.saturating_sub(ASKING);
    (lines(model, state, inner.width).len(), usize::from(height))
}

fn lines(model: &Model, state: &Launching, width: u16) -> Vec<Line<'static>> {
    let mut doc = Document::new(&model.settings.look, width);
    match &state.ready {
        ReadyState::Checking => doc.toned(0, Tone::Busy, "Checking whether it is ready now..."),
        ReadyState::Launching => doc.toned(
            0,
            Tone::Busy,
            "Launching: readiness is checked once more, then a process of its own takes it up...",
        ),
        ReadyState::Unknown(failure) => {
            let words = "Whether it is ready could not be found out: it is not launched.";
            doc.toned(0, Tone::Bad, words);
            doc.failure(2, failure);
        }
        ReadyState::Known(readied) => {
            ready::ready(state, readied, &mut doc);
            deeds::summary(readied, &mut doc);
            super::outlives::warn(&readied.outlives, &mut doc);
            before::before(model, &state.plan, readied, &mut doc);
        }
    }
    order(state, &mut doc);
    if let ReadyState::Known(readied) = &state.ready {
        deeds::calls(readied, Scripts::Folded(&state.plan), &mut doc);
    }
    doc.lines
}

/// The machines in their order.
fn order(state: &Launching, doc: &mut Document<'_>) {
    let plan = &*state.plan;
    let names = |ids: Vec<&crate::domain::ArmId>| {
        let all = ids.len();
        let names = ids.into_iter().take(MOST);
        let names: Vec<String> = names.map(|id| plan.machine_name(id).to_string()).collect();
        match all > MOST {
            true => format!("{} and {} more", names.join("  "), all - MOST),
            false => names.join("  "),
        }
    };
    match plan.intent() {
        Intent::FailBack(recovery) => {
            doc.section("IN THIS ORDER");
            for (number, wave) in (1..=MOST).zip(&recovery.waves) {
                let ids = wave.machines.iter().map(|machine| &machine.id).collect();
                doc.fact(&format!("Wave {number}"), &names(ids));
            }
        }
        Intent::FailOver(failover) => {
            doc.section("IN THIS ORDER");
            for (number, wave) in (1..=MOST).zip(&failover.waves) {
                let ids = wave.machines.iter().map(|machine| &machine.id).collect();
                doc.fact(&format!("Wave {number}"), &names(ids));
            }
        }
        // The heading of the window names it.
        _ if !state.named && plan.machines().len() == 1 => {}
        _ => {
            doc.section("MACHINES, ALL AT ONCE");
            doc.words(0, &names(plan.machines()), doc.look().theme.text);
        }
    }
}

/// What can be taken back, said of the plan as a whole.
fn way_back(plan: &Plan) -> &'static str {
    match plan.intent() {
        Intent::Protect(_) => "Way back: none, protecting commits the failover",
        Intent::FailBack(_) => "Way back: stop the run; none once Fail back is sent",
        Intent::Complete(_) => "Way back: none, data synchronisation began",
        Intent::Cancel(_) => "Way back: none, what was written at home is lost",
        Intent::FailOver(_) => {
            "Way back: stop the run; none once it is sent, Protect brings it home"
        }
        Intent::ChangePoint(_) => "Way back: another recovery point, until commit",
        Intent::TestFailover(_) => "Way back: clean up the test",
        Intent::CleanUpTest(_) => "Way back: none needed, only the test goes",
        Intent::Commit(_) => "Way back: none once Commit is sent",
        Intent::ProtectToAzure(_) => "Way back: none, it commits, and the Azure VM goes",
    }
}

fn ask(
    model: &Model,
    state: &Launching,
    hidden: usize,
    inner: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let look = &model.settings.look;
    let theme = &look.theme;
    let y = inner.bottom().saturating_sub(ASKING);
    let back = way_back(&state.plan);
    paint::put(buf, inner, inner.x, y, inner.width, back, theme.bad);
    if hidden > 0 {
        let more = format!("PgDn: {hidden} more");
        let at = inner.right().saturating_sub(more.len() as u16);
        if at > inner.x + back.len() as u16 {
            paint::put(buf, inner, at, y, inner.width, &more, theme.key);
        }
    }
    let name = state.asks_name();
    let cursor = match name {
        true => ask_name(model, state, inner, buf),
        false => {
            for (row, words) in (1..).zip(instead(state)) {
                paint::put(
                    buf,
                    inner,
                    inner.x,
                    y + row,
                    inner.width,
                    &words,
                    theme.text,
                );
            }
            None
        }
    };
    if let Some(error) = &state.error {
        let words = format!("{} {error}", Tone::Bad.glyph(&look.glyphs));
        paint::put(buf, inner, inner.x, y + 3, inner.width, &words, theme.bad);
    }
    let launches = match state.focus {
        LaunchingFocus::Launch => true,
        LaunchingFocus::Cancel | LaunchingFocus::Say => false,
        LaunchingFocus::Name => state.is_named() && state.may_launch(),
    };
    let says = state.focus == LaunchingFocus::Say;
    let mut all = vec![Button {
        label: if name { "Cancel" } else { "Close" },
        default: !launches && !says,
        focused: state.focus == LaunchingFocus::Cancel,
    }];
    all.extend(state.waits().map(|(kind, _)| Button {
        label: match kind {
            StatementKind::Consent => "Consent...",
            StatementKind::Attestation => "Attest...",
        },
        default: says,
        focused: says,
    }));
    if name {
        all.push(Button {
            label: "Launch",
            default: launches,
            focused: state.focus == LaunchingFocus::Launch,
        });
    }
    let row = Rect {
        y: y + 4,
        height: 1,
        ..inner
    };
    let on_button = buttons::draw(theme, &all, row.intersection(inner), buf);
    match state.focus {
        LaunchingFocus::Name => cursor,
        _ => on_button,
    }
}

/// The name that launches it, and the field it is typed into.
fn ask_name(model: &Model, state: &Launching, inner: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = &model.settings.look.theme;
    let y = inner.bottom().saturating_sub(ASKING);
    let question = match state.named {
        true => format!("Type {} to launch it:", state.wanted()),
        false => format!("Type {} to go on:", state.wanted()),
    };
    paint::put(
        buf,
        inner,
        inner.x,
        y + 1,
        inner.width,
        &question,
        theme.text,
    );
    let field = Rect::new(inner.x, y + 2, inner.width.min(64), 1).intersection(inner);
    let style = match state.focus {
        LaunchingFocus::Name => theme.selected,
        _ => theme.text,
    };
    Some(paint::field(buf, field, &state.field, style))
}

/// What leads on where no name is asked for: what a person's word can answer, here and by command.
fn instead(state: &Launching) -> Vec<String> {
    let Some((kind, findings)) = state.waits() else {
        let words = match state.ready {
            ReadyState::Unknown(_) => "Close this, and open it again to check once more.",
            _ => "It cannot be launched as it is.",
        };
        return vec![words.into()];
    };
    let check = findings.first().map_or("", |finding| finding.row.id);
    let (word, option) = match kind {
        StatementKind::Consent => ("Consent to", format!("--consent {check}")),
        StatementKind::Attestation => ("Attest to", format!("--attest {check}=WHAT-YOU-SAW")),
    };
    let kept = match state.named {
        true => "it is kept in the plan",
        false => "it goes with the run",
    };
    let mut lines = vec![format!("{word} {check}: the button below; {kept}.")];
    if state.named {
        let slug = state.plan.slug();
        lines.push(format!("Or by command: failback check {slug} {option}"));
    }
    lines
}
