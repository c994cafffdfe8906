//! The list of a wizard's steps, or the one line that stands for it where there is no room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::domain::text::column;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::wizard::Wizard;
use crate::ui::paint;
use crate::wizard::{Step, StepId};

/// Whether a step is answered, as the list of steps shows it.
fn standing(wizard: &Wizard, row: &Step, at: usize, here: usize) -> (Tone, String) {
    let walk = wizard.walk();
    let count = match row.id {
        StepId::Machines => walk.machines().len(),
        _ => 0,
    };
    let count = match count {
        0 => String::new(),
        count => count.to_string(),
    };
    if at > here {
        return (Tone::Waiting, String::new());
    }
    let open = walk.faults(row).len();
    match open {
        0 if at == here => (Tone::Plain, count),
        0 if row.id == StepId::Readiness => match wizard.readied() {
            Some(readied) if readied.findings.ready() => (Tone::Good, String::new()),
            Some(_) => (Tone::Amber, String::new()),
            None => (Tone::Unknown, String::new()),
        },
        0 => (Tone::Good, count),
        _ if at == here => (Tone::Plain, count),
        open => (Tone::Bad, open.to_string()),
    }
}

pub(super) fn list(model: &Model, wizard: &Wizard, area: Rect, buf: &mut Buffer) {
    let look = &model.settings.look;
    let rows = wizard.walk().steps();
    let here = rows
        .iter()
        .position(|row| row.id == wizard.step)
        .unwrap_or(0);
    for y in area.y..area.bottom() {
        let x = area.right().saturating_sub(1);
        paint::put(buf, area, x, y, 1, look.glyphs.vertical, look.theme.border);
    }
    for ((at, row), y) in rows.iter().enumerate().zip(area.y..area.bottom()) {
        let (tone, count) = standing(wizard, row, at, here);
        let (glyph, style): (&str, Style) = match at == here {
            true => (look.glyphs.cursor, look.theme.title),
            false => (tone.glyph(&look.glyphs), tone.style(&look.theme)),
        };
        let name = column(row.short, 11, look.glyphs.cut);
        let words = format!(" {glyph} {name}{count:>2}");
        paint::put(buf, area, area.x, y, super::STEPS - 1, &words, style);
    }
}

pub(super) fn line(model: &Model, wizard: &Wizard, area: Rect, buf: &mut Buffer) {
    let (at, of) = wizard.place();
    let words = format!(" Step {at} of {of}: {}", wizard.row().short);
    let style = model.settings.look.theme.heading;
    paint::put(buf, area, area.x, area.y, area.width, &words, style);
}
