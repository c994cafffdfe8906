//! One machine of a run: its steps with their times, the job's tasks as Azure lists them, how far
//! the synchronisation is, and what went wrong in Azure's words.

use ratatui::text::{Line, Span};

use super::{left, window, words};
use crate::domain::estimate::Guess;
use crate::domain::recipe::StepKind;
use crate::domain::run::{End, MachineRun, StepRun, StepState};
use crate::domain::text::{column, fit};
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::RunView;
use crate::ui::view::job;

/// How much of a machine is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui::view) enum Extent {
    /// All steps; of the one that tells, everything.
    Pane,
    /// Everything of all steps.
    Whole,
}

/// Draws a machine; hands back the line at which the step that tells stands.
pub(in crate::ui::view) fn draw(
    model: &Model,
    run: &RunView,
    machine: &MachineRun,
    extent: Extent,
    doc: &mut Document<'_>,
) -> usize {
    let telling = machine.telling().map(|step| step.kind);
    let goes_on = run.live && run.is_open();
    let foreseen = model.monitor.foreseen(&run.id).filter(|_| goes_on);
    let course = foreseen.and_then(|all| all.course(&machine.id));
    let mut at = 0;
    for step in &machine.steps {
        let tells = telling == Some(step.kind);
        if tells {
            at = doc.lines.len();
        }
        let share = course.and_then(|course| course.steps.iter().find(|s| s.step == step.kind));
        let guess = share.map(|share| share.guess);
        head(model, run, machine, (step, guess), doc);
        if let (true, StepState::Runs, Some(guess)) = (tells, &step.state, guess) {
            left::of_current(guess, doc);
        }
        if tells || extent == Extent::Whole {
            inside(model, step, doc);
            question(model, run, machine, step.kind, doc);
        }
    }
    at
}

fn tone(run: &RunView, machine: &MachineRun, step: &StepRun) -> Tone {
    match &step.state {
        StepState::Waits => Tone::Waiting,
        StepState::Runs if step.kind == StepKind::Door => Tone::Waiting,
        StepState::Runs if !run.live && run.is_open() => Tone::Unknown,
        StepState::Runs if asks(run, machine, step.kind) => Tone::Amber,
        StepState::Runs => Tone::Busy,
        StepState::Ended(end) => words::end(end),
    }
}

fn asks(run: &RunView, machine: &MachineRun, step: StepKind) -> bool {
    let story = run.story.as_ref();
    let asked = story.and_then(|story| story.asked_of(&machine.id));
    asked.is_some_and(|question| question.step == Some(step))
}

/// Glyph, the step in words, when it began, how long it took.
fn head(
    model: &Model,
    run: &RunView,
    machine: &MachineRun,
    (step, guess): (&StepRun, Option<Guess>),
    doc: &mut Document<'_>,
) {
    let look = doc.look();
    let tone = tone(run, machine, step);
    let style = tone.style(&look.theme);
    let zone = &model.settings.zone;
    let begun = step
        .begun
        .map_or(String::new(), |at| clock::seconds(at, zone));
    let span = match (&step.state, step.begun) {
        (StepState::Runs, Some(begun)) if run.live => {
            words::elapsed(clock::between(begun, model.now))
        }
        (StepState::Waits, _) => guess.map(left::of_step).unwrap_or_default(),
        _ => words::took(step).unwrap_or_default(),
    };
    let mut title = step.kind.words().to_owned();
    match &step.state {
        StepState::Ended(End::Failed(_)) => title.push_str(": failed"),
        StepState::Ended(End::Unknown(_)) => title.push_str(": nobody knows whether it was done"),
        StepState::Ended(End::NotBegun(why)) => title.push_str(&format!(": not begun, {why}")),
        StepState::Ended(End::Left(what)) => title.push_str(&format!(": {what}")),
        StepState::Ended(End::DoneBut(_)) => title.push_str(": done, but"),
        StepState::Waits | StepState::Runs | StepState::Ended(End::Done) => {}
    }
    if step.attempts > 1 {
        title.push_str(&format!(", attempt {}", step.attempts));
    }
    if doc.is_plain() {
        let words = format!("{title}  {begun}  {span}");
        return doc.toned(0, tone, words.trim_end());
    }
    let room = doc.width().saturating_sub(2 + 20).max(8);
    let cut = look.glyphs.cut;
    doc.line(Line::from(vec![
        Span::styled(format!("{} ", tone.glyph(&look.glyphs)), style),
        Span::styled(column(&title, room, cut), style),
        Span::styled(
            format!(" {begun:>8} {:>9}", fit(&span, 9, cut)),
            look.theme.text,
        ),
    ]));
}

/// What is known of a step beyond its line.
fn inside(model: &Model, step: &StepRun, doc: &mut Document<'_>) {
    bars(step, doc);
    if let (StepState::Runs, Some((at, words))) = (&step.state, &step.remark) {
        let at = clock::minutes(*at, &model.settings.zone);
        doc.toned(2, Tone::Busy, &format!("{at}  {words}"));
    }
    if let StepState::Ended(end) = &step.state {
        ended(end, doc);
    } else if let Some(failure) = &step.failure {
        let words = "The last attempt was not made, or its answer was lost:";
        doc.toned(2, Tone::Amber, words);
        doc.explained_failure(4, failure);
    }
    let Some(of) = &step.job else {
        if let Some(id) = &step.job_id {
            doc.words(2, &format!("job {id}"), doc.look().theme.text);
        }
        return;
    };
    doc.words(
        2,
        &format!("job {}: {}", of.name, job::state_words(of)),
        doc.look().theme.text,
    );
    let mut tasks = Document::new(doc.look(), (doc.width().saturating_sub(2)) as u16);
    job::draw(model, of, &mut tasks);
    for mut line in tasks.lines {
        line.spans.insert(0, "  ".into());
        doc.line(line);
    }
}

fn ended(end: &End, doc: &mut Document<'_>) {
    match end {
        End::Failed(failure) | End::Unknown(failure) => doc.explained_failure(2, failure),
        End::DoneBut(but) => but
            .iter()
            .for_each(|words| doc.toned(2, Tone::Amber, words.as_str())),
        End::Done | End::Left(_) | End::NotBegun(_) => {}
    }
}

/// Two bars: the job's tasks, and the synchronisation, where each is told.
fn bars(step: &StepRun, doc: &mut Document<'_>) {
    if step.state != StepState::Runs {
        return;
    }
    if let Some((done, all)) = words::tasks(step) {
        let percent = u8::try_from(done * 100 / all.max(1)).unwrap_or(100);
        bar("tasks", Some(percent), &format!("{done} of {all}"), doc);
    }
    let Some(state) = &step.synchronisation else {
        return;
    };
    let mut told = Vec::new();
    told.extend(
        state
            .percent
            .map(|percent| format!("{} %", percent.min(100))),
    );
    told.extend(state.pending.map(|bytes| match bytes.0 {
        0 => "nothing pending".to_owned(),
        _ => format!("{bytes} pending"),
    }));
    let rpo = state
        .rpo_seconds
        .map(|s| i64::try_from(s).unwrap_or(i64::MAX));
    told.extend(rpo.map(|s| format!("RPO {}", crate::domain::size::clock(s))));
    if told.is_empty() {
        told.push("not told by Azure".into());
    }
    bar("synchronisation", state.percent, &told.join(", "), doc);
}

fn bar(label: &str, percent: Option<u8>, told: &str, doc: &mut Document<'_>) {
    let look = doc.look();
    let width = doc.width().saturating_sub(54).clamp(8, 30);
    let bar = match percent {
        _ if doc.is_plain() => String::new(),
        Some(percent) => look.glyphs.bar(percent, width),
        // A bar at zero would say that nothing was done.
        None => " ".repeat(width),
    };
    doc.line(Line::from(vec![
        Span::styled(format!("  {label:<16} "), look.theme.text),
        Span::styled(bar, look.theme.busy),
        Span::styled(format!(" {told}"), look.theme.text),
    ]));
}

fn question(
    model: &Model,
    run: &RunView,
    machine: &MachineRun,
    step: StepKind,
    doc: &mut Document<'_>,
) {
    let story = run.story.as_ref().filter(|_| run.live);
    let asked = story.and_then(|story| story.asked_of(&machine.id));
    let Some(question) = asked.filter(|question| question.step == Some(step)) else {
        return;
    };
    match model.monitor.answer_to(run, question.id) {
        Some((answer, _)) => {
            let words = format!("answered {}; not yet taken", answer.choice);
            doc.toned(2, Tone::Busy, &words);
        }
        None => {
            let words = format!("{} (a answers)", question.words);
            doc.toned(2, Tone::Amber, &words);
            window::of_machine(model, run, machine, doc);
            window::checks(question, doc);
        }
    }
}
