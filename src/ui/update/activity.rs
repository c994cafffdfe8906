//! The site's recent jobs.

use super::moving::moved;
use super::{Commands, Handled};
use crate::ui::action::Action;
use crate::ui::effect::Effect;
use crate::ui::model::{JobView, Model, Overlay};
use crate::ui::terminal::Command;
use crate::ui::view;

pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let page = view::list_height(model);
    if let Some(at) = moved(action, model.activity.at, model.activity_len(), page) {
        model.activity.at = at;
        return Handled::Yes;
    }
    match action {
        Action::Open => open(model, out),
        _ => return Handled::Pass,
    }
    Handled::Yes
}

fn open(model: &mut Model, out: &mut Commands) {
    let at = model.activity.at;
    let Some(job) = model.estate.jobs.get(at).cloned() else {
        return;
    };
    let generation = model.asked.advance();
    let id = job.id.clone();
    out.push(Command::Read(Effect::ReadJob {
        id: id.clone(),
        generation,
    }));
    model.overlays.push(Overlay::Job(Box::new(JobView {
        id,
        generation,
        job,
        read: None,
        top: 0,
    })));
}
