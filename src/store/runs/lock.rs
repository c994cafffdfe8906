//! One process a run: the lock that its runner holds, which falls with the process.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::trouble::RunTrouble;
use crate::domain::Person;
use crate::domain::run::RunId;
use crate::store::folders::read_bounded;

/// How long a lock is tried for: whoever looks whether a run lives holds it for a moment.
const MOMENT: Duration = Duration::from_secs(2);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(2);

/// The right to carry a run out: held by one process on this machine at a time.
#[derive(Debug)]
pub struct RunLock {
    run: RunId,
    /// Open for as long as the lock is held.
    _file: File,
}

impl RunLock {
    #[must_use]
    pub fn run(&self) -> &RunId {
        &self.run
    }

    pub(super) fn take(path: &Path, run: &RunId, by: Option<&Person>) -> Result<Self, RunTrouble> {
        match exclusive(path, MOMENT) {
            Ok(Some(mut file)) => {
                let holder = Holder {
                    process: std::process::id(),
                    by: by.cloned(),
                };
                // For people alone: the lock itself is what counts, also on a full disk.
                if let Err(error) = holder.write(&mut file) {
                    tracing::debug!(%error, "the lock does not name its process");
                }
                Ok(Self {
                    run: run.clone(),
                    _file: file,
                })
            }
            Ok(None) => Err(RunTrouble::Live(run.clone())),
            Err(error) => Err(RunTrouble::disk(path, &error)),
        }
    }
}

/// Who holds a lock, as noted in its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// On this machine.
    pub process: u32,
    /// For whom it works.
    pub by: Option<Person>,
}

impl Holder {
    fn write(&self, file: &mut File) -> io::Result<()> {
        file.set_len(0)?;
        serde_json::to_writer(&mut *file, self)?;
        file.flush()
    }

    /// `None` when nobody holds it, or did not note it.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let noted = read_bounded(path, 4096).ok()?;
        let holder = serde_json::from_str(&noted).ok()?;
        is_held(path).then_some(holder)
    }
}

/// Takes a lock file for this process alone; `None` when another one kept it all the time.
pub(super) fn exclusive(path: &Path, patience: Duration) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    let open = options.write(true).create(true).truncate(false).mode(0o600);
    let file = open.open(path)?;
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
pub(super) fn is_held(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}
