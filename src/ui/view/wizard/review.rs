//! The review: what the plan says, whether it is ready, and the exact calls.

use ratatui::text::{Line, Span};

use super::readiness::counts;
use super::spread::Spread;
use crate::domain::Text;
use crate::ui::document::broken;
use crate::ui::look::Tone;
use crate::ui::model::wizard::{Readiness, Wizard};
use crate::wizard::summary;

/// Most calls that the page shows; the command line tells all.
const MOST: usize = 100;

pub(super) fn draw(wizard: &Wizard, spread: &mut Spread) {
    spread.blank();
    let theme = spread.look().theme.clone();
    spread.words(0, "READINESS", theme.heading);
    ready(wizard, spread);
    if let Some(plan) = wizard.plan() {
        spread.words(0, "THE PLAN", theme.heading);
        for line in summary(&plan, &wizard.offers) {
            let label = format!("{}{}", "  ".repeat(line.indent), line.label);
            fact(&label, line.words.as_str(), spread);
        }
        spread.blank();
    }
    spread.words(0, "THE CALLS, AS THEY GO OUT", theme.heading);
    calls(wizard, spread);
}

fn ready(wizard: &Wizard, spread: &mut Spread) {
    match (&wizard.readiness, wizard.readied()) {
        (_, Some(readied)) => {
            counts(&readied.findings, spread);
            if !readied.findings.ready() {
                spread.lines.pop();
                let words = "It is not ready. It can be kept for later; it is launched only once \
                             it is ready.";
                spread.toned(0, Tone::Amber, words);
                spread.blank();
            }
        }
        (Readiness::Checking { .. }, _) => {
            spread.toned(0, Tone::Busy, "Checking whether everything is ready...");
            spread.blank();
        }
        _ => {
            spread.toned(0, Tone::Unknown, "Not found out.");
            spread.blank();
        }
    }
}

fn fact(label: &str, words: &str, spread: &mut Spread) {
    const LABEL: usize = 22;
    let theme = spread.look().theme.clone();
    let cut = spread.look().glyphs.cut;
    let wide = LABEL.min(spread.width() / 2);
    let room = spread.width().saturating_sub(wide + 2).max(4);
    for (at, piece) in crate::ui::document::wrap(words, room)
        .into_iter()
        .enumerate()
    {
        let lead = match at {
            0 => format!("  {} ", crate::domain::text::column(label, wide - 1, cut)),
            _ => " ".repeat(wide + 2),
        };
        spread.lines.push(Line::from(vec![
            Span::styled(lead, theme.text),
            Span::styled(piece, theme.text),
        ]));
    }
}

fn calls(wizard: &Wizard, spread: &mut Spread) {
    let theme = spread.look().theme.clone();
    let Some(readied) = wizard.readied() else {
        spread.toned(0, Tone::Unknown, "Not found out yet.");
        return;
    };
    match &readied.calls {
        Err(failure) => {
            for (at, line) in failure.lines().into_iter().enumerate() {
                match at {
                    0 => spread.toned(0, Tone::Bad, &line),
                    _ => spread.words(2, &line, theme.text),
                }
            }
        }
        Ok(calls) => {
            for shown in calls.iter().take(MOST) {
                let head = format!("{}: {}", shown.machine, shown.step.words());
                spread.words(0, &head, theme.title);
                let address = format!("{} {}", shown.call.method, shown.call.path);
                let body = shown.call.body.iter().flat_map(|body| body.lines());
                for raw in std::iter::once(address.as_str()).chain(body) {
                    for line in broken(Text::from(raw).as_str(), spread.width()) {
                        spread.lines.push(Line::styled(line, theme.quote));
                    }
                }
            }
            if calls.len() > MOST {
                let words = format!(
                    "... and {} more: failback run PLAN --dry-run prints them all",
                    calls.len() - MOST
                );
                spread.words(0, &words, theme.text);
            }
        }
    }
}
