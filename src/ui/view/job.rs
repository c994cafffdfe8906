//! A job with its tasks, as following and looking at one draw it.
//!
//! ```text
//!  √ Prerequisites check                                   09:14:02   0:21
//!  » Synchronizing the latest changes              since   09:15:40
//!  · Starting the virtual machine
//! ```

use ratatui::text::{Line, Span};

use crate::domain::size::clock as elapsed;
use crate::domain::text::column;
use crate::domain::{Job, JobState, Outcome, Task};
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::{self, Tone};
use crate::ui::model::Model;

/// How a job stands, in words.
pub(super) fn state_words(job: &Job) -> String {
    match job.outcome() {
        Outcome::Running => "running".into(),
        Outcome::Waiting if job.description.is_empty() => "waits for a person".into(),
        Outcome::Waiting => format!("waits for a person: {}", job.description),
        Outcome::Succeeded => "succeeded".into(),
        Outcome::SucceededBut(_) => "succeeded, with reservations".into(),
        Outcome::Failed => "failed".into(),
        Outcome::Cancelled => "cancelled".into(),
        Outcome::Unknown(word) => format!("unknown state: {word}"),
    }
}

/// The tasks, and below them what Azure says went wrong and what that means.
pub(super) fn draw(model: &Model, job: &Job, doc: &mut Document<'_>) {
    let tasks = job.flat_tasks();
    if tasks.is_empty() {
        let style = doc.look().theme.text;
        doc.words(0, "Azure lists no tasks yet.", style);
    }
    for (depth, task) in tasks {
        draw_task(model, depth, task, doc);
    }
    if !job.problems.is_empty() {
        doc.section("WHAT AZURE SAYS");
        for problem in &job.problems {
            doc.explained_problem(0, problem);
        }
    }
    if let Outcome::SucceededBut(reservations) = job.outcome() {
        doc.section("SUCCEEDED, BUT");
        for words in reservations {
            doc.toned(0, Tone::Amber, words.as_str());
        }
    }
}

fn draw_task(model: &Model, depth: usize, task: &Task, doc: &mut Document<'_>) {
    let look = doc.look();
    let tone = look::job_state(task);
    let style = tone.style(&look.theme);
    let indent = (depth * 2).min(12);
    let zone = &model.settings.zone;
    let (when, word) = match (task.start, task.end) {
        (Some(start), Some(end)) => (
            clock::seconds(start, zone),
            elapsed(clock::between(start, end)),
        ),
        (Some(start), None) => (clock::seconds(start, zone), "runs".into()),
        _ => (String::new(), String::new()),
    };
    let word = match (&task.state, task.is_skipped()) {
        (_, true) => "skipped".into(),
        (JobState::Failed, _) => "failed".into(),
        (JobState::Cancelled, _) => "cancelled".into(),
        (JobState::Suspended, _) => "waits".into(),
        (JobState::Other(other), _) => other.to_string(),
        _ => word,
    };
    let title = if task.title.is_empty() {
        &task.name
    } else {
        &task.title
    };
    let room = doc.width().saturating_sub(indent + 2 + 20).max(8);
    doc.line(Line::from(vec![
        Span::styled(
            format!("{}{} ", " ".repeat(indent), tone.glyph(&look.glyphs)),
            style,
        ),
        Span::styled(column(title.as_str(), room, look.glyphs.cut), style),
        Span::styled(
            format!(
                " {when:>8} {:>9}",
                crate::domain::text::fit(&word, 9, look.glyphs.cut)
            ),
            look.theme.text,
        ),
    ]));
    for problem in &task.problems {
        doc.explained_problem(indent + 2, problem);
    }
}
