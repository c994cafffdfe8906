//! `failback runs request RUN ...`: asks something of a run, and tells what became of it.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::json;

use super::show::request_words;
use crate::cli::arguments::{Arguments, RequestArguments, RequestCommand};
use crate::cli::exit::Exit;
use crate::cli::launching::may_change;
use crate::cli::output::{self, Complaint, print_json};
use crate::cli::who;
use crate::domain::run::{Answer, Letter, QuestionId, Record, Request, Run};
use crate::domain::{Failure, Person, Retry, Text};
use crate::runner::{self, NotAsked};
use crate::store::RunFolder;
use crate::store::runs::Follow;

/// How long the run may take to open its letters.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks at the journal.
const LOOK: Duration = Duration::from_millis(50);

pub fn run(
    arguments: &Arguments,
    folder: &RunFolder,
    options: &RequestArguments,
) -> Result<Exit, Complaint> {
    may_change(arguments)?;
    let letter = Letter {
        by: who::person(options.who.as_deref()),
        at: Timestamp::now(),
        request: request(folder, &options.request)?,
    };
    let mut follow = folder.follow();
    // What stands there already is no answer to this.
    follow.news()?;
    runner::request(folder, &letter).map_err(not_asked)?;
    let became = became(folder, &mut follow, &letter)?;
    tell(arguments, folder, &letter, &became)
}

fn request(folder: &RunFolder, command: &RequestCommand) -> Result<Request, Complaint> {
    let text = |text: &Option<String>| text.as_deref().map(Text::from);
    Ok(match command {
        RequestCommand::Pause => Request::Pause,
        RequestCommand::GoOn => Request::GoOn,
        RequestCommand::Stop => Request::Stop,
        RequestCommand::Answer {
            question,
            choice,
            typed,
            why,
            ticked,
        } => Request::Answer(Answer {
            question: QuestionId(*question),
            choice: choice.as_str().into(),
            typed: text(typed),
            why: text(why),
            ticked: made(folder, QuestionId(*question), ticked)?,
        }),
    })
}

/// The checks of a question that somebody has made, as the question words them.
fn made(
    folder: &RunFolder,
    question: QuestionId,
    numbers: &[usize],
) -> Result<Vec<Text>, Complaint> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let run = Run::fold(&folder.read()?.lines);
    // That a question is not open is told by whoever puts the answer to it.
    let Some(question) = run.as_ref().and_then(|run| run.question(question)) else {
        return Ok(Vec::new());
    };
    let checks = &question.checks;
    let check = |number: &usize| {
        let check = number.checked_sub(1).and_then(|at| checks.get(at));
        check.cloned().ok_or_else(|| {
            let what = match checks.len() {
                0 => format!("Question {} has no checks.", question.id.0),
                most => format!(
                    "Question {} has no check {number}, but 1 to {most}.",
                    question.id.0
                ),
            };
            let advice = format!("See them with: failback runs show {}", folder.id());
            Complaint::usage(what, advice)
        })
    };
    numbers.iter().map(check).collect()
}

/// What became of a letter.
enum Became {
    Granted,
    Refused(Text),
    /// It lies in the inbox; nobody opened it so far.
    Unopened,
}

fn became(folder: &RunFolder, follow: &mut Follow, letter: &Letter) -> Result<Became, Complaint> {
    let end = Instant::now() + PATIENCE;
    loop {
        let live = folder.is_live();
        for line in follow.news()?.lines {
            match line.record {
                Record::Answered { answer, by, .. }
                    if same(&by, letter) && Request::Answer(answer.clone()) == letter.request =>
                {
                    return Ok(Became::Granted);
                }
                Record::Requested {
                    by,
                    request,
                    refused,
                    ..
                } if same(&by, letter) && request == letter.request => {
                    return Ok(refused.map_or(Became::Granted, Became::Refused));
                }
                _ => {}
            }
        }
        if !live || Instant::now() >= end {
            return Ok(Became::Unopened);
        }
        std::thread::sleep(LOOK);
    }
}

fn same(by: &Person, letter: &Letter) -> bool {
    *by == letter.by
}

fn tell(
    arguments: &Arguments,
    folder: &RunFolder,
    letter: &Letter,
    became: &Became,
) -> Result<Exit, Complaint> {
    let id = folder.id();
    let words = request_words(&letter.request);
    let (word, refused, exit) = match became {
        Became::Granted => ("granted", None, Exit::Done),
        Became::Refused(why) => ("refused", Some(why), Exit::Failed),
        Became::Unopened => ("unopened", None, Exit::NeedsPerson),
    };
    if arguments.json {
        print_json(&json!({
            "schema": "failback/request/1",
            "run": id,
            "by": letter.by,
            "request": letter.request,
            "became": word,
            "refused": refused,
        }));
        return Ok(exit);
    }
    let failure = match became {
        Became::Granted => {
            output::print(&format!("Run {id} heard it: {words}."));
            return Ok(Exit::Done);
        }
        Became::Refused(why) => {
            let what = format!("Run {id} refused it ({words}): {why}.");
            Failure::new(what, "", Retry::AfterFixing)
        }
        Became::Unopened => Failure::new(
            format!("Run {id} has not opened the letter yet ({words})."),
            format!("It lies in its inbox. See: failback runs show {id}"),
            Retry::LookFirst,
        ),
    };
    Err(Complaint { failure, exit })
}

fn not_asked(why: NotAsked) -> Complaint {
    match why {
        NotAsked::Wrong(failure) => Complaint {
            failure,
            exit: Exit::Usage,
        },
        NotAsked::Over(failure) => Complaint {
            failure,
            exit: Exit::NotReady,
        },
        NotAsked::Failed(failure) => Complaint::failed(failure),
    }
}
