//! Pausing a run, letting it go on, stopping it, and the confirmation that these and resuming share.

use super::super::moving::scrolled;
use super::super::{Commands, Handled};
use super::{close_top, live_subject, resume, send};
use crate::domain::run::{Request, RunId, RunState};
use crate::ui::action::Action;
use crate::ui::model::monitor::{Button, RunDeed, Stopping};
use crate::ui::model::{Model, Notice, Overlay};
use crate::ui::view;

/// Pauses at once: that holds back and sends nothing. Going on asks first.
pub(super) fn pause(model: &mut Model, out: &mut Commands) {
    let Some(run) = live_subject(model) else {
        return;
    };
    let story = model.monitor.run(&run).and_then(|run| run.story.as_ref());
    if story.is_some_and(|story| matches!(story.state, RunState::Paused(_))) {
        return push(model, run, RunDeed::GoOn);
    }
    if send(model, &run, Request::Pause, out) {
        let words = "Asked to pause: nothing new is begun; what runs in Azure goes on.";
        model.notice = Some(Notice::Said(words.into()));
    }
}

pub(super) fn ask(model: &mut Model) {
    if let Some(run) = live_subject(model) {
        push(model, run, RunDeed::Stop);
    }
}

pub(super) fn push(model: &mut Model, run: RunId, deed: RunDeed) {
    model.overlays.push(Overlay::Stop(Box::new(Stopping {
        run,
        deed,
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
        Action::Close => {
            let words = nothing(stopping.deed);
            close_top(model, words);
        }
        _ => match scrolled(action, stopping.top, extent) {
            Some(top) => stopping.top = top,
            None => return Handled::Pass,
        },
    }
    Handled::Yes
}

/// Said when it was not done.
fn nothing(deed: RunDeed) -> &'static str {
    match deed {
        RunDeed::Stop | RunDeed::GoOn => "Nothing was asked of the run.",
        RunDeed::Resume => "Nothing was resumed; R asks again.",
    }
}

fn press(model: &mut Model, out: &mut Commands) {
    let Some(Overlay::Stop(stopping)) = model.overlays.last() else {
        return;
    };
    if stopping.focus == Button::Cancel {
        return close_top(model, nothing(stopping.deed));
    }
    let (run, deed) = (stopping.run.clone(), stopping.deed);
    model.overlays.pop();
    if deed == RunDeed::Resume {
        return resume::begin(model, &run, out);
    }
    let live = model.monitor.run(&run).is_some_and(|run| run.live);
    if !live {
        let words = "Nobody carries this run out any more: nothing was asked.";
        model.notice = Some(Notice::Warned(words.into()));
        return;
    }
    let (request, words) = match deed {
        RunDeed::Stop => (
            Request::Stop,
            "Asked to stop; what runs in Azure goes on there.",
        ),
        RunDeed::GoOn | RunDeed::Resume => (Request::GoOn, "Asked to go on."),
    };
    if send(model, &run, request, out) {
        model.notice = Some(Notice::Said(words.into()));
    }
}
