//! The ways to answer a question, the harmless one first, and what the marked one wants.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::run::Choice;
use crate::domain::text::{column, fit};
use crate::ui::document::wrap;
use crate::ui::field::Field;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::{Asking, AskingFocus};
use crate::ui::paint;

/// Columns before the words of a choice.
const NAME: usize = 20;
/// Most lines that the words of a choice take that is not marked.
const MOST_LINES: usize = 3;
/// Most lines that those of the marked one take.
const MOST_MARKED: usize = 7;
/// So many lines of the text stay in sight.
const LEAST_TEXT: usize = 4;

/// How many lines each choice takes below a text of so many lines, and all of them together with
/// leaving it open, the fields of the marked one, a line for what is wrong and a blank. Where there is
/// too little room the marked one keeps its words, and the others one line each.
pub(super) fn rooms(state: &Asking, inner: Rect, text: usize) -> (Vec<usize>, u16) {
    let width = usize::from(inner.width);
    let high = usize::from(inner.height);
    let fields = state.chosen().map_or(0, |c| {
        usize::from(c.typed.is_some()) + usize::from(c.reason)
    });
    let wants = |(at, choice): (usize, &Choice)| {
        let most = match Some(at) == state.choice {
            true => MOST_MARKED,
            false => MOST_LINES,
        };
        words(choice, width).len().min(most)
    };
    let all = || state.asked.choices.iter().enumerate();
    let mut rooms: Vec<usize> = all().map(wants).collect();
    let beside = fields + 3;
    let least = text.min(LEAST_TEXT);
    if rooms.iter().sum::<usize>() + beside + text > high {
        let others = rooms
            .len()
            .saturating_sub(usize::from(state.choice.is_some()));
        let marked = high.saturating_sub(least + beside + others).max(1);
        for (at, room) in rooms.iter_mut().enumerate() {
            *room = match Some(at) == state.choice {
                true => (*room).min(marked),
                false => 1,
            };
        }
    }
    let wanted = rooms.iter().sum::<usize>() + beside;
    // What is typed is in sight before what is known: that scrolls.
    let below = wanted.min(high.saturating_sub(2));
    (rooms, u16::try_from(below).unwrap_or(u16::MAX))
}

/// The marked choice, where its words do not find room.
pub(super) fn cut_short<'a>(state: &'a Asking, rooms: &[usize], width: u16) -> Option<&'a Choice> {
    let choice = state.chosen()?;
    let room = *rooms.get(state.choice?)?;
    (words(choice, usize::from(width)).len() > room).then_some(choice)
}

/// The words of a choice with what it wants, broken to the width they have.
fn words(choice: &Choice, width: usize) -> Vec<String> {
    let said = choice.words.as_str().trim_end_matches('.');
    let words = match (&choice.typed, choice.reason) {
        (None, false) => choice.words.to_string(),
        (None, true) => format!("{said}; wants a reason"),
        (Some(typed), false) => format!("{said}; wants {typed} typed"),
        (Some(typed), true) => format!("{said}; wants {typed} typed, and a reason"),
    };
    wrap(&words, width.saturating_sub(NAME + 6).max(10))
}

pub(super) fn draw(
    model: &Model,
    state: &Asking,
    rooms: &[usize],
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let look = &model.settings.look;
    let theme = &look.theme;
    let width = usize::from(area.width);
    let mut y = area.y + 1;
    let mut cursor = None;
    let choosing = !matches!(state.focus, AskingFocus::Check(_));
    let not_now = state.choice.is_none() && choosing;
    let glyph = if not_now { look.glyphs.cursor } else { " " };
    let line = format!(
        "{glyph} {}  leave the question open",
        column("not now", NAME, "")
    );
    let style = if not_now { theme.selected } else { theme.text };
    let line = column(&line, width, look.glyphs.cut);
    paint::put(buf, area, area.x, y, area.width, &line, style);
    if not_now {
        cursor = Some(Position::new(area.x, y));
    }
    y += 1;
    for (at, choice) in state.asked.choices.iter().enumerate() {
        let marked = Some(at) == state.choice;
        let style = match (marked, state.focus) {
            (true, AskingFocus::Choices) => theme.selected,
            (true, _) => theme.key,
            _ => theme.text,
        };
        let glyph = if marked { look.glyphs.cursor } else { " " };
        let name = match at {
            0 => format!("{} (harmless)", choice.name),
            _ => choice.name.to_string(),
        };
        let name = column(&name, NAME, look.glyphs.cut);
        let room = rooms.get(at).copied().unwrap_or(1);
        let words = words(choice, width);
        let is_cut = words.len() > room;
        for (number, words) in words.iter().take(room).enumerate() {
            let cut = match is_cut && number + 1 == room {
                true => look.glyphs.cut,
                false => "",
            };
            let line = match number {
                0 => format!("{glyph} {name}  {words}{cut}"),
                _ => format!("  {}  {words}{cut}", " ".repeat(NAME)),
            };
            let line = column(&line, width, look.glyphs.cut);
            paint::put(buf, area, area.x, y, area.width, &line, style);
            if marked && number == 0 {
                cursor = Some(Position::new(area.x, y));
            }
            y += 1;
        }
        if !marked {
            continue;
        }
        let mut field = |label: &str, field: &Field, focused: bool, y: &mut u16| {
            let at = input(model, label, field, focused, *y, area, buf);
            *y += 1;
            if focused {
                cursor = at;
            }
        };
        if let Some(typed) = &choice.typed {
            let label = format!("Type {typed}:");
            field(
                &label,
                &state.typed,
                state.focus == AskingFocus::Typed,
                &mut y,
            );
        }
        if choice.reason {
            let focused = state.focus == AskingFocus::Reason;
            field("Why, for the record:", &state.reason, focused, &mut y);
        }
    }
    if let Some(error) = &state.error {
        let words = format!("{} {error}", Tone::Bad.glyph(&look.glyphs));
        let words = fit(&words, width, look.glyphs.cut);
        let y = y.min(area.bottom().saturating_sub(1));
        paint::clear(
            buf,
            Rect {
                y,
                height: 1,
                ..area
            },
            theme.text,
        );
        paint::put(buf, area, area.x, y, area.width, &words, theme.bad);
    }
    cursor.filter(|at| at.y < area.bottom())
}

/// A labelled field; where its cursor stands.
fn input(
    model: &Model,
    label: &str,
    field: &Field,
    focused: bool,
    y: u16,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let look = &model.settings.look;
    let theme = &look.theme;
    let wide = (NAME + 4) as u16;
    let label = column(label, NAME, look.glyphs.cut);
    paint::put(buf, area, area.x + 4, y, wide, &label, theme.text);
    let x = area.x + 2 + wide;
    let room = area.right().saturating_sub(x).min(44);
    let style = if focused { theme.selected } else { theme.text };
    let line = Rect::new(x, y, room, 1).intersection(area);
    paint::style_row(buf, line, 0, style);
    let (shown, at) = field.window(usize::from(room).saturating_sub(2));
    let shown = match (shown.is_empty(), focused) {
        (true, false) => "(not yet)".to_owned(),
        _ => shown,
    };
    paint::put(buf, line, x + 1, y, room.saturating_sub(1), &shown, style);
    Some(Position::new(x + 1 + at as u16, y))
}
