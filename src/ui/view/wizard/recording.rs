//! Guests recorded before they are protected: how many are, what goes on, and what did not come off; and
//! the window that asks before a script is run.
//!
//! ```text
//!  Recorded inside: 1 of 3.
//!    · app-04: being looked into by Run Command, since 09:15 CET
//!    ! web-03: recorded from outside alone: the VM has no guest agent
//!    x stops waiting.
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::frame;
use super::spread::Spread;
use crate::domain::Text;
use crate::domain::text::counted;
use crate::site::USUAL_DEADLINE;
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::recording::{Agreeing, Came, able, is_at, is_open};
use crate::ui::model::wizard::Wizard;

/// Most machines that are told of one by one; most names in the window that asks.
const MOST: usize = 6;
const MOST_NAMES: usize = 12;

pub(super) fn draw(model: &Model, wizard: &Wizard, spread: &mut Spread) {
    if !is_at(wizard) {
        return;
    }
    let all: Vec<_> = able(wizard).collect();
    if all.is_empty() {
        return;
    }
    if wizard.readied().is_some() {
        let open = all.iter().filter(|(id, _)| is_open(wizard, id)).count();
        let words = format!("Recorded inside: {} of {}.", all.len() - open, all.len());
        let more = match (open, model.recordings.under_way()) {
            (1.., 0) => " R looks into the rest.",
            _ => "",
        };
        spread.toned(0, Tone::Plain, &format!("{words}{more}"));
    }
    let told: Vec<_> = all.iter().filter_map(|own| line(model, own)).collect();
    for (tone, words) in told.iter().take(MOST) {
        spread.toned(2, *tone, words);
    }
    if told.len() > MOST {
        let words = format!("and {} more", told.len() - MOST);
        spread.toned(2, Tone::Plain, &words);
    }
    if model.recordings.under_way() > 0 {
        let style = spread.look().theme.text;
        spread.words(2, "x stops waiting.", style);
    }
    spread.blank();
}

/// What is to be told of one machine: what went on in this session.
fn line(model: &Model, (id, name): &(crate::domain::ArmId, Text)) -> Option<(Tone, String)> {
    let at = |moment| clock::time(moment, &model.settings.zone);
    if let Some(since) = model.recordings.since(id) {
        let since = at(since);
        let words = format!("{name}: being looked into by Run Command, since {since}");
        return Some((Tone::Busy, words));
    }
    let came = model.recordings.came(id)?;
    let words = format!("{name}: {}", came.words());
    Some(match came {
        Came::Inside(moment) => {
            let words = format!("{words} at {}, by Run Command", at(*moment));
            (Tone::Plain, words)
        }
        Came::Outside(_) | Came::Not(_) | Came::Stopped => (Tone::Amber, words),
    })
}

pub(in crate::ui::view) fn draw_agreeing(
    model: &Model,
    state: &Agreeing,
    body: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let look = &model.settings.look;
    let inner = frame::inside(body);
    let mut doc = Document::new(look, inner.width);
    let count = state.machines.len();
    let machines = counted(count, "machine");
    let names = state.machines.iter().take(MOST_NAMES);
    let mut names: Vec<String> = names.map(|(_, name)| name.to_string()).collect();
    if count > MOST_NAMES {
        names.push(format!("and {} more", count - MOST_NAMES));
    }
    frame::draw(model, "Record guests", "", body, buf);
    let ask = format!("Run a script in {machines}, by Azure Run Command?");
    doc.words(0, &ask, look.theme.title);
    doc.words(2, &names.join(", "), look.theme.text);
    doc.blank();
    doc.words(
        0,
        "It only reads: adapters, name servers, routes, disks and what is mounted, page files, \
         services, VMware Tools. Nothing in the machines is changed.",
        look.theme.text,
    );
    doc.words(
        0,
        "What it tells is kept here, for you alone, so that failback guest compare can say what a \
         machine lost once it is home.",
        look.theme.text,
    );
    let wait = format!("Each is waited for {} s at most.", USUAL_DEADLINE.as_secs());
    doc.words(0, &wait, look.theme.text);
    doc.blank();
    doc.words(0, "Enter runs it, Esc does not.", look.theme.key);
    super::super::page(&doc.lines, 0, inner, buf);
    Some(Position::new(inner.x, inner.y))
}
