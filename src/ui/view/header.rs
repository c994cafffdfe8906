//! The two lines on top.
//!
//! ```text
//!  failback  contoso-dr > rsv-contoso-weu                        live, as of 09:14 CET
//!   1 Machines   2 Monitor   3 Infrastructure !  4 Activity         12 of 240, 2 marked
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::domain::text::{self, columns, fit};
use crate::site::{Part, PartState};
use crate::ui::clock;
use crate::ui::look::Tone;
use crate::ui::model::{Model, Screen, Source};
use crate::ui::paint;

/// What stands before the path.
const NAME: &str = " failback  ";
/// The mark of safety: it is never cut, the time and the site's name are.
const READ_ONLY: &str = "  [read-only]";

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let fresh = freshness(model);
    top_line(model, &fresh, area, buf);
    tabs(model, area, buf);
}

fn top_line(model: &Model, fresh: &Fresh, area: Rect, buf: &mut Buffer) {
    let look = &model.settings.look;
    let mark = if model.settings.is_read_only() {
        READ_ONLY
    } else {
        ""
    };
    let path = path(model);
    let room = usize::from(area.width).saturating_sub(columns(NAME) + columns(mark) + 3);
    let fits = |words: &&String, path: usize| columns(words) + path <= room;
    let forms = fresh.forms();
    let whole = columns(&path);
    // A little of the site's name is worth more than the time, all of it is not.
    let right = match forms.as_slice() {
        [long, ..] if fits(&long, whole) => long,
        [_, short, _] if fits(&short, whole.min(16)) => short,
        [.., bare] => bare,
        [] => "",
    };
    let right = fit(right, room, look.glyphs.cut).into_owned();
    let right_columns = columns(&right) as u16;
    let right_at = area.right().saturating_sub(right_columns + 1);
    paint::put(
        buf,
        area,
        right_at,
        area.y,
        right_columns,
        &right,
        fresh.tone.style(&look.theme),
    );

    let path = fit(&path, room - columns(&right), look.glyphs.cut).into_owned();
    let line = Line::from(vec![
        Span::styled(NAME, look.theme.title),
        Span::styled(path, look.theme.text),
        Span::styled(mark, look.theme.text),
    ]);
    paint::put_line(buf, area, 0, &line);
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
    format!("{}{vaults}", crate::domain::Text::from(site.as_str()))
}

/// What is shown and how old it is.
struct Fresh {
    words: String,
    /// A recording has no time that says how old it is: none is shown.
    as_of: Option<String>,
    tone: Tone,
}

impl Fresh {
    /// Longest first.
    fn forms(&self) -> Vec<String> {
        let words = &self.words;
        let timed = self.as_of.iter().flat_map(|at| {
            let long = format!("{words}, as of {at}");
            [long, format!("{words} {at}")]
        });
        timed.chain([words.clone()]).collect()
    }
}

/// What is shown, how old it is, and whether it is being read: never a running age, for nothing is
/// drawn while nothing happens.
fn freshness(model: &Model) -> Fresh {
    let fresh = |words: String, as_of, tone| Fresh { words, as_of, tone };
    if model.site.is_none() || model.screen == Screen::Connect {
        return fresh(String::new(), None, Tone::Plain);
    }
    if model.screen == Screen::Monitor {
        return of_monitor(model);
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
    let is_new = parts.is_empty() || parts.iter().all(|part| part.state == PartState::Reading);
    let source = model.settings.source;
    let as_of = oldest
        .filter(|_| source != Source::Recorded)
        .map(|at| clock::time(at, &model.settings.zone));
    let word = source.word();
    match (failed, model.is_reading) {
        (true, _) => fresh("not all read".into(), as_of, Tone::Bad),
        (false, true) if is_new => fresh("reading...".into(), None, Tone::Busy),
        (false, true) => fresh(format!("{word}, reading..."), as_of, Tone::Busy),
        (false, false) if parts.is_empty() => fresh("nothing read".into(), None, Tone::Unknown),
        (false, false) if unsure => fresh(format!("{word}, in part"), as_of, Tone::Amber),
        (false, false) if source == Source::Live => fresh(word.into(), as_of, Tone::Good),
        (false, false) => fresh(word.into(), as_of, Tone::Amber),
    }
}

/// The Monitor shows what is on disk, as it changes: it is never old.
fn of_monitor(model: &Model) -> Fresh {
    let fresh = |words: &str, tone| Fresh {
        words: words.into(),
        as_of: None,
        tone,
    };
    let source = model.settings.source;
    match (model.monitor.is_read, model.monitor.troubles.is_empty()) {
        _ if source == Source::Recorded => fresh(source.word(), Tone::Amber),
        (_, false) => fresh("not all is noticed", Tone::Bad),
        (false, true) => fresh("reading...", Tone::Busy),
        (true, true) if source == Source::Live => fresh(source.word(), Tone::Good),
        (true, true) => fresh(source.word(), Tone::Amber),
    }
}

fn tabs(model: &Model, area: Rect, buf: &mut Buffer) {
    if model.screen == Screen::Wizard {
        let second = Rect {
            y: area.y + 1,
            height: area.height.saturating_sub(1),
            ..area
        };
        return super::wizard::title(model, second, buf);
    }
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
    // What is counted stands beside the tabs.
    let narrow = area.width < 70;
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
                match width {
                    80.. => text::counted(all, "machine"),
                    _ => all.to_string(),
                }
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
        Screen::Machines | Screen::Connect | Screen::Wizard => (String::new(), theme.text),
        Screen::Monitor => (runs(model), theme.text),
        Screen::Infrastructure => {
            let parts = model
                .servers
                .iter()
                .filter(|(_, part)| part.is_some())
                .count();
            let fabrics = model.servers.len() - parts;
            let words = [(fabrics, "fabric"), (parts, "server")];
            let words = words.map(|(count, noun)| text::counted(count, noun));
            (words.join(", "), theme.text)
        }
        Screen::Activity => (text::counted(model.activity_len(), "job"), theme.text),
    }
}

/// How many runs go on.
fn runs(model: &Model) -> String {
    let runs = model.monitor.runs().iter();
    match runs.filter(|run| run.live && run.is_open()).count() {
        0 => "nothing runs".into(),
        1 => "1 run under way".into(),
        n => format!("{n} runs under way"),
    }
}
