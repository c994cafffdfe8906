//! Why a run's folder could not be read or written.

use std::io;
use std::path::Path;
use std::time::Duration;

use thiserror::Error;

use super::damage::Damage;
use super::launching::Rival;
use super::lock::Holder;
use crate::domain::run::RunId;

/// Each says what to do.
#[derive(Clone, Debug, Error)]
pub enum RunTrouble {
    #[error("there is no run {0} here; see them with: failback runs list")]
    Unknown(String),
    #[error("there is a run {0} already; try again")]
    Exists(RunId),
    #[error("run {0} is being carried out by another process")]
    Live(RunId),
    #[error(
        "run {run} was taken up by {holder}, and only that host can tell whether it still runs. End \
         it there, or resume it there; when that host is gone for good, remove {lock}"
    )]
    Elsewhere {
        run: RunId,
        holder: Holder,
        lock: String,
    },
    #[error("{0}")]
    Rival(Box<Rival>),
    #[error("a run's copy of its plan is not as it should be: {why}")]
    NoPlan { why: String },
    #[error(
        "another failback has been launching something at this site for {} s ({file}); try again",
        .waited.as_secs()
    )]
    Busy { file: String, waited: Duration },
    #[error("{file}: {why}{}", make_room(.full))]
    Disk {
        file: String,
        why: String,
        full: bool,
    },
    #[error(transparent)]
    Journal(#[from] JournalTrouble),
}

/// Why a journal does not take a record. Whoever gets this sends nothing.
#[derive(Clone, Debug, Error)]
pub enum JournalTrouble {
    #[error(
        "the journal {file} cannot be written: {why}. Nothing is sent without it{}",
        make_room(.full)
    )]
    NotWritten {
        file: String,
        why: String,
        full: bool,
    },
    #[error(
        "the journal {file} could not be written earlier ({why}), and what stands in it since is \
         not certain. Nothing more is sent by this process"
    )]
    Lost { file: String, why: String },
    #[error("a record of {bytes} bytes is too long for the journal {file}; nothing is sent")]
    TooLong { file: String, bytes: usize },
    #[error("the journal {file} is closed: its run is over")]
    Over { file: String },
    #[error("the journal {file} is damaged: {damage}. Nothing is sent until a person has looked")]
    Damaged { file: String, damage: Damage },
}

fn make_room(full: &bool) -> &'static str {
    match full {
        true => ". Make room on that disk",
        false => "",
    }
}

/// Whether an error says that there is no room.
pub(super) fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(
        error.kind(),
        K::StorageFull | K::QuotaExceeded | K::FileTooLarge
    )
}

impl RunTrouble {
    pub(super) fn disk(file: &Path, error: &io::Error) -> Self {
        Self::Disk {
            file: file.display().to_string(),
            why: error.to_string(),
            full: is_full(error),
        }
    }
}
