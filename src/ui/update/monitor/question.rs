//! A question and its answer.

use super::super::moving::scrolled;
use super::super::{Commands, Handled};
use super::{close_top, is_refused, send};
use crate::domain::run::{QuestionId, Request, RunId};
use crate::ui::action::Action;
use crate::ui::model::monitor::Asking;
use crate::ui::model::{Model, Notice, Overlay};
use crate::ui::terminal::Command;
use crate::ui::view;

/// Said when nothing was answered.
const OPEN: &str = "The question stays open; a answers it.";

/// Opens the question at a place among the run's open ones.
pub(super) fn open(model: &mut Model, run: &RunId, at: usize) {
    let story = model.monitor.run(run).and_then(|run| run.story.as_ref());
    let Some(question) = story.and_then(|story| story.questions.get(at)).cloned() else {
        return;
    };
    let asking = Asking::new(run.clone(), question);
    model.overlays.push(Overlay::Question(Box::new(asking)));
}

/// Opens the oldest question that waits: of the run the keys are about, else of any.
pub(super) fn answer_next(model: &mut Model) {
    let own = model.monitor.subject().map(|run| run.id.clone());
    let mut waiting = model.monitor.waiting();
    let first = waiting.next();
    let found = match own {
        Some(own) => first
            .filter(|(run, _)| run.id == own)
            .or_else(|| waiting.find(|(run, _)| run.id == own))
            .or(first),
        None => first,
    };
    match found.map(|(run, question)| Asking::new(run.id.clone(), question.clone())) {
        Some(asking) => model.overlays.push(Overlay::Question(Box::new(asking))),
        None => model.notice = Some(Notice::Said("No question waits.".into())),
    }
}

pub(in super::super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let extent = view::page_extent(model);
    let Some(Overlay::Question(asking)) = model.overlays.last_mut() else {
        return Handled::Pass;
    };
    match action {
        Action::NextField | Action::PreviousField => {
            asking.step(action == Action::NextField);
            show_check(model);
        }
        Action::Toggle => {
            asking.tick();
        }
        Action::NextQuestion => turn(model, true),
        Action::PreviousQuestion => turn(model, false),
        Action::Press if asking.tick() => {}
        Action::Press => press(model, out),
        Action::Close => close_top(model, OPEN),
        _ => match scrolled(action, asking.top, extent) {
            Some(top) => asking.top = top,
            None => return Handled::Pass,
        },
    }
    Handled::Yes
}

/// Scrolls so far that the check that the keys are on is in sight.
fn show_check(model: &mut Model) {
    let Some(line) = view::question_line(model) else {
        return;
    };
    let (_, height) = view::page_extent(model);
    if let Some(Overlay::Question(asking)) = model.overlays.last_mut() {
        let least = (line + 1).saturating_sub(height);
        asking.top = asking.top.clamp(least, line.max(least));
    }
}

/// The next question that waits, whichever run asks it; what was typed for this one is given up.
fn turn(model: &mut Model, forward: bool) {
    let Some(Overlay::Question(asking)) = model.overlays.last() else {
        return;
    };
    let key = |run: &RunId, question: QuestionId| (run.clone(), question);
    let here = key(&asking.run, asking.question);
    let all: Vec<_> = model.monitor.waiting().collect();
    let at = all
        .iter()
        .position(|(run, question)| key(&run.id, question.id) == here);
    let to = match (at, forward) {
        (Some(at), true) => (at + 1) % all.len(),
        (Some(at), false) => (at + all.len() - 1) % all.len(),
        (None, _) => 0,
    };
    let next = all
        .get(to)
        .map(|(run, question)| Asking::new(run.id.clone(), (*question).clone()));
    match next {
        Some(next) if all.len() > 1 || at.is_none() => {
            model.overlays.pop();
            model.overlays.push(Overlay::Question(Box::new(next)));
        }
        _ => model.notice = Some(Notice::Said("No other question waits.".into())),
    }
}

fn press(model: &mut Model, out: &mut Commands) {
    let Some(Overlay::Question(asking)) = model.overlays.last() else {
        return;
    };
    if asking.choice.is_none() {
        return close_top(model, OPEN);
    }
    if is_refused(model, "answering", "Nothing was answered.") {
        return;
    }
    let Some(Overlay::Question(asking)) = model.overlays.last() else {
        return;
    };
    if let Some(why) = cannot(model, asking) {
        model.notice = Some(Notice::Warned(why));
        return;
    }
    let Some(Overlay::Question(asking)) = model.overlays.last_mut() else {
        return;
    };
    let Some(answer) = asking.answer() else {
        return close_top(model, OPEN);
    };
    if let Err(why) = asking.asked.choose(&answer) {
        asking.lacks(&why);
        return;
    }
    let (run, choice) = (asking.run.clone(), answer.choice.clone());
    if !send(model, &run, Request::Answer(answer), out) {
        return;
    }
    model.overlays.pop();
    let more = model.monitor.waiting().count();
    let more = match more {
        0 => String::new(),
        1 => " 1 more question waits: a answers it.".into(),
        n => format!(" {n} more questions wait: a answers the next."),
    };
    model.notice = Some(Notice::Said(format!(
        "Answered {choice}; the run takes it up.{more}"
    )));
}

/// Why no answer can be given now.
fn cannot(model: &Model, asking: &Asking) -> Option<String> {
    let run = model.monitor.run(&asking.run)?;
    if model
        .monitor
        .question(&asking.run, asking.question)
        .is_none()
    {
        return Some("This question is no longer open. Nothing was answered.".into());
    }
    if let Some((answer, _)) = model.monitor.answer_to(run, asking.question) {
        return Some(format!(
            "It was answered {} already; the run has not taken it yet.",
            answer.choice
        ));
    }
    (!run.live).then(|| "Nobody carries this run out: an answer would not be taken.".into())
}

/// Rings when a question came that was not there before.
pub(super) fn ring_for_new(before: usize, model: &Model, out: &mut Commands) {
    if model.monitor.questions().count() > before {
        out.push(Command::Bell);
    }
}
