//! Where the regions of the screen lie. `update` asks too: a page key needs to know a page.

use ratatui::layout::Rect;

use crate::ui::model::Model;

/// Smallest size at which anything useful can be shown.
pub const MIN_COLUMNS: u16 = 40;
pub const MIN_ROWS: u16 = 10;
/// Below this many columns lists have a single column.
pub const NARROW: u16 = 60;

/// The regions, from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regions {
    pub header: Rect,
    /// Empty unless a question of a run waits.
    pub waiting: Rect,
    /// Empty unless drafts wait.
    pub drafts: Rect,
    /// Empty unless something of this screen is not known well.
    pub banner: Rect,
    pub body: Rect,
    pub footer: Rect,
}

impl Regions {
    #[must_use]
    pub fn of(model: &Model, area: Rect) -> Self {
        let banner = u16::from(
            model.doubtful_parts(model.screen).next().is_some()
                || model.vault_complaint().is_some()
                || model.monitor_trouble().is_some()
                || model.contradiction().is_some(),
        );
        let waiting = u16::from(model.monitor.waiting().next().is_some());
        let drafts = u16::from(super::wizard::drafts_are_told(model));
        let mut y = area.y;
        let mut take = |rows: u16| {
            let rows = rows.min(area.bottom().saturating_sub(y));
            let rect = Rect::new(area.x, y, area.width, rows);
            y += rows;
            rect
        };
        let header = take(2);
        let waiting = take(waiting);
        let drafts = take(drafts);
        let banner = take(banner);
        let body = take(
            area.height
                .saturating_sub(3 + waiting.height + drafts.height + banner.height),
        );
        let footer = take(1);
        Self {
            header,
            waiting,
            drafts,
            banner,
            body,
            footer,
        }
    }
}
