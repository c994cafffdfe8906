//! Runs, machines and steps in words, as lines and pages share them.

use crate::domain::job::JobState;
use crate::domain::recipe::StepKind;
use crate::domain::run::{End, MachineRun, Request, RunState, StepRun, StepState, Topic};
use crate::domain::size::clock as exactly;
use crate::ui::clock;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::monitor::RunView;

/// Of how a step ended: green only what is wholly done.
pub fn end(end: &End) -> Tone {
    match end {
        End::Done => Tone::Good,
        End::DoneBut(_) | End::Left(_) => Tone::Amber,
        End::Failed(_) => Tone::Bad,
        End::Unknown(_) => Tone::Unknown,
        End::NotBegun(_) => Tone::Waiting,
    }
}

/// What a machine does now, in a few words.
pub fn now(model: &Model, run: &RunView, machine: &MachineRun) -> (Tone, String) {
    let story = run.story.as_ref();
    let asked = story.and_then(|story| story.asked_of(&machine.id));
    if let Some(question) = asked.filter(|_| run.live && run.is_open()) {
        return match model.monitor.answer_to(run, question.id) {
            Some((answer, _)) => (
                Tone::Busy,
                format!("answered {}, not yet taken", answer.choice),
            ),
            None => match super::window::left(model, run, machine) {
                Some(left) if !left.is_over() => {
                    let what = match question.topic {
                        Topic::Survivor => "look at it",
                        Topic::Commit => "commit it?",
                        _ => question.words.as_str(),
                    };
                    (Tone::Amber, format!("{} left: {what}", left.words()))
                }
                _ => (Tone::Amber, question.words.to_string()),
            },
        };
    }
    let Some(step) = machine.telling() else {
        return (Tone::Unknown, "it has no steps".into());
    };
    match &step.state {
        StepState::Ended(ended) => over(machine, step, ended),
        StepState::Waits | StepState::Runs if machine.has_arrived() => arrived(machine, step),
        StepState::Waits => (Tone::Waiting, waits(run, machine, step)),
        StepState::Runs if step.kind == StepKind::Door => {
            (Tone::Waiting, waits(run, machine, step))
        }
        // Nobody is there to go on with it.
        StepState::Runs if !run.live => (Tone::Unknown, format!("was at: {}", step.kind.words())),
        StepState::Runs => (Tone::Busy, running(step)),
    }
}

fn over(machine: &MachineRun, step: &StepRun, ended: &End) -> (Tone, String) {
    let words = step.kind.words();
    match ended {
        End::Failed(failure) => {
            let said = [&failure.said, &failure.what];
            let said = said.into_iter().find(|text| !text.is_empty());
            let said = said.map_or(words, |said| said.as_str());
            (Tone::Bad, format!("failed: {said}"))
        }
        End::Unknown(_) => (Tone::Unknown, format!("not known: {words}")),
        End::NotBegun(why) => (Tone::Waiting, format!("not begun: {why}")),
        End::Done | End::DoneBut(_) | End::Left(_) => {
            let amber = |step: &&StepRun| {
                matches!(step.state, StepState::Ended(End::DoneBut(_) | End::Left(_)))
            };
            match machine.steps.iter().find(amber).map(|s| (s.kind, &s.state)) {
                Some((_, StepState::Ended(End::Left(what)))) => (Tone::Amber, what.to_string()),
                Some((kind, StepState::Ended(End::DoneBut(but)))) => {
                    let but = but.first().map_or("see its page", |text| text.as_str());
                    (Tone::Amber, format!("done, but {}: {but}", kind.words()))
                }
                _ => (Tone::Good, "done".into()),
            }
        }
    }
}

/// What is left of a machine that is where it should be.
fn arrived(machine: &MachineRun, step: &StepRun) -> (Tone, String) {
    let has = |kind| machine.step(kind).is_some();
    let home = match () {
        () if has(StepKind::FailBack) || has(StepKind::Complete) => "home; ",
        () if has(StepKind::FailOver) => "in Azure; ",
        () => "",
    };
    match (&step.state, step.kind) {
        (StepState::Runs, StepKind::Commit) if step.job_id.is_some() => (Tone::Busy, running(step)),
        (_, StepKind::Commit) => (Tone::Amber, format!("{home}commit waits")),
        _ => (Tone::Amber, format!("{home}look, then commit")),
    }
}

/// A Hyper-V failback synchronises before its wave: its job waits in Azure, and is not to be cancelled.
fn is_synchronised(machine: &MachineRun) -> bool {
    let step = machine.step(StepKind::Synchronise);
    step.is_some_and(|step| {
        matches!(
            step.state,
            StepState::Ended(End::Done | End::DoneBut(_) | End::Left(_))
        )
    })
}

fn waits(run: &RunView, machine: &MachineRun, step: &StepRun) -> String {
    match step.kind {
        StepKind::Door => {
            let whom = waited_for(run, machine).unwrap_or_else(|| match machine.wave {
                ..=1 => "its turn".into(),
                wave => format!("wave {}", wave - 1),
            });
            match is_synchronised(machine) {
                true => format!("data is home; waits for {whom}"),
                false => format!("waits for {whom}"),
            }
        }
        kind => format!("next: {}", kind.words()),
    }
}

/// The machines that hold this one up at its door, by name: of the waves before and of its own accord.
/// `None` where there are none, or too many to be named.
fn waited_for(run: &RunView, machine: &MachineRun) -> Option<String> {
    let crew = run.story.as_ref()?.crew.as_ref()?;
    let holds = |other: &&std::sync::Arc<MachineRun>| {
        let before = other.wave < machine.wave || machine.after.contains(&other.id);
        before && !other.has_arrived() && other.id != machine.id
    };
    let mut all = crew.machines.iter().filter(holds);
    let first = all.next()?;
    match (all.next(), all.next()) {
        (None, _) => Some(first.name.to_string()),
        (Some(second), None) => Some(format!("{} and {}", first.name, second.name)),
        _ => None,
    }
}

/// Azure's own word for what is being done is the most telling.
fn running(step: &StepRun) -> String {
    let tasks = step.job.iter().flat_map(|job| job.flat_tasks());
    let mut busy = tasks.filter(|(_, task)| task.state == JobState::InProgress);
    match busy.next() {
        Some((_, task)) if !task.title.is_empty() => task.title.to_string(),
        _ => step.kind.words().to_owned(),
    }
}

/// The current step of a machine that is not through.
fn current(machine: &MachineRun) -> Option<&StepRun> {
    machine
        .current()
        .filter(|step| step.state == StepState::Runs)
}

/// How far the synchronisation is; else how many of the job's tasks are done.
pub fn percent(machine: &MachineRun) -> String {
    let Some(step) = current(machine) else {
        return String::new();
    };
    let synchronised = step.synchronisation.as_ref().and_then(|s| s.percent);
    match (synchronised, tasks(step)) {
        (Some(percent), _) => format!("{} %", percent.min(100)),
        (None, Some((done, all))) => format!("{done}/{all}"),
        (None, None) => String::new(),
    }
}

/// The tasks of a step's job that are done, of all that Azure lists; skipped is not done.
pub fn tasks(step: &StepRun) -> Option<(usize, usize)> {
    let tasks = &step.job.as_ref()?.tasks;
    let done = tasks
        .iter()
        .filter(|task| task.state == JobState::Succeeded);
    (!tasks.is_empty()).then(|| (done.count(), tasks.len()))
}

/// The head of the job's id, as people compare it.
pub fn job(machine: &MachineRun) -> String {
    let step = machine.telling();
    let id = step.and_then(|step| step.job_id.as_ref());
    id.map_or(String::new(), |id| id.as_str().chars().take(8).collect())
}

/// How long the current step has been going on; when the last one ended.
pub fn time(model: &Model, machine: &MachineRun) -> String {
    if let Some(begun) = current(machine).and_then(|step| step.begun) {
        return elapsed(clock::between(begun, model.now));
    }
    let ended = machine.steps.iter().filter_map(|step| step.ended).max();
    ended.map_or(String::new(), |at| super::rows::hour(model, at))
}

/// A span that is drawn anew once a minute: no seconds that stand still.
pub fn elapsed(seconds: i64) -> String {
    match seconds.max(0) {
        0..60 => "<1 min".into(),
        s @ 60..7200 => format!("{} min", s / 60),
        s => format!("{} h {:02}", s / 3600, s % 3600 / 60),
    }
}

/// A span that is over.
pub fn took(step: &StepRun) -> Option<String> {
    let (begun, ended) = (step.begun?, step.ended?);
    Some(exactly(clock::between(begun, ended)))
}

/// The way back in as few words as a column holds; the whole stands on the machine's page.
pub fn way_back(machine: &MachineRun) -> &'static str {
    match machine.way_back() {
        words if words.starts_with("none:") => "none",
        words if words.starts_with("none needed") => "none needed",
        words if words.starts_with("another recovery point") => "other point",
        words if words.starts_with("Cancel failover") => "Cancel",
        words if words.starts_with("clean up") => "clean up",
        words if words.starts_with("leave it") => "leave it",
        words if words.starts_with("set it again") => "set it again",
        words if words.starts_with("none once") => "until sent",
        words if words.starts_with("start the") => "start the VM",
        words if words.starts_with("stop the run") => "stop the run",
        words => words,
    }
}

/// Who launched a run, and when.
pub fn launched(model: &Model, run: &RunView) -> String {
    match &run.story {
        Some(story) => format!(
            "launched {} by {}",
            clock::time(story.begun, &model.settings.zone),
            story.by
        ),
        None if run.live => "being started".into(),
        None => "it has no record".into(),
    }
}

/// What is asked of a run, in words.
pub fn request(request: &Request) -> String {
    match request {
        Request::Answer(answer) => format!("answer {}", answer.choice),
        Request::Pause => "pause".into(),
        Request::GoOn => "go on".into(),
        Request::Stop => "stop".into(),
    }
}

/// Why nobody carries a run out that is not over.
pub fn ended(model: &Model, run: &RunView) -> (Tone, String) {
    let Some(story) = &run.story else {
        let words = "It never began: nothing of it was sent.";
        return (Tone::Unknown, words.into());
    };
    let at = clock::moment(story.last, &model.settings.zone);
    match &story.state {
        RunState::Suspended(why) => {
            let why = why.as_str().trim_end_matches('.');
            (Tone::Amber, format!("Suspended {at}: {why}."))
        }
        _ => (
            Tone::Bad,
            format!(
                "Interrupted: its process is gone without a word - killed, or the machine went \
                 down - after its last record, {at}."
            ),
        ),
    }
}

/// What must be known about a run before its machines: damage first, then what is asked of it.
pub fn notes(model: &Model, run: &RunView, doc: &mut Document<'_>) {
    let closed = run.closing().is_some();
    let state = run.story.as_ref().map(|story| &story.state);
    if let Some(damage) = &run.damage {
        let words = format!(
            "Its journal is damaged: {damage}. What stands here is what was read before that; \
             whether more was sent is not known."
        );
        doc.toned(0, Tone::Bad, &words);
    } else if run.story.is_none() && !run.live {
        let words = "Its folder is there and its journal is empty: nothing of it was sent.";
        doc.toned(0, Tone::Unknown, words);
    } else if !closed && model.monitor.resuming.contains(&run.id) {
        let words =
            "Being resumed: a new process looks what became of what was sent, then goes on.";
        doc.toned(0, Tone::Busy, words);
    } else if !closed && !run.live {
        let (tone, why) = ended(model, run);
        let then = match model.settings.is_read_only() {
            true => "Nothing is resumed here: this is read-only.",
            false => "R resumes it.",
        };
        let words = format!("{why} Nothing more is sent; what runs in Azure goes on there. {then}");
        doc.toned(0, tone, &words);
    }
    if let Some(RunState::Paused(why)) = state {
        let why = if why.is_empty() {
            String::new()
        } else {
            format!(": {why}")
        };
        let words = format!("Paused{why}. Nothing new is begun; what runs in Azure goes on.");
        doc.toned(0, Tone::Amber, &words);
    }
    for (asked, at) in model.monitor.pending(run) {
        let at = at.map_or("just now".into(), |at| {
            clock::minutes(at, &model.settings.zone)
        });
        let words = format!("{}: asked {at}, not yet taken", request(asked));
        doc.toned(0, Tone::Busy, &words);
    }
}
