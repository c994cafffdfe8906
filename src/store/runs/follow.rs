//! Reading a journal, whole or as it grows.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::damage::Damage;
use super::head::Head;
use super::trouble::RunTrouble;
use crate::domain::run::Line;

/// Most bytes of a line: a launch of some ten thousand machines.
pub(super) const MOST_LINE: u64 = 16 << 20;
/// Most bytes of a journal.
pub(super) const MOST_JOURNAL: u64 = 1 << 30;

/// What stands before the number in a run's schema.
const SCHEMA: &str = "failback/run/";
/// The newest number that this program reads, and the one it writes.
const NEWEST: u32 = 1;

/// What a reading brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The new lines, all sound.
    pub lines: Vec<Line>,
    /// The lines begin at the first again: what was read before no longer counts.
    pub anew: bool,
    /// Why it was not read to its end. A half-written last line is no damage while the runner
    /// lives: it is being written.
    pub damage: Option<Damage>,
    /// There are more lines, to be read the next time; only [`Follow::part`] leaves any.
    pub more: bool,
}

/// Lines looked at at a time where none are kept.
pub(super) const AT_ONCE: usize = 4096;

/// Reads a journal as it grows: each time the lines that are new.
#[derive(Clone, Debug)]
pub struct Follow {
    run: PathBuf,
    /// Where the next line begins.
    offset: u64,
    last: Head,
}

impl Follow {
    pub(super) fn new(run: &Path) -> Self {
        Self {
            run: run.to_path_buf(),
            offset: 0,
            last: Head::start(),
        }
    }

    /// The lines since the last time. Reads no more than those; blocks as the disk does.
    ///
    /// # Errors
    /// When the disk cannot be read. A journal that is not there yet has no lines.
    pub fn news(&mut self) -> Result<Reading, RunTrouble> {
        self.part(usize::MAX)
    }

    /// As [`Self::news`], at most `most` lines at a time: a journal may be larger than memory.
    ///
    /// # Errors
    /// As [`Self::news`].
    pub fn part(&mut self, most: usize) -> Result<Reading, RunTrouble> {
        let reading = self.on(most)?;
        let bad = |r: &Reading| r.damage.as_ref().is_some_and(|d| !d.is_unfinished());
        if self.offset == 0 || !bad(&reading) {
            return Ok(reading);
        }
        // What was read may have been taken back and written anew since: the whole tells.
        let mut whole = Self::new(&self.run);
        loop {
            let again = whole.on(AT_ONCE)?;
            if bad(&again) {
                return Ok(reading);
            }
            if !again.more {
                break;
            }
        }
        *self = Self::new(&self.run);
        Ok(Reading {
            anew: true,
            ..self.on(most)?
        })
    }

    fn on(&mut self, most: usize) -> Result<Reading, RunTrouble> {
        let path = self.run.join("journal.jsonl");
        // The head first: the journal is never behind a head that was read before it.
        let head = Head::read(&self.run);
        let file = match open_plain(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(self.without_journal(head));
            }
            other => other.map_err(|error| RunTrouble::disk(&path, &error))?,
        };
        self.read(file, &head, most)
            .map_err(|error| RunTrouble::disk(&path, &error))
    }

    /// The number and hash of the last sound line, and where the next begins.
    pub(super) fn position(&self) -> (Head, u64) {
        (self.last.clone(), self.offset)
    }

    /// The number and hash of the last sound line that was read; number 0 before the first.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.last
    }

    fn without_journal(&self, head: io::Result<Head>) -> Reading {
        let had = head.map_or(0, |head| head.number).max(self.last.number);
        let damage = (had > 0).then_some(Damage::CutOff { has: 0, had });
        Reading {
            damage,
            ..Reading::default()
        }
    }

    fn read(
        &mut self,
        mut file: File,
        head: &io::Result<Head>,
        most: usize,
    ) -> io::Result<Reading> {
        let mut reading = Reading::default();
        let length = file.metadata()?.len();
        if length < self.offset {
            // A record that could not be made durable was taken back.
            (self.offset, self.last, reading.anew) = (0, Head::start(), true);
        }
        reading.damage = self.head_differs(head);
        if reading.damage.is_some() {
            return Ok(reading);
        }
        if length > MOST_JOURNAL {
            reading.damage = Some(Damage::TooLarge);
            return Ok(reading);
        }
        file.seek(SeekFrom::Start(self.offset))?;
        let mut file = BufReader::with_capacity(64 << 10, file.take(length - self.offset));
        let mut text = Vec::new();
        loop {
            if reading.lines.len() == most {
                reading.more = !file.fill_buf()?.is_empty();
                if reading.more {
                    return Ok(reading);
                }
            }
            text.clear();
            let read = (&mut file)
                .take(MOST_LINE + 1)
                .read_until(b'\n', &mut text)?;
            let number = self.last.number + 1;
            let whole = text.pop_if(|byte| *byte == b'\n').is_some();
            reading.damage = match (read, whole) {
                (0, _) => None,
                (_, false) if read as u64 > MOST_LINE => Some(Damage::TooLong { line: number }),
                (_, false) => Some(Damage::HalfWritten {
                    after: self.last.number,
                    bytes: read as u64,
                }),
                (_, true) => match self.take(&text, number) {
                    Ok(line) => {
                        reading.lines.push(line);
                        self.offset += read as u64;
                        self.head_differs(head)
                    }
                    // A sound line holds no NUL.
                    Err(_) if text.contains(&0) && is_torn(&mut file)? => {
                        Some(Damage::HalfWritten {
                            after: self.last.number,
                            bytes: length - self.offset,
                        })
                    }
                    Err(damage) => Some(damage),
                },
            };
            if read == 0 || reading.damage.is_some() {
                break;
            }
        }
        self.cut_off(head, &mut reading.damage);
        Ok(reading)
    }

    /// Takes a line that follows the last one.
    fn take(&mut self, text: &[u8], number: u64) -> Result<Line, Damage> {
        let broken = Damage::Broken { line: number };
        let unreadable = |why: String| Damage::Unreadable { line: number, why };
        if number == 1 {
            newer(text).map_or(Ok(()), Err)?;
        }
        let line: Line =
            serde_json::from_slice(text).map_err(|error| unreadable(error.to_string()))?;
        if line.number != number || line.before != self.last.hash {
            return Err(broken);
        }
        self.last = Head::of(number, text);
        Ok(line)
    }

    /// Whether the line that the head tells of is another than the one just read.
    fn head_differs(&self, head: &io::Result<Head>) -> Option<Damage> {
        let head = head.as_ref().ok()?;
        let differs = head.number == self.last.number && head.hash != self.last.hash;
        differs.then_some(Damage::Exchanged { line: head.number })
    }

    /// Says so when the head knows more lines than there are, and nothing worse was found.
    fn cut_off(&self, head: &io::Result<Head>, damage: &mut Option<Damage>) {
        if damage.as_ref().is_some_and(|d| !d.is_unfinished()) {
            return;
        }
        match head {
            Err(error) => {
                let why = error.to_string();
                *damage = Some(Damage::NoHead { why });
            }
            Ok(head) if head.number > self.last.number => {
                *damage = Some(Damage::CutOff {
                    has: self.last.number,
                    had: head.number,
                });
            }
            Ok(_) => {}
        }
    }
}

/// Whether nothing but torn lines follows: each with NULs in it, or without an end. What was being
/// written when the machine went down may come back so from some file systems: its length, and not
/// its content.
fn is_torn(rest: &mut impl BufRead) -> io::Result<bool> {
    let mut text = Vec::new();
    loop {
        text.clear();
        let read = rest.take(MOST_LINE + 1).read_until(b'\n', &mut text)?;
        match text.last() {
            None => return Ok(true),
            _ if read as u64 > MOST_LINE => return Ok(false),
            Some(b'\n') if !text.contains(&0) => return Ok(false),
            Some(_) => {}
        }
    }
}

/// The last line of a journal, when it is whole and short, as the last one of a run is.
pub(super) fn last_line(run: &Path) -> Option<Line> {
    const END: u64 = 4096;
    let mut file = open_plain(&run.join("journal.jsonl")).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(END)))
        .ok()?;
    let mut end = Vec::new();
    file.take(END).read_to_end(&mut end).ok()?;
    let end = end.strip_suffix(b"\n")?;
    let begins = end.iter().rposition(|byte| *byte == b'\n')? + 1;
    serde_json::from_slice(&end[begins..]).ok()
}

/// Opens a file that must be a plain one: a pipe or a device would be waited for.
fn open_plain(path: &Path) -> io::Result<File> {
    let nonblock = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let mut options = OpenOptions::new();
    let file = options.read(true).custom_flags(nonblock).open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a plain file",
        )),
    }
}

/// What a first line of a newer program says of itself; its other fields may be others.
fn newer(text: &[u8]) -> Option<Damage> {
    #[derive(Deserialize)]
    struct First {
        record: Named,
    }
    #[derive(Deserialize)]
    struct Named {
        launched: Schema,
    }
    #[derive(Deserialize)]
    struct Schema {
        schema: String,
    }
    let first: First = serde_json::from_slice(text).ok()?;
    let schema = first.record.launched.schema;
    let number: u32 = schema.strip_prefix(SCHEMA)?.parse().ok()?;
    (number > NEWEST).then(|| Damage::Newer {
        schema: schema.chars().take(60).collect(),
    })
}
