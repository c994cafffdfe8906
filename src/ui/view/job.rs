//! A job with its tasks, as following and looking at one draw it.
//!
//! ```text
//!  √ Prerequisites check                                   09:14:02   0:21
//!  » Synchronizing the latest changes              since   09:15:40
//!  · Starting the virtual machine
//! ```

use ratatui::text::{Line, Span};

use crate::domain::call::JobAction;
use crate::domain::refusal::{job_action, job_cancel};
use crate::domain::size::clock as elapsed;
use crate::domain::text::column;
use crate::domain::{Job, JobState, Outcome, Refusal, Situation, Task};
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

/// What Azure would let be done to the job, and what of it this program does: the actions of the
/// machine that it is about send everything anew, with their checks.
pub(super) fn allowed(model: &Model, job: &Job, doc: &mut Document<'_>) {
    if job.allowed_actions.is_empty() {
        return;
    }
    doc.section("WHAT AZURE LETS BE DONE WITH IT");
    let mut all = model.estate.machines.iter();
    let machine = all.find(|machine| machine.is_target_of(job));
    let situation = machine.map(|machine| Situation::of(machine, &model.estate.jobs));
    let style = doc.look().theme.text;
    let said = |refusal: Refusal| {
        let source = refusal.source.replace(['[', ']'], "");
        format!("{} {} [{source}]", refusal.why, refusal.instead)
    };
    for action in &job.allowed_actions {
        let judged = match action.as_str().to_ascii_lowercase().as_str() {
            "cancel" => Err(job_cancel(situation.as_ref(), job)),
            "resume" => job_action(situation.as_ref(), job, JobAction::Resume),
            "restart" => job_action(situation.as_ref(), job, JobAction::Restart),
            _ => {
                let words = format!("{action}: this program does not know it.");
                doc.toned(0, Tone::Unknown, &words);
                continue;
            }
        };
        let is_failback = situation.is_some_and(|s| {
            let waiting = s.waiting_failback();
            waiting.is_some_and(|waiting| waiting.id == job.id)
        });
        match (judged, is_failback) {
            (Ok(()), true) => {
                let words = format!("{action}: Complete failover (x).");
                doc.toned(0, Tone::Amber, &words);
            }
            (Ok(()), false) => {
                let words = format!(
                    "{action}: not done from here: ask the action of the machine anew (x), or use the \
                     Azure portal."
                );
                doc.words(0, &words, style);
            }
            (Err(refusal), _) => doc.words(0, &format!("{action}: {}", said(refusal)), style),
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
