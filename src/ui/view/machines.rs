//! The list of machines.
//!
//! ```text
//!      MACHINE     PROVIDER    WHERE    STATE                 RPO    NEXT         HEALTH
//!  ►   web-01      classic     Azure      Committed in Azure      -  Protect      √ ok
//!   ■  sql-01      modernised  Azure      Replicating home     1:10  Fail back    ! 1
//!    x hr-03       classic     Azure      Committed in Azure      -  who is who?  x 1
//! ```
//!
//! Before the name stands a glyph when a run has the machine, or when its registrations contradict
//! each other. Below 60 columns a machine is its name, state and health. Only the rows in sight are
//! built.

mod cells;
mod layout;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

use crate::domain::Machine;
use crate::domain::text::column;
use crate::site::{PartName, PartState};
use crate::ui::document::wrap;
use crate::ui::listing::Row;
use crate::ui::look::{Look, Tone};
use crate::ui::model::Model;
use crate::ui::model::identities::Known;
use crate::ui::paint;
use layout::{Column, Placed};

#[cfg(test)]
pub(in crate::ui) use cells::BUILT;
pub(super) use cells::rpo;

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let look = &model.settings.look;
    let list = &model.listing;
    let columns = layout::columns(&list.widths, area.width);
    headings(model, &columns, area, buf);
    let body = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    if list.rows.is_empty() {
        nothing(model, body, buf);
        return None;
    }
    let height = usize::from(body.height);
    let top = paint::window(list.top, list.cursor, list.rows.len(), height);
    let visible = &list.rows[top..list.rows.len().min(top + height)];
    for (row, line) in (0..).zip(visible) {
        let y = body.y + row;
        match line {
            Row::Head(title, count) => {
                let words = format!("   {title}  {count}");
                paint::put(buf, body, body.x, y, body.width, &words, look.theme.title);
            }
            Row::Machine(index) => {
                if let Some(machine) = model.estate.machines.get(*index) {
                    draw_machine(
                        model,
                        machine,
                        list.marks.contains(&machine.id),
                        in_run(model, machine),
                        &columns,
                        Rect {
                            y,
                            height: 1,
                            ..body
                        },
                        buf,
                    );
                }
            }
        }
    }
    let row = (list.cursor - top) as u16;
    // Health keeps its own colours, and a key its few bytes.
    let health = columns
        .iter()
        .find(|placed| placed.column == Column::Health);
    let width = health.map_or(body.width, |health| health.x.saturating_sub(1));
    select(
        look,
        Rect {
            width: width.min(body.width),
            ..body
        },
        row,
        buf,
    );
    Some(Position::new(body.x, body.y + row))
}

/// Marks the row that the keys act on: reversed, and with a glyph for those who see no reverse. One
/// style over the whole row reads best, and is sent in the fewest bytes.
pub(super) fn select(look: &Look, area: Rect, row: u16, buf: &mut Buffer) {
    let style = look.theme.selected;
    let kept = style.add_modifier;
    paint::style_row(
        buf,
        area,
        row,
        style.remove_modifier(Modifier::all() - kept),
    );
    paint::put(
        buf,
        area,
        area.x,
        area.y + row,
        1,
        look.glyphs.cursor,
        style,
    );
}

fn headings(model: &Model, columns: &[Placed], area: Rect, buf: &mut Buffer) {
    let look = &model.settings.look;
    paint::style_row(buf, area, 0, look.theme.heading);
    for placed in columns {
        let mut title = placed.column.title().to_owned();
        if placed.column.order() == Some(model.listing.order) {
            let glyph = if model.listing.order.falls(model.listing.reversed) {
                look.glyphs.down
            } else {
                look.glyphs.up
            };
            if crate::domain::text::columns(&title) < usize::from(placed.width) {
                title.push_str(glyph);
            } else {
                // The title fills its column: the gap before it has a cell for the arrow.
                let x = area.x + placed.x.saturating_sub(1);
                paint::put(buf, area, x, area.y, 1, glyph, look.theme.heading);
            }
        }
        let title = align(placed, &title, look.glyphs.cut);
        paint::put(
            buf,
            area,
            area.x + placed.x,
            area.y,
            placed.width,
            &title,
            look.theme.heading,
        );
    }
}

fn align(placed: &Placed, text: &str, cut: &str) -> String {
    let width = usize::from(placed.width);
    if placed.column == Column::Rpo {
        let spare = width.saturating_sub(crate::domain::text::columns(text));
        return column(&format!("{}{text}", " ".repeat(spare)), width, cut);
    }
    column(text, width, cut)
}

fn draw_machine(
    model: &Model,
    machine: &Machine,
    marked: bool,
    in_run: Option<Tone>,
    columns: &[Placed],
    area: Rect,
    buf: &mut Buffer,
) {
    let look = &model.settings.look;
    if marked {
        paint::put(
            buf,
            area,
            area.x + 1,
            area.y,
            1,
            look.glyphs.mark,
            look.theme.marked,
        );
    }
    if let Some(tone) = in_run {
        let style = tone.style(&look.theme);
        let glyph = tone.glyph(&look.glyphs);
        paint::put(buf, area, area.x + 2, area.y, 1, glyph, style);
    }
    for (placed, (text, tone)) in columns.iter().zip(cells::build(model, machine, columns)) {
        let style = match (marked, placed.column) {
            (true, Column::Name) => look.theme.marked,
            _ => tone.style(&look.theme),
        };
        let text = align(placed, &text, look.glyphs.cut);
        paint::put(
            buf,
            area,
            area.x + placed.x,
            area.y,
            placed.width,
            &text,
            style,
        );
    }
}

/// How a machine fares in the run that has it, if one does, else whether its registrations contradict
/// each other: a small mark before its name.
fn in_run(model: &Model, machine: &Machine) -> Option<Tone> {
    let Some((run, in_run)) = model.monitor.run_with(&machine.id) else {
        let known = model.identities.known();
        return known
            .of_machine(&machine.id)
            .is_some_and(Known::blocks)
            .then_some(Tone::Bad);
    };
    Some(super::run::words::now(model, run, in_run).0)
}

/// Why there is nothing to be seen.
fn nothing(model: &Model, area: Rect, buf: &mut Buffer) {
    let words = if !model.estate.machines.is_empty() {
        format!(
            "No machine matches /{}. Esc clears the filter.",
            model.listing.filter.text()
        )
    } else {
        match model
            .estate
            .part(PartName::Machines)
            .map(|part| &part.state)
        {
            Some(PartState::Failed(failure)) => failure.lines().join("\n"),
            Some(PartState::NotRecorded) => "The recording holds no machines.".into(),
            Some(PartState::Partial(why)) => format!("No machine can be shown: {why}."),
            Some(PartState::Read | PartState::Composed) => {
                "Nothing in these vaults is protected by Site Recovery.".into()
            }
            Some(PartState::Reading) | None if model.is_reading => "Reading the machines...".into(),
            Some(PartState::Reading) | None => "Nothing was read yet. r reads.".into(),
        }
    };
    let theme = &model.settings.look.theme;
    let lines = wrap(&words, usize::from(area.width.saturating_sub(6)));
    for (row, line) in (1..area.height).zip(lines) {
        paint::put(
            buf,
            area,
            area.x + 3,
            area.y + row,
            area.width,
            &line,
            theme.text,
        );
    }
}
