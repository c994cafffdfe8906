//! One line for the questions that wait, one for what this screen could not read.
//!
//! ```text
//!  ! 2 questions wait: ERP home and more                                      [2] shows it
//!  x machines: the vault answered 403 AuthorizationFailed (and 1 more)           e all of it
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::text::{columns, fit};
use crate::site::PartState;
use crate::ui::look::Tone;
use crate::ui::model::{Model, Screen};
use crate::ui::paint;

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let look = &model.settings.look;
    let mut doubtful: Vec<_> = model.doubtful_parts(model.screen).collect();
    doubtful.sort_by_key(|part| !matches!(part.state, PartState::Failed(_)));
    let complaint = model.vault_complaint();
    let (name, (words, tone), count) = match (doubtful.first(), complaint) {
        (Some(first), _) => (first.name.words(), sentence(&first.state), doubtful.len()),
        (None, Some(problem)) => {
            let words = format!("{} ({})", problem.message, problem.code);
            (
                "vault",
                (words, Tone::from(problem.level)),
                model.estate.vault_problems.len(),
            )
        }
        (None, None) => match model.monitor_trouble() {
            Some(trouble) => {
                let words = (trouble.what.to_string(), Tone::Bad);
                ("plans and runs", words, model.monitor.troubles.len())
            }
            None => match model.contradiction() {
                Some((words, count)) => ("who is who", (words, Tone::Bad), count),
                None => return,
            },
        },
    };
    let more = match count {
        1 => String::new(),
        many => format!(" (and {} more)", many - 1),
    };
    let hint = "  [e] details";
    let hint_at = area.right().saturating_sub(columns(hint) as u16 + 1);
    let room = usize::from(hint_at.saturating_sub(area.x)).saturating_sub(2 + columns(&more));
    let words = format!(" {} {}: {words}", tone.glyph(&look.glyphs), name);
    let words = format!("{}{more}", fit(&words, room, look.glyphs.cut));
    paint::put(
        buf,
        area,
        area.x,
        area.y,
        area.width,
        &words,
        tone.style(&look.theme),
    );
    paint::put(buf, area, hint_at, area.y, area.width, hint, look.theme.key);
}

/// The questions of runs that wait for a person, on every screen.
pub(super) fn waiting(model: &Model, area: Rect, buf: &mut Buffer) {
    let mut all = model.monitor.waiting();
    let Some((first, question)) = all.next().filter(|_| !area.is_empty()) else {
        return;
    };
    let look = &model.settings.look;
    let count = 1 + all.count();
    let words = match count {
        1 => format!("1 question waits: {}: {}", first.name(), question.words),
        n => format!("{n} questions wait: {} and more", first.name()),
    };
    let hint = match model.screen {
        Screen::Monitor => "  [a] answers",
        _ => "  [2] shows it",
    };
    let hint_at = area.right().saturating_sub(columns(hint) as u16 + 1);
    let room = usize::from(hint_at.saturating_sub(area.x));
    let words = format!(" {} {words}", look.glyphs.amber);
    let words = fit(&words, room, look.glyphs.cut);
    let style = look.theme.amber;
    paint::put(buf, area, area.x, area.y, area.width, &words, style);
    paint::put(buf, area, hint_at, area.y, area.width, hint, look.theme.key);
}

/// What is wrong with a part, in one sentence.
pub(super) fn sentence(state: &PartState) -> (String, Tone) {
    match state {
        PartState::Reading => ("being read".into(), Tone::Busy),
        PartState::Read => ("read".into(), Tone::Good),
        PartState::Composed => (
            "put together from single recorded answers; there may have been more".into(),
            Tone::Amber,
        ),
        PartState::Partial(why) => (why.to_string(), Tone::Amber),
        PartState::NotRecorded => ("the recording does not hold them".into(), Tone::Unknown),
        PartState::Failed(failure) => (failure.what.to_string(), Tone::Bad),
    }
}
