//! A runner that dies at a chosen record of its journal, and the next one, which finds that journal.
#![allow(dead_code, reason = "every test target uses its own part of it")]

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use failback::domain::run::{Answer, Closing, Letter, Line, Question, Record, Request, Run, RunId};
use failback::domain::{Failure, Plan, Retry};
use failback::runner::{Ended, Ledger, Order, execute};
use tokio::sync::oneshot;

use crate::lab::Lab;
use crate::run::{Book, kim};

/// Longest life of a runner: generous, because test machines are slow and shared.
const PATIENCE: Duration = Duration::from_secs(300);

/// More records no run of these has.
const MOST_RECORDS: usize = 4000;

/// Which record it is: told its number in the journal, from 1.
pub type Which = Arc<dyn Fn(usize, &Record) -> bool + Send + Sync>;

/// When a runner dies. Nothing that it has under way is finished: its calls are dropped with their
/// connections.
#[derive(Clone)]
pub enum Death {
    /// Before that record is written.
    Before(Which),
    /// That record is durable, and whoever had it written is never told.
    After(Which),
}

impl Death {
    pub fn before(which: impl Fn(usize, &Record) -> bool + Send + Sync + 'static) -> Self {
        Self::Before(Arc::new(which))
    }

    pub fn after(which: impl Fn(usize, &Record) -> bool + Send + Sync + 'static) -> Self {
        Self::After(Arc::new(which))
    }

    /// `records` stand in the journal, and what each announced was done or begun.
    pub fn with(records: usize) -> Self {
        Self::before(move |number, _| number == records + 1)
    }

    /// `records` stand in the journal, and nothing was done on the strength of the last.
    pub fn untold(records: usize) -> Self {
        Self::after(move |number, _| number == records)
    }
}

/// A journal whose writer dies.
struct Mortal {
    book: Book,
    death: Option<Death>,
    died: Option<oneshot::Sender<()>>,
    /// Holds the dead until the runner is gone.
    buried: mpsc::Receiver<()>,
}

impl Mortal {
    fn die(&mut self) -> Failure {
        if let Some(died) = self.died.take() {
            // Ignored on purpose: a runner that ended at the same moment is as dead.
            let _ = died.send(());
            let _ = self.buried.recv();
        }
        Failure::new("The runner is dead.", "", Retry::LookFirst)
    }
}

impl Ledger for Mortal {
    fn append(&mut self, records: Vec<Record>) -> Result<Vec<Line>, Failure> {
        let mut written = Vec::new();
        for record in records {
            if self.died.is_none() {
                return Err(self.die());
            }
            let number = self.book.length() + 1;
            if matches!(&self.death, Some(Death::Before(it)) if it(number, &record)) {
                return Err(self.die());
            }
            let last = matches!(&self.death, Some(Death::After(it)) if it(number, &record));
            written.extend(self.book.append(vec![record])?);
            if last {
                return Err(self.die());
            }
        }
        Ok(written)
    }

    fn letters(&mut self) -> Vec<Letter> {
        self.book.letters()
    }

    fn settle(&mut self) {}
}

/// One life of a runner, with a person who answers. `None`: it died.
///
/// # Panics
/// When it neither ends nor dies, or cannot begin.
pub async fn live(
    lab: &Lab,
    plan: &Plan,
    book: &Book,
    death: Option<Death>,
    mut person: impl AsyncFnMut(&Question) -> Option<Answer>,
) -> Option<Closing> {
    let site = lab.site().await.unwrap();
    let so_far = book.lines();
    let begun = so_far.len();
    let before = Run::fold(&so_far).map(|run| run.launch.run);
    let order = Order {
        run: before.unwrap_or_else(|| RunId::new(jiff::Timestamp::now(), fastrand::u32(..))),
        site: "lab".into(),
        slug: Some(plan.slug().clone()),
        by: kim(),
        so_far,
    };
    let (dying, died) = oneshot::channel();
    let (burying, buried) = mpsc::channel();
    let ledger = Box::new(Mortal {
        book: book.clone(),
        death,
        died: Some(dying),
        buried,
    });
    let answering = async {
        let mut read = begun;
        loop {
            for record in &book.records()[read..] {
                read += 1;
                if let Record::Asked(question) = record
                    && let Some(answer) = person(question).await
                {
                    book.send(Request::Answer(answer));
                }
            }
            book.longer(read).await;
        }
    };
    let run = Box::pin(execute(&site, plan, &order, ledger, std::future::pending()));
    let came = tokio::select! {
        biased;
        Ok(()) = died => None,
        ended = run => Some(ended),
        () = answering => unreachable!("it answers for ever"),
        () = book.longer(MOST_RECORDS) => panic!("the run goes in circles:\n{}", book.story()),
        () = tokio::time::sleep(PATIENCE) => panic!("the run does not end:\n{}", book.story()),
    };
    // Only now, when the runner is gone, the thread that held its pen may end.
    drop(burying);
    match came {
        None => None,
        Some(Ok(Ended::Closed(closing))) => Some(closing),
        Some(other) => panic!("{other:?}\n{}", book.story()),
    }
}
