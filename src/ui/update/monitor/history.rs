//! The list of all runs: typing narrows, Enter opens one, and Esc on its page leads back.

use super::super::moving::moved;
use super::super::{Commands, Handled};
use super::open_page;
use crate::ui::action::Action;
use crate::ui::effect::{Effect, Generation};
use crate::ui::model::monitor::{History, Told};
use crate::ui::model::{Model, Notice, Overlay};
use crate::ui::terminal::Command;
use crate::ui::view;

/// Opens the list, and has it read.
pub(super) fn open(model: &mut Model, out: &mut Commands) {
    let generation = model.asked.advance();
    out.push(Command::Read(Effect::ReadHistory { generation }));
    let history = History::new(generation);
    model.overlays.push(Overlay::History(Box::new(history)));
}

pub fn told(model: &mut Model, generation: Generation, told: Told) {
    let own = |history: &&mut Box<History>| history.generation == generation;
    let mut layers = model.overlays.iter_mut();
    let shown = layers.find_map(|overlay| match overlay {
        Overlay::History(history) => Some(history).filter(own),
        _ => None,
    });
    if let Some(history) = shown.or(model.monitor.history.as_mut().filter(own)) {
        history.take(told);
    }
}

pub(in super::super) fn run(model: &mut Model, action: Action) -> Handled {
    let height = view::history_height(model);
    let Some(Overlay::History(history)) = model.overlays.last_mut() else {
        return Handled::Pass;
    };
    match action {
        Action::Press => press(model),
        Action::Close if !history.field.text().is_empty() => {
            history.field = crate::ui::field::Field::default();
            history.narrow();
        }
        Action::Close => {
            model.overlays.pop();
        }
        _ => match moved(action, history.cursor, history.rows.len(), height) {
            Some(to) => history.cursor = to,
            None => return Handled::Pass,
        },
    }
    Handled::Yes
}

fn press(model: &mut Model) {
    let Some(Overlay::History(history)) = model.overlays.last() else {
        return;
    };
    let Some(run) = history.current().cloned() else {
        model.notice = Some(Notice::Warned("There is no run here.".into()));
        return;
    };
    if let Some(Overlay::History(history)) = model.overlays.pop() {
        model.monitor.history = Some(history);
    }
    let id = run.id.clone();
    model.monitor.visited = Some(run);
    open_page(model, id);
}

/// Back from a run's page: to the list of all runs where it was opened there.
pub(super) fn back(model: &mut Model) {
    model.monitor.page = None;
    model.monitor.visited = None;
    if let Some(history) = model.monitor.history.take() {
        model.overlays.push(Overlay::History(history));
    }
}
