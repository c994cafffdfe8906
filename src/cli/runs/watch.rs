//! `failback runs watch RUN`: what happens, as it happens.

use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::seal;
use super::state::{self, Standing};
use super::teller::Teller;
use crate::cli::exit::Exit;
use crate::cli::output::{self, Complaint, print_json_line};
use crate::domain::estimate::Beforehand;
use crate::domain::run::{Line, Record, Run, RunState};
use crate::domain::{Failure, Retry};
use crate::store::RunFolder;
use crate::store::runs::{Damage, Reading};

/// Between two looks at the journal.
const LOOK: Duration = Duration::from_millis(100);

/// So many looks it must wait before it counts: an answer that was given beforehand comes a moment
/// after its question.
const STILL: u32 = 20;
/// Between two estimates of one synchronisation.
const APART: SignedDuration = SignedDuration::from_mins(1);
/// The exit code when nobody reads any more: as after a hang-up.
const GONE: u8 = 129;

/// How a run is watched.
#[derive(Clone, Debug)]
pub struct Way {
    /// The journal's lines, one a line; between them, as `failback/left/1`, how long it still takes.
    pub json: bool,
    /// End when it waits for a person.
    pub no_wait: bool,
    /// The SSH key with which the head is signed when the run is over.
    pub sign_with: Option<PathBuf>,
}

/// Watches a run to its end. An interrupt ends the watching alone.
pub async fn watch(folder: &RunFolder, way: Way) -> Result<Exit, Complaint> {
    let mut ends = Ends::heard()?;
    let mut watcher = Watcher {
        folder,
        way,
        run: None,
        teller: Teller::default(),
        beforehand: folder.beforehand(),
        told_left: (String::new(), Timestamp::MIN),
        first: true,
        waited: 0,
        alone: false,
    };
    let mut follow = folder.follow();
    loop {
        // Before the journal: a runner that has ended has written its last line by now.
        let live = folder.is_live();
        let reading = follow.news()?;
        let news = watcher.news(reading, live)?;
        if watcher.alone {
            return Ok(watcher.left(GONE));
        }
        if let Some(exit) = news {
            return Ok(exit);
        }
        tokio::select! {
            biased;
            code = ends.heard_one() => return Ok(watcher.left(code)),
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

struct Watcher<'a> {
    folder: &'a RunFolder,
    way: Way,
    run: Option<Run>,
    teller: Teller,
    /// What tells how long it still takes.
    beforehand: Beforehand,
    /// As it was told last, and when.
    told_left: (String, Timestamp),
    /// What is read now had happened before.
    first: bool,
    /// How many looks it has waited for a person.
    waited: u32,
    /// Whoever read it is gone.
    alone: bool,
}

impl Watcher<'_> {
    /// Tells what is new; the exit when there is nothing more to wait for.
    fn news(&mut self, reading: Reading, live: bool) -> Result<Option<Exit>, Complaint> {
        if reading.anew {
            self.run = None;
            self.beforehand = self.folder.beforehand();
        }
        let last = reading.lines.len();
        let mut left = None;
        for (at, line) in reading.lines.iter().enumerate() {
            match &mut self.run {
                Some(run) => run.apply(line),
                None => self.run = Run::fold([line]),
            }
            self.beforehand.take(line);
            // The newest state of a job is news, also to who has just come.
            let old = self.first && at + 1 < last;
            self.tell(line, old);
            if !old && self.is_news_of_left(line) {
                left = Some(line.at);
            }
        }
        if let Some(at) = left {
            self.tell_left(at);
        }
        self.first = false;
        if let Some(damage) = reading.damage.filter(|d| !(live && d.is_unfinished())) {
            return Err(self.damaged(&damage));
        }
        let Some(run) = &self.run else {
            return match live {
                true => Ok(None),
                false => Err(self.gone("has not begun, and no process carries it out")),
            };
        };
        if let RunState::Closed(closing) = run.state {
            // Its runner may still be putting its papers away.
            if live && self.way.sign_with.is_some() {
                return Ok(None);
            }
            self.ended(run, state::exit(closing));
            if let Some(key) = &self.way.sign_with {
                let head = seal::sign(self.folder, key)?;
                if !self.way.json {
                    output::print(&seal::signed(self.folder, &head));
                }
            }
            return Ok(Some(state::exit(closing)));
        }
        if !live {
            return Err(self.gone("is not over, and no process carries it out any more"));
        }
        self.waited = if state::waits(run) {
            self.waited + 1
        } else {
            0
        };
        if self.way.no_wait && self.waited > STILL {
            self.ended(run, Exit::NeedsPerson);
            return Ok(Some(Exit::NeedsPerson));
        }
        Ok(None)
    }

    fn tell(&mut self, line: &Line, old: bool) {
        let lines = match &self.run {
            _ if self.way.json => serde_json::to_string(line).into_iter().collect(),
            Some(run) => self.teller.tell(run, line, old),
            None => Vec::new(),
        };
        self.alone |= lines.iter().any(|words| output::tell(words).is_err());
    }

    fn is_news_of_left(&self, line: &Line) -> bool {
        match line.record {
            Record::StepEnded { .. } => true,
            // How far it is comes every few seconds.
            Record::Synchronising { .. } => line.at.duration_since(self.told_left.1) >= APART,
            _ => false,
        }
    }

    /// How long it still takes: after each step that ended, and as data moves.
    fn tell_left(&mut self, at: Timestamp) {
        let Some(run) = self.run.as_ref().filter(|run| !run.is_closed()) else {
            return;
        };
        let left = self.beforehand.left(run, Timestamp::now());
        let told = match self.way.json {
            // Without the machines: this comes again and again, of runs of hundreds of them. They
            // stand in "runs show --json".
            true => json!({
                "total": left.total,
                "path": left.path,
                "gaps": left.gaps,
                "people": left.people,
                "commands": left.commands,
                "pastRuns": left.past_runs,
            })
            .to_string(),
            false if left.is_through() => return,
            false => format!("          left: {}", left.words()),
        };
        if told == self.told_left.0 {
            return;
        }
        let line = match self.way.json {
            true => {
                let run = self.folder.id();
                let at = json!(at);
                format!(r#"{{"schema":"failback/left/1","run":"{run}","at":{at},"left":{told}}}"#)
            }
            false => told.clone(),
        };
        self.alone |= output::tell(&line).is_err();
        self.told_left = (told, at);
    }

    /// The last word of a stream.
    fn ended(&self, run: &Run, exit: Exit) {
        let standing = Standing::of(run, self.folder);
        if self.way.json {
            print_json_line(&json!({
                "schema": "failback/watched/1",
                "run": self.folder.id(),
                "state": standing.word,
                "live": standing.live,
                "exit": exit.code(),
                "head": self.folder.head().map(|head| head.to_string()),
            }));
        } else if exit == Exit::NeedsPerson {
            output::print(&format!(
                "The run {}; it is not watched any more.",
                standing.words
            ));
        } else if let Some(head) = self.folder.head() {
            output::print(&format!(
                "Its journal ends with {head}: keep that elsewhere, and \"failback runs verify {} --head \
                 {head}\" shows that nobody changed it.",
                self.folder.id()
            ));
        }
    }

    /// The watching was interrupted; the run was not.
    fn left(&self, code: u8) -> Exit {
        let id = self.folder.id();
        output::remark(&format!(
            "failback: run {id} goes on. Watch it again: failback runs watch {id}"
        ));
        Exit::Ended(code)
    }

    fn gone(&self, how: &str) -> Complaint {
        let id = self.folder.id();
        let words: Vec<_> = self.folder.last_words();
        let said = match words.first() {
            Some(first) => format!(" Its last words: {first}"),
            None => String::new(),
        };
        let what = format!("Run {id} {how}.{said}");
        let advice = match &self.run {
            Some(_) => format!(
                "What runs in Azure goes on there. Go on with it: failback runs resume {id}"
            ),
            None => format!("See what is there: failback runs show {id}"),
        };
        Complaint {
            failure: Failure::new(what, advice, Retry::LookFirst),
            exit: Exit::NeedsPerson,
        }
    }

    fn damaged(&self, damage: &Damage) -> Complaint {
        let what = format!(
            "The journal of run {} is damaged: {damage}.",
            self.folder.id()
        );
        let advice = format!(
            "See what is wrong: failback runs verify {}",
            self.folder.id()
        );
        Complaint::failed(Failure::new(what, advice, Retry::LookFirst))
    }
}

/// The signals that end the watching.
struct Ends {
    interrupt: Signal,
    hang_up: Signal,
    terminate: Signal,
}

impl Ends {
    fn heard() -> Result<Self, Complaint> {
        let hear = || -> std::io::Result<Self> {
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                hang_up: signal(SignalKind::hangup())?,
                terminate: signal(SignalKind::terminate())?,
            })
        };
        hear().map_err(|error| {
            let what = format!("No signals can be heard: {error}.");
            Complaint::failed(Failure::new(what, "", Retry::MayHelp))
        })
    }

    /// The exit code that belongs to the one that came.
    async fn heard_one(&mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => 130,
            _ = self.hang_up.recv() => 129,
            _ = self.terminate.recv() => 143,
        }
    }
}
