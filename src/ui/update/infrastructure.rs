//! Servers and appliances.

use super::Handled;
use super::moving::moved;
use crate::ui::action::Action;
use crate::ui::model::{Model, Overlay};
use crate::ui::view;

pub(super) fn run(model: &mut Model, action: Action) -> Handled {
    let page = view::list_height(model);
    if let Some(at) = moved(action, model.infrastructure.at, model.servers.len(), page) {
        model.infrastructure.at = at;
        return Handled::Yes;
    }
    match action {
        Action::Open => open(model),
        _ => return Handled::Pass,
    }
    Handled::Yes
}

fn open(model: &mut Model) {
    let Some((fabric, part)) = model.servers.get(model.infrastructure.at) else {
        return;
    };
    let Some(fabric) = model.estate.fabrics.get(*fabric) else {
        return;
    };
    let component = part.and_then(|part| fabric.components.get(part));
    model.overlays.push(Overlay::Server {
        fabric: fabric.id.clone(),
        component: component.map(|component| component.id.clone()),
        top: 0,
    });
}
