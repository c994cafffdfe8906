//! An agent's file that a person hands over: a file on this computer, or a host that their own ssh
//! knows, or the text itself.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::oneshot;

use super::identities::AgentTold;
use super::open::Site;
use super::registry::{About, Registry};
use crate::agent::conf::MOST_BYTES;
use crate::agent::script::NoFile;
use crate::agent::ssh::Trouble;
use crate::agent::{Conf, Remote, Ssh};
use crate::azure::Shell;
use crate::domain::identity::{NotRead, Reading, Source};
use crate::domain::{ArmId, Text};

/// Where a person says that a machine's file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whence {
    File(PathBuf),
    /// A host by the name that the person's own ssh knows.
    Ssh(String),
    /// Here it is, and how it was come by.
    Given(Source, Vec<u8>),
}

/// A machine whose file is to be fetched from there.
#[derive(Clone, Debug)]
pub struct Handed {
    pub machine: ArmId,
    pub whence: Whence,
    remote: Remote,
    about: About,
}

impl Registry {
    #[must_use]
    pub fn hand(&self, machine: &ArmId, whence: Whence) -> Handed {
        Handed {
            machine: machine.clone(),
            whence,
            remote: match self.shell(machine) {
                Some(Shell::PowerShell) => Remote::PowerShell,
                Some(Shell::Sh) | None => Remote::Sh,
            },
            about: self.about(machine),
        }
    }
}

impl Site {
    /// Reads the file. Whoever drops it stops waiting, and ends ssh.
    pub async fn fetch(&self, handed: Handed, deadline: Duration) -> AgentTold {
        let Handed {
            machine,
            whence,
            remote,
            about,
        } = handed;
        let mut age = Duration::ZERO;
        let (source, read) = match whence {
            Whence::File(path) => {
                let source = Source::File(path.display().to_string().into());
                let read = apart(deadline, move || bounded(&path)).await;
                let read = read.map_err(NotRead::Failed).map(|(bytes, old)| {
                    age = old;
                    bytes
                });
                (source, read)
            }
            Whence::Ssh(host) => {
                let read = Ssh::new(deadline).read(&host, remote).await;
                let read = read.map_err(|trouble| {
                    let why = trouble.to_string().into();
                    match trouble {
                        Trouble::NoFile(_, NoFile::None) => NotRead::NoAgent(why),
                        _ => NotRead::Failed(why),
                    }
                });
                (Source::Ssh(host.into()), read)
            }
            Whence::Given(source, bytes) => (source, Ok(bytes)),
        };
        // What a machine itself holds under that name is its file, whatever is in it.
        let is_named_by_hand = !matches!(source, Source::Ssh(_));
        let read_as = |bytes: Vec<u8>| {
            if bytes.len() > MOST_BYTES {
                return Err(NotRead::Failed(NoFile::TooLarge.to_string().into()));
            }
            let conf = Conf::read(&bytes);
            match is_named_by_hand && !conf.is_recognised {
                true => Err(NotRead::Failed(NO_SUCH_FILE.into())),
                false => Ok(conf.against(&about.servers).0),
            }
        };
        let now = self.arm().service_now();
        let reading = Reading {
            source,
            at: now.checked_sub(age).unwrap_or(now),
            file: read.and_then(read_as),
        };
        self.told_of(machine, reading, about).await
    }
}

/// Said of what was handed over by mistake. It says nothing about the machine.
const NO_SUCH_FILE: &str = "that is no drscout.conf: nothing that an agent writes there is in it";

/// Whether a file that a person names can be looked at.
///
/// # Errors
/// Why not.
pub async fn look(path: &Path, deadline: Duration) -> Result<(), Text> {
    let path = path.to_owned();
    let look = move || {
        let found = std::fs::metadata(path);
        found.map(drop).map_err(|error| error.to_string().into())
    };
    apart(deadline, look).await
}

/// Does what may never come back, as a look at a mount whose server is gone, on a thread of its own:
/// nothing waits for that one, not even the end of the program.
async fn apart<T: Send + 'static>(
    deadline: Duration,
    work: impl FnOnce() -> Result<T, Text> + Send + 'static,
) -> Result<T, Text> {
    let (told, heard) = oneshot::channel();
    let begun = std::thread::Builder::new().spawn(move || drop(told.send(work())));
    begun.map_err(|error| Text::from(format!("it cannot be read: {error}")))?;
    match tokio::time::timeout(deadline, heard).await {
        Ok(Ok(done)) => done,
        Ok(Err(_)) => Err("it cannot be read".into()),
        Err(_) => Err(format!("no answer from its disk within {} s", deadline.as_secs()).into()),
    }
}

/// A regular file, and how long ago it was written: a copy is as old as itself, whenever it is handed
/// over. Anything else may never end, or never begin. One byte more than a file may have tells that
/// it has more.
fn bounded(path: &Path) -> Result<(Vec<u8>, Duration), Text> {
    let told = |error: std::io::Error| Text::from(format!("it cannot be read: {error}"));
    if !std::fs::metadata(path).map_err(told)?.is_file() {
        return Err("it is no file".into());
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(told)?;
    let written = file.metadata().and_then(|own| own.modified());
    // One from ahead was written by another clock.
    let age = written.ok().and_then(|at| at.elapsed().ok());
    file.take(MOST_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(told)?;
    Ok((bytes, age.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_never_answers_holds_up_neither_the_reading_nor_the_end() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let never = || -> Result<(), Text> {
            loop {
                std::thread::park();
            }
        };
        let read = runtime.block_on(apart(Duration::from_millis(20), never));
        assert!(
            read.unwrap_err()
                .as_str()
                .contains("no answer from its disk")
        );
        // The thread hangs still, and this comes back.
        drop(runtime);
    }
}
