//! The clerk: the one thread that writes the journal and opens the inbox. Records come to it from
//! every carrier, in an order that it alone makes; what came while the disk was busy goes to it in
//! one piece. A record is folded only once it is durable.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::{mpsc, oneshot, watch};

use super::Papers;
use super::{Halt, Way};
use crate::domain::run::Record;
use crate::runner::ledger::Ledger;

/// Orders that may wait; who comes later waits before the queue.
const QUEUE: usize = 1024;
/// Most orders that are taken together.
const TOGETHER: usize = 256;

/// Tells the one who ordered what became of it.
pub(super) type Tell = Box<dyn FnOnce(Way<()>) + Send>;

/// What is to be written in the light of the papers, and how to tell who ordered it.
pub(super) type Decide = Box<dyn FnOnce(&mut Papers) -> (Vec<Record>, Tell) + Send>;

/// What the clerk does.
pub(super) enum Order {
    /// All of them, or none.
    Write(Vec<Record>, oneshot::Sender<Way<()>>),
    /// Records that depend on what the papers say when nothing before them is unwritten.
    Decide(Decide),
    /// Open what arrived in the inbox.
    Letters(oneshot::Sender<()>),
}

/// The papers, as everybody reads them and the clerk alone changes them.
pub(super) type Shared = Arc<Mutex<Papers>>;

pub(super) fn locked(papers: &Shared) -> MutexGuard<'_, Papers> {
    papers.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins the clerk's work. It ends with the last sender of orders.
pub(super) fn begin(
    ledger: Box<dyn Ledger>,
    papers: Shared,
    news: watch::Sender<u64>,
) -> mpsc::Sender<Order> {
    let (orders, mut queue) = mpsc::channel(QUEUE);
    let mut clerk = Clerk {
        ledger,
        papers,
        news,
        records: Vec::new(),
        tells: Vec::new(),
    };
    thread::spawn(move || {
        let mut waiting = Vec::new();
        while queue.blocking_recv_many(&mut waiting, TOGETHER) > 0 {
            for order in waiting.drain(..) {
                clerk.take(order);
            }
            clerk.flush();
        }
    });
    orders
}

struct Clerk {
    ledger: Box<dyn Ledger>,
    papers: Shared,
    news: watch::Sender<u64>,
    /// Not written yet, and whom to tell of it.
    records: Vec<Record>,
    tells: Vec<oneshot::Sender<Way<()>>>,
}

impl Clerk {
    fn take(&mut self, order: Order) {
        match order {
            Order::Write(records, tell) => {
                self.records.extend(records);
                self.tells.push(tell);
            }
            Order::Decide(decide) => {
                self.flush();
                let (records, tell) = decide(&mut locked(&self.papers));
                let done = self.write(records);
                self.changed();
                tell(done);
            }
            Order::Letters(tell) => {
                self.flush();
                self.letters();
                // Ignored on purpose: who asked no longer wants to know.
                let _ = tell.send(());
            }
        }
    }

    /// Writes what waits.
    fn flush(&mut self) {
        // Whoever had nothing to write waits for the word, too.
        if self.tells.is_empty() {
            return;
        }
        let records = std::mem::take(&mut self.records);
        let done = self.write(records);
        self.changed();
        for tell in self.tells.drain(..) {
            // Ignored on purpose: who asked no longer wants to know.
            let _ = tell.send(done);
        }
    }

    fn letters(&mut self) {
        let letters = self.ledger.letters();
        if letters.is_empty() {
            return;
        }
        for letter in letters {
            let records = locked(&self.papers).take(letter);
            // What could not be written is known to the papers; the letters stay where they are.
            if self.write(records).is_err() {
                break;
            }
        }
        if locked(&self.papers).broken.is_none() {
            self.ledger.settle();
        }
        self.changed();
    }

    /// Writes records, durably, then folds them. The papers are not held meanwhile: the disk may be
    /// slow.
    fn write(&mut self, records: Vec<Record>) -> Way<()> {
        if locked(&self.papers).broken.is_some() {
            return Err(Halt::Unwritten);
        }
        if records.is_empty() {
            return Ok(());
        }
        match self.ledger.append(records) {
            Ok(lines) => {
                let mut papers = locked(&self.papers);
                lines.iter().for_each(|line| papers.fold(line));
                Ok(())
            }
            Err(failure) => {
                tracing::error!(failure = ?failure.lines(), "the journal cannot be written");
                locked(&self.papers).broken = Some(failure);
                Err(Halt::Unwritten)
            }
        }
    }

    fn changed(&self) {
        self.news.send_modify(|count| *count += 1);
    }
}
