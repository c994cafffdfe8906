//! A wizard: its steps at the left, what the step asks at the right, the buttons below.
//!
//! ```text
//!  New protection: Azure -> on-premises                              draft saved
//!  √ Machines    2 │ Where do they go?
//!  ► Target        │ What receives the data at home.
//!  · Replication   │
//!  · Settings      │   Location          original
//!  · NAT, folder   │   Process server
//!  · Readiness     │ ► (o) ps-azure-01   10.8.0.4, 21 GiB free of 600 GiB
//!  · Review        │   ( ) ps-home-01    192.168.4.11, 410 GiB free of 600 GiB
//!                  │   Master target     ? choose one
//!                  │                                              back   [ next ]
//! ```
//!
//! Below 76 columns the steps are one line over the step.

mod drafts;
mod handing;
mod help;
mod identities;
mod order;
mod question;
mod readiness;
mod recording;
mod review;
mod spread;
mod stating;
mod steps;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::buttons::{self, Button};
use crate::domain::WizardKind;
use crate::domain::text::{columns, fit};
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::wizard::{Block, Saved, Spot, Wizard};
use crate::ui::paint;
use crate::wizard::StepId;

pub use drafts::is_told as drafts_are_told;
pub(super) use drafts::{draw as draw_drafts, line as drafts_line};
pub(super) use handing::draw as draw_handing;
pub(super) use help::{field as field_help, finding as finding_page};
pub(super) use recording::draw_agreeing;
pub use spread::Spread;
pub(super) use stating::{draw as draw_stating, extent as stating_extent};

/// Columns of the list of steps.
const STEPS: u16 = 18;
/// Below this many columns there is no list of steps.
const ROOMY: u16 = 76;

/// Where the parts of the screen lie.
struct Parts {
    steps: Rect,
    page: Rect,
    buttons: Rect,
}

fn parts(area: Rect) -> Parts {
    let height = area.height.saturating_sub(1);
    let buttons = Rect {
        y: area.y + height,
        height: area.height.min(1),
        ..area
    };
    if area.width < ROOMY {
        let head = height.min(1);
        return Parts {
            steps: Rect {
                height: head,
                ..area
            },
            page: Rect {
                y: area.y + head,
                height: height - head,
                ..area
            },
            buttons,
        };
    }
    Parts {
        steps: Rect {
            width: STEPS,
            height,
            ..area
        },
        page: Rect {
            x: area.x + STEPS,
            width: area.width - STEPS,
            height,
            ..area
        },
        buttons,
    }
}

/// The lines of the page that are in sight.
#[must_use]
pub fn height(area: Rect) -> usize {
    usize::from(parts(area).page.height)
}

/// The whole page of the step, as wide as it is drawn in `area`.
#[must_use]
pub fn spread(model: &Model, wizard: &Wizard, area: Rect) -> Spread {
    let width = parts(area).page.width;
    let mut spread = Spread::new(&model.settings.look, width.saturating_sub(2));
    let row = wizard.row();
    let look = &model.settings.look;
    spread.words(0, row.title, look.theme.title);
    let help = match row.id {
        StepId::Order => order::HELP,
        _ => row.help,
    };
    spread.words(0, help, look.theme.text);
    spread.blank();
    question::carriers(wizard, &mut spread);
    question::remarks(wizard, &mut spread);
    if row.id == StepId::Readiness {
        recording::draw(model, wizard, &mut spread);
        readiness::draw(wizard, &mut spread);
    }
    let page = wizard.page();
    let mut before: Option<&Block> = None;
    for block in &page.blocks {
        if matches!(block, Block::Machine { .. }) && !matches!(before, Some(Block::Machine { .. }))
        {
            spread.blank();
        }
        before = Some(block);
        match block {
            Block::Question(asked) => question::draw(wizard, asked, &mut spread),
            Block::Machine {
                id,
                name,
                open,
                own,
                ..
            } => question::machine(wizard, id, name, *open, *own, &mut spread),
            Block::ApplyToAll(id) => question::apply(wizard, id, &mut spread),
            Block::Identity(id) => identities::draw(model, wizard, id, &mut spread),
            Block::Wave(number) => order::wave(*number, &mut spread),
            Block::Placed(id, name, words) => order::placed(wizard, id, name, words, &mut spread),
            Block::AroundWave(number, words) => {
                order::around(wizard, *number, words, &mut spread);
            }
            Block::Whole => order::whole(&mut spread),
            Block::Findings(_) => {}
        }
    }
    if row.id == StepId::Review {
        review::draw(wizard, &mut spread);
    }
    spread
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let wizard = model.wizard.as_ref()?;
    let parts = parts(area);
    match area.width < ROOMY {
        true => steps::line(model, wizard, parts.steps, buf),
        false => steps::list(model, wizard, parts.steps, buf),
    }
    let inner = Rect {
        x: parts.page.x + 1,
        width: parts.page.width.saturating_sub(2),
        ..parts.page
    };
    let spread = spread(model, wizard, area);
    let height = usize::from(inner.height);
    let last = spread.lines.len().saturating_sub(height);
    let top = wizard.top.min(last);
    super::page(&spread.lines, top, inner, buf);
    let hidden = last - top;
    let on_button = draw_buttons(model, wizard, hidden, parts.buttons, buf);
    if matches!(wizard.at, Spot::Back | Spot::Next) {
        return on_button;
    }
    let (line, at) = spread.cursor?;
    let row = line.checked_sub(top).filter(|row| *row < height)?;
    let x = (inner.x + at).min(inner.right().saturating_sub(1));
    Some(Position::new(x, inner.y + row as u16))
}

/// What the last button does.
fn last_word(wizard: &Wizard) -> &'static str {
    let step_follows = wizard.neighbour(true).is_some();
    let now = wizard
        .walk()
        .words(crate::wizard::Field::Start, None)
        .as_str()
        == "now";
    match (step_follows, now, wizard.draft.wizard) {
        (true, ..) => "next",
        (false, false, _) => "save plan",
        (false, true, WizardKind::Protect) => "protect now",
        (false, true, WizardKind::Recover) => "recover now",
        (false, true, WizardKind::FailOver) => "fail over now",
    }
}

fn draw_buttons(
    model: &Model,
    wizard: &Wizard,
    hidden: usize,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let theme = &model.settings.look.theme;
    let first = wizard.neighbour(false).is_none();
    let (back, next) = (if first { "leave" } else { "back" }, last_word(wizard));
    let wide = columns(back) + columns(next) + 10;
    let x = area.right().saturating_sub(wide as u16 + 1).max(area.x);
    if hidden > 0 {
        let words = format!("PgDn: {hidden} more");
        let at = if area.width < ROOMY {
            area.x + 1
        } else {
            area.x + STEPS + 1
        };
        paint::put(
            buf,
            area,
            at,
            area.y,
            x.saturating_sub(at),
            &words,
            theme.key,
        );
    }
    let row = Rect {
        x,
        width: area.right().saturating_sub(x),
        ..area
    };
    let both = [
        Button {
            label: back,
            default: wizard.at == Spot::Back,
            focused: wizard.at == Spot::Back,
        },
        Button {
            label: next,
            default: wizard.at == Spot::Next,
            focused: wizard.at == Spot::Next,
        },
    ];
    buttons::draw(theme, &both, row, buf)
}

/// The second line of the screen: which wizard, and whether the draft is kept.
pub(super) fn title(model: &Model, area: Rect, buf: &mut Buffer) {
    let Some(wizard) = &model.wizard else {
        return;
    };
    let look = &model.settings.look;
    let kind = wizard.draft.wizard;
    let title = format!(" {}: {} ", kind.words(), kind.direction());
    let (words, tone) = match &wizard.saved {
        Saved::Never => (String::new(), Tone::Plain),
        Saved::Saving => ("saving the draft...".into(), Tone::Plain),
        Saved::At(_) => ("draft saved".into(), Tone::Plain),
        Saved::Failed(_) => ("the draft is NOT saved".into(), Tone::Bad),
    };
    let words = match wizard.is_keeping {
        true => "keeping the plan...".to_owned(),
        false => words,
    };
    let room = usize::from(area.width).saturating_sub(columns(&words) + 3);
    let shown = fit(&title, room, look.glyphs.cut);
    paint::put(
        buf,
        area,
        area.x + 1,
        area.y,
        area.width,
        &shown,
        look.theme.tab,
    );
    let x = area.right().saturating_sub(columns(&words) as u16 + 1);
    paint::put(
        buf,
        area,
        x,
        area.y,
        area.width,
        &words,
        tone.style(&look.theme),
    );
}
