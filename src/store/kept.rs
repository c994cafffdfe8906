//! A folder of JSON documents, one file each: what plans, drafts, records of machines and readings of
//! agents share. Those that people write are made to be kept in git.
//!
//! A file is written whole or not at all, for its owner only, by one program at a time. What was
//! written by a newer program is left alone; what cannot be read is set aside under another name
//! and reported, never overwritten.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::marker::PhantomData;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::folders::{folder_of, make_folder, read_bounded, sync_folder, write_out, write_private};
use super::kept_trouble::KeptTrouble;
use super::profile::is_site_name;

/// How often, and how far apart, a folder is asked for that another program holds.
const TRIES: u32 = 200;
const PAUSE: Duration = Duration::from_millis(10);

/// A kind of document.
pub(super) trait Kept: Serialize + DeserializeOwned {
    /// The trade's word for it.
    const WHAT: &'static str;
    /// Where a site's are, within its folder.
    const FOLDER: &'static str;
    /// What stands before the number in its `schema`.
    const SCHEMA: &'static str;
    /// The newest number that this program reads, and the one it writes.
    const NEWEST: u32;
    const MOST_BYTES: u64;

    /// The name that its file must have, when the document itself says one.
    fn file_name(&self) -> Option<String>;
}

/// The folder.
#[derive(Clone, Debug)]
pub(super) struct Shelf<T> {
    pub folder: PathBuf,
    kind: PhantomData<fn() -> T>,
}

/// Held while a file is written; falls with it, also when the program is killed.
pub(super) struct Lock {
    _file: File,
}

impl<T: Kept> Shelf<T> {
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            kind: PhantomData,
        }
    }

    /// A site's: `<data>/<site>/<kind>`. `None` where that is no name of a site.
    pub fn of_site(data: &Path, site: &str) -> Option<Self> {
        is_site_name(site).then(|| Self::new(data.join(site).join(T::FOLDER)))
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.json"))
    }

    /// The names of all files, in order.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn names(&self) -> Result<Vec<String>, KeptTrouble> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(|e| disk(&self.folder, e))?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let path = entry.map_err(|e| disk(&self.folder, e))?.path();
            let json = path.extension().is_some_and(|ext| ext == "json");
            let stem = path.file_stem().map(|stem| stem.to_string_lossy());
            let seen = stem.filter(|stem| json && !stem.starts_with('.'));
            names.extend(seen.map(std::borrow::Cow::into_owned));
        }
        names.sort();
        Ok(names)
    }

    /// The damaged files that were set aside and are still there, by name.
    pub fn set_aside(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten();
        let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
        let is_aside = |path: &PathBuf| {
            let name = path.file_name().map(|name| name.to_string_lossy());
            name.is_some_and(|name| name.contains(".json.damaged-"))
        };
        let mut files: Vec<PathBuf> = paths.filter(is_aside).collect();
        files.sort();
        files
    }

    /// Reads a file; no lock is needed, as files change whole. A damaged one is looked at again
    /// under the lock before it is set aside.
    pub fn read(&self, name: &str) -> Result<T, KeptTrouble> {
        match self.look(name) {
            Err(Look::Damaged(_)) => self.read_locked(name, &self.lock()?),
            Err(Look::Trouble(trouble)) => Err(trouble),
            Ok(document) => Ok(document),
        }
    }

    pub fn read_locked(&self, name: &str, _lock: &Lock) -> Result<T, KeptTrouble> {
        self.look(name).map_err(|look| match look {
            Look::Damaged(why) => set_aside(T::WHAT, &self.file(name), why),
            Look::Trouble(trouble) => trouble,
        })
    }

    fn look(&self, name: &str) -> Result<T, Look> {
        let file = self.file(name);
        let text = match read_bounded(&file, T::MOST_BYTES) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(Look::Damaged("it is not UTF-8 text".into()));
            }
            Err(error) => return Err(Look::Trouble(disk(&file, error))),
        };
        let document: T = parse(&text).map_err(|unreadable| match unreadable {
            Unreadable::Damaged(why) => Look::Damaged(why),
            newer @ Unreadable::Newer(_) => Look::Trouble(newer.in_file(T::WHAT, &file)),
        })?;
        match document.file_name() {
            Some(own) if own != name => Err(Look::Trouble(KeptTrouble::Misnamed {
                what: T::WHAT,
                file: file.display().to_string(),
                name: own,
            })),
            _ => Ok(document),
        }
    }

    /// Writes a file. One that is there must be one that this program can read.
    pub fn write(&self, name: &str, document: &T, lock: &Lock) -> Result<PathBuf, KeptTrouble> {
        if self.file(name).exists() {
            self.read_locked(name, lock)?;
        }
        self.put(name, document)
    }

    /// Writes what becomes of a file, read under the same lock; `None` where none is there.
    pub fn change(
        &self,
        name: &str,
        change: impl FnOnce(Result<Option<T>, KeptTrouble>) -> Result<T, KeptTrouble>,
    ) -> Result<PathBuf, KeptTrouble> {
        let lock = self.lock_soon()?;
        let known = match self.file(name).exists() {
            true => self.read_locked(name, &lock).map(Some),
            false => Ok(None),
        };
        self.put(name, &change(known)?)
    }

    fn put(&self, name: &str, document: &T) -> Result<PathBuf, KeptTrouble> {
        let file = self.file(name);
        write_private(&file, written(document)?.as_bytes()).map_err(|e| disk(&file, e))?;
        Ok(file)
    }

    /// Removes a file, whatever it holds.
    pub fn remove(&self, name: &str, _lock: &Lock) -> Result<(), KeptTrouble> {
        let file = self.file(name);
        fs::remove_file(&file).map_err(|e| disk(&file, e))?;
        sync_folder(&self.folder).map_err(|e| disk(&self.folder, e))
    }

    /// Removes everything. Where there is nothing, nothing is made.
    pub fn forget(&self) -> Result<(), KeptTrouble> {
        if self.names()?.is_empty() {
            return Ok(());
        }
        let lock = self.lock_soon()?;
        let names = self.names()?;
        names.iter().try_for_each(|name| self.remove(name, &lock))
    }

    /// One program at a time.
    pub fn lock(&self) -> Result<Lock, KeptTrouble> {
        make_folder(&self.folder).map_err(|e| disk(&self.folder, e))?;
        let path = self.folder.join(".lock");
        let mut options = OpenOptions::new();
        let open = options.write(true).create(true).truncate(false).mode(0o600);
        let file = open.open(&path).map_err(|e| disk(&path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => {
                Err(KeptTrouble::Busy(self.folder.display().to_string()))
            }
            Err(TryLockError::Error(error)) => Err(disk(&path, error)),
        }
    }

    /// As [`Self::lock`], for small files that several write at once: waits for the others, two seconds
    /// at most.
    pub fn lock_soon(&self) -> Result<Lock, KeptTrouble> {
        for _ in 1..TRIES {
            match self.lock() {
                Err(KeptTrouble::Busy(_)) => std::thread::sleep(PAUSE),
                locked => return locked,
            }
        }
        self.lock()
    }
}

/// A document from a file elsewhere, which stays as it is whatever it holds.
pub(super) fn from_elsewhere<T: Kept>(from: &Path) -> Result<T, KeptTrouble> {
    let text = read_bounded(from, T::MOST_BYTES).map_err(|e| disk(from, e))?;
    parse(&text).map_err(|why| why.in_file(T::WHAT, from))
}

/// Writes a document to a file elsewhere, which must not be there yet; it is on disk when this
/// returns.
pub(super) fn to_elsewhere<T: Kept>(document: &T, to: &Path) -> Result<(), KeptTrouble> {
    write_out(to, written(document)?.as_bytes(), false).map_err(|e| disk(to, e))
}

/// What a look at a file found instead of a document.
enum Look {
    Damaged(String),
    Trouble(KeptTrouble),
}

/// Why a text is no document for this program.
pub(super) enum Unreadable {
    Newer(String),
    Damaged(String),
}

impl Unreadable {
    pub fn in_file(self, what: &'static str, file: &Path) -> KeptTrouble {
        let file = file.display().to_string();
        match self {
            Self::Newer(schema) => KeptTrouble::Newer { file, schema },
            Self::Damaged(why) => KeptTrouble::Unreadable { what, file, why },
        }
    }
}

#[derive(Deserialize)]
struct Head {
    schema: String,
}

pub(super) fn parse<T: Kept>(text: &str) -> Result<T, Unreadable> {
    let damaged = |error: serde_json::Error| Unreadable::Damaged(error.to_string());
    let head: Head = serde_json::from_str(text).map_err(damaged)?;
    let number = head.schema.strip_prefix(T::SCHEMA).map(str::parse::<u32>);
    match number {
        Some(Ok(number)) if number > T::NEWEST => Err(Unreadable::Newer(head.schema)),
        _ => serde_json::from_str(text).map_err(damaged),
    }
}

/// A document as its file holds it: fields in their order, one a line, a line break at the end.
pub(super) fn written<T: Kept>(document: &T) -> Result<String, KeptTrouble> {
    let text = serde_json::to_string_pretty(document).map_err(|error| KeptTrouble::Unreadable {
        what: T::WHAT,
        file: document.file_name().unwrap_or_default(),
        why: error.to_string(),
    })?;
    Ok(text + "\n")
}

/// Renames a damaged file to the first free `.damaged-N`. A hard link never takes the place of a
/// file that is there.
fn set_aside(what: &'static str, file: &Path, why: String) -> KeptTrouble {
    let name = file.display().to_string();
    for n in 1..1000 {
        let aside = PathBuf::from(format!("{name}.damaged-{n}"));
        match fs::hard_link(file, &aside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return disk(file, error),
            Ok(()) => {
                let moved = fs::remove_file(file);
                let moved = moved.and_then(|()| sync_folder(folder_of(file)?));
                return match moved {
                    Err(error) => disk(file, error),
                    Ok(()) => KeptTrouble::Damaged {
                        what,
                        file: name,
                        why,
                        aside: aside.display().to_string(),
                    },
                };
            }
        }
    }
    KeptTrouble::Unreadable {
        what,
        file: name,
        why,
    }
}

pub(super) fn disk(file: &Path, error: io::Error) -> KeptTrouble {
    KeptTrouble::Disk {
        file: file.display().to_string(),
        error,
    }
}
