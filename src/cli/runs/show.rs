//! `failback runs show RUN`

use jiff::Timestamp;
use serde_json::{Value, json};

use super::afterwards;
use super::list::local;
use super::state::Standing;
use super::teller;
use crate::cli::arguments::Arguments;
use crate::cli::estimating;
use crate::cli::exit::Exit;
use crate::cli::output::{self, Complaint, print_json};
use crate::domain::Retry;
use crate::domain::estimate::Forecast;
use crate::domain::run::{End, Heard, MachineRun, Question, Request, Run, StepRun, StepState};
use crate::store::RunFolder;
use crate::store::runs::{Damage, Head};

/// Most remarks that people are shown.
const REMARKS: usize = 10;

pub fn run(arguments: &Arguments, folder: &RunFolder) -> Result<Exit, Complaint> {
    let reading = folder.read()?;
    let standing = |run: &Run| Standing::of(run, folder);
    let live = folder.is_live();
    let damage = reading.damage.filter(|d| !(live && d.is_unfinished()));
    let Some(run) = Run::fold(&reading.lines) else {
        let why = damage.map_or_else(|| "it never began".into(), |d| d.to_string());
        let what = format!("Run {} has nothing to show: {why}.", folder.id());
        return Err(Complaint::failed(crate::domain::Failure::new(
            what,
            format!("Its log: {}", folder.log().display()),
            Retry::AfterFixing,
        )));
    };
    let after = afterwards::read(arguments, folder, &run);
    let left = (!run.is_closed()).then(|| {
        let mut beforehand = folder.beforehand();
        reading.lines.iter().for_each(|line| beforehand.take(line));
        beforehand.left(&run, Timestamp::now())
    });
    if arguments.json {
        let mut all = whole(folder, &run, &standing(&run), damage.as_ref());
        all["afterwards"] = after.json();
        all["left"] = json!(left);
        print_json(&all);
    } else {
        let mut lines = lines(
            &run,
            &standing(&run),
            damage.as_ref(),
            folder.head().as_ref(),
            left.as_ref(),
        );
        if let Some(left) = &left {
            lines.push(String::new());
            lines.extend(estimating::lines("Left:", left));
        }
        lines.extend(after.lines());
        let words = folder.last_words();
        if !live && !words.is_empty() {
            lines.extend([String::new(), "The last words of its process".into()]);
            lines.extend(words.iter().map(|line| format!("  {line}")));
        }
        lines.iter().for_each(|line| output::print(line));
    }
    Ok(match damage {
        None => Exit::Done,
        Some(_) => Exit::Failed,
    })
}

/// `failback/run-state/1`. Fields are only ever added.
fn whole(folder: &RunFolder, run: &Run, standing: &Standing, damage: Option<&Damage>) -> Value {
    let (ended, steps) = run.progress();
    let (wave, waves) = run.wave();
    json!({
        "schema": "failback/run-state/1",
        "run": run.launch.run,
        "folder": folder.path(),
        "site": run.launch.site,
        "plan": run.launch.name,
        "slug": run.launch.slug,
        "intent": run.launch.intent,
        "by": run.launch.by,
        "program": run.launch.program,
        "begun": run.begun,
        "last": run.last,
        "records": run.records,
        "head": folder.head().map(|head| head.to_string()),
        "state": standing.word,
        "words": standing.words,
        "live": standing.live,
        "damage": damage.map(ToString::to_string),
        "lastWords": folder.last_words(),
        "stepsEnded": ended,
        "steps": steps,
        "wave": wave,
        "waves": waves,
        "machines": run.machines.iter().map(machine_json).collect::<Vec<_>>(),
        "questions": run.questions,
        "remarks": run.remarks.iter().map(|(at, words)| json!({ "at": at, "words": words })).collect::<Vec<_>>(),
        "heard": run.heard.iter().map(heard_json).collect::<Vec<_>>(),
    })
}

fn machine_json(machine: &MachineRun) -> Value {
    json!({
        "machine": machine.name,
        "id": machine.id,
        "wave": machine.wave,
        "wayBack": machine.way_back(),
        "arrived": machine.has_arrived(),
        "over": machine.is_over(),
        "steps": machine.steps.iter().map(step_json).collect::<Vec<_>>(),
    })
}

fn step_json(step: &StepRun) -> Value {
    let (state, end) = match &step.state {
        StepState::Waits => ("waits", None),
        StepState::Runs => ("runs", None),
        StepState::Ended(end) => (end_word(end), Some(end)),
    };
    json!({
        "step": step.kind,
        "state": state,
        "end": end,
        "begun": step.begun,
        "ended": step.ended,
        "attempts": step.attempts,
        "requestId": step.request(),
        "correlationId": step.correlation,
        "jobId": step.job_id,
        "job": step.job,
        "synchronisation": step.synchronisation,
        "failure": step.failure,
    })
}

fn end_word(end: &End) -> &'static str {
    match end {
        End::Done => "done",
        End::DoneBut(_) => "doneBut",
        End::Left(_) => "left",
        End::Failed(_) => "failed",
        End::Unknown(_) => "unknown",
        End::NotBegun(_) => "notBegun",
    }
}

fn heard_json(heard: &Heard) -> Value {
    json!({ "at": heard.at, "by": heard.by, "request": heard.request, "refused": heard.refused, "made": heard.made, "asked": heard.asked })
}

fn lines(
    run: &Run,
    standing: &Standing,
    damage: Option<&Damage>,
    head: Option<&Head>,
    left: Option<&Forecast>,
) -> Vec<String> {
    let launch = &run.launch;
    let (ended, steps) = run.progress();
    let wave = match run.wave() {
        (Some(wave), waves) if waves > 1 => format!(", wave {wave} of {waves}"),
        _ => String::new(),
    };
    let mut lines = vec![
        format!("Run {}: {} ({})", launch.run, launch.name, launch.intent),
        format!(
            "  launched by {} at {}, site {}, {}",
            launch.by,
            local(run.begun),
            launch.site,
            launch.program
        ),
        format!("  {}; {ended} of {steps} steps{wave}", standing.words),
    ];
    lines.extend(standing.advice.iter().map(|advice| format!("  {advice}")));
    lines.extend(head.map(|head| format!("  head {head}")));
    if let Some(damage) = damage {
        lines.push(format!("  ! The journal is damaged: {damage}"));
    }
    let machines = run.machines.iter();
    lines.extend(machines.flat_map(|own| machine_lines(own, left)));
    for question in &run.questions {
        lines.push(String::new());
        lines.extend(question_lines(run, question));
    }
    lines.extend(people(run));
    let skipped = run.remarks.len().saturating_sub(REMARKS);
    if !run.remarks.is_empty() {
        lines.extend([String::new(), "Remarks".into()]);
    }
    if skipped > 0 {
        lines.push(format!("  ({skipped} earlier ones: --json)"));
    }
    for (at, words) in run.remarks.iter().skip(skipped) {
        lines.push(format!("  {}  {words}", local(*at)));
    }
    lines
}

/// Who asked what of it, from where and when.
fn people(run: &Run) -> Vec<String> {
    let skipped = run.heard.len().saturating_sub(REMARKS);
    let mut lines = Vec::new();
    if !run.heard.is_empty() {
        lines.extend([String::new(), "People".into()]);
    }
    if skipped > 0 {
        lines.push(format!("  ({skipped} earlier ones: --json)"));
    }
    for heard in run.heard.iter().skip(skipped) {
        let refused = heard.refused.as_ref();
        let refused = refused.map_or(String::new(), |why| format!("; refused: {why}"));
        // By the clock of whoever asked, when they did: the journal's own tells when it was heard.
        let asked = heard
            .asked
            .map_or(String::new(), |asked| format!(" (asked {})", local(asked)));
        lines.push(format!(
            "  {}  {}: {}{refused}{asked}",
            local(heard.at),
            heard.by,
            heard_words(heard)
        ));
    }
    lines
}

fn machine_lines(machine: &MachineRun, left: Option<&Forecast>) -> Vec<String> {
    let time = |step: &StepRun| {
        let time = left.and_then(|left| estimating::of_step(left, &machine.id, step.kind));
        time.map_or(String::new(), |time| format!(", {time}"))
    };
    let mut lines = vec![
        String::new(),
        format!(
            "{}  (wave {}; way back: {})",
            machine.name,
            machine.wave,
            machine.way_back()
        ),
    ];
    for step in &machine.steps {
        let (mark, words, more) = match &step.state {
            StepState::Waits => (".", format!("waits{}", time(step)), Vec::new()),
            StepState::Runs => (">", format!("{}{}", runs(step), time(step)), Vec::new()),
            StepState::Ended(end) => {
                let (mark, words, more) = teller::end_words(end);
                (mark, words, more)
            }
        };
        lines.push(format!("  {mark} {:<28} {words}", step.kind.words()));
        lines.extend(more.iter().map(|line| format!("      {line}")));
        if let Some(job) = &step.job_id {
            lines.push(format!("      job {job}, request {}", of(step)));
        }
    }
    lines
}

fn of(step: &StepRun) -> String {
    step.request()
        .map_or_else(|| "-".into(), |id| id.to_string())
}

fn runs(step: &StepRun) -> String {
    let sync = step.synchronisation.as_ref();
    match sync.map(teller::synchronisation) {
        Some(words) if !words.is_empty() => words,
        _ => "runs".into(),
    }
}

/// A question, and how it is answered.
pub fn question_lines(run: &Run, question: &Question) -> Vec<String> {
    let mut lines = vec![format!("? {}  {}", question.id.0, question.words)];
    lines.extend(question.evidence.iter().map(|line| format!("    {line}")));
    for (check, number) in question.checks.iter().zip(1..) {
        lines.push(format!("    look {number:<7} {check}"));
    }
    if let Some(until) = question.until {
        let until = local(until);
        lines.push(format!(
            "    open until {until} by Azure's clock; left as it is then"
        ));
    }
    for choice in &question.choices {
        lines.push(format!("    {:<12} {}", choice.name.as_str(), choice.words));
    }
    for choice in &question.choices {
        let typed = choice.typed.as_ref();
        let typed = typed.map_or(String::new(), |name| {
            format!(" --typed {}", output::quoted(name.as_str()))
        });
        let why = if choice.reason { " --why TEXT" } else { "" };
        lines.push(format!(
            "    failback runs request {} answer {} {}{typed}{why}",
            run.launch.run, question.id.0, choice.name
        ));
    }
    if !question.checks.is_empty() {
        lines.push("    with what you have looked at, by its numbers: --ticked 1,2,...".into());
    }
    lines
}

/// What somebody asked or answered, with how many of the checks they ticked.
fn heard_words(heard: &Heard) -> String {
    let made = heard.made.as_ref();
    let made = made.map_or(String::new(), |made| format!("; {made}"));
    format!("{}{made}", request_words(&heard.request))
}

/// What was asked of a run, in words.
pub fn request_words(request: &Request) -> String {
    match request {
        Request::Answer(answer) => {
            let why = answer.why.as_ref();
            let why = why.map_or(String::new(), |why| format!(" ({why})"));
            format!("answer {}: {}{why}", answer.question.0, answer.choice)
        }
        Request::Pause => "pause".into(),
        Request::GoOn => "go on".into(),
        Request::Stop => "stop".into(),
    }
}
