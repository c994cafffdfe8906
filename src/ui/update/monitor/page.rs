//! The page of one run.

use super::super::detail::copy;
use super::super::moving::moved;
use super::super::{Commands, Handled};
use super::{asked_of_run, history, question};
use crate::ui::action::Action;
use crate::ui::model::monitor::{RunPage, Spot};
use crate::ui::model::{Model, Overlay};
use crate::ui::view;

pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let height = view::run_height(model);
    let Some(mut page) = model.monitor.page.clone() else {
        return Handled::Pass;
    };
    let crew = model
        .monitor
        .story(&page.run)
        .and_then(|story| story.crew.as_ref());
    if let Some(to) = moved(action, page.cursor, RunPage::len(crew), height) {
        page.go(to, crew);
        model.monitor.page = Some(page);
        return Handled::Yes;
    }
    let spot = page.spot(crew);
    match action {
        Action::Open => open(model, &page, spot),
        Action::Answer => match question_here(model, &page, spot) {
            Some(at) => question::open(model, &page.run, at),
            None => question::answer_next(model),
        },
        Action::Timeline => model.monitor.timeline = !model.monitor.timeline,
        Action::PlainPage => model.overlays.push(Overlay::Plain { top: 0 }),
        Action::CopyIds => copy_ids(model, out),
        Action::Back => history::back(model),
        _ => return asked_of_run(model, action, out),
    }
    Handled::Yes
}

/// All of the machine; on the run's own line the question that is about the run, or its plain page.
fn open(model: &mut Model, page: &RunPage, spot: Spot) {
    match (spot, machine_at(model, page, spot)) {
        (Spot::Machine(_), Some(machine)) => model.overlays.push(Overlay::RunMachine {
            run: page.run.clone(),
            machine,
            top: 0,
        }),
        _ => match question_here(model, page, spot) {
            Some(at) => question::open(model, &page.run, at),
            None => model.overlays.push(Overlay::Plain { top: 0 }),
        },
    }
}

fn machine_at(model: &Model, page: &RunPage, spot: Spot) -> Option<crate::domain::ArmId> {
    let Spot::Machine(at) = spot else {
        return None;
    };
    let crew = model.monitor.story(&page.run)?.crew.as_ref()?;
    Some(crew.machines.get(at)?.id.clone())
}

/// The place of the open question about what the cursor is on.
fn question_here(model: &Model, page: &RunPage, spot: Spot) -> Option<usize> {
    let machine = machine_at(model, page, spot);
    let story = model.monitor.story(&page.run)?;
    let mut questions = story.questions.iter();
    questions.position(|question| question.machine == machine)
}

/// What support asks for: of the machine under the cursor, or of the whole run.
pub(super) fn copy_ids(model: &mut Model, out: &mut Commands) {
    copy(model, view::run_ids(model), out);
}
