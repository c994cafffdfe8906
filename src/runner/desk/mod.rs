//! The desk: the one place of a run where records are written, questions are asked and letters are
//! opened. Every machine's carrier comes here; nothing is sent to Azure that was not written here
//! first.
//!
//! A carrier that waits - for a job, an answer, the end of a pause - waits through the desk, so that
//! a person who stops the run is heard at once, and never between a record and its sending.

mod letters;
mod questions;

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::ledger::Ledger;
use crate::domain::run::{Line, QuestionId, Record, Run};
use crate::domain::{ArmId, Failure, Person, StepKind, Text};

pub(super) use questions::{Asking, Reply, choice};

/// Why a machine is carried no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// A person stopped the run.
    Stopped,
    /// The journal cannot be written: nothing more may be sent.
    Unwritten,
}

/// What is done as long as the run goes on.
pub(super) type Way<T> = Result<T, Halt>;

/// The desk of one run.
pub(super) struct Desk<'a> {
    papers: Mutex<Papers<'a>>,
    /// Counts what changed, for those who wait.
    news: watch::Sender<u64>,
}

struct Papers<'a> {
    ledger: &'a mut dyn Ledger,
    /// The journal so far; `None` before its first record.
    run: Option<Run>,
    answers: HashMap<QuestionId, Reply>,
    /// A pause that only a person ends.
    paused: Option<Text>,
    /// Machines that Azure does not let us look at now; it is a pause while there are any.
    denied: HashSet<ArmId>,
    /// Questions that are asked once for all who need the answer.
    shared: HashMap<usize, QuestionId>,
    stopped: Option<Person>,
    broken: Option<Failure>,
}

impl<'a> Desk<'a> {
    pub fn new(ledger: &'a mut dyn Ledger) -> Self {
        Self {
            papers: Mutex::new(Papers {
                ledger,
                run: None,
                answers: HashMap::new(),
                paused: None,
                denied: HashSet::new(),
                shared: HashMap::new(),
                stopped: None,
                broken: None,
            }),
            news: watch::Sender::new(0),
        }
    }

    fn papers(&self) -> MutexGuard<'_, Papers<'a>> {
        self.papers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.news.send_modify(|count| *count += 1);
    }

    /// Writes a record down, durably.
    pub fn write(&self, record: Record) -> Way<()> {
        let done = self.papers().write(record);
        self.changed();
        done
    }

    /// Something worth knowing.
    pub fn remark(
        &self,
        machine: &ArmId,
        step: Option<StepKind>,
        words: impl Into<Text>,
    ) -> Way<()> {
        self.write(Record::Remark {
            machine: Some(machine.clone()),
            step,
            words: words.into(),
        })
    }

    /// What the journal comes to. The first record must have been written.
    pub fn run<T>(&self, read: impl FnOnce(&Run) -> T) -> Option<T> {
        self.papers().run.as_ref().map(read)
    }

    /// The number of the next attempt at a step.
    pub fn next_attempt(&self, machine: &ArmId, step: StepKind) -> u32 {
        let made = self.run(|run| Some(run.machine(machine)?.step(step)?.attempts));
        made.flatten().unwrap_or(0) + 1
    }

    /// Why nothing can be written any more.
    pub fn broken(&self) -> Option<Failure> {
        self.papers().broken.clone()
    }

    pub fn stopped(&self) -> Option<Person> {
        self.papers().stopped.clone()
    }

    pub fn is_paused(&self) -> bool {
        self.papers().is_paused()
    }

    /// Waits while the run is paused. Everything that begins something new passes here.
    pub async fn gate(&self) -> Way<()> {
        self.until(|papers| (!papers.is_paused()).then_some(()))
            .await
    }

    /// Waits so long, or less when the run is halted.
    pub async fn rest(&self, pause: Duration) -> Way<()> {
        tokio::select! {
            biased;
            halt = self.halted() => Err(halt),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }

    /// Waits until the run is halted.
    pub async fn halted(&self) -> Halt {
        match self.until(|_| None::<std::convert::Infallible>).await {
            Err(halt) => halt,
            Ok(never) => match never {},
        }
    }

    /// Waits until something at the desk is so.
    pub async fn until_run<T>(&self, mut so: impl FnMut(&Run) -> Option<T>) -> Way<T> {
        self.until(|papers| papers.run.as_ref().and_then(&mut so))
            .await
    }

    async fn until<T>(&self, mut so: impl FnMut(&Papers<'a>) -> Option<T>) -> Way<T> {
        let mut news = self.news.subscribe();
        loop {
            {
                let papers = self.papers();
                if let Some(halt) = papers.halt() {
                    return Err(halt);
                }
                if let Some(found) = so(&papers) {
                    return Ok(found);
                }
            }
            // The sender lives as long as the desk.
            let _ = news.changed().await;
        }
    }

    /// Azure does not let us look at `machine`: nothing new begins while that is so. It is tried
    /// again all the time.
    pub fn deny(&self, machine: &ArmId, why: impl Into<Text>) -> Way<()> {
        let mut papers = self.papers();
        let paused = papers.is_paused();
        let new = papers.denied.insert(machine.clone());
        let done = match new && !paused {
            true => papers.write(Record::Paused { why: why.into() }),
            false => Ok(()),
        };
        drop(papers);
        self.changed();
        done
    }

    /// Azure lets us look at `machine`.
    pub fn admit(&self, machine: &ArmId) -> Way<()> {
        let mut papers = self.papers();
        let was = papers.denied.remove(machine);
        if !was || !papers.denied.is_empty() {
            return Ok(());
        }
        let record = match &papers.paused {
            None => Record::WentOn,
            Some(why) => Record::Paused { why: why.clone() },
        };
        let done = papers.write(record);
        drop(papers);
        self.changed();
        done
    }

    /// Pauses until a person says that it may go on.
    pub fn pause(&self, why: impl Into<Text>) -> Way<()> {
        let mut papers = self.papers();
        let why = why.into();
        papers.paused = Some(why.clone());
        let done = papers.write(Record::Paused { why });
        drop(papers);
        self.changed();
        done
    }
}

impl Papers<'_> {
    fn write(&mut self, record: Record) -> Way<()> {
        if self.broken.is_some() {
            return Err(Halt::Unwritten);
        }
        match self.ledger.append(record) {
            Ok(line) => {
                self.fold(&line);
                Ok(())
            }
            Err(failure) => {
                tracing::error!(failure = ?failure.lines(), "the journal cannot be written");
                self.broken = Some(failure);
                Err(Halt::Unwritten)
            }
        }
    }

    fn fold(&mut self, line: &Line) {
        match &mut self.run {
            Some(run) => run.apply(line),
            None => self.run = Run::fold([line]),
        }
    }

    fn is_paused(&self) -> bool {
        self.paused.is_some() || !self.denied.is_empty()
    }

    fn halt(&self) -> Option<Halt> {
        match (&self.broken, &self.stopped) {
            (Some(_), _) => Some(Halt::Unwritten),
            (None, Some(_)) => Some(Halt::Stopped),
            (None, None) => None,
        }
    }
}
