//! Going on with a run that nobody carries out any more: interrupted, or suspended by its runner.

use super::super::Commands;
use super::{is_refused, stop};
use crate::domain::Failure;
use crate::domain::run::RunId;
use crate::ui::effect::Effect;
use crate::ui::model::monitor::RunDeed;
use crate::ui::model::{Model, Notice, Overlay};
use crate::ui::terminal::Command;
use crate::ui::view;

/// Asks whether to go on with the run, or says why that cannot be asked.
pub(super) fn ask(model: &mut Model) {
    if is_refused(model, "resuming", "Nothing was resumed.") {
        return;
    }
    let subject = model.monitor.subject().cloned();
    let Some(run) = subject else {
        model.notice = Some(Notice::Warned("There is no run here.".into()));
        return;
    };
    let name = run.name();
    let why = match &run.story {
        _ if run.closing().is_some() && run.damage.is_none() => {
            format!("{name} is over: launch its plan again for what is left.")
        }
        _ if run.damage.is_some() => {
            format!("{name} is not resumed: its journal is damaged. runs verify tells where.")
        }
        None if !run.live => format!("{name} never began: launch its plan."),
        _ if run.live => format!("{name} is being carried out: there is nothing to resume."),
        _ if model.monitor.resuming.contains(&run.id) => {
            format!("{name} is being resumed already.")
        }
        _ => return stop::push(model, run.id.clone(), RunDeed::Resume),
    };
    model.notice = Some(Notice::Warned(why));
}

/// Has the new process started, unless somebody else was quicker.
pub(super) fn begin(model: &mut Model, run: &RunId, out: &mut Commands) {
    let known = model.monitor.run(run);
    if known.is_none_or(|known| known.live || known.closing().is_some()) {
        let words = "It is no longer as it was: somebody goes on with it, or it is over.";
        model.notice = Some(Notice::Warned(words.into()));
        return;
    }
    if !model.monitor.resuming.insert(run.clone()) {
        return;
    }
    out.push(Command::Write(Effect::Resume { run: run.clone() }));
    let words = "It is being resumed: a new process reads the machines first; this list tells.";
    model.notice = Some(Notice::Said(words.into()));
}

/// The new process goes on, or does not.
pub fn resumed(model: &mut Model, run: &RunId, resumed: Result<(), Box<Failure>>) {
    model.monitor.resuming.remove(run);
    let name = model.monitor.run(run).map(|run| run.name().to_owned());
    let name = name.unwrap_or_else(|| run.to_string());
    match resumed {
        Ok(()) => {
            let words = format!("{name} goes on. {}", view::outlives_in_words(model));
            model.notice = Some(Notice::Said(words));
        }
        Err(failure) => model.overlays.push(Overlay::Failure {
            title: format!("{name} was not resumed"),
            failure,
            top: 0,
        }),
    }
}
