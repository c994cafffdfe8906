//! The choices that an action wants, then its launch.

use std::sync::Arc;

use super::moving::moved;
use super::{Commands, Handled, monitor};
use crate::domain::offers::{Choices, Offered};
use crate::domain::{Failure, Machine, Plan, Retry, Verb};
use crate::ui::action::Action;
use crate::ui::effect::{Effect, Generation};
use crate::ui::model::picking::{Next, Picking, wants_choices};
use crate::ui::model::{Model, Notice, Overlay};
use crate::ui::terminal::Command;
use crate::ui::view;

/// Begins an action on machines for which it is offered.
pub(super) fn begin(
    model: &mut Model,
    verb: Verb,
    machines: Vec<Arc<Machine>>,
    out: &mut Commands,
) {
    let generation = model.asked.advance();
    let mut picking = Picking::new(verb, machines, model.estate.offers(), generation);
    if wants_choices(verb) {
        out.push(Command::Read(Effect::ReadChoices { generation }));
        out.push(Command::Read(Effect::ReadOffered {
            machines: picking.machines.clone(),
            generation,
        }));
    }
    picking.to_preferred();
    model.overlays.push(Overlay::Pick(Box::new(picking)));
    go_on(model, out);
}

pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let height = view::picking_height(model);
    let Some(Overlay::Pick(picking)) = model.overlays.last_mut() else {
        return Handled::Pass;
    };
    let len = match picking.next() {
        Next::Ask(question) => question.candidates.len(),
        _ => 0,
    };
    if let Some(to) = moved(action, picking.cursor, len, height) {
        picking.cursor = to;
        picking.top = crate::ui::paint::window(picking.top, to, len, height);
        return Handled::Yes;
    }
    match action {
        Action::Press => {
            picking.choose();
            go_on(model, out);
        }
        Action::Close => {
            if !picking.back() {
                model.overlays.pop();
                model.notice = Some(Notice::Said("Nothing was sent.".into()));
            }
        }
        _ => return Handled::Pass,
    }
    Handled::Yes
}

/// Launches what is ready to be; says what cannot be done.
fn go_on(model: &mut Model, out: &mut Commands) {
    let Some(Overlay::Pick(picking)) = model.overlays.last() else {
        return;
    };
    let verb = picking.verb;
    match picking.next() {
        Next::Reading | Next::Ask(_) => {}
        Next::Made(plan) => {
            model.overlays.pop();
            launch(model, *plan, out);
        }
        Next::Stuck(why) => {
            model.overlays.pop();
            let what = format!("{} cannot be made ready. Nothing was sent.", verb.words());
            let failure = Failure::new(what, why, Retry::AfterFixing);
            model.overlays.push(Overlay::Failure {
                title: verb.words().to_owned(),
                failure: Box::new(failure),
                top: 0,
            });
        }
    }
}

fn launch(model: &mut Model, plan: Plan, out: &mut Commands) {
    monitor::launch_action(model, Arc::new(plan), out);
}

fn open(model: &mut Model, generation: Generation) -> Option<&mut Picking> {
    let mut layers = model.overlays.iter_mut();
    layers.find_map(|overlay| match overlay {
        Overlay::Pick(picking) if picking.generation == generation => Some(picking.as_mut()),
        _ => None,
    })
}

/// What can be chosen was read.
pub(super) fn choices(
    model: &mut Model,
    generation: Generation,
    read: Choices,
    out: &mut Commands,
) {
    if let Some(picking) = open(model, generation) {
        picking.offers.choices = Some(read);
        picking.to_preferred();
        go_on(model, out);
    }
}

/// The machines were read deeply.
pub(super) fn offered(
    model: &mut Model,
    generation: Generation,
    read: Vec<Offered>,
    out: &mut Commands,
) {
    if let Some(picking) = open(model, generation) {
        picking.offers.learn(read);
        picking.to_preferred();
        go_on(model, out);
    }
}
