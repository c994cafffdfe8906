//! What a run's estimates stand on, beside the run itself.

use jiff::Timestamp;

use super::history::{History, Lesson};
use super::{Forecast, Known, of_machines, of_run};
use crate::domain::run::{Line, MachineRun, Planned, Run};

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

    /// With what the run itself taught so far.
    #[must_use]
    pub fn learnt(self, own: Lesson) -> Self {
        Self { own, ..self }
    }

    /// How long the run still takes at `now`, by the clock of the machine on which it runs.
    #[must_use]
    pub fn left(&self, run: &Run, now: Timestamp) -> Forecast {
        of_run(run, &self.known, &self.history(), now)
    }

    /// The same of the machines of a run that is not over, each with what was planned for it: for
    /// whoever holds nothing else of it.
    #[must_use]
    pub fn left_of<'a>(
        &self,
        machines: impl Iterator<Item = (&'a MachineRun, &'a Planned)>,
        now: Timestamp,
    ) -> Forecast {
        of_machines(machines, &self.known, &self.history(), now)
    }

    fn history(&self) -> History {
        let mut history = self.others.clone();
        history.learn(self.own.clone());
        history
    }
}
