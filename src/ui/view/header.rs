//! The two lines on top.
//!
//! ```text
//!  failback  contoso-dr > rsv-contoso-weu                        live, as of 09:14 CET
//!   1 Machines   2 Infrastructure !  3 Activity                     12 of 240, 2 marked
//! ```

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::domain::text::{columns, fit};
use crate::site::{Part, PartState};
use crate::ui::clock;
use crate::ui::look::Tone;
use crate::ui::model::{Model, Screen, Source};
use crate::ui::paint;

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let (words, tone) = freshness(model);
    top_line(model, &words, tone, area, buf);
    tabs(model, area, buf);
}

fn top_line(model: &Model, right: &str, tone: Tone, area: Rect, buf: &mut Buffer) {
    let look = &model.settings.look;
    let right = fit(right, usize::from(area.width) / 2, look.glyphs.cut);
    let right_columns = columns(&right) as u16;
    let right_at = area.right().saturating_sub(right_columns + 1);
    paint::put(
        buf,
        area,
        right_at,
        area.y,
        right_columns,
        &right,
        tone.style(&look.theme),
    );

    let room = usize::from(right_at.saturating_sub(area.x)).saturating_sub(2);
    let path = fit(&path(model), room.saturating_sub(11), look.glyphs.cut).into_owned();
    let line = Line::from(vec![
        Span::styled(" failback", look.theme.title),
        Span::raw("  "),
        Span::styled(path, look.theme.text),
    ]);
    let left = Rect {
        width: right_at.saturating_sub(area.x),
        ..area
    };
    paint::put_line(buf, left, 0, &line);
}

fn path(model: &Model) -> String {
    let Some(site) = &model.site else {
        return "no site yet".into();
    };
    let vaults = &model.estate.vaults;
    let vaults = match vaults.as_slice() {
        [] => String::new(),
        [one] => format!(" > {one}"),
        [first, rest @ ..] => format!(" > {first} and {} more", rest.len()),
    };
    let read_only = if model.settings.is_read_only() {
        "  [read-only]"
    } else {
        ""
    };
    format!(
        "{}{vaults}{read_only}",
        crate::domain::Text::from(site.as_str())
    )
}

/// What is shown, how old it is, and whether it is being read: never a running age, for nothing is
/// drawn while nothing happens.
fn freshness(model: &Model) -> (String, Tone) {
    if model.site.is_none() || model.screen == Screen::Connect {
        return (String::new(), Tone::Plain);
    }
    let parts: Vec<&Part> = model
        .screen
        .parts()
        .iter()
        .filter_map(|name| model.estate.part(*name))
        .collect();
    let failed = parts
        .iter()
        .any(|part| matches!(part.state, PartState::Failed(_)));
    let unsure = parts
        .iter()
        .any(|part| matches!(part.state, PartState::Composed | PartState::NotRecorded));
    let oldest = parts.iter().filter_map(|part| part.read_at).min();
    let of = if model.size.0 < super::NARROW {
        ""
    } else {
        ", as of"
    };
    let as_of = oldest.map(|at| format!("{of} {}", stamp(model, at)));
    let as_of = as_of.unwrap_or_default();
    let source = model.settings.source.word();
    match (failed, model.is_reading) {
        (true, _) => (format!("not all read{as_of}"), Tone::Bad),
        (false, true) if parts.is_empty() || oldest.is_none() => ("reading...".into(), Tone::Busy),
        (false, true) => (format!("{source}, reading...{as_of}"), Tone::Busy),
        (false, false) if parts.is_empty() => ("nothing read".into(), Tone::Unknown),
        (false, false) if unsure => (format!("{source}, in part{as_of}"), Tone::Amber),
        (false, false) if model.settings.source == Source::Live => {
            (format!("live{as_of}"), Tone::Good)
        }
        (false, false) => (format!("{source}{as_of}"), Tone::Amber),
    }
}

/// A recording's times need their date.
fn stamp(model: &Model, at: Timestamp) -> String {
    match model.settings.source {
        Source::Recorded => clock::moment(at, &model.settings.zone),
        Source::Live | Source::Demo => clock::time(at, &model.settings.zone),
    }
}

fn tabs(model: &Model, area: Rect, buf: &mut Buffer) {
    if model.screen == Screen::Connect {
        let title = model.settings.look.theme.tab;
        paint::put(
            buf,
            area,
            area.x + 1,
            area.y + 1,
            area.width,
            " Connect a site ",
            title,
        );
        return;
    }
    let theme = &model.settings.look.theme;
    let narrow = area.width < super::NARROW;
    let mut spans = vec![Span::raw(" ")];
    for (number, (screen, name)) in (1..).zip(Screen::TABS) {
        let doubt = model.doubtful_parts(screen).next().is_some();
        let name = if narrow && screen != model.screen {
            &name[..4]
        } else {
            name
        };
        let label = if doubt {
            format!(" {number} {name} ! ")
        } else {
            format!(" {number} {name} ")
        };
        let style = match (screen == model.screen, doubt) {
            (true, _) => theme.tab,
            (false, true) => theme.amber,
            (false, false) => theme.text,
        };
        spans.push(Span::styled(label, style));
    }
    let used: usize = spans.iter().map(|span| columns(&span.content)).sum();
    let second = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    paint::put_line(buf, second, 0, &Line::from(spans));
    counts(model, second, used as u16, buf);
}

fn counts(model: &Model, area: Rect, used: u16, buf: &mut Buffer) {
    let look = &model.settings.look;
    let (words, style) = counted(model, area.width);
    let room = usize::from(area.width.saturating_sub(used + 2));
    let words = fit(&words, room, look.glyphs.cut);
    let wide = columns(&words) as u16;
    let at = area.right().saturating_sub(wide + 1);
    paint::put(buf, area, at, area.y, wide, &words, style);
}

fn counted(model: &Model, width: u16) -> (String, Style) {
    let theme = &model.settings.look.theme;
    match model.screen {
        Screen::Machines if model.opened.is_none() => {
            let (list, all) = (&model.listing, model.estate.machines.len());
            let mut words = if list.filter.is_empty() {
                let noun = if width < 80 { "" } else { " machines" };
                format!("{all}{noun}")
            } else {
                format!("{} of {all}  /{}", list.shown, list.filter.text())
            };
            if !list.marks.is_empty() {
                words = format!("{} marked, {words}", list.marks.len());
            }
            if list.anchor.is_some() {
                words = format!("range begun, {words}");
            }
            let marked = !list.marks.is_empty() || !list.filter.is_empty();
            (words, if marked { theme.marked } else { theme.text })
        }
        Screen::Machines | Screen::Connect => (String::new(), theme.text),
        Screen::Infrastructure => {
            let parts = model
                .servers
                .iter()
                .filter(|(_, part)| part.is_some())
                .count();
            let fabrics = model.servers.len() - parts;
            (format!("{fabrics} fabrics, {parts} servers"), theme.text)
        }
        Screen::Activity => (format!("{} jobs", model.activity_len()), theme.text),
    }
}
