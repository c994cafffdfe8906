//! `failback carry --run FOLDER`: the runner, started by a launch and by nobody else.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use tokio::signal::unix::{Signal, SignalKind, signal};
use zeroize::Zeroizing;

use super::exit::Exit;
use super::output::{self, Complaint};
use super::target;
use crate::domain::run::Closing;
use crate::domain::{Failure, Retry};
use crate::runner::{self, Ended, Errand, MOST_ERRAND, NotCarried};
use crate::store::RunFolder;

pub fn run(folder: &Path) -> Result<Exit, Complaint> {
    // Freshly started by a launch it leads no process group yet, so that this cannot fail; from a
    // shell it may, and the terminal's end is heard below.
    let _ = rustix::process::setsid();
    let runtime = target::runtime()?;
    // Before anything else: a terminal that closes now must not end it.
    let told_to_end = {
        let _inside = runtime.enter();
        Signals::heard().map_err(|error| failed(format!("No signals can be heard: {error}.")))?
    };
    let errand = errand().map_err(failed)?;
    let folder = RunFolder::by_path(folder)
        .map_err(|trouble| Complaint::usage(format!("{trouble}."), ""))?;
    let recorder = match &errand.record {
        Some(file) => Some(target::recording(file)?),
        None => None,
    };
    let carry = runner::carry(folder, errand, recorder.clone(), told_to_end.told());
    let carried = runtime.block_on(carry);
    if let Some(why) = recorder.and_then(|recorder| recorder.failure()) {
        output::remark(&format!("failback: the recording is incomplete: {why}"));
    }
    match carried {
        Ok(Ended::Closed(Closing::Done | Closing::DoneBut)) => Ok(Exit::Done),
        Ok(Ended::Closed(Closing::Failed | Closing::Stopped)) => Ok(Exit::Failed),
        Ok(Ended::Suspended(..)) => Ok(Exit::NeedsPerson),
        Err(NotCarried::Conflict(failure)) => Err(Complaint {
            failure,
            exit: Exit::Conflict,
        }),
        Err(NotCarried::Failed(failure)) => Err(Complaint::failed(failure)),
    }
}

fn failed(what: String) -> Complaint {
    let advice = "It is started by: failback run PLAN";
    Complaint::failed(Failure::new(what, advice, Retry::AfterFixing))
}

/// Reads the errand from standard input to its end, which then is nothing any more.
fn errand() -> Result<Errand, String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(64 << 10));
    // Not through the buffer of the standard library, which keeps what it read.
    let input = rustix::stdio::stdin().try_clone_to_owned().map(File::from);
    let read = input.and_then(|input| input.take(MOST_ERRAND).read_to_end(&mut bytes));
    read.map_err(|error| format!("The errand cannot be read: {error}."))?;
    let nothing = File::open("/dev/null").and_then(|null| Ok(rustix::stdio::dup2_stdin(null)?));
    nothing.map_err(|error| format!("Standard input cannot be closed: {error}."))?;
    Errand::read(&bytes).map_err(|why| format!("The errand cannot be used: {why}."))
}

/// What the system tells a runner.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    /// Heard so that it does not end the process; nothing follows from it.
    _hang_up: Signal,
}

impl Signals {
    fn heard() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            _hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Once it is told to end; why.
    async fn told(mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "its process was told to end (SIGTERM)",
            _ = self.interrupt.recv() => "its process was interrupted (SIGINT)",
        }
    }
}
