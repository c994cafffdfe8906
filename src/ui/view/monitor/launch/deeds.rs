//! What a launch does, step by step, with every call as it goes out.

use ratatui::text::Line;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::MOST;
use crate::domain::{Call, Method, Plan, Text};
use crate::runner::{Deed, Previewed};
use crate::ui::document::{Document, broken};
use crate::ui::model::monitor::Readied;

/// How the scripts in the calls are shown.
#[derive(Clone, Copy)]
pub(in crate::ui::view) enum Scripts<'a> {
    Whole,
    /// A line each, for there are calls behind them that matter more: how long, its hash, and what
    /// prints it whole.
    Folded(&'a Plan),
}

/// `2 Run Commands, 2 reProtect`: which calls go out, and how many.
pub(super) fn summary(readied: &Readied, doc: &mut Document<'_>) {
    let Ok(steps) = &readied.calls else {
        return;
    };
    let mut counts: Vec<(String, usize)> = Vec::new();
    for step in steps {
        let (Deed::Send(call) | Deed::SendIf { call, .. } | Deed::SendLater { call, .. }) =
            &step.deed
        else {
            continue;
        };
        let path = call.path.split('?').next().unwrap_or_default();
        // What changes the item itself names no action.
        let name = match call.method {
            Method::Post => path.rsplit('/').next().unwrap_or_default().to_owned(),
            other => other.to_string(),
        };
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    let words: Vec<String> = counts
        .into_iter()
        .map(|(name, count)| format!("{count} {}", Text::from(name)))
        .collect();
    if !words.is_empty() {
        let words = format!("Calls, each shown below: {}", words.join(", "));
        doc.words(0, &words, doc.look().theme.text);
    }
}

/// What is done, machine by machine, with the calls as they go out.
pub(in crate::ui::view) fn calls(readied: &Readied, scripts: Scripts<'_>, doc: &mut Document<'_>) {
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
        deed(step, scripts, doc);
    }
    if steps.len() > MOST {
        let words = format!(
            "... and {} more steps: failback run PLAN --dry-run prints them all",
            steps.len() - MOST
        );
        doc.words(0, &words, doc.look().theme.text);
    }
}

fn deed(step: &Previewed, scripts: Scripts<'_>, doc: &mut Document<'_>) {
    let style = doc.look().theme.text;
    let what = step.step.words();
    match &step.deed {
        Deed::Send(of) => {
            doc.words(2, &format!("{what}:"), style);
            call(of, scripts, doc);
        }
        Deed::SendIf { holds, call: of } => {
            doc.words(2, &format!("{what}; if {holds}:"), style);
            call(of, scripts, doc);
        }
        Deed::SendLater { blank, call: of } => {
            doc.words(2, &format!("{what}; {blank}:"), style);
            call(of, scripts, doc);
        }
        Deed::Run(command) => {
            let command = Text::from(command.join(" "));
            doc.words(2, &format!("{what}: runs {command}"), style);
        }
        Deed::Wait(until) => doc.words(2, &format!("{what}: waits {until}"), style),
        Deed::Ask(question) => doc.words(2, &format!("{what}: asks: {question}"), style),
    }
}

fn call(of: &Call, scripts: Scripts<'_>, doc: &mut Document<'_>) {
    let theme = &doc.look().theme;
    let address = format!("{} {}", of.method, of.path);
    let folded = match scripts {
        Scripts::Folded(plan) => of.body.as_deref().and_then(|body| folded(body, plan)),
        Scripts::Whole => None,
    };
    let body = folded.as_deref().or(of.body.as_deref()).unwrap_or_default();
    for raw in std::iter::once(address.as_str()).chain(body.lines()) {
        for line in broken(Text::from(raw).as_str(), doc.width()) {
            doc.line(Line::styled(line, theme.quote));
        }
    }
}

/// A body with its script in one line; `None` where it has none.
fn folded(body: &str, plan: &Plan) -> Option<String> {
    // Most calls have none, and a page is drawn often.
    if !body.contains("\"script\"") {
        return None;
    }
    let mut value: Value = serde_json::from_str(body).ok()?;
    let script = value.get_mut("script")?;
    let lines: Vec<&str> = script
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let hash = Sha256::digest(lines.join("\n"));
    let start: String = hash[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    let words = format!(
        "{} lines, SHA-256 {start}...: failback run {} --dry-run prints it",
        lines.len(),
        plan.slug()
    );
    *script = Value::from(words);
    serde_json::to_string_pretty(&value).ok()
}
