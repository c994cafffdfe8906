//! Where a run is written down, and where what people ask of it arrives.

use crate::domain::run::{Letter, Line, Record};
use crate::domain::{Failure, Retry};
use crate::store::runs::Arrived;
use crate::store::{Journal, RunFolder, RunLock, RunTrouble};

/// The journal and the inbox of one run.
pub trait Ledger: Send {
    /// Writes records down, in their order, all of them or none. They survive a crash of the machine
    /// once this returns.
    ///
    /// # Errors
    /// When they cannot be written, or not be known to be durable. Nothing may be sent then.
    fn append(&mut self, records: Vec<Record>) -> Result<Vec<Line>, Failure>;

    /// What arrived since the last time, in its order. What cannot be read is not among it.
    fn letters(&mut self) -> Vec<Letter>;

    /// What the last letters asked for stands in the journal: they may go.
    fn settle(&mut self);
}

/// A run's own folder.
#[derive(Debug)]
pub struct FolderLedger {
    /// The right to write: it falls with this.
    _lock: RunLock,
    folder: RunFolder,
    journal: Journal,
    /// Handed out, and not settled yet.
    arrived: Vec<Arrived>,
    /// Settled, and still there because the disk does not let them go.
    stuck: Vec<Arrived>,
}

impl FolderLedger {
    /// # Errors
    /// A damaged journal; a disk that cannot be written.
    pub fn open(folder: RunFolder, lock: RunLock) -> Result<Self, RunTrouble> {
        let journal = Journal::open(&folder, &lock)?;
        Ok(Self {
            _lock: lock,
            folder,
            journal,
            arrived: Vec::new(),
            stuck: Vec::new(),
        })
    }
}

impl Ledger for FolderLedger {
    fn append(&mut self, records: Vec<Record>) -> Result<Vec<Line>, Failure> {
        self.journal.append_all(records).map_err(|trouble| {
            let what = format!("The run goes no further: {trouble}.");
            let advice = "What runs in Azure goes on there: look at the machines and their jobs.";
            Failure::new(what, advice, Retry::AfterFixing)
        })
    }

    fn letters(&mut self) -> Vec<Letter> {
        match self.folder.take_letters() {
            Ok(arrived) => {
                let new = arrived.into_iter().filter(|a| !self.stuck.contains(a));
                self.arrived = new.collect();
            }
            Err(error) => {
                tracing::warn!(%error, "the inbox cannot be read");
                self.arrived.clear();
            }
        }
        let letters = self.arrived.iter().map(|arrived| arrived.letter.clone());
        letters.collect()
    }

    fn settle(&mut self) {
        for arrived in std::mem::take(&mut self.arrived) {
            let kept = arrived.clone();
            if let Err(error) = arrived.settle() {
                tracing::warn!(%error, "an opened letter stays in the inbox");
                self.stuck.push(kept);
            }
        }
    }
}
