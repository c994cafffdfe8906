//! Stopping a run, or letting a paused one go on: what it means, Cancel first.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{Button as Focus, Stopping};
use crate::ui::view::buttons::{self, Button};
use crate::ui::view::frame;

/// Rows below the text: a blank, the buttons.
const ASKING: u16 = 2;

pub(in crate::ui::view) fn draw(
    model: &Model,
    state: &Stopping,
    body: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let area = window(model, state, body);
    let inner = frame::inside(area);
    let text = Rect {
        height: inner.height.saturating_sub(ASKING),
        ..inner
    };
    frame::draw(model, &title(model, state), "", area, buf);
    crate::ui::view::page(&lines(model, state, inner.width), state.top, text, buf);
    let label = if state.stop { "Stop the run" } else { "Go on" };
    let is_do = state.focus == Focus::Do;
    let both = [
        Button {
            label: "Cancel",
            default: !is_do,
            focused: !is_do,
        },
        Button {
            label,
            default: is_do,
            focused: is_do,
        },
    ];
    let row = Rect {
        y: inner.bottom().saturating_sub(1),
        height: 1.min(inner.height),
        ..inner
    };
    buttons::draw(&model.settings.look.theme, &both, row, buf)
}

pub(in crate::ui::view) fn extent(model: &Model, state: &Stopping, body: Rect) -> (usize, usize) {
    let inner = frame::inside(window(model, state, body));
    let height = usize::from(inner.height.saturating_sub(ASKING));
    (lines(model, state, inner.width).len(), height)
}

/// As high as its text.
fn window(model: &Model, state: &Stopping, body: Rect) -> Rect {
    // As wide as a small screen: no strip of what lies below beside it.
    let width = body.width.min(84);
    let lines = lines(model, state, width.saturating_sub(4)).len();
    let height = u16::try_from(lines).unwrap_or(u16::MAX);
    frame::centred(body, width, height.saturating_add(ASKING + 2))
}

fn title(model: &Model, state: &Stopping) -> String {
    let name = model
        .monitor
        .run(&state.run)
        .map_or("the run", |r| r.name());
    match state.stop {
        true => format!("Stop {name}?"),
        false => format!("Let {name} go on?"),
    }
}

fn lines(model: &Model, state: &Stopping, width: u16) -> Vec<Line<'static>> {
    let mut doc = Document::new(&model.settings.look, width);
    let style = model.settings.look.theme.text;
    if state.stop {
        doc.toned(
            0,
            Tone::Amber,
            "The run sends nothing more and ends. What runs in Azure goes on there and is no \
             longer followed.",
        );
        doc.blank();
        doc.words(
            0,
            "Nothing is cancelled in Azure: classic VMware has no cancel, and a fail back that was \
             sent goes on to its end. Machines that have not begun stay where they are.",
            style,
        );
    } else {
        doc.words(
            0,
            "The run begins what comes next for each machine, as its plan says: calls that change \
             something in Azure are sent again.",
            style,
        );
    }
    doc.lines
}
