//! Letters to a run: a file each, written, then renamed, read in the order in which they came.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::trouble::RunTrouble;
use crate::domain::run::Letter;
use crate::store::access::Access;
use crate::store::folders::read_bounded;

/// Most bytes of a letter: an answer with its reason.
const MOST_BYTES: u64 = 64 << 10;
/// Most letters taken at once; the others wait for the next time.
const AT_ONCE: usize = 256;
/// Most names looked at, so that a flooded inbox holds nobody up.
const MOST_NAMES: usize = 20_000;
/// Letters that could not be read are kept under at most so many names.
const MOST_REFUSED: u32 = 100;

/// A letter that lies in the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    pub letter: Letter,
    file: PathBuf,
}

impl Arrived {
    /// Takes the letter away: what it asks for stands in the journal, or was done.
    ///
    /// # Errors
    /// When its file cannot be removed; it then comes again.
    pub fn settle(self) -> Result<(), RunTrouble> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(RunTrouble::disk(&self.file, &error))
            }
            _ => Ok(()),
        }
    }
}

pub(super) fn put(inbox: &Path, letter: &Letter) -> Result<(), RunTrouble> {
    // Names of one width, so that they sort as the times do.
    let now = Timestamp::now().as_microsecond().max(0);
    let file = inbox.join(format!("{now:017}-{:08x}.json", fastrand::u32(..)));
    let disk = |error| RunTrouble::disk(&file, &error);
    let text = serde_json::to_vec(letter).map_err(|error| disk(error.into()))?;
    make(inbox)?;
    Access::within(inbox).write(&file, &text).map_err(disk)
}

/// The letters in the inbox, in their order, as whoever shows them sees them: nothing is taken and
/// nothing set aside.
pub(super) fn look(inbox: &Path) -> Vec<Letter> {
    let Ok(entries) = fs::read_dir(inbox) else {
        return Vec::new();
    };
    let names = entries.take(MOST_NAMES).filter_map(Result::ok);
    let mut files: Vec<_> = names.map(|entry| entry.path()).collect();
    files.retain(|file| {
        let name = file.file_name().map(std::ffi::OsStr::as_encoded_bytes);
        let hidden = name.is_none_or(|name| name.starts_with(b"."));
        !hidden && file.extension().is_some_and(|ext| ext == "json")
    });
    files.sort();
    files.truncate(AT_ONCE);
    let letters = files.iter().filter_map(|file| read(file).ok().flatten());
    letters.collect()
}

/// Makes the inbox where somebody took it away.
fn make(inbox: &Path) -> Result<(), RunTrouble> {
    let run = inbox.parent().unwrap_or(Path::new("."));
    match Access::within(run).make_folder(inbox) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(RunTrouble::disk(inbox, &error))
        }
        _ => Ok(()),
    }
}

pub(super) fn take(inbox: &Path) -> Result<Vec<Arrived>, RunTrouble> {
    make(inbox)?;
    let entries = fs::read_dir(inbox).map_err(|error| RunTrouble::disk(inbox, &error))?;
    let mut files = Vec::new();
    for entry in entries.take(MOST_NAMES) {
        let entry = entry.map_err(|error| RunTrouble::disk(inbox, &error))?;
        let name = entry.file_name();
        // Being written, or set aside.
        let hidden = name.as_encoded_bytes().starts_with(b".");
        let letter = Path::new(&name).extension().is_some_and(|e| e == "json");
        if letter && !hidden {
            files.push(entry.path());
        }
    }
    files.sort();
    files.truncate(AT_ONCE);
    let mut letters = Vec::new();
    for file in files {
        match read(&file) {
            Ok(Some(letter)) => letters.push(Arrived { letter, file }),
            Ok(None) => {}
            Err(()) => refuse(inbox, &file),
        }
    }
    Ok(letters)
}

/// `None` for a letter that is gone, or cannot be read now: it may be the next time.
fn read(file: &Path) -> Result<Option<Letter>, ()> {
    match read_bounded(file, MOST_BYTES) {
        Ok(text) => serde_json::from_str(&text).map(Some).map_err(drop),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => Ok(None),
            io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::FileTooLarge => Err(()),
            _ => Ok(None),
        },
    }
}

/// Renames what is no letter to the first free `.refused-N`. When all are taken the last one gives
/// way: a flood of garbage does not fill the disk with names.
fn refuse(inbox: &Path, file: &Path) {
    let aside = |n: u32| inbox.join(format!(".refused-{n}"));
    let free = (1..MOST_REFUSED).find(|n| fs::symlink_metadata(aside(*n)).is_err());
    let to = aside(free.unwrap_or(MOST_REFUSED));
    if let Err(error) = fs::rename(file, &to) {
        tracing::warn!(%error, "what is no letter stays in the inbox");
    }
}
