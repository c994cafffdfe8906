//! What stands below the list, or beside it: the machines of the run under the cursor, or what the
//! plan under it is about.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{rule, safe};
use crate::domain::{Intent, Plan};
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{Row, RunView, Story};
use crate::ui::view::run::rows::{self, Shape};
use crate::ui::view::run::words;

pub(super) fn draw(model: &Model, head: Rect, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let monitor = &model.monitor;
    let safe = match monitor.is_any_live() {
        true => safe(model, head.width),
        false => ("", Tone::Plain),
    };
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    match (
        monitor.rows.get(monitor.cursor),
        monitor.run_at(monitor.cursor),
    ) {
        (_, Some(run)) => {
            rule(model, run.name(), &launched(model, run), safe, head, buf);
            of_run(model, run, area, buf);
        }
        (Some(Row::Plan(at, None)), _) => {
            if let Some(plan) = monitor.plans().get(*at) {
                rule(model, plan.name.as_str(), &what(plan), safe, head, buf);
                super::super::page(&of_plan(model, plan, inner.width), 0, inner, buf);
            }
        }
        (Some(Row::Damaged(at)), _) => {
            rule(model, "A plan that cannot be used", "", safe, head, buf);
            let mut doc = Document::new(&model.settings.look, inner.width);
            if let Some(file) = monitor.damaged().get(*at) {
                doc.toned(0, Tone::Bad, file.why.as_str());
            }
            super::super::page(&doc.lines, 0, inner, buf);
        }
        _ => rule(model, "Monitor", "", safe, head, buf),
    }
}

/// Who launched a run, and when.
fn launched(model: &Model, run: &RunView) -> String {
    match &run.story {
        Some(story) => format!(
            "launched {} by {}",
            clock::time(story.begun, &model.settings.zone),
            story.by.name
        ),
        None => String::new(),
    }
}

fn what(plan: &Plan) -> String {
    let machines = plan.machines().len();
    let plural = if machines == 1 { "" } else { "s" };
    format!("{}, {machines} machine{plural}", plan.intent().word())
}

/// What must be known about the run first, then its machines: from the first that is not through.
fn of_run(model: &Model, run: &RunView, area: Rect, buf: &mut Buffer) {
    let notes = notes(model, run, area.width.saturating_sub(2));
    let height = (notes.len() as u16).min(area.height);
    let top = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        height,
        ..area
    };
    super::super::page(&notes, 0, top, buf);
    let list = Rect {
        y: area.y + height,
        height: area.height - height,
        ..area
    };
    let Some(story) = model.monitor.story(&run.id) else {
        return;
    };
    let Some(crew) = &story.crew else {
        return;
    };
    rows::headings(model, (run, Some(story)), Shape::Pane, list, buf);
    let list = Rect {
        y: list.y + 1,
        height: list.height.saturating_sub(1),
        ..list
    };
    let fits = usize::from(list.height);
    let from = crew.first_open.min(crew.rows.len().saturating_sub(fits));
    rows::draw(model, (run, story), Shape::Pane, from, list, buf);
}

/// Most lines that stand before the machines.
const MOST_NOTES: usize = 4;

/// What is not as it should be, what was asked and not taken, what is asked of you.
fn notes(model: &Model, run: &RunView, width: u16) -> Vec<Line<'static>> {
    let mut doc = Document::new(&model.settings.look, width);
    words::notes(model, run, &mut doc);
    if run.story.is_some() && model.monitor.story(&run.id).is_none_or(is_unread) {
        match model
            .monitor
            .looked
            .as_ref()
            .and_then(|looked| looked.read.as_ref())
        {
            Some(Err(failure)) => doc.failure(0, failure),
            _ => doc.toned(0, Tone::Busy, "Reading the run..."),
        }
    }
    doc.lines.truncate(MOST_NOTES);
    doc.lines
}

fn is_unread(story: &Story) -> bool {
    story.crew.is_none()
}

/// The machines of a plan, in their order, and what can be done with it.
fn of_plan(model: &Model, plan: &Plan, width: u16) -> Vec<Line<'static>> {
    let mut doc = Document::new(&model.settings.look, width);
    let style = model.settings.look.theme.text;
    let names = |ids: &mut dyn Iterator<Item = &crate::domain::ArmId>| {
        let names: Vec<String> = ids
            .take(200)
            .map(|id| plan.machine_name(id).to_string())
            .collect();
        names.join("  ")
    };
    match plan.intent() {
        Intent::FailBack(recovery) => {
            for (number, wave) in (1..=50).zip(&recovery.waves) {
                let mut ids = wave.machines.iter().map(|machine| &machine.id);
                doc.fact(&format!("Wave {number}"), &names(&mut ids));
            }
        }
        Intent::FailOver(failover) => {
            for (number, wave) in (1..=50).zip(&failover.waves) {
                let mut ids = wave.machines.iter().map(|machine| &machine.id);
                doc.fact(&format!("Wave {number}"), &names(&mut ids));
            }
        }
        _ => doc.fact("Machines", &names(&mut plan.machines().into_iter())),
    }
    doc.blank();
    let words = match model.settings.is_read_only() {
        true => "Saved. Nothing is launched here: this is read-only.",
        false => {
            "Saved, and nothing of it was sent. Enter checks its readiness, takes your word where it \
             waits for it, shows every call, and launches it when its name was typed."
        }
    };
    doc.words(0, words, style);
    doc.lines
}
