//! The folder of one run.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::Runs;
use super::follow::{self, Follow, Reading};
use super::inbox::{self, Arrived};
use super::lock::{Holder, Life, RunLock};
use super::trouble::RunTrouble;
use crate::domain::run::{Letter, RunId};
use crate::domain::{Person, Plan, Text};
use crate::store::access::Access;
use crate::store::plans;

/// Most bytes of a runner's last words.
const LAST_WORDS: u64 = 4 << 10;

/// Where one run is. Holds nothing open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFolder {
    path: PathBuf,
    id: RunId,
}

impl RunFolder {
    pub(super) fn at(path: PathBuf, id: RunId) -> Self {
        Self { path, id }
    }

    /// A run's folder by its path; its name is the run's id.
    ///
    /// # Errors
    /// When there is no such folder, or its name is no run's.
    pub fn by_path(path: &Path) -> Result<Self, RunTrouble> {
        let name = path.file_name().and_then(|name| name.to_str());
        match name.and_then(RunId::parse) {
            Some(id) if path.is_dir() => Ok(Self::at(path.to_path_buf(), id)),
            _ => Err(RunTrouble::Unknown(path.display().to_string())),
        }
    }

    #[must_use]
    pub fn id(&self) -> &RunId {
        &self.id
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the runner writes to standard error.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.path.join("log")
    }

    /// The runs of its site, itself among them.
    #[must_use]
    pub fn neighbours(&self) -> Runs {
        Runs(self.siblings().to_path_buf())
    }

    /// The folder in which this run and the site's others are.
    pub(super) fn siblings(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// The plan as it was launched.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn plan(&self) -> Result<Plan, RunTrouble> {
        let file = self.path.join("plan.json");
        plans::read(&file).map_err(|trouble| RunTrouble::NoPlan {
            why: trouble.to_string(),
        })
    }

    /// Whether its first record was written.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        let journal = fs::metadata(self.path.join("journal.jsonl"));
        journal.is_ok_and(|journal| journal.len() > 0)
    }

    /// The whole journal, as far as it is sound. A run that has not begun has no lines.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn read(&self) -> Result<Reading, RunTrouble> {
        self.follow().news()
    }

    /// A reader of the journal that tells each time what is new.
    #[must_use]
    pub fn follow(&self) -> Follow {
        Follow::new(&self.path)
    }

    /// Whether the journal's last line closes the run. A look at its end alone, for lists: who acts
    /// on a run reads all of it.
    #[must_use]
    pub fn seems_closed(&self) -> bool {
        follow::last_line(&self.path)
            .is_some_and(|line| matches!(line.record, crate::domain::run::Record::Closed(_)))
    }

    /// Takes the right to carry the run out.
    ///
    /// # Errors
    /// Another process has it; a disk that cannot be written.
    pub fn lock(&self) -> Result<RunLock, RunTrouble> {
        self.lock_for(None)
    }

    pub(super) fn lock_for(&self, by: Option<&Person>) -> Result<RunLock, RunTrouble> {
        RunLock::take(&self.path.join("lock"), &self.id, by)
    }

    /// Whether a process carries it out. One of another host that cannot be judged from here is not
    /// known to be dead: it counts, see [`Self::life`].
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.life() != Life::Dead
    }

    /// Whether a process carries it out, as far as this machine can tell.
    #[must_use]
    pub fn life(&self) -> Life {
        Life::of(&self.path.join("lock"))
    }

    /// The process that carries it out, and for whom.
    #[must_use]
    pub fn holder(&self) -> Option<Holder> {
        match self.life() {
            Life::Live(holder) => holder,
            Life::Elsewhere(holder) => Some(holder),
            Life::Dead => None,
        }
    }

    /// Puts a letter into the inbox: whole, or not at all.
    ///
    /// # Errors
    /// A disk that is full or cannot be written.
    pub fn put(&self, letter: &Letter) -> Result<(), RunTrouble> {
        inbox::put(&self.inbox(), letter)
    }

    /// The letters in the inbox, in the order in which they came. Each comes again until it is
    /// [`Arrived::settle`]d: first the journal holds what was asked, then the letter goes. What
    /// cannot be read as a letter is set aside beside them as `.refused-N`.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn take_letters(&self) -> Result<Vec<Arrived>, RunTrouble> {
        inbox::take(&self.inbox())
    }

    /// The letters that nobody has taken yet, to be shown: they stay as they are.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        inbox::look(&self.inbox())
    }

    /// The inbox, for whoever watches it.
    #[must_use]
    pub fn inbox(&self) -> PathBuf {
        self.path.join("inbox")
    }

    /// The last `most` bytes of the runner's log, as text.
    ///
    /// # Errors
    /// When it cannot be read; one that is not there is empty.
    pub fn log_tail(&self, most: u64) -> Result<String, RunTrouble> {
        let file = self.log();
        let read = || -> io::Result<Vec<u8>> {
            let mut options = OpenOptions::new();
            let nonblock = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
            let mut log = options.read(true).custom_flags(nonblock).open(&file)?;
            let length = log.metadata()?.len();
            log.seek(SeekFrom::Start(length.saturating_sub(most)))?;
            let mut bytes = Vec::new();
            log.take(most).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        match read() {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(RunTrouble::disk(&file, &error)),
        }
    }

    /// What the runner said last, a line each without blanks around it; nothing when it said nothing.
    #[must_use]
    pub fn last_words(&self) -> Vec<Text> {
        self.words_since(0)
    }

    /// Bytes of the runners' log.
    #[must_use]
    pub fn log_length(&self) -> u64 {
        fs::metadata(self.log()).map_or(0, |log| log.len())
    }

    /// What was said last since the log had `length` bytes.
    #[must_use]
    pub fn words_since(&self, length: u64) -> Vec<Text> {
        let most = self.log_length().saturating_sub(length);
        let log = self.log_tail(most.min(LAST_WORDS)).unwrap_or_default();
        let lines = log
            .lines()
            .map(|line| line.trim().trim_start_matches("failback: "));
        lines
            .filter(|line| !line.is_empty())
            .map(Text::from)
            .collect()
    }

    /// The runner's log, to be written.
    ///
    /// # Errors
    /// A disk that is full or cannot be written.
    pub fn open_log(&self) -> Result<File, RunTrouble> {
        let file = self.log();
        let open = self.access().open(OpenOptions::new().append(true), &file);
        open.map_err(|error| RunTrouble::disk(&file, &error))
    }

    /// Removes a run that never began. One with a record in its journal is never removed.
    ///
    /// # Errors
    /// A run that has begun, or is about to; a folder that cannot be written.
    pub fn discard(self) -> Result<(), RunTrouble> {
        let _lock = self.lock()?;
        if self.has_begun() {
            return Err(RunTrouble::Exists(self.id));
        }
        fs::remove_dir_all(&self.path).map_err(|error| RunTrouble::disk(&self.path, &error))
    }

    pub(super) fn make(&self, plan: &Plan) -> Result<(), RunTrouble> {
        let disk = |error| RunTrouble::disk(&self.path, &error);
        match Access::within(self.siblings()).make_folder(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(RunTrouble::Exists(self.id.clone()));
            }
            other => other.map_err(disk)?,
        }
        let access = self.access();
        access.make_folder(&self.inbox()).map_err(disk)?;
        let file = self.path.join("plan.json");
        let text = plans::written(plan).map_err(|trouble| RunTrouble::NoPlan {
            why: trouble.to_string(),
        })?;
        let written = access.write(&file, text.as_bytes());
        written.map_err(|error| RunTrouble::disk(&file, &error))
    }

    /// For whom the run's files are.
    pub(super) fn access(&self) -> Access {
        Access::within(&self.path)
    }
}
