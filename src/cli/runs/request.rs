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
use crate::domain::run::{Answer, Letter, QuestionId, Record, Request};
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
        request: request(&options.request),
    };
    let mut follow = folder.follow();
    // What stands there already is no answer to this.
    follow.news()?;
    runner::request(folder, &letter).map_err(not_asked)?;
    let became = became(folder, &mut follow, &letter)?;
    tell(arguments, folder, &letter, &became)
}

fn request(command: &RequestCommand) -> Request {
    let text = |text: &Option<String>| text.as_deref().map(Text::from);
    match command {
        RequestCommand::Pause => Request::Pause,
        RequestCommand::GoOn => Request::GoOn,
        RequestCommand::Stop => Request::Stop,
        RequestCommand::Answer {
            question,
            choice,
            typed,
            why,
        } => Request::Answer(Answer {
            question: QuestionId(*question),
            choice: choice.as_str().into(),
            typed: text(typed),
            why: text(why),
            ticked: Vec::new(),
        }),
    }
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
