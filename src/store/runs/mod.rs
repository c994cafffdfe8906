//! Runs on disk: `<state>/<site>/runs/<id>/{plan.json, journal.jsonl, inbox/, head, lock, log}`.
//!
//! The journal is the only truth. One process writes it, the one that holds the run's [`RunLock`];
//! anybody may read it, and drop letters in the inbox. Every line is on disk before [`Journal`]
//! says so, and holds the hash of the line before; `head` repeats number and hash of the last one,
//! so that a lost end is noticed. What cannot be read is told as [`Damage`], never passed over.

mod damage;
mod folder;
mod follow;
mod head;
mod history;
mod inbox;
mod journal;
mod launching;
mod lock;
mod seal;
mod torn;
mod trouble;
mod verify;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::access::Access;
use super::folders::{make_folder, sync_folder};
use super::profile::is_site_name;
use crate::domain::Plan;
use crate::domain::run::RunId;

pub use damage::Damage;
pub use folder::RunFolder;
pub use follow::{Follow, Reading};
pub use head::Head;
pub use inbox::Arrived;
pub use journal::Journal;
pub use launching::Rival;
pub use lock::{Holder, Life, RunLock};
pub use seal::SealTrouble;
pub use trouble::{JournalTrouble, RunTrouble};
pub use verify::Verified;

/// The folder with a site's runs: `<state>/<site>/runs`.
#[derive(Clone, Debug)]
pub struct Runs(PathBuf);

impl Runs {
    /// `state` is the program's own state folder ([`super::Folders::state`]). `None` for what is no
    /// site's name.
    #[must_use]
    pub fn of_site(state: &Path, site: &str) -> Option<Self> {
        is_site_name(site).then(|| Self(state.join(site).join("runs")))
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Makes the folder of a new run, with its copy of the plan. The run begins with the first
    /// record of its journal.
    ///
    /// # Errors
    /// A run of that id that is there already, a disk that is full or cannot be written.
    pub fn create(&self, id: &RunId, plan: &Plan) -> Result<RunFolder, RunTrouble> {
        self.make()?;
        let folder = RunFolder::at(self.0.join(id.as_str()), id.clone());
        match folder.make(plan) {
            Ok(()) => {}
            Err(RunTrouble::Exists(id)) => return Err(RunTrouble::Exists(id)),
            Err(trouble) => {
                // Ignored on purpose: half a folder is in nobody's way, the trouble is told.
                let _ = fs::remove_dir_all(folder.path());
                return Err(trouble);
            }
        }
        sync_folder(&self.0).map_err(|error| RunTrouble::disk(&self.0, &error))?;
        Ok(folder)
    }

    /// Makes the folder of the runs where it is not there. What is made in a shared state folder is
    /// shared.
    pub(super) fn make(&self) -> Result<(), RunTrouble> {
        let site = self.0.parent().unwrap_or(Path::new("."));
        let state = site.parent().unwrap_or(Path::new("."));
        make_folder(state).map_err(|error| RunTrouble::disk(state, &error))?;
        for (folder, parent) in [(site, state), (&self.0, site)] {
            match Access::within(parent).make_folder(folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                other => other.map_err(|error| RunTrouble::disk(folder, &error))?,
            }
        }
        Ok(())
    }

    /// Every run, the newest first.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn list(&self) -> Result<Vec<RunFolder>, RunTrouble> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(|error| RunTrouble::disk(&self.0, &error))?,
        };
        let mut runs = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| RunTrouble::disk(&self.0, &error))?;
            let id = entry.file_name().to_str().and_then(RunId::parse);
            runs.extend(id.map(|id| RunFolder::at(entry.path(), id)));
        }
        runs.sort_by(|a, b| b.id().cmp(a.id()));
        Ok(runs)
    }

    /// One run by its id.
    ///
    /// # Errors
    /// When there is none of that id.
    pub fn open(&self, id: &RunId) -> Result<RunFolder, RunTrouble> {
        let path = self.0.join(id.as_str());
        if !path.is_dir() {
            return Err(RunTrouble::Unknown(id.to_string()));
        }
        Ok(RunFolder::at(path, id.clone()))
    }
}

#[cfg(test)]
mod tests;
