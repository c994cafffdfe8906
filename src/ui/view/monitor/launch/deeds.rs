//! What a launch does, step by step, with every call as it goes out.

use ratatui::text::Line;

use super::MOST;
use crate::domain::{Call, Text};
use crate::runner::{Deed, Previewed};
use crate::ui::document::{Document, broken};
use crate::ui::model::monitor::Readied;

/// What is done, machine by machine, with the calls as they go out.
pub(in crate::ui::view) fn calls(readied: &Readied, doc: &mut Document<'_>) {
    doc.section("WHAT IS DONE, WITH EVERY CALL AS IT GOES OUT");
    let steps = match &readied.calls {
        Err(failure) => return doc.failure(0, failure),
        Ok(steps) => steps,
    };
    let mut machine = None;
    for step in steps.iter().take(MOST) {
        if machine != Some(&step.machine) {
            machine = Some(&step.machine);
            doc.words(0, step.name.as_str(), doc.look().theme.title);
        }
        deed(step, doc);
    }
    if steps.len() > MOST {
        let words = format!(
            "... and {} more steps: failback run PLAN --dry-run prints them all",
            steps.len() - MOST
        );
        doc.words(0, &words, doc.look().theme.text);
    }
}

fn deed(step: &Previewed, doc: &mut Document<'_>) {
    let style = doc.look().theme.text;
    let what = step.step.words();
    match &step.deed {
        Deed::Send(of) => {
            doc.words(2, &format!("{what}:"), style);
            call(of, doc);
        }
        Deed::SendIf { holds, call: of } => {
            doc.words(2, &format!("{what}; if {holds}:"), style);
            call(of, doc);
        }
        Deed::SendLater { blank, call: of } => {
            doc.words(2, &format!("{what}; {blank}:"), style);
            call(of, doc);
        }
        Deed::Run(command) => {
            let command = Text::from(command.join(" "));
            doc.words(2, &format!("{what}: runs {command}"), style);
        }
        Deed::Wait(until) => doc.words(2, &format!("{what}: waits {until}"), style),
        Deed::Ask(question) => doc.words(2, &format!("{what}: asks: {question}"), style),
    }
}

fn call(of: &Call, doc: &mut Document<'_>) {
    let theme = &doc.look().theme;
    let address = format!("{} {}", of.method, of.path);
    let body = of.body.iter().flat_map(|body| body.lines());
    for raw in std::iter::once(address.as_str()).chain(body) {
        for line in broken(Text::from(raw).as_str(), doc.width()) {
            doc.line(Line::styled(line, theme.quote));
        }
    }
}
