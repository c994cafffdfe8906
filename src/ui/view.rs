//! Draws the model. One file a region or screen; each begins with a sketch of what it draws.
//!
//! ```text
//!  failback  contoso-dr > rsv-contoso-weu                      live, as of 09:14 CET   header
//!   1 Machines   2 Monitor   3 Infrastructure   4 Activity         12 of 240  /web     header
//!  ! jobs could not be read: ...                                     e all of it       banner
//!  ...                                                                                 body
//!  Enter open  f fail back  / filter  : commands  ? help                               footer
//! ```

mod activity;
mod banner;
mod buttons;
mod connect;
mod detail;
mod footer;
mod frame;
mod header;
mod help;
mod identities;
mod infrastructure;
mod job;
mod machines;
mod menu;
mod monitor;
mod pages;
mod palette;
mod picking;
mod regions;
mod run;
mod wizard;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

#[cfg(test)]
pub(in crate::ui) use machines::BUILT;
pub(in crate::ui) use monitor::outlives_in_words;
pub use pages::detail_ids;
pub use palette::matches as palette_matches;
pub use regions::{MIN_COLUMNS, MIN_ROWS, NARROW, Regions};
#[cfg(test)]
pub(in crate::ui) use run::rows::BUILT as RUN_ROWS_BUILT;
pub use run::run_ids;

use super::model::{Model, Overlay, Screen};
use super::paint;

/// Draws everything; hands back where the real cursor belongs, so that a screen reader finds what
/// the keys act on.
#[must_use]
pub fn view(model: &Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return None;
    }
    paint::clear(buf, area, model.settings.look.theme.text);
    let cursor = if area.width < MIN_COLUMNS || area.height < MIN_ROWS {
        too_small(model, area, buf);
        None
    } else {
        whole(model, area, buf)
    };
    if model.settings.look.glyphs.ascii {
        paint::only_ascii(buf, area);
    }
    cursor
}

fn too_small(model: &Model, area: Rect, buf: &mut Buffer) {
    let words = format!("needs {MIN_COLUMNS}x{MIN_ROWS}");
    let style = model.settings.look.theme.text;
    paint::put(buf, area, area.x, area.y, area.width, &words, style);
}

fn whole(model: &Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    if let Some(Overlay::Plain { top }) = model.overlays.last() {
        let lines = pages::plain(model, area.width);
        page(&lines, *top, area, buf);
        return Some(Position::new(area.x, area.y));
    }
    let regions = Regions::of(model, area);
    header::draw(model, regions.header, buf);
    banner::waiting(model, regions.waiting, buf);
    wizard::drafts_line(model, regions.drafts, buf);
    banner::draw(model, regions.banner, buf);
    let mut cursor = match model.screen {
        Screen::Machines if model.opened.is_some() => detail::draw(model, regions.body, buf),
        Screen::Machines => machines::draw(model, regions.body, buf),
        Screen::Monitor if model.monitor.page.is_some() => run::draw(model, regions.body, buf),
        Screen::Monitor => monitor::draw(model, regions.body, buf),
        Screen::Infrastructure => infrastructure::draw(model, regions.body, buf),
        Screen::Activity => activity::draw(model, regions.body, buf),
        Screen::Connect => connect::draw(model, regions.body, buf),
        Screen::Wizard => wizard::draw(model, regions.body, buf),
    };
    if let Some(overlay) = model.overlays.last() {
        cursor = frame::overlay(model, overlay, regions.body, buf);
    }
    footer::draw(model, regions.footer, buf).or(cursor)
}

/// How many lines the page has that the keys scroll now, and how many of them are in sight.
#[must_use]
pub fn page_extent(model: &Model) -> (usize, usize) {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let body = Regions::of(model, area).body;
    match model.overlays.last() {
        Some(Overlay::Plain { .. }) => (
            pages::plain(model, area.width).len(),
            usize::from(area.height),
        ),
        Some(overlay) => frame::extent(model, overlay, body),
        None if model.screen == Screen::Machines && model.opened.is_some() => (
            detail::lines(model, body.width).len(),
            usize::from(body.height),
        ),
        None if model.screen == Screen::Connect => {
            (connect::extent(model, body.width), usize::from(body.height))
        }
        None => (0, usize::from(body.height)),
    }
}

/// The lines of the list that are in sight now.
#[must_use]
pub fn list_height(model: &Model) -> usize {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let body = Regions::of(model, area).body;
    usize::from(body.height.saturating_sub(1)).max(1)
}

/// The lines of the wizard's page that are in sight.
#[must_use]
pub fn wizard_height(model: &Model) -> usize {
    wizard::height(body(model))
}

/// The wizard's page as it is drawn now.
#[must_use]
pub fn wizard_spread(model: &Model) -> Option<wizard::Spread> {
    let state = model.wizard.as_ref()?;
    Some(wizard::spread(model, state, body(model)))
}

/// The lines of an action's choice that are in sight.
#[must_use]
pub fn picking_height(model: &Model) -> usize {
    match model.overlays.last() {
        Some(Overlay::Pick(state)) => picking::height(model, state, body(model)),
        _ => 1,
    }
}

/// The lines of the Monitor's list that are in sight.
#[must_use]
pub fn monitor_height(model: &Model) -> usize {
    monitor::list_height(model, body(model))
}

/// The lines of a run's page that are in sight: the run itself and its machines.
#[must_use]
pub fn run_height(model: &Model) -> usize {
    run::list_height(model, body(model))
}

/// The lines of the list of all runs that are in sight.
#[must_use]
pub fn history_height(model: &Model) -> usize {
    monitor::history_height(body(model))
}

/// The line of the question on which the keys are: a check of it.
#[must_use]
pub fn question_line(model: &Model) -> Option<usize> {
    match model.overlays.last() {
        Some(Overlay::Question(state)) => monitor::question_line(model, state, body(model)),
        _ => None,
    }
}

fn body(model: &Model) -> Rect {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    Regions::of(model, area).body
}

/// Draws `lines` from `top` on; beyond the end the last page stays.
fn page(lines: &[Line<'static>], top: usize, area: Rect, buf: &mut Buffer) {
    let height = usize::from(area.height);
    let top = top.min(lines.len().saturating_sub(height));
    for (row, line) in (0..area.height).zip(&lines[top..]) {
        paint::put_line(buf, area, row, line);
    }
}
