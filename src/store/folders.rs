//! Where things are kept, and how a file gets there: private, whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::access::Access;

/// The folders of this user (XDG; `XDG_CONFIG_HOME` and its kin are followed).
#[derive(Clone, Debug)]
pub struct Folders {
    /// Settings and site profiles.
    pub config: PathBuf,
    /// Plans.
    pub data: PathBuf,
    /// What programs leave behind: logs, the demo's files.
    pub state: PathBuf,
    /// Runs: in `state`, unless `FAILBACK_STATE_DIR` names another folder. One that is there, is
    /// set-group-id and writable by its group is shared: everything of its runs is then the group's.
    pub runs: PathBuf,
}

/// Where the runs are, instead of in the user's own state folder.
const STATE_DIR: &str = "FAILBACK_STATE_DIR";

impl Folders {
    /// `None` when there is no home folder.
    #[must_use]
    pub fn of_this_user() -> Option<Self> {
        let dirs = directories::ProjectDirs::from("", "", "failback")?;
        let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
        let elsewhere = std::env::var_os(STATE_DIR).filter(|folder| !folder.is_empty());
        // Whole, so that a process that works elsewhere finds it.
        let elsewhere = elsewhere.and_then(|folder| std::path::absolute(folder).ok());
        Some(Self {
            config: dirs.config_dir().to_path_buf(),
            data: dirs.data_dir().to_path_buf(),
            runs: elsewhere.unwrap_or_else(|| state.to_path_buf()),
            state: state.to_path_buf(),
        })
    }
}

/// Makes a folder and its parents, for the owner only.
///
/// # Errors
/// As the disk says.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes a file of its owner's own: on disk whole before it takes the old one's place.
pub fn write_private(file: &Path, content: &[u8]) -> io::Result<()> {
    let folder = folder_of(file)?;
    make_folder(folder)?;
    let new = fresh(folder, Access::Owner, content)?;
    new.persist(file).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// Writes a file for its owner where a person wants it: whole, or not at all. What stands there
/// already is replaced only when they say so, and only where it is a plain file.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`]; a folder that is not there; as the disk says.
pub fn write_out(file: &Path, content: &[u8], replace: bool) -> io::Result<()> {
    let folder = folder_of(file)?;
    if fs::symlink_metadata(file).is_ok_and(|known| !known.is_file()) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a plain file",
        ));
    }
    let new = fresh(folder, Access::Owner, content)?;
    match replace {
        true => new.persist(file),
        false => new.persist_noclobber(file),
    }
    .map_err(|error| error.error)?;
    sync_folder(folder)
}

/// The folder that a file stands in.
pub(super) fn folder_of(file: &Path) -> io::Result<&Path> {
    match file.parent().ok_or(io::ErrorKind::InvalidInput)? {
        here if here.as_os_str().is_empty() => Ok(Path::new(".")),
        folder => Ok(folder),
    }
}

/// A new file, on disk whole, which is yet to take its place.
pub(super) fn fresh(folder: &Path, access: Access, content: &[u8]) -> io::Result<NamedTempFile> {
    let mut new = tempfile::Builder::new()
        .prefix(".new-")
        .tempfile_in(folder)?;
    access.give(new.as_file())?;
    new.write_all(content)?;
    new.as_file().sync_all()?;
    Ok(new)
}

/// Makes what was created, renamed or removed in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Reads a text file of at most `most` bytes. Anything but a plain file is refused: a pipe or a
/// device would be waited for.
pub(super) fn read_bounded(file: &Path, most: u64) -> io::Result<String> {
    if !fs::metadata(file)?.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a plain file",
        ));
    }
    let mut text = String::new();
    OpenOptions::new()
        .read(true)
        .custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed())
        .open(file)?
        .take(most + 1)
        .read_to_string(&mut text)?;
    if text.len() as u64 > most {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "it is too large",
        ));
    }
    Ok(text)
}
