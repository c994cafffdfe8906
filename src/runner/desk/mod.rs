//! The desk: the one place of a run where records are written, questions are asked and letters are
//! opened. Every machine's carrier comes here; nothing is sent to Azure that was not written here
//! first.
//!
//! Behind it sits the [`clerk`], a thread of its own: the journal has one writer, and the order in
//! which records stand in it is the order in which they count. A carrier that waits - for a job, an
//! answer, the end of a pause - waits through the desk, so that a person who stops the run is heard
//! at once, and never between a record and its sending.

mod clerk;
mod letters;
mod questions;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use super::ledger::Ledger;
use crate::domain::run::{Line, QuestionId, Record, Run, Suspension};
use crate::domain::{ArmId, Failure, Person, StepKind, Text};
use clerk::{Order, Shared};

pub(super) use questions::{Asking, Reply, Together, choice};

/// Why a machine is carried no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// A person stopped the run.
    Stopped,
    /// The runner ends, and the run may be resumed.
    Suspended,
    /// The journal cannot be written: nothing more may be sent.
    Unwritten,
}

/// What is done as long as the run goes on.
pub(super) type Way<T> = Result<T, Halt>;

/// The desk of one run.
pub(super) struct Desk {
    papers: Shared,
    orders: mpsc::Sender<Order>,
    /// Counts what changed, for those who wait.
    news: watch::Sender<u64>,
}

struct Papers {
    /// The journal so far; `None` before its first record.
    run: Option<Run>,
    answers: HashMap<QuestionId, Reply>,
    /// Questions whose time is over.
    withdrawn: HashSet<QuestionId>,
    /// The highest number that a question was given.
    asked: u32,
    /// A pause that only a person ends.
    paused: Option<Text>,
    /// Machines that Azure does not let us look at now; it is a pause while there are any.
    denied: HashSet<ArmId>,
    /// Questions that are asked once for all who need the answer.
    shared: HashMap<Together, QuestionId>,
    stopped: Option<Person>,
    /// Why the runner ends before the run.
    suspended: Option<(Suspension, Text)>,
    broken: Option<Failure>,
}

impl Desk {
    /// The desk of a run whose journal holds `so_far`.
    pub fn new(ledger: Box<dyn Ledger>, so_far: &[Line]) -> Self {
        let run = Run::fold(so_far);
        let by = run.as_ref().and_then(|run| run.paused_by.as_ref());
        let papers = Papers {
            answers: HashMap::new(),
            withdrawn: HashSet::new(),
            asked: run.as_ref().map_or(0, |run| run.next_question().0 - 1),
            paused: by.map(|who| format!("{who} paused it").into()),
            denied: HashSet::new(),
            shared: HashMap::new(),
            stopped: run.as_ref().and_then(|run| run.stopped_by.clone()),
            suspended: None,
            broken: None,
            run,
        };
        let papers = Arc::new(Mutex::new(papers));
        let news = watch::Sender::new(0);
        let orders = clerk::begin(ledger, Arc::clone(&papers), news.clone());
        Self {
            papers,
            orders,
            news,
        }
    }

    fn papers(&self) -> MutexGuard<'_, Papers> {
        clerk::locked(&self.papers)
    }

    /// Writes a record down, durably. A wait that is given up does not take it back.
    pub async fn write(&self, record: Record) -> Way<()> {
        self.write_all(vec![record]).await
    }

    /// Writes records down at once: all of them, or none.
    pub async fn write_all(&self, records: Vec<Record>) -> Way<()> {
        let (tell, written) = oneshot::channel();
        self.hand(Order::Write(records, tell)).await?;
        written.await.unwrap_or(Err(Halt::Unwritten))
    }

    /// Writes down what `decide` makes of the papers as they are at that moment in the journal, and
    /// returns what it says beside it.
    async fn decide<T: Send + 'static>(
        &self,
        decide: impl FnOnce(&mut Papers) -> (Vec<Record>, T) + Send + 'static,
    ) -> Way<T> {
        let (tell, told) = oneshot::channel();
        let order = Order::Decide(Box::new(move |papers| {
            let (records, said) = decide(papers);
            let tell = Box::new(move |done: Way<()>| {
                // Ignored on purpose: who asked no longer wants to know.
                let _ = tell.send(done.map(|()| said));
            });
            (records, tell)
        }));
        self.hand(order).await?;
        told.await.unwrap_or(Err(Halt::Unwritten))
    }

    async fn hand(&self, order: Order) -> Way<()> {
        let handed = self.orders.send(order).await;
        handed.map_err(|_| Halt::Unwritten)
    }

    /// Writes down that a change is about to be sent. `false`: it must not be, for the run was
    /// paused meanwhile.
    pub async fn intend(&self, intent: Record) -> Way<bool> {
        let told = self.decide(|papers| match papers.halt() {
            Some(halt) => (Vec::new(), Err(halt)),
            None if papers.is_paused() => (Vec::new(), Ok(false)),
            None => (vec![intent], Ok(true)),
        });
        told.await?
    }

    /// Something worth knowing.
    pub async fn remark(
        &self,
        machine: &ArmId,
        step: Option<StepKind>,
        words: impl Into<Text>,
    ) -> Way<()> {
        let record = Record::Remark {
            machine: Some(machine.clone()),
            step,
            words: words.into(),
        };
        self.write(record).await
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

    /// Why the runner ends before the run.
    pub fn suspended(&self) -> Option<(Suspension, Text)> {
        self.papers().suspended.clone()
    }

    pub fn is_paused(&self) -> bool {
        self.papers().is_paused()
    }

    /// Lets the runner end: nothing new begins, nobody waits any more, and what was sent gets its
    /// outcome. The record of it is the last that this runner writes.
    pub fn suspend(&self, cause: Suspension, why: impl Into<Text>) {
        self.papers()
            .suspended
            .get_or_insert_with(|| (cause, why.into()));
        self.changed();
    }

    fn changed(&self) {
        self.news.send_modify(|count| *count += 1);
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

    async fn until<T>(&self, mut so: impl FnMut(&Papers) -> Option<T>) -> Way<T> {
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
    pub async fn deny(&self, machine: &ArmId, why: impl Into<Text>) -> Way<()> {
        let (machine, why) = (machine.clone(), why.into());
        let told = self.decide(move |papers| {
            let paused = papers.is_paused();
            let new = papers.denied.insert(machine);
            let news = (new && !paused).then_some(Record::Paused { why });
            (news.into_iter().collect(), ())
        });
        told.await
    }

    /// Azure lets us look at `machine`.
    pub async fn admit(&self, machine: &ArmId) -> Way<()> {
        if !self.papers().denied.contains(machine) {
            return Ok(());
        }
        let machine = machine.clone();
        let told = self.decide(move |papers| {
            let was = papers.denied.remove(&machine);
            if !was || !papers.denied.is_empty() {
                return (Vec::new(), ());
            }
            let record = match &papers.paused {
                None => Record::WentOn,
                Some(why) => Record::Paused { why: why.clone() },
            };
            (vec![record], ())
        });
        told.await
    }

    /// Pauses until a person says that it may go on.
    pub async fn pause(&self, why: impl Into<Text>) -> Way<()> {
        let why = why.into();
        let told = self.decide(move |papers| {
            papers.paused = Some(why.clone());
            (vec![Record::Paused { why }], ())
        });
        told.await
    }
}

impl Papers {
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
        if self.broken.is_some() {
            return Some(Halt::Unwritten);
        }
        if self.suspended.is_some() {
            return Some(Halt::Suspended);
        }
        self.stopped.is_some().then_some(Halt::Stopped)
    }
}
