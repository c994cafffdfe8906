//! The review: what the plan says, whether it is ready, and the exact calls.

use ratatui::text::{Line, Span};

use super::super::monitor;
use super::readiness::counts;
use super::spread::Spread;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::wizard::{Readiness, Wizard};
use crate::wizard::summary;

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

/// What is done and every call, as a launch shows it.
fn calls(wizard: &Wizard, spread: &mut Spread) {
    let look = spread.look().clone();
    match wizard.readied() {
        Some(readied) => {
            let width = u16::try_from(spread.width()).unwrap_or(u16::MAX);
            let mut doc = Document::new(&look, width);
            monitor::calls(readied, monitor::Scripts::Whole, &mut doc);
            spread.lines.extend(doc.lines);
        }
        None => {
            spread.words(0, "WHAT IS DONE, WITH EVERY CALL", look.theme.heading);
            spread.toned(0, Tone::Unknown, "Not found out yet.");
        }
    }
}
