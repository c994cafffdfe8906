//! Launching a run: a process of its own, which outlives the terminal it was launched from.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::errand::Errand;
use crate::domain::run::RunId;
use crate::domain::{Failure, Plan, Retry, Text};
use crate::store::runs::Rival;
use crate::store::{Credential, RunFolder, RunTrouble, Runs, SecretSource};

/// How long the first record may take: the runner signs in and reads each machine before it.
const PATIENCE: Duration = Duration::from_secs(60);
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
    Failed(Failure),
}

impl NotLaunched {
    #[must_use]
    pub fn failure(&self) -> &Failure {
        match self {
            Self::Conflict(failure) | Self::Failed(failure) => failure,
        }
    }
}

/// Launches a run of `plan` in a process of its own, and returns once the first record stands in
/// its journal: from then on closing this terminal is safe. Blocks until then.
///
/// # Errors
/// A run that stands in the way; a runner that ended, or was ended, before its first record, with
/// its last words.
pub fn launch(runs: &Runs, plan: &Plan, errand: &Errand) -> Result<RunFolder, NotLaunched> {
    let failed = |why: String| not_launched(plan, &why);
    // Looked at again by the runner, which holds the gate; here it only saves a process.
    match runs.rival(plan) {
        Ok(Some(rival)) => return Err(conflict(&rival)),
        Ok(None) => {}
        Err(trouble) => return Err(failed(trouble.to_string())),
    }
    let document = errand.written().map_err(failed)?;
    let folder = create(runs, plan).map_err(|trouble| failed(trouble.to_string()))?;
    let begun = begin(&folder, errand, &document)
        .map_err(|error| failed(format!("the runner cannot be started: {error}")))
        .and_then(|child| first_record(child, &folder, plan, runs));
    if begun.is_err() {
        // Ignored on purpose: a folder that stays tells more, and one with a journal stays.
        let _ = folder.clone().discard();
    }
    begun.map(|()| folder)
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

fn first_record(
    mut child: Child,
    folder: &RunFolder,
    plan: &Plan,
    runs: &Runs,
) -> Result<(), NotLaunched> {
    let machines = u32::try_from(plan.machines().len()).unwrap_or(u32::MAX);
    let patience = PATIENCE.saturating_add(EACH.saturating_mul(machines));
    let end_of_patience = Instant::now() + patience;
    let mut follow = folder.follow();
    loop {
        let status = child.try_wait();
        // After the state of the process: the record of one that has ended is there by now.
        if follow.news().is_ok_and(|news| !news.lines.is_empty()) {
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
                return Err(not_launched(plan, &with_last_words(&why, folder)));
            }
            Ok(Some(status)) => return Err(ended(status, folder, plan, runs)),
            Err(error) => {
                end(&mut child);
                return Err(not_launched(plan, &format!("the runner is lost: {error}")));
            }
        }
    }
}

fn ended(status: ExitStatus, folder: &RunFolder, plan: &Plan, runs: &Runs) -> NotLaunched {
    let in_the_way = status.code() == Some(IN_THE_WAY.into());
    let rival = runs.rival(plan).ok().flatten();
    match (in_the_way, rival) {
        (true, Some(rival)) => conflict(&rival),
        (true, None) => {
            let why = with_last_words("another run stood in its way", folder);
            NotLaunched::Conflict(not_launched(plan, &why).failure().clone())
        }
        (false, _) => {
            let why = format!("the runner ended before its first record ({status})");
            not_launched(plan, &with_last_words(&why, folder))
        }
    }
}

fn end(child: &mut Child) {
    // Ignored on purpose: it has ended by itself then.
    let _ = child.kill();
    let _ = child.wait();
}

fn with_last_words(why: &str, folder: &RunFolder) -> String {
    let words: Vec<String> = folder.last_words().iter().map(Text::to_string).collect();
    match words.as_slice() {
        [] => format!("{why}, without a word"),
        words => format!("{why}. It said: {}", words.join(" ")),
    }
}

fn not_launched(plan: &Plan, why: &str) -> NotLaunched {
    let why = why.trim_end_matches('.');
    let what: Text = format!("{} was not launched: {why}. Nothing was sent.", plan.name).into();
    NotLaunched::Failed(Failure::new(
        what,
        "Put right what it says, then launch it again.",
        Retry::AfterFixing,
    ))
}

fn conflict(rival: &Rival) -> NotLaunched {
    NotLaunched::Conflict(Failure::new(
        format!("{rival}."),
        format!("See it with: failback runs show {}", rival.run),
        Retry::AfterFixing,
    ))
}
