//! The Monitor: the list of plans and runs, and what is asked of a run.

mod history;
mod launch;
mod news;
mod page;
mod question;
mod resume;
mod stop;

pub(super) use history::{run as in_history, told as history_told};
pub(super) use launch::{action as launch_action, ask_for as launch_plan, run as in_launch};
pub(super) use news::{launched, learnt, put, readied, run_read, said, watched};
pub(super) use question::run as in_question;
pub(super) use resume::resumed;
pub(super) use stop::run as in_stop;

use super::moving::moved;
use super::{Commands, Handled};
use crate::domain::run::{Request, RunId};
use crate::ui::action::Action;
use crate::ui::effect::Effect;
use crate::ui::model::monitor::{Fate, Looked, Row, RunPage, Sent};
use crate::ui::model::{Model, Notice, Overlay, Source};
use crate::ui::terminal::Command;
use crate::ui::view;

/// Begins to tell of the plans and runs on disk; what an earlier beginning tells is dropped.
pub fn watch(model: &mut Model, out: &mut Commands) {
    if model.site.is_none() || model.settings.source == Source::Recorded {
        return;
    }
    let generation = model.monitor.begin();
    out.push(Command::Read(Effect::Watch { generation }));
}

pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    if model.monitor.page.is_some() {
        page::run(model, action, out)
    } else {
        in_list(model, action, out)
    }
}

fn in_list(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let height = view::monitor_height(model);
    let monitor = &mut model.monitor;
    if let Some(to) = moved(action, monitor.cursor, monitor.rows.len(), height) {
        monitor.go(to);
        return Handled::Yes;
    }
    match action {
        Action::Open => open(model, out),
        Action::Launch => launch::ask(model, out),
        Action::History => history::open(model, out),
        Action::CopyIds => page::copy_ids(model, out),
        _ => return asked_of_run(model, action, out),
    }
    Handled::Yes
}

/// What works on the list and on a run's page alike.
fn asked_of_run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    match action {
        Action::Answer => question::answer_next(model),
        Action::Pause => stop::pause(model, out),
        Action::Stop => stop::ask(model),
        Action::Resume => resume::ask(model),
        _ => return Handled::Pass,
    }
    Handled::Yes
}

fn open(model: &mut Model, out: &mut Commands) {
    let at = model.monitor.cursor;
    let run = model.monitor.run_at(at).map(|run| run.id.clone());
    match (model.monitor.rows.get(at), run) {
        (Some(Row::Question(_, question)), Some(run)) => question::open(model, &run, *question),
        (Some(Row::Plan(_, None)), _) => launch::ask(model, out),
        (_, Some(run)) => open_page(model, run),
        _ => {}
    }
}

pub(super) fn open_page(model: &mut Model, run: RunId) {
    model.monitor.page = Some(RunPage::of(run));
}

/// Asks for the machines of the run under the cursor where they are not known: those of a run that
/// ended are read when somebody looks.
pub(super) fn look(model: &mut Model, out: &mut Commands) {
    let Some(run) = model.monitor.subject() else {
        return;
    };
    let is_known = run.story.as_ref().is_none_or(|story| story.crew.is_some());
    let is_asked = |looked: &Looked| looked.id == run.id;
    if is_known || model.monitor.looked.as_ref().is_some_and(is_asked) {
        return;
    }
    let id = run.id.clone();
    let generation = model.asked.advance();
    out.push(Command::Read(Effect::ReadRun {
        id: id.clone(),
        generation,
    }));
    model.monitor.looked = Some(Looked {
        id,
        generation,
        read: None,
    });
}

/// Has past runs read once a run is carried out: what they teach tells how long it still takes.
pub(super) fn learn(model: &mut Model, out: &mut Commands) {
    if model.monitor.foresight.asked.is_some() || !model.monitor.is_any_live() {
        return;
    }
    let generation = model.asked.advance();
    model.monitor.foresight.asked = Some(generation);
    out.push(Command::Read(Effect::ReadPast { generation }));
}

/// The run that a request would go to, when somebody is there to take it.
fn live_subject(model: &mut Model) -> Option<RunId> {
    let (id, why) = match model.monitor.subject() {
        None => (None, "There is no run here.".to_owned()),
        Some(run) if run.closing().is_some() => (
            None,
            format!("{} is over: nothing is asked of it.", run.name()),
        ),
        Some(run) if !run.live => {
            let words = "is not being carried out by anybody: a request would not be taken.";
            (None, format!("{} {words}", run.name()))
        }
        Some(run) => (Some(run.id.clone()), String::new()),
    };
    if id.is_none() {
        model.notice = Some(Notice::Warned(why));
    }
    id
}

/// Puts a letter into a run's inbox, unless the same was asked already.
fn send(model: &mut Model, run: &RunId, request: Request, out: &mut Commands) -> bool {
    let known = model.monitor.run(run);
    let asked = known.is_some_and(|run| {
        let mut pending = model.monitor.pending(run).into_iter();
        pending.any(|(asked, _)| *asked == request)
    });
    if asked {
        let words = "That was asked already; the run has not taken it yet.";
        model.notice = Some(Notice::Warned(words.into()));
        return false;
    }
    model.monitor.sent.push(Sent {
        run: run.clone(),
        request: request.clone(),
        fate: Fate::BeingPut,
    });
    out.push(Command::Write(Effect::Put {
        run: run.clone(),
        request,
    }));
    true
}

/// Says that nothing is changed here, where that is so.
pub(super) fn is_refused(model: &mut Model, what: &str, nothing: &str) -> bool {
    if !model.settings.is_read_only() {
        return false;
    }
    let why = match model.settings.source {
        Source::Recorded => "This is a recording",
        Source::Live | Source::Demo => "Read-only",
    };
    let words = format!("{why}: {what} is switched off here. {nothing}");
    model.notice = Some(Notice::Warned(words));
    true
}

/// Whether an overlay of a run has ended while something else happened, to be closed quietly.
pub(super) fn close_top(model: &mut Model, words: &str) {
    model.overlays.pop();
    model.notice = Some(Notice::Said(words.into()));
}

/// The topmost launch, wherever it lies.
fn launching(model: &mut Model) -> Option<&mut crate::ui::model::monitor::Launching> {
    let mut layers = model.overlays.iter_mut().rev();
    layers.find_map(|overlay| match overlay {
        Overlay::Launch(launching) => Some(launching.as_mut()),
        _ => None,
    })
}
