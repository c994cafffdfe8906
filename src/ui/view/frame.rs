//! What lies on top of a screen: a framed page, scrolled.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{menu, monitor, pages, palette, picking, wizard};
use crate::domain::text::{columns, fit};
use crate::ui::model::{Model, Overlay};
use crate::ui::paint;

/// Draws the topmost overlay in `body`.
pub(super) fn overlay(
    model: &Model,
    overlay: &Overlay,
    body: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    match overlay {
        Overlay::Palette(state) => palette::draw(model, state, body, buf),
        Overlay::Menu(state) => menu::draw(model, state, body, buf),
        Overlay::Pick(state) => picking::draw(model, state, body, buf),
        Overlay::Question(state) => monitor::question(model, state, body, buf),
        Overlay::History(state) => monitor::history(model, state, body, buf),
        Overlay::Launch(state) => monitor::launch(model, state, body, buf),
        Overlay::Stop(state) => monitor::stop(model, state, body, buf),
        Overlay::State(state) => wizard::draw_stating(model, state, body, buf),
        Overlay::Hand(state) => wizard::draw_handing(model, state, body, buf),
        Overlay::Record(state) => wizard::draw_agreeing(model, state, body, buf),
        Overlay::Drafts(state) => wizard::draw_drafts(model, state, body, buf),
        _ => {
            let inner = inside(body);
            let (title, lines) = pages::page(model, overlay, inner.width);
            let height = usize::from(inner.height);
            let last = lines.len().saturating_sub(height);
            let top = overlay.top().min(last);
            let more = match (lines.len() > height, top >= last) {
                (false, _) => String::new(),
                (true, false) => format!("{} more", lines.len() - height - top),
                (true, true) => "end".into(),
            };
            draw(model, &title, &more, body, buf);
            super::page(&lines, top, inner, buf);
            Some(Position::new(inner.x, inner.y))
        }
    }
}

/// Lines of the overlay's page, and how many are in sight.
pub(super) fn extent(model: &Model, overlay: &Overlay, body: Rect) -> (usize, usize) {
    let inner = inside(body);
    let height = usize::from(inner.height);
    match overlay {
        Overlay::Palette(_) => (0, height.saturating_sub(1)),
        Overlay::Question(state) => monitor::question_extent(model, state, body),
        Overlay::Launch(state) => monitor::launch_extent(model, state, body),
        Overlay::Stop(state) => monitor::stop_extent(model, state, body),
        Overlay::State(state) => wizard::stating_extent(model, state, body),
        Overlay::Drafts(_)
        | Overlay::Menu(_)
        | Overlay::Pick(_)
        | Overlay::Hand(_)
        | Overlay::Record(_)
        | Overlay::History(_) => (0, height),
        _ => (pages::page(model, overlay, inner.width).1.len(), height),
    }
}

/// The part within the frame, with a blank column on each side.
pub(super) fn inside(area: Rect) -> Rect {
    Rect::new(
        area.x + 2,
        area.y + 1,
        area.width.saturating_sub(4),
        area.height.saturating_sub(2),
    )
}

/// An emptied frame with a title, and a word at its bottom right.
pub(super) fn draw(model: &Model, title: &str, more: &str, area: Rect, buf: &mut Buffer) {
    let look = &model.settings.look;
    let glyphs = &look.glyphs;
    paint::clear(buf, area, look.theme.text);
    if area.width < 4 || area.height < 2 {
        return;
    }
    let [top_left, top_right, bottom_left, bottom_right] = glyphs.corners;
    let rule = glyphs.horizontal.repeat(usize::from(area.width - 2));
    let edge = |left: &str, right: &str| format!("{left}{rule}{right}");
    let last = area.bottom() - 1;
    let border = look.theme.border;
    paint::put(
        buf,
        area,
        area.x,
        area.y,
        area.width,
        &edge(top_left, top_right),
        border,
    );
    paint::put(
        buf,
        area,
        area.x,
        last,
        area.width,
        &edge(bottom_left, bottom_right),
        border,
    );
    for y in area.y + 1..last {
        paint::put(buf, area, area.x, y, 1, glyphs.vertical, border);
        paint::put(buf, area, area.right() - 1, y, 1, glyphs.vertical, border);
    }
    let title = format!(" {} ", fit(title, usize::from(area.width) - 4, glyphs.cut));
    paint::put(
        buf,
        area,
        area.x + 1,
        area.y,
        area.width - 2,
        &title,
        look.theme.title,
    );
    if !more.is_empty() {
        let more = format!(" {more} ");
        let at = area.right().saturating_sub(columns(&more) as u16 + 2);
        paint::put(buf, area, at, last, area.width, &more, look.theme.text);
    }
}

/// A window in the middle of `body`, at most `width` by `height`.
pub(super) fn centred(body: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(body.width), height.min(body.height));
    Rect::new(
        body.x + (body.width - width) / 2,
        body.y + (body.height - height) / 2,
        width,
        height,
    )
}

/// For pages that another file lays out.
pub(super) type Page = (String, Vec<Line<'static>>);
