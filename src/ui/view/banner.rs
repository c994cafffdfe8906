//! One line for the questions that wait, one for what this screen could not read.
//!
//! ```text
//!  ! 3 questions wait: 2 of ERP home, 1 of others                            [2] shows it
//!  x machines: the vault answered 403 AuthorizationFailed (and 1 more)       [e] details
//!  x hr-03 cannot be protected: its agent's id is not registered             [e] details
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
    let (words, tone, count) = match (doubtful.first(), complaint) {
        (Some(first), _) => {
            let (words, tone) = sentence(&first.state);
            let words = format!("{}: {words}", first.name.words());
            (words, tone, doubtful.len())
        }
        (None, Some(problem)) => {
            let words = format!("vault: {} ({})", problem.message, problem.code);
            let count = model.estate.vault_problems.len();
            (words, Tone::from(problem.level), count)
        }
        (None, None) => match (model.monitor_trouble(), model.contradiction()) {
            (Some(trouble), _) => {
                let words = format!("plans and runs: {}", trouble.what);
                (words, Tone::Bad, model.monitor.troubles.len())
            }
            (None, Some((machine, why, count))) => {
                let words = format!("{machine} cannot be protected: {why}");
                (words, Tone::Bad, count)
            }
            (None, None) => return,
        },
    };
    let more = match count {
        1 => String::new(),
        many => format!(" (and {} more)", many - 1),
    };
    let hint = "  [e] details";
    let hint_at = area.right().saturating_sub(columns(hint) as u16 + 1);
    let room = usize::from(hint_at.saturating_sub(area.x)).saturating_sub(2 + columns(&more));
    let words = format!(" {} {words}", tone.glyph(&look.glyphs));
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
    let all: Vec<_> = model.monitor.waiting().collect();
    let Some((first, question)) = all.first().filter(|_| !area.is_empty()) else {
        return;
    };
    let look = &model.settings.look;
    let others = all.iter().filter(|(run, _)| run.id != first.id).count();
    let words = match (all.len(), others) {
        (1, _) => format!("1 question waits: {}: {}", first.name(), question.words),
        (n, 0) => format!("{n} questions wait: all of {}", first.name()),
        (n, others) => format!(
            "{n} questions wait: {} of {}, {others} of others",
            n - others,
            first.name()
        ),
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
