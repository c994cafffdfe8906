//! One run: how it stands, its machines by wave, and all about what the cursor is on.
//!
//! ```text
//!  ── erp-home ── fail back ───────────────────── closing this terminal is safe ──
//!  » wave 2 of 3   [████████████░░░░░░░░]  61 %
//!    MACHINE        STEPS     NOW                                      SINCE
//!    the run                  launched 08:40 CET by kim on jump-01
//!    WAVE 1
//!    dc-01          √√√√√··   home; look at it, then commit             6 min
//!    WAVE 2
//! ►» sql-01         √√√»····  Synchronizing the latest changes  41 %   12 min
//!  ── sql-01 ── way back: none: Fail back was sent ───────────────────────────────
//!  √ drain what is on its way                        08:43:12      0:40
//!  » fail back                                       08:44:00    12 min
//!      tasks            [██████████░░░░░░░░░░] 3 of 6
//!      synchronisation  [████████░░░░░░░░░░░░] 41 %, 1.2 GiB to go
//!    · see that the Azure VM is off
//! ```

mod afterwards;
mod axis;
mod ids;
pub(super) mod left;
pub(super) mod machine;
mod plain;
pub(super) mod rows;
mod timeline;
mod whole;
mod window;
pub(super) mod words;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

pub use ids::run_ids;
pub(super) use plain::plain;

use super::machines::select;
use super::monitor::{Split, bar, rule, standing};
use crate::domain::text::columns;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{RunPage, RunView, Spot, Story};
use crate::ui::paint;
use rows::Shape;

/// Rows above the list: the rule with the name, how it stands.
const ABOVE: u16 = 2;
/// Columns of the machines when something stands beside them.
const LIST: u16 = 72;

fn split(model: &Model, body: Rect) -> Split {
    let below = Rect {
        y: body.y + ABOVE.min(body.height),
        height: body.height.saturating_sub(ABOVE),
        ..body
    };
    let page = model.monitor.page.as_ref();
    let story = page.and_then(|page| model.monitor.story(&page.run));
    let rows = RunPage::len(story.and_then(|story| story.crew.as_ref()));
    Split::of(below, rows + 1, LIST)
}

/// Lines of the list of machines that are in sight.
pub(super) fn list_height(model: &Model, body: Rect) -> usize {
    usize::from(split(model, body).list.height.saturating_sub(1)).max(1)
}

pub(super) fn draw(model: &Model, body: Rect, buf: &mut Buffer) -> Option<Position> {
    let page = model.monitor.page.as_ref()?;
    let Some(run) = model.monitor.run(&page.run) else {
        starting(model, body, buf);
        return Some(Position::new(body.x, body.y));
    };
    above(model, run, body, buf);
    let story = model.monitor.story(&page.run);
    let split = split(model, body);
    let cursor = list(model, run, story, page, split.list, buf);
    if split.list.width < body.width {
        let look = &model.settings.look;
        for y in split.list.top()..split.list.bottom() {
            let x = split.list.right();
            paint::put(buf, body, x, y, 1, look.glyphs.vertical, look.theme.border);
        }
    }
    detail(model, run, story, page, &split, buf);
    cursor
}

/// A run that was launched and has not been read yet, or is gone.
fn starting(model: &Model, body: Rect, buf: &mut Buffer) {
    let words = "The run is not in its folder yet, or no longer.";
    let style = model.settings.look.theme.text;
    paint::put(buf, body, body.x + 1, body.y + 1, body.width, words, style);
}

fn above(model: &Model, run: &RunView, body: Rect, buf: &mut Buffer) {
    let safe = match run.live && run.closing().is_none() {
        true => super::monitor::safe(model, body.width),
        false => ("", Tone::Plain),
    };
    let kind = run.story.as_ref().map_or("", |story| story.intent.as_str());
    let head = Rect {
        height: 1.min(body.height),
        ..body
    };
    rule(model, run.name(), kind, safe, head, buf);
    let look = &model.settings.look;
    let (tone, words) = standing(model, run);
    let style = tone.style(&look.theme);
    let mut spans = vec![Span::styled(
        format!(" {} {words}   ", tone.glyph(&look.glyphs)),
        style,
    )];
    if let Some(story) = &run.story {
        let left = left::line(model, run);
        let share = if left.is_some() { 5 } else { 3 };
        let width = usize::from(body.width / share).clamp(6, 40);
        spans.push(Span::styled(bar(model, story.percent(), width), style));
        // Where the whole of it finds no room, the likely time does.
        let used: usize = spans.iter().map(|span| columns(&span.content)).sum();
        let left = left.map(
            |words| match used + columns(&words) + 4 < usize::from(body.width) {
                true => words,
                false => format!("{} left", left::short(model, run)),
            },
        );
        for words in left.into_iter().chain([counts(story)]) {
            let used: usize = spans.iter().map(|span| columns(&span.content)).sum();
            if used + columns(&words) + 4 < usize::from(body.width) {
                spans.push(Span::styled(format!("   {words}"), look.theme.text));
            }
        }
    }
    let line = Rect {
        y: body.y + 1,
        height: body.height.saturating_sub(1),
        ..body
    };
    paint::put_line(buf, line, 0, &Line::from(spans));
}

fn counts(story: &Story) -> String {
    let plural = if story.count == 1 { "" } else { "s" };
    let mut words = format!("{} machine{plural}", story.count);
    for (count, what) in [(story.failed, "failed"), (story.questions.len(), "asked")] {
        if count > 0 {
            words.push_str(&format!(", {count} {what}"));
        }
    }
    words
}

fn list(
    model: &Model,
    run: &RunView,
    story: Option<&Story>,
    page: &RunPage,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let look = &model.settings.look;
    let crew = story.and_then(|story| story.crew.as_ref());
    let widest = crew.map_or(0, |crew| crew.widest);
    let shape = Shape::of_page(model);
    rows::headings(model, (run, story), shape, area, buf);
    let body = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    let height = usize::from(body.height);
    let top = paint::window(page.top, page.cursor, RunPage::len(crew), height);
    let below = match top {
        0 => {
            rows::of_run(model, (run, story), shape, body, buf);
            Rect {
                y: body.y + 1,
                height: body.height.saturating_sub(1),
                ..body
            }
        }
        _ => body,
    };
    if let Some(story) = story {
        let from = top.saturating_sub(1);
        rows::draw(model, (run, story), shape, from, below, buf);
    }
    let row = u16::try_from(page.cursor.checked_sub(top)?).ok()?;
    let selected = Rect {
        width: rows::before_now(body.width, shape, widest).min(body.width),
        ..body
    };
    select(look, selected, row, buf);
    Some(Position::new(body.x, body.y + row))
}

fn detail(
    model: &Model,
    run: &RunView,
    story: Option<&Story>,
    page: &RunPage,
    split: &Split,
    buf: &mut Buffer,
) {
    let area = Rect {
        x: split.pane.x + 1,
        width: split.pane.width.saturating_sub(2),
        ..split.pane
    };
    if area.is_empty() {
        return;
    }
    let crew = story.and_then(|story| story.crew.as_ref());
    let mut doc = Document::new(&model.settings.look, area.width);
    let top = match page.spot(crew).machine(crew) {
        Some(of) => {
            let way_back = format!("way back: {}", of.way_back());
            let goes_on = run.live && run.is_open();
            let foreseen = model.monitor.foreseen(&run.id).filter(|_| goes_on);
            let course = foreseen.and_then(|all| all.course(&of.id));
            let arrives = course.and_then(left::of_machine).unwrap_or_default();
            // What cannot be taken back is not cut for what is only expected.
            let room = usize::from(split.rule.width).saturating_sub(columns(of.name.as_str()) + 12);
            let arrives = match columns(&way_back) + columns(&arrives) < room {
                true => arrives,
                false => String::new(),
            };
            let right = (arrives.as_str(), Tone::Plain);
            rule(model, of.name.as_str(), &way_back, right, split.rule, buf);
            let at = machine::draw(model, run, of, machine::Extent::Pane, &mut doc);
            if let Some(crew) = crew {
                afterwards::hint(model, crew, of, &mut doc);
            }
            at
        }
        None => {
            rule(model, "the run", "", ("", Tone::Plain), split.rule, buf);
            whole::draw(model, run, &mut doc);
            0
        }
    };
    // The step that tells stands in sight, with one line before it.
    let top = match doc.lines.len() > usize::from(area.height) {
        true => top.saturating_sub(1),
        false => 0,
    };
    super::page(&doc.lines, top, area, buf);
}

/// One machine of a run, for the page that shows all of it: its title and its lines.
pub(super) fn machine_page(
    model: &Model,
    run: &crate::domain::run::RunId,
    id: &crate::domain::ArmId,
    doc: &mut Document<'_>,
) -> String {
    let of = model.monitor.run(run);
    let story = model.monitor.story(run);
    let found = story
        .and_then(|story| story.crew.as_ref())
        .and_then(|crew| crew.find(id));
    match (of, found) {
        (Some(run), Some(found)) => {
            doc.fact("Way back", found.way_back());
            if let Some(crew) = story.and_then(|story| story.crew.as_ref()) {
                afterwards::draw(model, crew, found, doc);
            }
            machine::draw(model, run, found, machine::Extent::Whole, doc);
            ids::facts(run, found, doc);
            format!("{}: {}", run.name(), found.name)
        }
        _ => {
            doc.toned(0, Tone::Busy, "Reading the run...");
            "A machine of a run".into()
        }
    }
}

impl Spot {
    /// The machine that it is.
    pub(super) fn machine<'a>(
        &self,
        crew: Option<&'a crate::ui::model::monitor::Crew>,
    ) -> Option<&'a std::sync::Arc<crate::domain::run::MachineRun>> {
        match self {
            Self::Run => None,
            Self::Machine(at) => crew?.machines.get(*at),
        }
    }
}
