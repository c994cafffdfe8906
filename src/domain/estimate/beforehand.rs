//! What a run's estimates stand on, beside the run itself.

use jiff::Timestamp;

use super::history::{History, Lesson};
use super::{Forecast, Known, of_run};
use crate::domain::run::{Line, Run};

/// What is known of a run besides how it stands: the site's other runs, its plan, and what its own
/// steps took so far. Made once for a run, fed with its lines, and asked at any moment how long it
/// still takes.
#[derive(Clone, Debug, Default)]
pub struct Beforehand {
    others: History,
    known: Known,
    own: Lesson,
}

impl Beforehand {
    /// `others` without the run itself.
    #[must_use]
    pub fn new(others: History, known: Known) -> Self {
        Self {
            others,
            known,
            own: Lesson::default(),
        }
    }

    /// Learns from the run itself, line by line: what the first machines took tells of the later
    /// ones. Not needed, and the better for it.
    pub fn take(&mut self, line: &Line) {
        self.own.take(line);
    }

    /// How long the run still takes at `now`, by the clock of the machine on which it runs.
    #[must_use]
    pub fn left(&self, run: &Run, now: Timestamp) -> Forecast {
        let mut history = self.others.clone();
        history.learn(self.own.clone());
        of_run(run, &self.known, &history, now)
    }
}
