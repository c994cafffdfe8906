//! One process a run: the lock that its runner holds, which falls with the process.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::trouble::RunTrouble;
use crate::domain::run::RunId;
use crate::domain::{Person, Text};
use crate::store::access::Access;
use crate::store::folders::read_bounded;

/// How long a lock is tried for: whoever looks whether a run lives holds it for a moment.
const MOMENT: Duration = Duration::from_secs(2);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(2);
/// Most bytes of a note.
const MOST_NOTE: u64 = 4096;

/// File systems of one machine alone, where a lock that nobody holds here is held by nobody: ext2 to
/// ext4, XFS, Btrfs, ZFS, F2FS, bcachefs, tmpfs, ramfs, overlayfs (statfs(2)).
const OF_ONE_MACHINE: [u64; 9] = [
    0xef53,
    0x5846_5342,
    0x9123_683e,
    0x2fc1_2fc1,
    0xf2f5_2010,
    0xca45_1a4e,
    0x0102_1994,
    0x8584_58f6,
    0x794c_7630,
];

/// The right to carry a run out: held by one process on this machine at a time. What the process
/// noted of itself goes with it, unless it is killed.
#[derive(Debug)]
pub struct RunLock {
    run: RunId,
    /// Open for as long as the lock is held.
    file: File,
}

impl RunLock {
    #[must_use]
    pub fn run(&self) -> &RunId {
        &self.run
    }

    pub(super) fn take(path: &Path, run: &RunId, by: Option<&Person>) -> Result<Self, RunTrouble> {
        match exclusive(path, MOMENT) {
            Ok(Some(mut file)) => {
                // Whoever noted itself on another host may hold it in a way that is not seen here.
                if let Life::Elsewhere(holder) = judge(false, noted(path), &here(), || far(path)) {
                    return Err(RunTrouble::Elsewhere {
                        run: run.clone(),
                        holder,
                        lock: path.display().to_string(),
                    });
                }
                let holder = Holder {
                    process: std::process::id(),
                    host: Some(here()),
                    by: by.cloned(),
                };
                // For people, and for other hosts: here the lock itself is what counts, also on a
                // full disk.
                if let Err(error) = holder.write(&mut file) {
                    tracing::debug!(%error, "the lock does not name its process");
                }
                Ok(Self {
                    run: run.clone(),
                    file,
                })
            }
            Ok(None) => Err(RunTrouble::Live(run.clone())),
            Err(error) => Err(RunTrouble::disk(path, &error)),
        }
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        // Ignored on purpose: a note that stays is judged by its host.
        let _ = self.file.set_len(0);
    }
}

/// Who holds a lock, as noted in its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// On its host.
    pub process: u32,
    /// Where it runs; `None` where it was not noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<Text>,
    /// For whom it works.
    pub by: Option<Person>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.process)?;
        if let Some(host) = &self.host {
            write!(f, " on {host}")?;
        }
        match &self.by {
            Some(by) => write!(f, " for {by}"),
            None => Ok(()),
        }
    }
}

impl Holder {
    fn write(&self, file: &mut File) -> io::Result<()> {
        file.set_len(0)?;
        serde_json::to_writer(&mut *file, self)?;
        file.flush()
    }
}

/// Whether a process carries a run out, as far as this machine can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Life {
    /// No process does.
    Dead,
    /// A process on this machine, or one whose lock is seen here; what it noted of itself.
    Live(Option<Holder>),
    /// A process of another host noted itself and did not take that back, and no lock is seen here:
    /// on a file system of several machines nobody but its own host can tell.
    Elsewhere(Holder),
}

impl Life {
    pub(super) fn of(lock: &Path) -> Self {
        judge(is_held(lock), noted(lock), &here(), || far(lock))
    }
}

/// `far`: whether other machines use the file system, too.
fn judge(held: bool, noted: Option<Holder>, here: &Text, far: impl FnOnce() -> bool) -> Life {
    match noted {
        noted if held => Life::Live(noted),
        Some(holder) if holder.host.as_ref().is_some_and(|host| host != here) && far() => {
            Life::Elsewhere(holder)
        }
        _ => Life::Dead,
    }
}

fn noted(lock: &Path) -> Option<Holder> {
    let text = read_bounded(lock, MOST_NOTE).ok()?;
    serde_json::from_str(&text).ok()
}

/// This machine's name.
fn here() -> Text {
    Text::from(&*rustix::system::uname().nodename().to_string_lossy())
}

/// Whether a file lies where other machines may use it. What is not known may be.
fn far(file: &Path) -> bool {
    rustix::fs::statfs(file).is_ok_and(|system| {
        let kind = u64::try_from(system.f_type).unwrap_or_default();
        !OF_ONE_MACHINE.contains(&kind)
    })
}

/// Takes a lock file for this process alone; `None` when another one kept it all the time.
pub(super) fn exclusive(path: &Path, patience: Duration) -> io::Result<Option<File>> {
    let access = Access::within(path.parent().unwrap_or(Path::new(".")));
    let file = access.open(OpenOptions::new().write(true), path)?;
    let end = Instant::now() + patience;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if Instant::now() >= end => return Ok(None),
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
        }
    }
}

/// Whether a process holds a lock file. Looks together with others who look.
fn is_held(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_process_of_another_host_on_a_shared_file_system_cannot_be_judged() {
        let here: Text = "jump-01".into();
        let on = |host: Option<&str>| {
            Some(Holder {
                process: 7,
                host: host.map(Text::from),
                by: None,
            })
        };
        let elsewhere = || on(Some("jump-02"));
        for (held, noted, far, life) in [
            (true, None, true, Life::Live(None)),
            (true, elsewhere(), true, Life::Live(elsewhere())),
            (
                false,
                elsewhere(),
                true,
                Life::Elsewhere(elsewhere().unwrap()),
            ),
            (false, elsewhere(), false, Life::Dead),
            (false, on(Some("jump-01")), true, Life::Dead),
            (false, on(None), true, Life::Dead),
            (false, None, true, Life::Dead),
        ] {
            assert_eq!(judge(held, noted.clone(), &here, || far), life, "{noted:?}");
        }
    }

    #[test]
    fn a_holder_says_which_process_where_and_for_whom() {
        let holder = Holder {
            process: 4711,
            host: Some("jump-02".into()),
            by: Some(Person {
                name: "kim".into(),
                host: "jump-02".into(),
                from: Some("10.8.0.21".into()),
            }),
        };
        let words = "process 4711 on jump-02 for kim on jump-02 from 10.8.0.21";
        assert_eq!(holder.to_string(), words);
    }
}
