//! The commit windows of a run: what is left of each, and what is to be looked at before it is over.

use crate::domain::run::{MachineRun, Question};
use crate::ui::clock;
use crate::ui::document::{Document, wrap};
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{Countdown, RunView};
use ratatui::text::{Line, Span};

/// What is left of a machine's window.
pub(super) fn left(model: &Model, run: &RunView, machine: &MachineRun) -> Option<Countdown> {
    let (_, left) = open(model, run, machine)?;
    Some(left)
}

/// The question that waits in a machine's window, while somebody carries the run out.
fn open<'a>(
    model: &Model,
    run: &'a RunView,
    machine: &MachineRun,
) -> Option<(&'a Question, Countdown)> {
    let story = run.story.as_ref().filter(|_| run.live && run.is_open())?;
    let asked = story.asked_of(&machine.id)?;
    let left = story.left(asked, model.now)?;
    Some((asked, left))
}

/// A bar that empties, and what happens when it is empty.
fn bar(
    model: &Model,
    machine: &MachineRun,
    question: &Question,
    left: Countdown,
    (indent, label): (usize, &str),
    doc: &mut Document<'_>,
) {
    let look = doc.look();
    let begun = question.step.and_then(|step| machine.step(step)?.begun);
    let all = begun.zip(question.until).map(|(begun, until)| {
        let all = until.duration_since(begun).as_secs().max(1);
        let gone = clock::between(begun, model.now).clamp(0, all);
        u8::try_from((all - gone) * 100 / all).unwrap_or(100)
    });
    let then = question.choices.first();
    let then = then.map_or("", |choice| choice.words.as_str().trim_end_matches('.'));
    let words = match left.is_over() {
        true => format!("over: {then}"),
        false => format!("{} left, then: {then}", left.words()),
    };
    let width = doc.width().saturating_sub(60).clamp(10, 30);
    let bar = match all {
        Some(percent) if !doc.is_plain() => look.glyphs.bar(percent, width),
        _ => String::new(),
    };
    let amber = Tone::Amber.style(&look.theme);
    let blank = " ".repeat(indent);
    let head = format!("{blank}{} {label} ", Tone::Amber.glyph(&look.glyphs));
    let used = crate::domain::text::columns(&head) + crate::domain::text::columns(&bar) + 1;
    let mut words = wrap(&words, doc.width().saturating_sub(used).max(12)).into_iter();
    doc.line(Line::from(vec![
        Span::styled(head, amber),
        Span::styled(bar, amber),
        Span::styled(format!(" {}", words.next().unwrap_or_default()), amber),
    ]));
    for more in words {
        let line = format!("{}{more}", " ".repeat(used));
        doc.line(Line::styled(line, amber));
    }
}

/// The window of one machine with its list, in its step.
pub(super) fn of_machine(
    model: &Model,
    run: &RunView,
    machine: &MachineRun,
    doc: &mut Document<'_>,
) {
    let Some((question, left)) = open(model, run, machine) else {
        return;
    };
    bar(model, machine, question, left, (2, "commit window"), doc);
}

/// What to look at before the question is answered.
pub(super) fn checks(question: &Question, doc: &mut Document<'_>) {
    if question.checks.is_empty() {
        return;
    }
    let style = doc.look().theme.text;
    doc.words(2, "To look at before it is answered (a ticks them):", style);
    for check in &question.checks {
        for (number, part) in wrap(check.as_str(), doc.width().saturating_sub(8))
            .iter()
            .enumerate()
        {
            let head = if number == 0 { "[ ]" } else { "   " };
            doc.line(Line::styled(format!("    {head} {part}"), style));
        }
    }
}

/// Every window of the run, the one that is over first on top.
pub(super) fn all(model: &Model, run: &RunView, doc: &mut Document<'_>) {
    let crew = run.story.as_ref().and_then(|story| story.crew.as_ref());
    let machines = crew.map_or(&[][..], |crew| crew.machines.as_slice());
    let mut open: Vec<_> = machines
        .iter()
        .filter_map(|machine| Some((machine, open(model, run, machine)?)))
        .collect();
    open.sort_by_key(|(_, (_, left))| *left);
    for (machine, (question, left)) in &open {
        bar(
            model,
            machine,
            question,
            *left,
            (0, machine.name.as_str()),
            doc,
        );
    }
    if let Some((_, (question, _))) = open.first() {
        let count = question.checks.len();
        let words = format!("{count} things to look at before it is answered: a shows them");
        if count > 0 {
            doc.words(2, &words, doc.look().theme.text);
        }
    }
}
