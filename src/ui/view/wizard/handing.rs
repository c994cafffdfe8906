//! A machine's drscout.conf is handed over: pasted, as a file, or by ssh.
//!
//! ```text
//! ┌ Paste drscout.conf: hr-02 ──────────────────────────────────────┐
//! │ Open drscout.conf on the machine in Azure, copy all of it, and  │
//! │ paste it here.                                                  │
//! │ On Windows it is in C:\Program Files (x86)\...                  │
//! └─────────────────────────────────────────────────────────────────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::frame;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::identities::{Handing, Way};
use crate::ui::paint;

/// Where an agent keeps it (cx-protocol.md 5).
const WINDOWS: &str =
    "C:\\Program Files (x86)\\Microsoft Azure Site Recovery\\Application Data\\etc\\drscout.conf";
const LINUX: &str = "/usr/local/drscout.conf";

pub(in crate::ui::view) fn draw(
    model: &Model,
    state: &Handing,
    body: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let look = &model.settings.look;
    let inner = frame::inside(body);
    let mut doc = Document::new(look, inner.width);
    let (title, words) = match state.way {
        Way::Paste => (
            "Paste drscout.conf",
            "Open drscout.conf on the machine in Azure, copy all of it, and paste it here in one \
             piece: it is taken at once. Kept are its agent's id, its hash and what is wrong with it; \
             not the file.",
        ),
        Way::File => (
            "Open a file",
            "The path of a copy of the machine's drscout.conf on this computer.",
        ),
        Way::Ssh => (
            "Read by ssh",
            "The machine in Azure by the name that your own ssh knows: its configuration, agent, jump \
             hosts and known hosts count. It runs without prompts: a key or an agent has to be there.",
        ),
    };
    frame::draw(model, &format!("{title}: {}", state.name), "", body, buf);
    doc.words(0, words, look.theme.text);
    if state.way != Way::Ssh {
        doc.blank();
        doc.fact("On Windows", WINDOWS);
        doc.fact("On Linux", LINUX);
    }
    if let Some(error) = &state.error {
        doc.blank();
        doc.toned(0, Tone::Bad, error);
    }
    doc.blank();
    let at = doc.lines.len() as u16;
    if state.way == Way::Paste {
        doc.toned(0, Tone::Waiting, "Waiting for the paste.");
    }
    super::super::page(&doc.lines, 0, inner, buf);
    let row = Rect {
        y: inner.y + at.min(inner.height.saturating_sub(1)),
        height: inner.height.min(1),
        ..inner
    };
    if state.way == Way::Paste {
        return Some(Position::new(row.x, row.y));
    }
    Some(paint::field(buf, row, &state.field, look.theme.selected))
}
