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

mod choices;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::domain::run::{Choice, Request};
use crate::ui::clock;
use crate::ui::document::{Document, wrap};
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{Asking, AskingFocus, Countdown, RunView};
use crate::ui::view::frame;

/// What lies where: the text, the choices below it.
struct Spread {
    lines: Vec<Line<'static>>,
    /// The line of the text on which the keys are.
    here: Option<usize>,
    text: Rect,
    below: Rect,
    rooms: Vec<usize>,
}

impl Spread {
    fn of(model: &Model, state: &Asking, body: Rect) -> Self {
        let inner = frame::inside(body);
        let (mut lines, here) = lines(model, state, inner.width);
        let (rooms, below) = choices::rooms(state, inner, lines.len());
        if let Some(choice) = choices::cut_short(state, &rooms, inner.width) {
            lines.extend(in_full(model, choice, inner.width));
        }
        let below = below.min(inner.height);
        let high = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let text = Rect {
            height: high.min(inner.height - below),
            ..inner
        };
        let below = Rect {
            y: text.bottom(),
            height: below,
            ..inner
        };
        Self {
            lines,
            here,
            text,
            below: below.intersection(inner),
            rooms,
        }
    }
}

/// All words of a choice for which there is too little room below.
fn in_full(model: &Model, choice: &Choice, width: u16) -> Vec<Line<'static>> {
    let mut doc = Document::new(&model.settings.look, width);
    let title = format!("WHAT {} DOES", choice.name.as_str().to_uppercase());
    doc.section(&title);
    doc.words(0, choice.words.as_str(), model.settings.look.theme.text);
    doc.lines.insert(0, Line::default());
    doc.lines
}

pub(in crate::ui::view) fn draw(
    model: &Model,
    state: &Asking,
    body: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let spread = Spread::of(model, state, body);
    let shown = usize::from(spread.text.height);
    let last = spread.lines.len().saturating_sub(shown);
    let more = match last.saturating_sub(state.top) {
        0 if last > 0 => "PgUp: the rest".to_owned(),
        0 => String::new(),
        n => format!("PgDn: {n} more"),
    };
    frame::draw(model, &title(model, state), &more, body, buf);
    crate::ui::view::page(&spread.lines, state.top, spread.text, buf);
    choices::draw(model, state, &spread.rooms, spread.below, buf)
}

/// Lines of text above the choices, and how many are in sight.
pub(in crate::ui::view) fn extent(model: &Model, state: &Asking, body: Rect) -> (usize, usize) {
    let spread = Spread::of(model, state, body);
    (spread.lines.len(), usize::from(spread.text.height))
}

/// The line of the text on which the keys are.
pub(in crate::ui::view) fn line(model: &Model, state: &Asking, body: Rect) -> Option<usize> {
    Spread::of(model, state, body).here
}

fn title(model: &Model, state: &Asking) -> String {
    let run = model.monitor.run(&state.run);
    let name = run.map_or(state.run.as_str(), |run| run.name());
    let all: Vec<_> = model.monitor.waiting().collect();
    let at = all
        .iter()
        .position(|(run, question)| run.id == state.run && question.id == state.question);
    let question = match at {
        Some(at) if all.len() > 1 => format!("{name}: question {} of {}", at + 1, all.len()),
        _ => format!("{name}: a question"),
    };
    // In sight wherever the text is scrolled to.
    match left(model, state).filter(|left| !left.is_over()) {
        Some(left) => format!("{question}, {} left", left.words()),
        None => question,
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

/// What is left until its harmless choice is taken; `None` where that never is, or it is not open.
fn left(model: &Model, state: &Asking) -> Option<Countdown> {
    let run = model.monitor.run(&state.run).filter(|run| run.live)?;
    let open = model.monitor.question(&state.run, state.question)?;
    run.story.as_ref()?.left(open, model.now)
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
    if let (Some(left), Some(first)) = (left(model, state), state.asked.choices.first()) {
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
