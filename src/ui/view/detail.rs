//! One machine, everything about it.
//!
//! ```text
//!  sql-01                                                        Esc back to the list
//!  On-premises   sql-01                    In Azure      sql-01-e9369372
//!  State         » Replicating home        Runs in       Azure
//!  ...
//!  PROBLEMS 2
//!  ! 161011  No successful test failover has been done ...
//!      What to do: ...
//!  DISKS 2          SIZE      PENDING   SYNCHRONISED
//!  ...
//! ```

mod carried;
mod facts;
mod ways;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::domain::Machine;
use crate::domain::identity::Standing;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::identities::standing;
use crate::ui::model::{Model, Opened};

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let top = model.opened.as_ref().map_or(0, |opened| opened.top);
    super::page(&lines(model, area.width), top, area, buf);
    Some(Position::new(area.x, area.y))
}

/// The whole page.
pub(super) fn lines(model: &Model, width: u16) -> Vec<Line<'static>> {
    let inner = width.saturating_sub(2);
    let mut doc = Document::new(&model.settings.look, inner);
    if let Some(opened) = &model.opened {
        match model.estate.machine(&opened.id) {
            Some(machine) => whole(model, opened, machine, &mut doc),
            None => doc.toned(
                0,
                Tone::Unknown,
                "This machine is no longer in the list: its protection may have been removed.",
            ),
        }
    }
    doc.lines
        .into_iter()
        .map(|mut line| {
            line.spans.insert(0, " ".into());
            line
        })
        .collect()
}

/// Everything about `machine` into `doc`.
pub(super) fn whole(model: &Model, opened: &Opened, machine: &Machine, doc: &mut Document<'_>) {
    facts::draw(model, machine, doc);
    facts::problems(model, machine, doc);
    // What is as it should be stands below.
    let open = model.identities.known().of_machine(&machine.id);
    let open = open.is_some_and(|own| standing(own) != Standing::Passes);
    if open {
        facts::identity(model, machine, doc);
    }
    match &opened.read {
        None => {
            doc.blank();
            doc.toned(
                0,
                Tone::Busy,
                "Reading disks, adapters and recovery points...",
            );
        }
        Some(Err(failure)) => {
            doc.blank();
            doc.failure(0, failure);
        }
        Some(Ok(detail)) => {
            carried::disks(detail, doc);
            carried::adapters(detail, doc);
            carried::points(model, machine, detail, doc);
        }
    }
    if !open {
        facts::identity(model, machine, doc);
    }
    facts::jobs(model, machine, doc);
    ways::not_now(model, machine, doc);
    facts::ids(machine, opened, doc);
}
