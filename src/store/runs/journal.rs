//! Writing a journal: one writer, each line on disk before anybody is told.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use jiff::Timestamp;

use super::damage::Damage;
use super::folder::RunFolder;
use super::follow::{MOST_JOURNAL, MOST_LINE};
use super::head::Head;
use super::lock::RunLock;
use super::torn;
use super::trouble::{JournalTrouble, RunTrouble, is_full};
use crate::domain::run::{Line, Record};
use crate::store::folders::sync_folder;

/// The journal of a run that this process carries out.
#[derive(Debug)]
pub struct Journal {
    run: PathBuf,
    path: PathBuf,
    file: File,
    last: Head,
    /// Bytes of the file.
    length: u64,
    /// Why what stands in the file is no longer certain.
    lost: Option<String>,
}

impl Journal {
    /// Opens the journal of a run, or begins it. An end that is not whole, of a runner that was
    /// killed while it wrote, is kept beside it as `torn-N` and taken off: nothing was done on the
    /// strength of it. A record says so, in a journal that has its first one.
    ///
    /// # Errors
    /// A damaged journal, or one that is closed; the lock of another run; a disk that is full or
    /// cannot be written.
    pub fn open(folder: &RunFolder, lock: &RunLock) -> Result<Self, RunTrouble> {
        if lock.run() != folder.id() {
            return Err(RunTrouble::Live(folder.id().clone()));
        }
        let run = folder.path().to_path_buf();
        let path = run.join("journal.jsonl");
        let disk = |error: &io::Error| RunTrouble::disk(&path, error);
        if !path.exists() {
            // Before the journal, so that a journal without a head tells of damage.
            Head::start().write(&run).map_err(|e| disk(&e))?;
        }
        let mut options = OpenOptions::new();
        let nonblock = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        options.append(true).custom_flags(nonblock);
        let file = folder.access().open(&mut options, &path);
        let file = file.map_err(|e| disk(&e))?;
        sync_folder(&run).map_err(|e| disk(&e))?;
        let mut follow = folder.follow();
        let reading = follow.news()?;
        let (last, length) = follow.position();
        let name = || path.display().to_string();
        if let Some(Record::Closed(_)) = reading.lines.last().map(|line| &line.record) {
            return Err(JournalTrouble::Over { file: name() }.into());
        }
        match reading.damage {
            None => {}
            Some(Damage::HalfWritten { .. }) => {
                torn::keep(folder, length).map_err(|e| disk(&e))?;
                file.set_len(length).map_err(|e| disk(&e))?;
                file.sync_all().map_err(|e| disk(&e))?;
            }
            Some(damage) => {
                let file = name();
                return Err(JournalTrouble::Damaged { file, damage }.into());
            }
        }
        last.write(&run).map_err(|e| disk(&e))?;
        let mut journal = Self {
            run,
            path,
            file,
            last,
            length,
            lost: None,
        };
        if journal.lines() > 0 {
            // Also what an opening before this one took off, and was killed before it said so.
            let mended = torn::untold(folder, &reading.lines);
            journal.append_all(mended)?;
        }
        Ok(journal)
    }

    /// How many lines it has.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.last.number
    }

    /// Writes a record and returns once it is on disk. Blocks as the disk does.
    ///
    /// # Errors
    /// When it is not on disk; then it does not stand in the journal, and nothing may be done on
    /// the strength of it.
    pub fn append(&mut self, record: Record) -> Result<Line, JournalTrouble> {
        let mut lines = self.append_all(vec![record])?;
        lines.pop().ok_or_else(|| JournalTrouble::NotWritten {
            file: self.path.display().to_string(),
            why: "nothing was written".into(),
            full: false,
        })
    }

    /// Writes several records at the cost of one; all of them or none.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn append_all(&mut self, records: Vec<Record>) -> Result<Vec<Line>, JournalTrouble> {
        let file = || self.path.display().to_string();
        if let Some(why) = self.lost.clone() {
            return Err(JournalTrouble::Lost { file: file(), why });
        }
        let mut bytes = Vec::new();
        let mut lines = Vec::with_capacity(records.len());
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let closes = matches!(records.last(), Some(Record::Closed(_)));
        let mut last = self.last.clone();
        for record in records {
            let line = Line {
                number: last.number + 1,
                at: Timestamp::now(),
                before: last.hash,
                record,
            };
            let text =
                serde_json::to_vec(&line).map_err(|error| self.not_written(&error.into()))?;
            if text.len() as u64 > MOST_LINE {
                return Err(JournalTrouble::TooLong {
                    file: file(),
                    bytes: text.len(),
                });
            }
            last = Head::of(line.number, &text);
            bytes.extend(text);
            bytes.push(b'\n');
            lines.push(line);
        }
        let length = self.length + bytes.len() as u64;
        if length > MOST_JOURNAL {
            let too_large = io::Error::from(io::ErrorKind::FileTooLarge);
            return Err(self.not_written(&too_large));
        }
        self.write(&bytes, &last, closes)?;
        (self.last, self.length) = (last, length);
        Ok(lines)
    }

    fn write(&mut self, bytes: &[u8], last: &Head, closes: bool) -> Result<(), JournalTrouble> {
        if let Err(error) = self.file.write_all(bytes) {
            let trouble = self.not_written(&error);
            self.take_back(&error);
            return Err(trouble);
        }
        if let Err(error) = self.file.sync_data() {
            // What a failed sync left on the disk nobody can tell (fsync(2)).
            self.lost = Some(error.to_string());
            return Err(self.not_written(&error));
        }
        let head = match closes {
            true => last.write_durably(&self.run),
            false => last.write(&self.run),
        };
        if let Err(error) = head {
            let trouble = self.not_written(&error);
            self.take_back(&error);
            return Err(trouble);
        }
        Ok(())
    }

    /// Takes off what was written of lines that nobody will be told of.
    fn take_back(&mut self, because: &io::Error) {
        let taken = self.file.set_len(self.length);
        if let Err(error) = taken.and_then(|()| self.file.sync_data()) {
            self.lost = Some(format!("{because}; then: {error}"));
        }
    }

    fn not_written(&self, error: &io::Error) -> JournalTrouble {
        JournalTrouble::NotWritten {
            file: self.path.display().to_string(),
            why: error.to_string(),
            full: is_full(error),
        }
    }
}
