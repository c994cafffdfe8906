//! What carries replication on the ground: fabrics, and under each its servers.
//!
//! ```text
//!    SERVER             ROLE                  ADDRESS      VERSION   HEARTBEAT  HEALTH
//!    cs-01  classic VMware                                                      √ ok
//!  ► ps-01              process server        10.0.0.5     9.44.1    40 s ago   ! 1
//! ```

mod server;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::machines::select;
use crate::domain::infrastructure::{Component, Fabric};
use crate::domain::size::span;
use crate::domain::text::column;
use crate::domain::{Health, Problem};
use crate::site::{PartName, PartState};
use crate::ui::clock;
use crate::ui::document::wrap;
use crate::ui::look::{self, Tone};
use crate::ui::model::Model;
use crate::ui::paint;
pub(super) use server::draw as server;

/// Columns as a line of cells: widths by what room there is.
struct Columns {
    name: usize,
    role: usize,
    address: usize,
    version: usize,
    heartbeat: usize,
}

impl Columns {
    fn of(width: u16) -> Self {
        let spare = usize::from(width.saturating_sub(3 + 10));
        if width < super::NARROW {
            let name = spare / 2;
            return Self {
                name,
                role: spare.saturating_sub(name + 2),
                address: 0,
                version: 0,
                heartbeat: 0,
            };
        }
        let version = if width >= 100 { 14 } else { 0 };
        let fixed = |address: usize| 20 + address + 11 + version + 5;
        // Health is what the screen is looked at for: the address makes room for it.
        let address = if spare < fixed(15) + 12 { 0 } else { 15 };
        Self {
            name: spare.saturating_sub(fixed(address)).clamp(12, 36),
            role: 20,
            address,
            version,
            heartbeat: 11,
        }
    }

    fn line(&self, cells: [&str; 5], cut: &str) -> String {
        let widths = [
            self.name,
            self.role,
            self.address,
            self.version,
            self.heartbeat,
        ];
        let mut line = String::from("   ");
        for (cell, width) in cells
            .into_iter()
            .zip(widths)
            .filter(|(_, width)| *width > 0)
        {
            line.push_str(&column(cell, width, cut));
            line.push(' ');
        }
        line
    }
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let look = &model.settings.look;
    let columns = Columns::of(area.width);
    paint::style_row(buf, area, 0, look.theme.heading);
    let mut heading = columns.line(
        ["SERVER", "ROLE", "ADDRESS", "VERSION", "HEARTBEAT"],
        look.glyphs.cut,
    );
    heading.push_str("HEALTH");
    paint::put(
        buf,
        area,
        area.x,
        area.y,
        area.width,
        &heading,
        look.theme.heading,
    );
    let body = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    if model.servers.is_empty() {
        nothing(model, body, buf);
        return None;
    }
    let height = usize::from(body.height);
    let at = model.infrastructure.at.min(model.servers.len() - 1);
    let top = paint::window(model.infrastructure.top, at, model.servers.len(), height);
    for (row, (fabric, part)) in (0..body.height).zip(&model.servers[top..]) {
        let Some(fabric) = model.estate.fabrics.get(*fabric) else {
            continue;
        };
        let line = match part.and_then(|part| fabric.components.get(part)) {
            Some(component) => component_line(model, fabric, component, &columns),
            None => fabric_line(model, fabric, &columns),
        };
        paint::put_line(buf, body, row, &line);
    }
    let row = (at - top) as u16;
    select(look, body, row, buf);
    Some(Position::new(body.x, body.y + row))
}

fn fabric_line(model: &Model, fabric: &Fabric, columns: &Columns) -> Line<'static> {
    let look = &model.settings.look;
    let cells = [
        columns.name,
        columns.role,
        columns.address,
        columns.version,
        columns.heartbeat,
    ];
    let room: usize = cells.iter().filter(|w| **w > 0).map(|w| w + 1).sum();
    let words = format!("{}  {}", fabric.name, fabric.kind.words());
    let left = format!(
        "   {} ",
        column(&words, room.saturating_sub(1), look.glyphs.cut)
    );
    let (health, tone) = health_cell(model, &fabric.health, &fabric.problems);
    Line::from_iter([
        ratatui::text::Span::styled(left, look.theme.title),
        ratatui::text::Span::styled(health, tone.style(&look.theme)),
    ])
}

fn component_line(
    model: &Model,
    fabric: &Fabric,
    component: &Component,
    columns: &Columns,
) -> Line<'static> {
    let look = &model.settings.look;
    let name = format!("  {}", component.name);
    let left = columns.line(
        [
            &name,
            component.role.words(),
            component.address.as_str(),
            component.version.as_str(),
            &heartbeat(fabric, component),
        ],
        look.glyphs.cut,
    );
    let (health, tone) = health_cell(model, &component.health, &component.problems);
    Line::from_iter([
        ratatui::text::Span::styled(left, look.theme.text),
        ratatui::text::Span::styled(health, tone.style(&look.theme)),
    ])
}

/// The age against the newest time in the fabric's own answer; old alone is no fault
/// (asr-rest.md 13).
fn heartbeat(fabric: &Fabric, component: &Component) -> String {
    match (component.heartbeat, fabric.newest) {
        (Some(beat), Some(newest)) => match clock::between(beat, newest) {
            0 => "now".into(),
            seconds => format!("{} ago", span(seconds)),
        },
        (Some(_), None) => "age unknown".into(),
        (None, _) => "not told".into(),
    }
}

fn health_cell(model: &Model, health: &Health, problems: &[Problem]) -> (String, Tone) {
    let tone = look::health_with(health, problems);
    let glyph = tone.glyph(&model.settings.look.glyphs);
    match problems.len() {
        0 => (format!("{glyph} {}", health.word()), tone),
        count => (format!("{glyph} {count}"), tone),
    }
}

fn nothing(model: &Model, area: Rect, buf: &mut Buffer) {
    let words = match model
        .estate
        .part(PartName::Infrastructure)
        .map(|part| &part.state)
    {
        Some(PartState::Failed(failure)) => failure.lines().join("\n"),
        Some(PartState::NotRecorded) => "The recording holds no infrastructure.".into(),
        Some(PartState::Read | PartState::Composed | PartState::Partial(_)) => {
            "These vaults have no fabric.".into()
        }
        Some(PartState::Reading) | None if model.is_reading => {
            "Reading the infrastructure...".into()
        }
        Some(PartState::Reading) | None => "Nothing was read yet. r reads.".into(),
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
