//! Launching a run: a process of its own, which outlives the terminal it was launched from.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::errand::{Errand, Task};
use crate::domain::run::{Closing, Line, Record, RunId};
use crate::domain::{Failure, Plan, Retry, Text};
use crate::store::runs::{Damage, Follow, Holder, Life, Rival};
use crate::store::{Credential, RunFolder, RunTrouble, Runs, SecretSource};

/// How long the first record may take: the runner signs in and reads each machine before it.
const PATIENCE: Duration = Duration::from_secs(60);
/// The same of a runner that goes on: what was protected anew may not be found at once.
const TO_RESUME: Duration = Duration::from_secs(300);
/// For each machine, at a service that is busy.
const EACH: Duration = Duration::from_secs(1);
/// Between two looks for it.
const PAUSE: Duration = Duration::from_millis(10);
/// What the runner ends with when another run stands in its way.
pub const IN_THE_WAY: u8 = 4;

/// Why nothing was launched. Nothing was sent.
#[derive(Clone, Debug)]
pub enum NotLaunched {
    /// It is being run already, by the run that the failure names.
    Conflict(Failure),
    /// It is over, never began, or its journal is damaged.
    Refused(Failure),
    Failed(Failure),
}

impl NotLaunched {
    #[must_use]
    pub fn failure(&self) -> &Failure {
        match self {
            Self::Conflict(failure) | Self::Refused(failure) | Self::Failed(failure) => failure,
        }
    }
}

/// Whether no run is under way that stands in the way of launching `plan`. Reads disks; the runner
/// looks again.
///
/// # Errors
/// A run that stands in the way; runs that cannot be read.
pub fn is_free(runs: &Runs, plan: &Plan) -> Result<(), NotLaunched> {
    What::launched(plan).alone(runs, plan, None)
}

/// Launches a run of `plan` in a process of its own, and returns once the first record stands in
/// its journal: from then on closing this terminal is safe. Blocks until then.
///
/// # Errors
/// A run that stands in the way; a runner that ended, or was ended, before its first record, with
/// its last words.
pub fn launch(runs: &Runs, plan: &Plan, errand: &Errand) -> Result<RunFolder, NotLaunched> {
    let what = What::launched(plan);
    // Looked at again by the runner, which holds the gate; here it only saves a process.
    what.alone(runs, plan, None)?;
    let document = errand.written().map_err(|why| what.failed(&why))?;
    let folder = create(runs, plan).map_err(|trouble| what.failed(&trouble.to_string()))?;
    let begun = Starting::of(&folder, plan, runs, &what)
        .and_then(|starting| starting.until(errand, &document, |_| true));
    if begun.is_err() {
        // Ignored on purpose: a folder that stays tells more, and one with a journal stays.
        let _ = folder.clone().discard();
    }
    begun.map(|()| folder)
}

/// Starts a new runner for a run that is not over and that no process carries out, and returns once
/// its journal says that it goes on. Blocks until then.
///
/// # Errors
/// A run that a process carries out, or may; one that is over, that never began, or whose journal is
/// damaged; a run that stands in the way; a runner that ended before it went on.
pub fn resume(runs: &Runs, folder: &RunFolder, errand: &Errand) -> Result<(), NotLaunched> {
    let id = folder.id();
    let what = What::resumed(&id.to_string());
    let unread = |trouble: RunTrouble| what.failed(&trouble.to_string());
    match folder.life() {
        Life::Dead => {}
        Life::Live(holder) => return Err(taken(folder, holder.as_ref())),
        Life::Elsewhere(holder) => {
            let lock = folder.path().join("lock").display().to_string();
            let run = id.clone();
            let trouble = RunTrouble::Elsewhere { run, holder, lock };
            let words = sentence(&trouble.to_string());
            let failure = Failure::new(words, "", Retry::AfterFixing);
            return Err(NotLaunched::Conflict(failure));
        }
    }
    let verified = folder.verify(None).map_err(unread)?;
    if let Some(closing) = verified.closing {
        let how = match closing {
            Closing::Done | Closing::DoneBut => "it is done",
            Closing::Failed => "it failed and is over",
            Closing::Stopped => "it was stopped and is over",
        };
        let advice = "Launch its plan again for what is left.";
        return Err(what.refused(how, advice));
    }
    let torn = |damage: &&Damage| !damage.is_unfinished() && !damage.is_head_behind();
    if let Some(damage) = verified.damages.iter().find(torn) {
        let why = format!("its journal is damaged: {damage}");
        let advice = format!(
            "See what is wrong: failback runs verify {id}. What it changed is among the site's \
             jobs (screen Activity). When that is settled, move {} away and launch its plan again.",
            folder.path().display()
        );
        return Err(what.refused(&why, &advice));
    }
    if verified.head.number == 0 {
        return Err(what.refused("it never began", "Launch its plan: failback run PLAN"));
    }
    let plan = folder.plan().map_err(unread)?;
    what.alone(runs, &plan, Some(id))?;
    let document = errand.written().map_err(|why| what.failed(&why))?;
    let resumed = |line: &Line| matches!(line.record, Record::Resumed { .. });
    Starting::of(folder, &plan, runs, &what)?.until(errand, &document, resumed)
}

/// What is being started, for the words of a failure.
struct What {
    subject: String,
    done: &'static str,
    again: &'static str,
}

impl What {
    fn launched(plan: &Plan) -> Self {
        Self {
            subject: plan.name.to_string(),
            done: "launched",
            again: "launch it again",
        }
    }

    fn resumed(run: &str) -> Self {
        Self {
            subject: format!("Run {run}"),
            done: "resumed",
            again: "resume it again",
        }
    }

    fn not_done(&self, why: &str, advice: &str) -> Failure {
        let why = why.trim_end_matches('.');
        let Self { subject, done, .. } = self;
        let what: Text = format!("{subject} was not {done}: {why}. Nothing was sent.").into();
        Failure::new(what, advice, Retry::AfterFixing)
    }

    fn failed(&self, why: &str) -> NotLaunched {
        let advice = format!("Put right what it says, then {}.", self.again);
        NotLaunched::Failed(self.not_done(why, &advice))
    }

    fn refused(&self, why: &str, advice: &str) -> NotLaunched {
        NotLaunched::Refused(self.not_done(why, advice))
    }

    /// Nothing stands in the way of the plan.
    fn alone(&self, runs: &Runs, plan: &Plan, own: Option<&RunId>) -> Result<(), NotLaunched> {
        match runs.rival(plan, own) {
            Ok(Some(rival)) => Err(conflict(&rival)),
            Ok(None) => Ok(()),
            Err(trouble) => Err(self.failed(&trouble.to_string())),
        }
    }
}

fn create(runs: &Runs, plan: &Plan) -> Result<RunFolder, RunTrouble> {
    let create = || runs.create(&RunId::new(Timestamp::now(), fastrand::u32(..)), plan);
    match create() {
        Err(RunTrouble::Exists(_)) => create(),
        other => other,
    }
}

/// Starts the runner and tells it its errand.
fn begin(folder: &RunFolder, errand: &Errand, document: &[u8]) -> io::Result<Child> {
    let log = folder.open_log().map_err(io::Error::other)?;
    let mut command = Command::new(this_program()?);
    command
        .arg0("failback")
        .args(["carry", "--run"])
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(log);
    if let Credential::ClientSecret {
        secret: SecretSource::Environment(name),
        ..
    } = &errand.profile.credential
    {
        command.env_remove(name);
    }
    let mut child = command.spawn()?;
    let told = match child.stdin.take() {
        Some(mut stdin) => stdin.write_all(document),
        None => Err(io::ErrorKind::BrokenPipe.into()),
    };
    match told {
        // One that ended before it read its errand says why itself.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            end(&mut child);
            Err(error)
        }
        _ => Ok(child),
    }
}

/// This very program, also when its file was replaced meanwhile: the errand is written for it.
fn this_program() -> io::Result<PathBuf> {
    let own = Path::new("/proc/self/exe");
    match own.exists() {
        true => Ok(own.to_path_buf()),
        false => std::env::current_exe(),
    }
}

/// A runner that is being started.
struct Starting<'a> {
    folder: &'a RunFolder,
    plan: &'a Plan,
    runs: &'a Runs,
    what: &'a What,
    /// What stands in the journal already was read by it.
    follow: Follow,
    /// Bytes of what runners before it said.
    said: u64,
}

impl<'a> Starting<'a> {
    fn of(
        folder: &'a RunFolder,
        plan: &'a Plan,
        runs: &'a Runs,
        what: &'a What,
    ) -> Result<Self, NotLaunched> {
        let mut follow = folder.follow();
        let read = follow.news();
        read.map_err(|trouble| what.failed(&trouble.to_string()))?;
        Ok(Self {
            said: folder.log_length(),
            folder,
            plan,
            runs,
            what,
            follow,
        })
    }

    /// Starts the runner, and waits until a new line is `the` one.
    fn until(
        mut self,
        errand: &Errand,
        document: &[u8],
        the: impl Fn(&Line) -> bool,
    ) -> Result<(), NotLaunched> {
        let what = self.what;
        let cannot =
            |error: io::Error| what.failed(&format!("the runner cannot be started: {error}"));
        let mut child = begin(self.folder, errand, document).map_err(cannot)?;
        let machines = u32::try_from(self.plan.machines().len()).unwrap_or(u32::MAX);
        let first = match errand.task {
            Task::Begin => PATIENCE,
            Task::Resume => TO_RESUME,
        };
        let patience = first.saturating_add(EACH.saturating_mul(machines));
        let end_of_patience = Instant::now() + patience;
        loop {
            let status = child.try_wait();
            // After the state of the process: the record of one that has ended is there by now.
            if self
                .follow
                .news()
                .is_ok_and(|news| news.lines.iter().any(&the))
            {
                // Waited for when it ends, so that none is left as a zombie.
                std::thread::spawn(move || child.wait());
                return Ok(());
            }
            match status {
                Ok(None) if Instant::now() < end_of_patience => std::thread::sleep(PAUSE),
                Ok(None) => {
                    end(&mut child);
                    let seconds = patience.as_secs();
                    let why = format!("the runner wrote nothing for {seconds} s and was ended");
                    return Err(what.failed(&self.with_last_words(&why)));
                }
                Ok(Some(status)) => return Err(self.ended(status)),
                Err(error) => {
                    end(&mut child);
                    return Err(what.failed(&format!("the runner is lost: {error}")));
                }
            }
        }
    }

    fn ended(&self, status: ExitStatus) -> NotLaunched {
        let in_the_way = status.code() == Some(IN_THE_WAY.into());
        let own = self.folder.id();
        let rival = self.runs.rival(self.plan, Some(own)).ok().flatten();
        match (in_the_way, rival) {
            (true, _) if matches!(self.folder.life(), Life::Live(_)) => {
                taken(self.folder, self.folder.holder().as_ref())
            }
            (true, Some(rival)) => conflict(&rival),
            (true, None) => {
                let why = self.with_last_words("another run stood in its way");
                NotLaunched::Conflict(self.what.failed(&why).failure().clone())
            }
            (false, _) => {
                let why = format!("the runner ended before its first record ({status})");
                self.what.failed(&self.with_last_words(&why))
            }
        }
    }

    fn with_last_words(&self, why: &str) -> String {
        let words = self.folder.words_since(self.said);
        let words: Vec<String> = words.iter().map(Text::to_string).collect();
        match words.as_slice() {
            [] => format!("{why}, without a word"),
            words => format!("{why}. It said: {}", words.join(" ")),
        }
    }
}

fn end(child: &mut Child) {
    // Ignored on purpose: it has ended by itself then.
    let _ = child.kill();
    let _ = child.wait();
}

/// Somebody carries the run out already.
fn taken(folder: &RunFolder, holder: Option<&Holder>) -> NotLaunched {
    let id = folder.id();
    let by = holder.map_or(String::new(), |holder| format!(" by {holder}"));
    NotLaunched::Conflict(Failure::new(
        format!("Run {id} is being carried out already{by}."),
        format!("Watch it: failback runs watch {id}"),
        Retry::AfterFixing,
    ))
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

fn conflict(rival: &Rival) -> NotLaunched {
    let run = &rival.run;
    // What begins with a name keeps it as it is written.
    let (what, advice) = match rival.unsettled {
        false => (
            format!("{rival}."),
            format!("See it with: failback runs show {run}"),
        ),
        true => (
            sentence(&rival.to_string()),
            format!("Resume it, and it finds out in Azure: failback runs resume {run}"),
        ),
    };
    NotLaunched::Conflict(Failure::new(what, advice, Retry::AfterFixing))
}
