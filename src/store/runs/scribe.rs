//! The journal's own thread: records come from many tasks, one thread writes them.

use std::thread;

use tokio::sync::{mpsc, oneshot};

use super::journal::Journal;
use super::trouble::JournalTrouble;
use crate::domain::run::{Line, Record};

/// Records that may wait; who comes later waits before the queue.
const QUEUE: usize = 1024;
/// Most records that go to disk together.
const TOGETHER: usize = 256;

type Answer = Result<Line, JournalTrouble>;

/// Takes records for a journal, from any task, in the order in which they are handed over. The
/// thread behind it ends with the last of its clones.
#[derive(Clone, Debug)]
pub struct Scribe(mpsc::Sender<(Record, oneshot::Sender<Answer>)>);

impl Scribe {
    pub(super) fn begin(mut journal: Journal) -> Self {
        let (queue, mut orders) = mpsc::channel::<(Record, oneshot::Sender<Answer>)>(QUEUE);
        // What came while the disk was busy goes to it in one piece.
        thread::spawn(move || {
            let mut waiting = Vec::new();
            while orders.blocking_recv_many(&mut waiting, TOGETHER) > 0 {
                let (records, answers): (Vec<_>, Vec<_>) = waiting.drain(..).unzip();
                for (answer, line) in answers.into_iter().zip(write(&mut journal, records)) {
                    // Ignored on purpose: who asked no longer wants to know.
                    let _ = answer.send(line);
                }
            }
        });
        Self(queue)
    }

    /// Hands a record over and waits until it is on disk. A wait that is given up does not take
    /// the record back.
    ///
    /// # Errors
    /// As [`Journal::append`]: nothing may be done on the strength of the record.
    pub async fn append(&self, record: Record) -> Result<Line, JournalTrouble> {
        let gone = || JournalTrouble::Lost {
            file: "journal.jsonl".into(),
            why: "its thread has ended".into(),
        };
        let (answer, written) = oneshot::channel();
        let handed = self.0.send((record, answer)).await;
        handed.map_err(|_| gone())?;
        written.await.map_err(|_| gone())?
    }
}

/// The answer to each record. One that is too long does not keep the others out.
fn write(journal: &mut Journal, records: Vec<Record>) -> Vec<Answer> {
    let several = records.len();
    match journal.append_all(records.clone()) {
        Ok(lines) => lines.into_iter().map(Ok).collect(),
        Err(JournalTrouble::TooLong { .. }) if several > 1 => {
            records.into_iter().map(|r| journal.append(r)).collect()
        }
        Err(trouble) => vec![Err(trouble); several],
    }
}
