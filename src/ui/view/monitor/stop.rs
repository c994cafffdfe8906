//! Stopping a run, letting a paused one go on, resuming one that nobody carries out: what it means,
//! Cancel first.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{Button as Focus, RunDeed, Stopping};
use crate::ui::view::buttons::{self, Button};
use crate::ui::view::frame;
use crate::ui::view::run::words::ended;

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
    let label = match state.deed {
        RunDeed::Stop => "Stop the run",
        RunDeed::GoOn => "Go on",
        RunDeed::Resume => "Resume",
    };
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
    match state.deed {
        RunDeed::Stop => format!("Stop {name}?"),
        RunDeed::GoOn => format!("Let {name} go on?"),
        RunDeed::Resume => format!("Resume {name}?"),
    }
}

fn lines(model: &Model, state: &Stopping, width: u16) -> Vec<Line<'static>> {
    let mut doc = Document::new(&model.settings.look, width);
    let style = model.settings.look.theme.text;
    match state.deed {
        RunDeed::Stop => {
            doc.toned(
                0,
                Tone::Amber,
                "The run sends nothing more and ends. What runs in Azure goes on there and is no \
                 longer followed.",
            );
            doc.blank();
            doc.words(
                0,
                "Nothing is cancelled in Azure: classic VMware has no cancel, and a fail back that \
                 was sent goes on to its end. Machines that have not begun stay where they are.",
                style,
            );
        }
        RunDeed::GoOn => doc.words(
            0,
            "The run begins what comes next for each machine, as its plan says: calls that change \
             something in Azure are sent again.",
            style,
        ),
        RunDeed::Resume => resume(model, state, &mut doc),
    }
    doc.lines
}

/// Why it stands still, and what a new process does with it.
fn resume(model: &Model, state: &Stopping, doc: &mut Document<'_>) {
    let style = doc.look().theme.text;
    if let Some(run) = model.monitor.run(&state.run) {
        let (tone, why) = ended(model, run);
        doc.toned(0, tone, &why);
        doc.blank();
    }
    doc.words(
        0,
        "A new process takes the run up where its journal ends. First it looks what became of every \
         call that was sent; none is sent twice. What cannot be decided is asked, with all that is \
         known. Then it begins what comes next for each machine, as the plan says.",
        style,
    );
    doc.blank();
    let words = "Questions that were open are asked anew; it works under your name from now on.";
    doc.words(0, words, style);
    if let Some(outlives) = &model.monitor.outlives {
        super::outlives::warn(outlives, doc);
    }
}
