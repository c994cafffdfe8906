//! Moving in lists and pages: one rule for all of them.

use crate::ui::action::Action;
use crate::ui::listing::Row;
use crate::ui::model::{Model, Overlay, Screen};
use crate::ui::paint::window;
use crate::ui::view;

/// Where `action` leads from `at` in a list of `len` lines, `page` of them in sight; `None` when it
/// does not move.
pub(super) fn moved(action: Action, at: usize, len: usize, page: usize) -> Option<usize> {
    let last = len.saturating_sub(1);
    let page = page.max(1);
    Some(match action {
        Action::Up => at.saturating_sub(1),
        Action::Down => at.saturating_add(1).min(last),
        Action::PageUp => at.saturating_sub(page.saturating_sub(1).max(1)),
        Action::PageDown => (at + page.saturating_sub(1).max(1)).min(last),
        Action::HalfUp => at.saturating_sub((page / 2).max(1)),
        Action::HalfDown => (at + (page / 2).max(1)).min(last),
        Action::First => 0,
        Action::Last => last,
        _ => return None,
    })
}

/// Scrolls a page that has `extent` lines in all and in sight.
pub(super) fn scrolled(action: Action, top: usize, extent: (usize, usize)) -> Option<usize> {
    let (len, height) = extent;
    let last = len.saturating_sub(height);
    moved(action, top.min(last), last + 1, height)
}

/// Brings every cursor and window back within what there is to see.
pub(super) fn settle(model: &mut Model) {
    let height = view::list_height(model);
    let list = &mut model.listing;
    list.cursor = list.cursor.min(list.rows.len().saturating_sub(1));
    list.top = window(list.top, list.cursor, list.rows.len(), height);
    // The head of the first group comes into sight with its first machine.
    if list.top == 1 && matches!(list.rows.first(), Some(Row::Head(..))) && list.cursor < height {
        list.top = 0;
    }
    list.remember(&model.estate.machines);
    for (cursor, len) in [
        (&mut model.infrastructure, model.servers.len()),
        (&mut model.activity, model.estate.jobs.len()),
    ] {
        cursor.at = cursor.at.min(len.saturating_sub(1));
        cursor.top = window(cursor.top, cursor.at, len, height);
    }
    settle_monitor(model);
    settle_page(model);
}

fn settle_monitor(model: &mut Model) {
    if model.screen != Screen::Monitor {
        return;
    }
    let height = view::monitor_height(model);
    model.monitor.keep_in_sight(height);
    let height = view::run_height(model);
    if let Some(mut page) = model.monitor.page.take() {
        let story = model.monitor.story(&page.run);
        page.keep_in_sight(height, story.and_then(|story| story.crew.as_ref()));
        model.monitor.page = Some(page);
    }
}

fn settle_page(model: &mut Model) {
    let is_page = match model.overlays.last() {
        Some(Overlay::Palette(_)) => false,
        Some(_) => true,
        None => model.screen == Screen::Machines && model.opened.is_some(),
    };
    if !is_page {
        return;
    }
    let (len, height) = view::page_extent(model);
    let last = len.saturating_sub(height);
    let top = match model.overlays.last_mut() {
        Some(overlay) => overlay.top_mut(),
        None => model.opened.as_mut().map(|opened| &mut opened.top),
    };
    if let Some(top) = top {
        *top = (*top).min(last);
    }
}
