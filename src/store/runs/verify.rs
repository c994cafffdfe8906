//! Checking a journal from its first byte to its last.

use super::damage::Damage;
use super::folder::RunFolder;
use super::follow::AT_ONCE;
use super::head::Head;
use super::trouble::RunTrouble;
use crate::domain::run::{Closing, Record};

/// What a check of a journal came to.
///
/// It finds every change by whoever does not know how the chain is made. It does not prove that the
/// journal is the one that was written: who may write the folder can write all of it anew. That is
/// found by a head that was kept elsewhere, or signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Of the last sound line; number 0 where there is none.
    pub head: Head,
    /// How the run was closed, when it was.
    pub closing: Option<Closing>,
    /// The last line is being written by the runner, and is not counted.
    pub being_written: bool,
    /// What is wrong, worst first. Empty when nothing is.
    pub damages: Vec<Damage>,
}

impl Verified {
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.damages.is_empty()
    }
}

impl RunFolder {
    /// Checks the journal: every line, the chain between them, and its end by `head`; and that the
    /// line of which `kept` tells is the one that stands there. Reads it in parts: a journal may be
    /// larger than memory.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn verify(&self, kept: Option<&Head>) -> Result<Verified, RunTrouble> {
        // Before the journal: a runner that has ended has written its last line by now.
        let live = self.is_live();
        let told = Head::read(self.path());
        let mut follow = self.follow();
        let mut verified = Verified {
            head: Head::start(),
            closing: None,
            being_written: false,
            damages: Vec::new(),
        };
        // What the chain says of the line whose head was kept.
        let mut chained = None;
        loop {
            let part = follow.part(AT_ONCE)?;
            if part.anew {
                (verified.closing, chained) = (None, None);
                verified.damages.clear();
            }
            for line in &part.lines {
                if line.number == 1 && !self.began(&line.record) {
                    verified.damages.push(Damage::NotThisRun);
                }
                if verified.closing.is_some() {
                    let line = line.number;
                    verified.damages.push(Damage::AfterClosing { line });
                }
                if let Record::Closed(closing) = line.record {
                    verified.closing = Some(closing);
                }
                if kept.is_some_and(|kept| kept.number + 1 == line.number) {
                    chained = Some(line.before.clone());
                }
            }
            match part.damage {
                Some(damage) if live && damage.is_unfinished() => verified.being_written = true,
                Some(damage) => verified.damages.insert(0, damage),
                None => {}
            }
            if !part.more {
                break;
            }
        }
        verified.head = follow.position().0;
        let has = verified.head.number;
        if let Ok(told) = told
            && told.number < has
            && !live
        {
            let head = told.number;
            verified.damages.push(Damage::HeadBehind { head, has });
        }
        if let Some(kept) = kept {
            let hash = match kept.number == has {
                true => Some(&verified.head.hash),
                false => chained.as_ref(),
            };
            let line = kept.number;
            match hash {
                Some(hash) if *hash == kept.hash => {}
                Some(_) => verified.damages.push(Damage::Exchanged { line }),
                None => verified.damages.push(Damage::CutOff { has, had: line }),
            }
        }
        Ok(verified)
    }

    fn began(&self, record: &Record) -> bool {
        matches!(record, Record::Launched(launch) if launch.run == *self.id())
    }

    /// The number and hash of the last line, as told beside the journal; `None` when that cannot be
    /// read. To be printed, not to be trusted: [`Self::verify`] compares it.
    #[must_use]
    pub fn head(&self) -> Option<Head> {
        Head::read(self.path()).ok().filter(|head| head.number > 0)
    }
}
