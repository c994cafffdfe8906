//! Pages on top: they scroll, they close, and two of them have ids to copy.

use super::detail::copy;
use super::moving::scrolled;
use super::{Commands, Handled, menu};
use crate::ui::action::Action;
use crate::ui::model::{Model, Overlay};
use crate::ui::view;

pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let extent = view::page_extent(model);
    let Some(overlay) = model.overlays.last_mut() else {
        return Handled::Pass;
    };
    if let Some(top) = overlay.top_mut()
        && let Some(to) = scrolled(action, *top, extent)
    {
        *top = to;
        return Handled::Yes;
    }
    match action {
        Action::Close => close(model),
        Action::Help if matches!(overlay, Overlay::Help { .. } | Overlay::FieldHelp { .. }) => {
            close(model);
        }
        Action::Actions => match overlay {
            Overlay::RunMachine { machine, .. } => {
                let machine = machine.clone();
                menu::open_on(model, vec![machine]);
            }
            Overlay::Job(view) => {
                let mut all = model.estate.machines.iter();
                let own = all.find(|machine| machine.is_target_of(&view.job));
                let own = own.map(|machine| machine.id.clone());
                menu::open_on(model, own.into_iter().collect());
            }
            _ => return Handled::Pass,
        },
        Action::CopyIds => {
            let ids = match overlay {
                Overlay::RunMachine { .. } => view::run_ids(model),
                Overlay::Job(view) => Some(format!(
                    "Job: {}\nActivity id: {}",
                    view.job.name, view.job.activity_id
                )),
                _ => None,
            };
            copy(model, ids, out);
        }
        _ => return Handled::Pass,
    }
    Handled::Yes
}

fn close(model: &mut Model) {
    if let Some(Overlay::Job(_)) = model.overlays.pop() {
        // The answer to the reading, should it still come, is for something already left.
        model.asked.advance();
    }
}
