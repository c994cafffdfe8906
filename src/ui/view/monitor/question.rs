//! One question of a run, on the whole screen: what is asked, what is known, what to look at first,
//! the ways to answer - the harmless one first.
//!
//! ```text
//! ┌ erp-home: question 1 of 2 ─────────────────────────────────────┐
//! │ ! Look at sql-01 at home: does it run, do its applications?     │
//! │   sql-01: look at the machine                                   │
//! │   28 min left, then: leave                                      │
//! │ WHAT IS KNOWN                                                   │
//! │ - It is shown as: failed over, commit pending                   │
//! │ TO LOOK AT BEFORE YOU ANSWER                                    │
//! │ [x] log on, and look at the system's log                        │
//! │ [ ] the shop takes an order                                     │
//! │                                                                 │
//! │ ► not now            leave the question open                    │
//! │   leave (harmless)   leave it uncommitted                       │
//! │   verified           I looked: it is as it should be            │
//! │ Why, for the record: ordered one_                               │
//! └─────────────────────────────────────────────────────────────────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::domain::run::{Choice, Request};
use crate::domain::text::{column, fit};
use crate::ui::clock;
use crate::ui::document::{Document, wrap};
use crate::ui::field::Field;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{Asking, AskingFocus, RunView};
use crate::ui::paint;
use crate::ui::view::frame;

/// Columns before the words of a choice.
const NAME: usize = 20;
/// Most lines that the words of one choice take.
const MOST_LINES: usize = 3;

pub(in crate::ui::view) fn draw(
    model: &Model,
    state: &Asking,
    body: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let (lines, _) = lines(model, state, frame::inside(body).width);
    let (text, below) = parts(state, lines.len(), body);
    let hidden = lines
        .len()
        .saturating_sub(usize::from(text.height) + state.top);
    let more = match hidden {
        0 => String::new(),
        n => format!("PgDn: {n} more"),
    };
    frame::draw(model, &title(model, state), &more, body, buf);
    crate::ui::view::page(&lines, state.top, text, buf);
    choices(model, state, below, buf)
}

/// Lines of text above the choices, and how many are in sight.
pub(in crate::ui::view) fn extent(model: &Model, state: &Asking, body: Rect) -> (usize, usize) {
    let lines = lines(model, state, frame::inside(body).width).0.len();
    let (text, _) = parts(state, lines, body);
    (lines, usize::from(text.height))
}

/// The line of the text on which the keys are.
pub(in crate::ui::view) fn line(model: &Model, state: &Asking, body: Rect) -> Option<usize> {
    lines(model, state, frame::inside(body).width).1
}

/// The text of so many `lines`, and below it the choices with what the marked one wants.
fn parts(state: &Asking, lines: usize, body: Rect) -> (Rect, Rect) {
    let inner = frame::inside(body);
    let width = usize::from(inner.width);
    let mut wanted: usize = state
        .asked
        .choices
        .iter()
        .map(|choice| words_of(choice, width).len())
        .sum();
    // Leaving it open, the fields of the marked choice, a line for what is wrong, a blank before it
    // all.
    let fields = state.chosen().map_or(0, |c| {
        usize::from(c.typed.is_some()) + usize::from(c.reason)
    });
    wanted += fields + 3;
    let wanted = u16::try_from(wanted).unwrap_or(u16::MAX);
    let below = wanted.min(inner.height.saturating_sub(2));
    let lines = u16::try_from(lines).unwrap_or(u16::MAX);
    let text = lines.min(inner.height - below);
    let text = Rect {
        height: text,
        ..inner
    };
    let below = Rect {
        y: text.bottom(),
        height: below,
        ..inner
    };
    (text, below.intersection(inner))
}

fn title(model: &Model, state: &Asking) -> String {
    let run = model.monitor.run(&state.run);
    let name = run.map_or(state.run.as_str(), |run| run.name());
    let all: Vec<_> = model.monitor.waiting().collect();
    let at = all
        .iter()
        .position(|(run, question)| run.id == state.run && question.id == state.question);
    match at {
        Some(at) if all.len() > 1 => format!("{name}: question {} of {}", at + 1, all.len()),
        _ => format!("{name}: a question"),
    }
}

/// The text, and the line of it on which the keys are.
fn lines(model: &Model, state: &Asking, width: u16) -> (Vec<Line<'static>>, Option<usize>) {
    let mut doc = Document::new(&model.settings.look, width);
    let style = model.settings.look.theme.text;
    let asked = &state.asked;
    doc.toned(0, Tone::Amber, asked.words.as_str());
    let machine = asked.machine.as_ref().map(|id| {
        let found = model.monitor.run_with(id);
        found.map_or_else(
            || crate::domain::Text::from(id.name()),
            |(_, machine)| machine.name.clone(),
        )
    });
    let about = match (machine, asked.step) {
        (Some(machine), Some(step)) => format!("{machine}: {}", step.words()),
        (Some(machine), None) => machine.to_string(),
        (None, _) => "about the whole run".into(),
    };
    doc.words(2, &about, style);
    stands(model, state, &mut doc);
    if !asked.evidence.is_empty() {
        doc.section("WHAT IS KNOWN");
        for words in &asked.evidence {
            doc.words(0, &format!("- {words}"), style);
        }
    }
    let mut here = None;
    if !asked.checks.is_empty() {
        doc.section("TO LOOK AT BEFORE YOU ANSWER (SPACE TICKS)");
        for (at, words) in asked.checks.iter().enumerate() {
            let is_here = state.focus == AskingFocus::Check(at);
            if is_here {
                here = Some(doc.lines.len());
            }
            check(state, at, words.as_str(), is_here, &mut doc);
        }
    }
    (doc.lines, here)
}

/// A check with its tick; the one that the keys are on is marked.
fn check(state: &Asking, at: usize, words: &str, is_here: bool, doc: &mut Document<'_>) {
    let look = doc.look();
    let style = if is_here {
        look.theme.selected
    } else {
        look.theme.text
    };
    let tick = match state.ticks.get(at) {
        Some(true) => "[x]",
        _ => "[ ]",
    };
    let mark = if is_here { look.glyphs.cursor } else { " " };
    for (number, part) in wrap(words, doc.width().saturating_sub(6))
        .iter()
        .enumerate()
    {
        let head = match number {
            0 => format!("{mark} {tick}"),
            _ => "     ".to_owned(),
        };
        doc.line(Line::styled(format!("{head} {part}"), style));
    }
}

/// Whether it is still open, and for how long; else who answered it.
fn stands(model: &Model, state: &Asking, doc: &mut Document<'_>) {
    let Some(run) = model.monitor.run(&state.run) else {
        return doc.toned(
            0,
            Tone::Bad,
            "The run is gone: nobody would take an answer.",
        );
    };
    if model.monitor.question(&state.run, state.question).is_none() {
        return doc.toned(0, Tone::Busy, &over(model, run, state));
    }
    if let Some((answer, at)) = model.monitor.answer_to(run, state.question) {
        let at = at.map_or("just now".into(), |at| {
            clock::minutes(at, &model.settings.zone)
        });
        let words = format!("Answered {} {at}, not yet taken.", answer.choice);
        return doc.toned(0, Tone::Busy, &words);
    }
    if !run.live {
        let words = "Nobody carries this run out now: an answer would not be taken.";
        return doc.toned(0, Tone::Bad, words);
    }
    let story = run.story.as_ref();
    let left = story.and_then(|story| story.left(&state.asked, model.now));
    if let (Some(left), Some(first)) = (left, state.asked.choices.first()) {
        let words = match left.is_over() {
            true => format!("The time is over: {}.", first.words),
            false => format!("{} left, then: {}.", left.words(), first.words),
        };
        doc.toned(0, Tone::Amber, &words);
    }
}

/// Why a question is no longer open.
fn over(model: &Model, run: &RunView, state: &Asking) -> String {
    let story = run.story.as_ref();
    let mut heard = story.iter().flat_map(|story| story.heard.iter().rev());
    let given = heard.find_map(|heard| match &heard.request {
        Request::Answer(answer) if answer.question == state.question => {
            let taken = heard.refused.is_none();
            taken.then_some((heard, answer))
        }
        _ => None,
    });
    match given {
        Some((heard, answer)) => {
            let at = clock::seconds(heard.at, &model.settings.zone);
            format!("It is answered: {} by {} at {at}.", answer.choice, heard.by)
        }
        None => "It is no longer open: its time is over, or what it was about is.".into(),
    }
}

/// The words of a choice, broken to the room they have.
fn words_of(choice: &Choice, width: usize) -> Vec<String> {
    let said = choice.words.as_str().trim_end_matches('.');
    let words = match (&choice.typed, choice.reason) {
        (None, false) => choice.words.to_string(),
        (None, true) => format!("{said}; wants a reason"),
        (Some(typed), false) => format!("{said}; wants {typed} typed"),
        (Some(typed), true) => format!("{said}; wants {typed} typed, and a reason"),
    };
    let mut lines = wrap(&words, width.saturating_sub(NAME + 6).max(10));
    lines.truncate(MOST_LINES);
    lines
}

fn choices(model: &Model, state: &Asking, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let look = &model.settings.look;
    let theme = &look.theme;
    let width = usize::from(area.width);
    let mut y = area.y + 1;
    let mut cursor = None;
    let choosing = !matches!(state.focus, AskingFocus::Check(_));
    let not_now = state.choice.is_none() && choosing;
    let glyph = if not_now { look.glyphs.cursor } else { " " };
    let line = format!(
        "{glyph} {}  leave the question open",
        column("not now", NAME, "")
    );
    let style = if not_now { theme.selected } else { theme.text };
    let line = column(&line, width, look.glyphs.cut);
    paint::put(buf, area, area.x, y, area.width, &line, style);
    if not_now {
        cursor = Some(Position::new(area.x, y));
    }
    y += 1;
    for (at, choice) in state.asked.choices.iter().enumerate() {
        let marked = Some(at) == state.choice;
        let style = match (marked, state.focus) {
            (true, AskingFocus::Choices) => theme.selected,
            (true, _) => theme.key,
            _ => theme.text,
        };
        let glyph = if marked { look.glyphs.cursor } else { " " };
        let name = match at {
            0 => format!("{} (harmless)", choice.name),
            _ => choice.name.to_string(),
        };
        let name = column(&name, NAME, look.glyphs.cut);
        for (number, words) in words_of(choice, width).iter().enumerate() {
            let line = match number {
                0 => format!("{glyph} {name}  {words}"),
                _ => format!("  {}  {words}", " ".repeat(NAME)),
            };
            let line = column(&line, width, look.glyphs.cut);
            paint::put(buf, area, area.x, y, area.width, &line, style);
            if marked && number == 0 {
                cursor = Some(Position::new(area.x, y));
            }
            y += 1;
        }
        if !marked {
            continue;
        }
        let mut field = |label: &str, field: &Field, focused: bool, y: &mut u16| {
            let at = input(model, label, field, focused, *y, area, buf);
            *y += 1;
            if focused {
                cursor = at;
            }
        };
        if let Some(typed) = &choice.typed {
            let label = format!("Type {typed}:");
            field(
                &label,
                &state.typed,
                state.focus == AskingFocus::Typed,
                &mut y,
            );
        }
        if choice.reason {
            let focused = state.focus == AskingFocus::Reason;
            field("Why, for the record:", &state.reason, focused, &mut y);
        }
    }
    if let Some(error) = &state.error {
        let words = format!("{} {error}", Tone::Bad.glyph(&look.glyphs));
        let words = fit(&words, width, look.glyphs.cut);
        let y = y.min(area.bottom().saturating_sub(1));
        paint::clear(
            buf,
            Rect {
                y,
                height: 1,
                ..area
            },
            theme.text,
        );
        paint::put(buf, area, area.x, y, area.width, &words, theme.bad);
    }
    cursor.filter(|at| at.y < area.bottom())
}

/// A labelled field; where its cursor stands.
fn input(
    model: &Model,
    label: &str,
    field: &Field,
    focused: bool,
    y: u16,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let look = &model.settings.look;
    let theme = &look.theme;
    let wide = (NAME + 4) as u16;
    let label = column(label, NAME, look.glyphs.cut);
    paint::put(buf, area, area.x + 4, y, wide, &label, theme.text);
    let x = area.x + 2 + wide;
    let room = area.right().saturating_sub(x).min(44);
    let style = if focused { theme.selected } else { theme.text };
    let line = Rect::new(x, y, room, 1).intersection(area);
    paint::style_row(buf, line, 0, style);
    let (shown, at) = field.window(usize::from(room).saturating_sub(2));
    let shown = match (shown.is_empty(), focused) {
        (true, false) => "(not yet)".to_owned(),
        _ => shown,
    };
    paint::put(buf, line, x + 1, y, room.saturating_sub(1), &shown, style);
    Some(Position::new(x + 1 + at as u16, y))
}
