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
//! │ Type the plan's name to launch it:                              │
//! │  erp-home_                                                      │
//! │ [ Cancel ]  Launch                                              │
//! └─────────────────────────────────────────────────────────────────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::domain::plan::{StatementKind, Subject};
use crate::domain::{Call, Intent, Plan, Text};
use crate::readiness::{Finding, Findings, Outcome};
use crate::runner::{Deed, Previewed};
use crate::ui::document::{Document, broken};
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{Launching, LaunchingFocus, Readied, ReadyState};
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
    let title = format!("Launch {}: {}", state.plan.name, state.plan.intent().word());
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
        ReadyState::Known(readied) => ready(&state.plan, readied, &mut doc),
    }
    order(&state.plan, &mut doc);
    if let ReadyState::Known(readied) = &state.ready {
        calls(readied, &mut doc);
    }
    doc.lines
}

/// Whether it may be launched, then what holds it back with what to do, then what was agreed to.
fn ready(plan: &Plan, readied: &Readied, doc: &mut Document<'_>) {
    let findings = &readied.findings;
    let (tone, words) = summary(findings);
    doc.toned(0, tone, &words);
    let blocking: Vec<&Finding> = findings.0.iter().filter(|f| f.blocks()).collect();
    for finding in blocking.iter().take(MOST) {
        one(plan, finding, doc);
    }
    if blocking.len() > MOST {
        let words = format!("... and {} more", blocking.len() - MOST);
        doc.words(2, &words, doc.look().theme.text);
    }
    let answered = findings.0.iter().filter(|f| f.answer.is_some());
    for finding in answered.take(MOST) {
        if let Some(answer) = &finding.answer {
            let what = match answer.kind {
                StatementKind::Consent => "consented to",
                StatementKind::Attestation => "attested",
            };
            let words = format!(
                "{} {what} by {}: {}",
                finding.row.id, answer.who, finding.words
            );
            doc.toned(0, Tone::Amber, &words);
        }
    }
}

/// `Ready: 55 passed, 1 attested`, or what holds it back; what is unknown is never counted as passed.
fn summary(findings: &Findings) -> (Tone, String) {
    let count = |wanted: &dyn Fn(&Finding) -> bool| findings.0.iter().filter(|f| wanted(f)).count();
    let answered = |f: &Finding, kind| f.answer.as_ref().is_some_and(|a| a.kind == kind);
    let counts = [
        (findings.count(Outcome::Passed), "passed"),
        (
            count(&|f| f.blocks() && f.outcome == Outcome::Failed && !wants_consent(f)),
            "blocked",
        ),
        (
            count(&|f| f.blocks() && wants_consent(f)),
            "without consent",
        ),
        (
            count(&|f| f.blocks() && f.outcome == Outcome::Unknown),
            "unknown",
        ),
        (
            count(&|f| answered(f, StatementKind::Consent)),
            "consented to",
        ),
        (
            count(&|f| answered(f, StatementKind::Attestation)),
            "attested",
        ),
    ];
    let words: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let words = match words.as_slice() {
        [] => "no check could be made".into(),
        some => some.join(", "),
    };
    match findings.ready() {
        true => (Tone::Good, format!("Ready: {words}")),
        false => (
            Tone::Bad,
            format!("Not ready, and not launched: {words}. Put it right, then open this again."),
        ),
    }
}

fn wants_consent(finding: &Finding) -> bool {
    finding.outcome == Outcome::Failed
        && finding.row.severity == crate::readiness::Severity::Warning
}

/// A finding that holds the plan back, about what, and what to do.
fn one(plan: &Plan, finding: &Finding, doc: &mut Document<'_>) {
    let about: Text = match &finding.subject {
        Subject::Machine(id) => plan.machine_name(id),
        Subject::Server(server) => server.clone(),
        Subject::Plan => "the plan".into(),
    };
    let (tone, then) = match finding.outcome {
        Outcome::Unknown => (
            Tone::Unknown,
            " If you know that it is so, attest to it in the plan's readiness step.",
        ),
        _ if wants_consent(finding) => (
            Tone::Amber,
            " If you want it nevertheless, consent in the plan's readiness step.",
        ),
        _ => (Tone::Bad, ""),
    };
    let words = format!("{}  {about}: {}", finding.row.id, finding.words);
    doc.toned(0, tone, &words);
    let words = format!(
        "What to do: {}.{then}",
        finding.row.what_to_do.trim_end_matches('.')
    );
    doc.words(2, &words, doc.look().theme.text);
}

/// The machines in their order.
fn order(plan: &Plan, doc: &mut Document<'_>) {
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
        _ => {
            doc.section("MACHINES, ALL AT ONCE");
            doc.words(0, &names(plan.machines()), doc.look().theme.text);
        }
    }
}

/// What is done, machine by machine, with the calls as they go out.
pub(in crate::ui::view) fn calls(readied: &Readied, doc: &mut Document<'_>) {
    doc.section("WHAT IS DONE, WITH EVERY CALL AS IT GOES OUT");
    let steps = match &readied.calls {
        Err(failure) => return doc.failure(0, failure),
        Ok(steps) => steps,
    };
    let mut machine = None;
    for step in steps.iter().take(MOST) {
        if machine != Some(&step.machine) {
            machine = Some(&step.machine);
            doc.words(0, step.name.as_str(), doc.look().theme.title);
        }
        deed(step, doc);
    }
    if steps.len() > MOST {
        let words = format!(
            "... and {} more steps: failback run PLAN --dry-run prints them all",
            steps.len() - MOST
        );
        doc.words(0, &words, doc.look().theme.text);
    }
}

fn deed(step: &Previewed, doc: &mut Document<'_>) {
    let style = doc.look().theme.text;
    let what = step.step.words();
    match &step.deed {
        Deed::Send(of) => {
            doc.words(2, &format!("{what}:"), style);
            call(of, doc);
        }
        Deed::SendIf { holds, call: of } => {
            doc.words(2, &format!("{what}; if {holds}:"), style);
            call(of, doc);
        }
        Deed::Run(command) => {
            let command = Text::from(command.join(" "));
            doc.words(2, &format!("{what}: runs {command}"), style);
        }
        Deed::Wait(until) => doc.words(2, &format!("{what}: waits {until}"), style),
        Deed::Ask(question) => doc.words(2, &format!("{what}: asks: {question}"), style),
    }
}

fn call(of: &Call, doc: &mut Document<'_>) {
    let theme = &doc.look().theme;
    let address = format!("{} {}", of.method, of.path);
    let body = of.body.iter().flat_map(|body| body.lines());
    for raw in std::iter::once(address.as_str()).chain(body) {
        for line in broken(Text::from(raw).as_str(), doc.width()) {
            doc.line(Line::styled(line, theme.quote));
        }
    }
}

/// What can be taken back, said of the plan as a whole.
fn way_back(plan: &Plan) -> &'static str {
    match plan.intent() {
        Intent::Protect(_) => "Way back: none, protecting commits the failover",
        Intent::FailBack(_) => "Way back: stop the run; none once Fail back is sent",
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
    let question = "Type the plan's name to launch it:";
    paint::put(
        buf,
        inner,
        inner.x,
        y + 1,
        inner.width,
        question,
        theme.text,
    );
    let field = Rect::new(inner.x, y + 2, inner.width.min(64), 1).intersection(inner);
    let style = match state.focus {
        LaunchingFocus::Name => theme.selected,
        _ => theme.text,
    };
    paint::style_row(buf, field, 0, style);
    let (shown, at) = state
        .field
        .window(usize::from(field.width).saturating_sub(2));
    paint::put(buf, field, field.x + 1, field.y, field.width, &shown, style);
    if let Some(error) = &state.error {
        let words = format!("{} {error}", Tone::Bad.glyph(&look.glyphs));
        paint::put(buf, inner, inner.x, y + 3, inner.width, &words, theme.bad);
    }
    let launches = match state.focus {
        LaunchingFocus::Launch => true,
        LaunchingFocus::Cancel => false,
        LaunchingFocus::Name => state.is_named() && state.may_launch(),
    };
    let both = [
        Button {
            label: "Cancel",
            default: !launches,
            focused: state.focus == LaunchingFocus::Cancel,
        },
        Button {
            label: "Launch",
            default: launches,
            focused: state.focus == LaunchingFocus::Launch,
        },
    ];
    let row = Rect {
        y: y + 4,
        height: 1,
        ..inner
    };
    let cursor = buttons::draw(theme, &both, row.intersection(inner), buf);
    match state.focus {
        LaunchingFocus::Name => Some(Position::new(field.x + 1 + at as u16, field.y)),
        _ => cursor,
    }
}
