//! How long the runs that are carried out still take: reckoned when their journals tell something new,
//! and once a minute while they are looked at; never for a frame.

use std::sync::{Arc, Weak};

use jiff::{SignedDuration, Timestamp};

use super::{Monitor, RunView, Story};
use crate::domain::ArmId;
use crate::domain::estimate::{Beforehand, Course, Forecast, History, Known};
use crate::domain::run::RunId;
use crate::ui::effect::Generation;

/// So long a reckoning holds while nothing new is told.
const HOLDS: SignedDuration = SignedDuration::from_secs(59);

/// What is foreseen of each run that is carried out.
#[derive(Debug, Default)]
pub struct Foresight {
    /// What past runs teach, when that was asked for last.
    pub asked: Option<Generation>,
    past: Arc<History>,
    all: Vec<Foreseen>,
}

/// One run's reckoning.
#[derive(Debug)]
pub struct Foreseen {
    run: RunId,
    /// What it was made of: told anew, it is made anew.
    of: Weak<RunView>,
    /// When it was made: its times count from here.
    pub at: Timestamp,
    pub forecast: Forecast,
}

impl Foreseen {
    /// One machine's way.
    #[must_use]
    pub fn course(&self, machine: &ArmId) -> Option<&Course> {
        self.forecast.machine(machine)
    }

    /// A moment of the reckoning on the clock.
    #[must_use]
    pub fn moment(&self, seconds: u64) -> Timestamp {
        let span = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
        self.at.checked_add(span).unwrap_or(Timestamp::MAX)
    }

    fn holds(&self, run: &Arc<RunView>, now: Timestamp) -> bool {
        let age = now.duration_since(self.at);
        std::ptr::eq(self.of.as_ptr(), Arc::as_ptr(run))
            && age >= SignedDuration::ZERO
            && age < HOLDS
    }
}

impl Foresight {
    /// Takes what past runs teach; everything is reckoned anew with it.
    pub fn learn(&mut self, past: Arc<History>) {
        self.past = past;
        self.all.clear();
    }
}

/// `None` of a run that nobody carries out: what is left of it then takes no time, it stands still.
fn foresee(run: &Arc<RunView>, past: &History, now: Timestamp) -> Option<Foreseen> {
    let crew = run.story.as_ref().and_then(|story| story.crew.as_ref())?;
    let known = crew.plan.as_ref().map(|plan| Known::of(plan));
    let before = Beforehand::new(past.clone(), known.unwrap_or_default());
    let before = before.learnt(crew.own.as_ref().clone());
    let machines = crew.machines.iter().map(AsRef::as_ref);
    Some(Foreseen {
        run: run.id.clone(),
        of: Arc::downgrade(run),
        at: now,
        forecast: before.left_of(machines.zip(crew.planned.iter()), now),
    })
}

impl Monitor {
    /// Reckons anew what is no longer so.
    pub fn foresee(&mut self, now: Timestamp) {
        let is_carried_out = |run: &&Arc<RunView>| run.live && run.is_open();
        let mut old = std::mem::take(&mut self.foresight.all);
        for run in self.runs.iter().filter(is_carried_out) {
            let known = old.iter().position(|known| known.run == run.id);
            let known = known.map(|at| old.swap_remove(at));
            let held = known.filter(|known| known.holds(run, now));
            let new = held.or_else(|| foresee(run, &self.foresight.past, now));
            self.foresight.all.extend(new);
        }
    }

    /// How long a run still takes, where somebody carries it out and it goes on by itself.
    #[must_use]
    pub fn foreseen(&self, run: &RunId) -> Option<&Foreseen> {
        let mut all = self.foresight.all.iter();
        all.find(|known| known.run == *run)
    }
}

impl Story {
    /// Whether the run stands still: somebody paused it.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        matches!(self.state, crate::domain::run::RunState::Paused(_))
    }
}
