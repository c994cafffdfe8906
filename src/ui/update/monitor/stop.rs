//! Pausing a run, letting it go on, stopping it.

use super::super::moving::scrolled;
use super::super::{Commands, Handled};
use super::{close_top, live_subject, send};
use crate::domain::run::{Request, RunState};
use crate::ui::action::Action;
use crate::ui::model::monitor::{Button, Stopping};
use crate::ui::model::{Model, Notice, Overlay};
use crate::ui::view;

/// Pauses at once: that holds back and sends nothing. Going on asks first.
pub(super) fn pause(model: &mut Model, out: &mut Commands) {
    let Some(run) = live_subject(model) else {
        return;
    };
    let story = model.monitor.run(&run).and_then(|run| run.story.as_ref());
    if story.is_some_and(|story| matches!(story.state, RunState::Paused(_))) {
        return push(model, run, false);
    }
    if send(model, &run, Request::Pause, out) {
        let words = "Asked to pause: nothing new is begun; what runs in Azure goes on.";
        model.notice = Some(Notice::Said(words.into()));
    }
}

pub(super) fn ask(model: &mut Model) {
    if let Some(run) = live_subject(model) {
        push(model, run, true);
    }
}

fn push(model: &mut Model, run: crate::domain::run::RunId, stop: bool) {
    model.overlays.push(Overlay::Stop(Box::new(Stopping {
        run,
        stop,
        focus: Button::Cancel,
        top: 0,
    })));
}

pub(in super::super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let extent = view::page_extent(model);
    let Some(Overlay::Stop(stopping)) = model.overlays.last_mut() else {
        return Handled::Pass;
    };
    match action {
        Action::NextField | Action::PreviousField => {
            stopping.focus = match stopping.focus {
                Button::Cancel => Button::Do,
                Button::Do => Button::Cancel,
            };
        }
        Action::Press => press(model, out),
        Action::Close => close_top(model, "Nothing was asked of the run."),
        _ => match scrolled(action, stopping.top, extent) {
            Some(top) => stopping.top = top,
            None => return Handled::Pass,
        },
    }
    Handled::Yes
}

fn press(model: &mut Model, out: &mut Commands) {
    let Some(Overlay::Stop(stopping)) = model.overlays.last() else {
        return;
    };
    if stopping.focus == Button::Cancel {
        return close_top(model, "Nothing was asked of the run.");
    }
    let (run, stop) = (stopping.run.clone(), stopping.stop);
    model.overlays.pop();
    let live = model.monitor.run(&run).is_some_and(|run| run.live);
    if !live {
        let words = "Nobody carries this run out any more: nothing was asked.";
        model.notice = Some(Notice::Warned(words.into()));
        return;
    }
    let (request, words) = match stop {
        true => (
            Request::Stop,
            "Asked to stop; what runs in Azure goes on there.",
        ),
        false => (Request::GoOn, "Asked to go on."),
    };
    if send(model, &run, request, out) {
        model.notice = Some(Notice::Said(words.into()));
    }
}
