//! The list of machines.

use super::moving::moved;
use super::{Commands, Handled, detail, menu, wizard};
use crate::domain::WizardKind;
use crate::ui::action::Action;
use crate::ui::field::Field;
use crate::ui::listing::Filter;
use crate::ui::model::{Model, Notice};
use crate::ui::view;

pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let page = view::list_height(model);
    if let Some(at) = moved(action, model.listing.cursor, model.listing.rows.len(), page) {
        model.listing.cursor = at;
        return Handled::Yes;
    }
    let machines = &model.estate.machines;
    let list = &mut model.listing;
    match action {
        Action::Open => detail::open(model, out),
        Action::Protect => wizard::open(model, WizardKind::Protect, out),
        Action::FailBack => wizard::open(model, WizardKind::Recover, out),
        Action::Actions => menu::open(model),
        Action::Drafts => wizard::offer_drafts(model),
        Action::Mark => {
            list.mark(machines);
            list.cursor += 1;
        }
        Action::MarkAll => list.mark_all(machines),
        Action::Range => list.range(machines),
        Action::Filter => model.filter_field = Some(Field::holding(list.filter.text())),
        Action::KeepFilter => model.filter_field = None,
        Action::ClearFilter => clear_filter(model),
        Action::Sort => {
            list.order = list.order.next();
            list.order_changed(machines);
        }
        Action::ReverseSort => {
            list.reversed = !list.reversed;
            list.order_changed(machines);
        }
        Action::Group => {
            list.grouping = list.grouping.next();
            list.view_changed(machines);
            model.notice = Some(Notice::Said(format!("Grouped: {}", list.grouping.words())));
        }
        Action::Back if list.anchor.is_some() => list.anchor = None,
        Action::Back if !list.filter.is_empty() => clear_filter(model),
        _ => return menu::ask(model, action, out),
    }
    Handled::Yes
}

fn clear_filter(model: &mut Model) {
    model.filter_field = None;
    model.listing.filter = Filter::default();
    model.listing.view_changed(&model.estate.machines);
}

/// The filter is live: the list follows every letter.
pub(super) fn filter_edited(model: &mut Model) {
    if let Some(field) = &model.filter_field {
        model.listing.filter = Filter::new(field.text());
        model.listing.view_changed(&model.estate.machines);
    }
}
